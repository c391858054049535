"""A press's template for the papers of one wording, for names and courses in some letters."""

from io import BytesIO

import pikepdf
from isal import isal_zlib

from lms.certificates import qr
from lms.certificates.binding import Binding
from lms.certificates.pdf import PictureOf, about_paper, symbol
from lms.certificates.sheet import Sheet
from lms.certificates.template import template, written
from lms.certificates.texts import Paper


class Plate:
    """What the papers share, as a file of one page."""

    def __init__(self, sheet: Sheet, letters: frozenset[str], picture_of: PictureOf) -> None:
        self._wording, self._sheet = sheet.wording, sheet
        self.file = template(sheet, letters, picture_of)
        self._binding = Binding(self.file)
        with pikepdf.open(BytesIO(self.file)) as pdf:
            *_, content = pdf.pages[0].Contents
            self._content = content.objgen[0]
        self._symbol = b"/Figure <</MCID %d>> BDC %%bEMC" % sheet.mark("symbol")

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of a page, in points."""
        return self._sheet.layout.size

    def print(self, paper: Paper) -> bytes:
        """A file of one page."""
        content = self._content, self.stream(paper)
        return b"".join(self._binding.bind([content, *self._binding.about(about_paper(self._wording, paper))]))

    def stream(self, paper: Paper) -> bytes:
        """The content of a page that is one person's."""
        lines = written(self._sheet, self._sheet.personal(paper))
        modules = symbol(self._sheet.layout.symbol, *qr.bitmap(paper.verify_url.encode("ascii")))
        stream = isal_zlib.compress(lines + self._symbol % modules, 1)
        return b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream)
