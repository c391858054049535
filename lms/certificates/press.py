"""The fast way to print certificates: what they share is made once, and each person adds one content stream.

There are two templates: a light one for the letters of Vietnamese, and one for all that may be printed. A paper is the
template, then the few objects of its own, then the cross-reference table; a book is the same with many pages. Text is
written as UTF-16, because the template's fonts map code points to glyphs themselves.
"""

import zlib
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import blake2b
from io import BytesIO
from threading import Lock

import pikepdf

from lms import files
from lms.certificates import qr
from lms.certificates.pdf import PictureOf, about_paper, symbol
from lms.certificates.sheet import Sheet
from lms.certificates.standards import LANGUAGE, About
from lms.certificates.template import template, written
from lms.certificates.texts import Paper, Wording
from lms.fonts import printable, usual


class Press:
    """Prints the papers of one wording so that they look as `pdf.draw` draws them. Raises UnprintableText.

    To make one takes half a second; it never changes, so it may be kept and shared between threads.
    """

    def __init__(self, wording: Wording, picture_of: PictureOf = files.read) -> None:
        self._sheet, self._picture_of, self._making = Sheet(wording), picture_of, Lock()
        self._usual = Plate(self._sheet, usual(), picture_of)

    def print(self, paper: Paper) -> bytes:
        """A certificate as a PDF of one page, PDF/A-2b and PDF/UA-1; equal texts give equal bytes."""
        texts = (paper.name, paper.unit, paper.course, *paper.facts, paper.number, paper.code)
        return (self._usual if usual().issuperset("".join(texts)) else self._full).print(paper)

    def book(self, papers: Iterable[Paper]) -> Iterator[bytes]:
        """A PDF/A-2b with a page for each of the papers, in pieces. Holds no paper in memory, only a hundred bytes a page.

        It is meant for a printer, so it does not tell its structure. Pieces already sent cannot be taken back: print only
        papers that passed `draw` or `print` when they were issued.
        """
        return self._full.book(papers)

    @property
    def _full(self) -> "Plate":
        with self._making:
            return self._with_all_letters

    @cached_property
    def _with_all_letters(self) -> "Plate":
        return Plate(self._sheet, printable(), self._picture_of)


class Plate:
    """A press's template for names and courses in some letters."""

    def __init__(self, sheet: Sheet, letters: frozenset[str], picture_of: PictureOf) -> None:
        self._wording, self._sheet = sheet.wording, sheet
        file = template(sheet, letters, picture_of)
        start = int(file.rsplit(b"startxref", 1)[1].split()[0])
        table = file[start:].partition(b"trailer")[0].splitlines()[2:]
        self._offsets = array("Q", (int(entry[:10]) for entry in table))
        self._body = file[:start]
        self._digest = blake2b(self._body, digest_size=16)
        with pikepdf.open(BytesIO(file)) as pdf:
            page = pdf.pages[0]
            self._root, self._pages, self._resources, self._metadata, self._intent = (
                thing.objgen[0]
                for thing in (pdf.Root, pdf.Root.Pages, page.Resources, pdf.Root.Metadata, pdf.Root.OutputIntents[0])
            )
            *self._fixed, self._content = (stream.objgen[0] for stream in page.Contents)
        self._symbol = b"/Figure <</MCID %d>> BDC %%bEMC" % sheet.mark("symbol")

    def print(self, paper: Paper) -> bytes:
        """A file of one page."""
        about = about_paper(self._wording, paper)
        changed = [(self._content, self._stream(paper)), (self._metadata, _metadata(about))]
        return b"".join(self._bind([*changed, (len(self._offsets), _info(about))]))

    def book(self, papers: Iterable[Paper]) -> Iterator[bytes]:
        """A file with a page for each paper, in pieces."""
        return self._bind(self._sheets(papers))

    def _sheets(self, papers: Iterable[Paper]) -> Iterator[tuple[int, bytes]]:
        info = number = len(self._offsets)
        about = About(self._wording.title, self._wording.issuer)
        yield info, _info(about)
        yield self._metadata, _metadata(about)
        yield self._root, self._untagged
        for paper in papers:
            yield number + 1, self._stream(paper)
            yield number + 2, self._page % (number + 1)
            number += 2
        kids = " ".join(f"{page} 0 R" for page in range(info + 2, number + 1, 2))
        yield self._pages, f"<< /Type /Pages /Kids [{kids}] /Count {(number - info) // 2} >>".encode()

    @cached_property
    def _untagged(self) -> bytes:
        return (
            f"<< /Type /Catalog /Pages {self._pages} 0 R /Metadata {self._metadata} 0 R /Lang ({LANGUAGE}) "
            f"/OutputIntents [{self._intent} 0 R] /ViewerPreferences << /DisplayDocTitle true >> >>"
        ).encode()

    @cached_property
    def _page(self) -> bytes:
        """A page, but for the number of its own content."""
        fixed = " ".join(f"{stream} 0 R" for stream in self._fixed)
        width, height = self._sheet.layout.size
        return (
            f"<< /Type /Page /Parent {self._pages} 0 R /MediaBox [0 0 {width:.4f} {height:.4f}] "
            f"/Resources {self._resources} 0 R /Contents [{fixed} %d 0 R] >>"
        ).encode()

    def _stream(self, paper: Paper) -> bytes:
        lines = written(self._sheet, self._sheet.personal(paper))
        modules = symbol(self._sheet.layout.symbol, *qr.bitmap(paper.verify_url.encode("ascii")))
        stream = zlib.compress(lines + self._symbol % modules, 1)
        return b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream)

    def _bind(self, objects: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
        """The template and these objects as one file. A known number replaces; new numbers follow in order."""
        offsets, position, digest = self._offsets[:], len(self._body), self._digest.copy()
        yield self._body
        for number, body in objects:
            entry = b"%d 0 obj\n%b\nendobj\n" % (number, body)
            offsets[number : number + 1] = array("Q", [position])
            position += len(entry)
            digest.update(entry)
            yield entry
        yield b"xref\n0 %d\n0000000000 65535 f \n" % len(offsets)
        for start in range(1, len(offsets), 1000):
            yield b"".join(b"%010d 00000 n \n" % offset for offset in offsets[start : start + 1000])
        yield (
            f"trailer\n<< /Size {len(offsets)} /Root {self._root} 0 R /Info {len(self._offsets)} 0 R "
            f"/ID [<{digest.hexdigest()}> <{digest.hexdigest()}>] >>\nstartxref\n{position}\n%%EOF\n"
        ).encode()


def _metadata(about: About) -> bytes:
    content = about.xmp()
    return b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%b\nendstream" % (len(content), content)


def _info(about: About) -> bytes:
    return f"<< {' '.join(f'/{key} {_text(text)}' for key, text in about.info().items())} >>".encode()


def _text(text: str) -> str:
    # Dates have to be plain.
    is_plain = text.isascii() and text.replace(":", "").isalnum()
    return f"({text})" if is_plain else f"<FEFF{text.encode('utf-16-be').hex()}>"
