"""Many papers in one file for a printer, of one wording or of many, in any order: PDF/A-2b without structure.

Each plate stands in the file once; a paper adds two objects, its content and its page.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from io import BytesIO

import pikepdf
from pikepdf import ObjectStreamMode

from lms.certificates.binding import Binding
from lms.certificates.plate import Plate
from lms.certificates.standards import LANGUAGE, About, archive
from lms.certificates.texts import Paper


class Book:
    """Binds the papers of some plates. Raises UnprintableText.

    Pieces already sent cannot be taken back: bind only papers that passed `draw` or `print` when they were issued.
    """

    def __init__(self, about: About, plates: Sequence[Plate]) -> None:
        self._about, self._plates = about, plates
        file = _together(plates)
        self._binding = Binding(file)
        with pikepdf.open(BytesIO(file)) as pdf:
            self._pages = [self._page(page, plate) for page, plate in zip(pdf.pages, plates, strict=True)]

    def bind(self, papers: Iterable[tuple[int, Paper]]) -> Iterator[bytes]:
        """A file with a page for each paper, which comes with the number of its plate, in pieces.

        Holds no paper in memory, only a hundred bytes a page.
        """
        return self._binding.bind(self._objects(papers))

    def _objects(self, papers: Iterable[tuple[int, Paper]]) -> Iterator[tuple[int, bytes]]:
        info = number = self._binding.next
        yield from self._binding.about(self._about)
        yield self._binding.root, self._root
        for plate, paper in papers:
            yield number + 1, self._plates[plate].stream(paper)
            yield number + 2, self._pages[plate] % (number + 1)
            number += 2
        kids = " ".join(f"{page} 0 R" for page in range(info + 2, number + 1, 2))
        yield self._binding.pages, f"<< /Type /Pages /Kids [{kids}] /Count {(number - info) // 2} >>".encode()

    @cached_property
    def _root(self) -> bytes:
        at = self._binding
        return (
            f"<< /Type /Catalog /Pages {at.pages} 0 R /Metadata {at.metadata} 0 R /Lang ({LANGUAGE}) "
            f"/OutputIntents [{at.intent} 0 R] /ViewerPreferences << /DisplayDocTitle true >> >>"
        ).encode()

    def _page(self, page: pikepdf.Page, plate: Plate) -> bytes:
        """A page of a plate, but for the number of its own content."""
        fixed = " ".join(f"{stream.objgen[0]} 0 R" for stream in [*page.Contents][:-1])
        width, height = plate.size
        return (
            f"<< /Type /Page /Parent {self._binding.pages} 0 R /MediaBox [0 0 {width:.4f} {height:.4f}] "
            f"/Resources {page.Resources.objgen[0]} 0 R /Contents [{fixed} %d 0 R] >>"
        ).encode()


def _together(plates: Sequence[Plate]) -> bytes:
    """The plates as pages of one file, with one colour space."""
    file = BytesIO()
    with pikepdf.new() as bound:
        for plate in plates:
            with pikepdf.open(BytesIO(plate.file)) as one:
                bound.pages.extend(one.pages)
        archive(bound, b"")
        bound.save(file, static_id=True, object_stream_mode=ObjectStreamMode.disable, min_version="1.7")
    return file.getvalue()
