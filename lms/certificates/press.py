"""The fast way to print certificates: what they share is made once, and each person adds one content stream.

A paper is the template, then the few objects of its own, then the cross-reference table; a book is the same with many
pages. Text is written as UTF-16, because the template's fonts map code points to glyphs themselves.
"""

import zlib
from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from io import BytesIO

import pikepdf

from lms.certificates import qr
from lms.certificates.frame import HEIGHT, WIDTH
from lms.certificates.pdf import (
    INK,
    MARGIN,
    SYMBOL_BOTTOM,
    SYMBOL_SIZE,
    Paper,
    Wording,
    document_title,
    personal_lines,
)
from lms.certificates.template import rgb, template, written


class Press:
    """Prints the papers of one wording so that they look as `pdf.draw` draws them. Raises UnprintableText.

    To make one takes half a second; it never changes, so it may be kept and shared between threads.
    """

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        file = template(wording)
        start = int(file.rsplit(b"startxref", 1)[1].split()[0])
        table = file[start:].partition(b"trailer")[0].splitlines()[2:]
        self._offsets = array("Q", (int(entry[:10]) for entry in table))
        self._body = file[:start]
        self._digest = blake2b(self._body, digest_size=16)
        with pikepdf.open(BytesIO(file)) as pdf:
            page = pdf.pages[0]
            self._root, self._pages, self._resources = (
                thing.objgen[0] for thing in (pdf.Root, pdf.Root.Pages, page.Resources)
            )
            *self._fixed, self._content = (stream.objgen[0] for stream in page.Contents)

    def print(self, paper: Paper) -> bytes:
        """A certificate as a PDF of one page; equal texts give equal bytes."""
        stream = self._stream(paper)
        more = f"/Subject {_text(paper.number)} /CreationDate (D:{paper.issued_on:%Y%m%d})"
        about = self._about(document_title(self._wording, paper), more)
        return b"".join(self._bind([(self._content, stream), (len(self._offsets), about)]))

    def book(self, papers: Iterable[Paper]) -> Iterator[bytes]:
        """A PDF with a page for each of the papers, in pieces. Holds no paper in memory, only a hundred bytes a page.

        Pieces already sent cannot be taken back: print only papers that passed `draw` or `print` when they were issued.
        """
        return self._bind(self._sheets(papers))

    def _sheets(self, papers: Iterable[Paper]) -> Iterator[tuple[int, bytes]]:
        about = number = len(self._offsets)
        yield about, self._about(self._wording.title)
        for paper in papers:
            yield number + 1, self._stream(paper)
            yield number + 2, self._sheet(content=number + 1)
            number += 2
        kids = " ".join(f"{page} 0 R" for page in range(about + 2, number + 1, 2))
        yield self._pages, f"<< /Type /Pages /Kids [{kids}] /Count {(number - about) // 2} >>".encode()

    def _sheet(self, content: int) -> bytes:
        fixed = " ".join(f"{stream} 0 R" for stream in self._fixed)
        return (
            f"<< /Type /Page /Parent {self._pages} 0 R /MediaBox [0 0 {WIDTH:.4f} {HEIGHT:.4f}] "
            f"/Resources {self._resources} 0 R /Contents [{fixed} {content} 0 R] >>"
        ).encode()

    def _stream(self, paper: Paper) -> bytes:
        lines = personal_lines(self._wording, paper)
        stream = zlib.compress(written(lines) + _symbol(paper.verify_url), 1)
        return b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream)

    def _about(self, title: str, more: str = "") -> bytes:
        return f"<< /Title {_text(title)} /Author {_text(self._wording.issuer)} {more} >>".encode()

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


def _symbol(url: str) -> bytes:
    modules, path = qr.path(url.encode("ascii"))
    scale = SYMBOL_SIZE / modules
    return f"{rgb(INK)} rg {scale:.6f} 0 0 {scale:.6f} {MARGIN} {SYMBOL_BOTTOM} cm ".encode() + path + b"f"


def _text(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex()}>"
