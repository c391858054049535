"""The fast way to print certificates: what they share is made once, and each person adds one content stream.

There are two templates: a light one for the letters of Vietnamese, and one for all that may be printed. A paper is the
template, then the few objects of its own, then the cross-reference table; a book is the same with many pages. Text is
written as UTF-16, because the template's fonts map code points to glyphs themselves.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from threading import Lock

from lms import files
from lms.certificates.book import Book
from lms.certificates.pdf import PictureOf
from lms.certificates.plate import Plate
from lms.certificates.sheet import Sheet
from lms.certificates.standards import About
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
        return self.plate(paper).print(paper)

    def book(self, papers: Iterable[Paper]) -> Iterator[bytes]:
        """A PDF/A-2b with a page for each of the papers, in pieces (`Book`)."""
        words = self._sheet.wording
        return Book(About(words.title, words.issuer), [self._full]).bind((0, paper) for paper in papers)

    def plate(self, paper: Paper) -> Plate:
        """The lightest template that has all letters of a paper."""
        texts = (paper.name, paper.unit, paper.course, *paper.facts, paper.number, paper.code)
        return self._usual if usual().issuperset("".join(texts)) else self._full

    @property
    def _full(self) -> Plate:
        with self._making:
            return self._with_all_letters

    @cached_property
    def _with_all_letters(self) -> Plate:
        return Plate(self._sheet, printable(), self._picture_of)
