"""PDFs that are finished by hand: a file that is complete but for some objects, which are written behind it."""

from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from io import BytesIO

import pikepdf

from lms.certificates.standards import About

Objects = Iterable[tuple[int, bytes]]


class Binding:
    """A file with a plain cross-reference table and a colour space. `root`, `pages`, `metadata`, `intent` number its objects."""

    def __init__(self, file: bytes) -> None:
        start = int(file.rsplit(b"startxref", 1)[1].split()[0])
        table = file[start:].partition(b"trailer")[0].splitlines()[2:]
        self._offsets = array("Q", (int(entry[:10]) for entry in table))
        self._body = file[:start]
        self._digest = blake2b(self._body, digest_size=16)
        with pikepdf.open(BytesIO(file)) as pdf:
            root = pdf.Root
            self.root, self.pages, self.metadata, self.intent = (
                thing.objgen[0] for thing in (root, root.Pages, root.Metadata, root.OutputIntents[0])
            )

    @property
    def next(self) -> int:
        """The first number that no object has: the document information takes it."""
        return len(self._offsets)

    def about(self, about: About) -> Iterator[tuple[int, bytes]]:
        """The objects that say what a file is."""
        content = about.xmp()
        head = b"<< /Type /Metadata /Subtype /XML /Length %d >>" % len(content)
        yield self.metadata, head + b"\nstream\n" + content + b"\nendstream"
        yield self.next, _info(about)

    def bind(self, objects: Objects) -> Iterator[bytes]:
        """The file with these objects, in pieces. A known number replaces; new numbers follow in order."""
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
            f"trailer\n<< /Size {len(offsets)} /Root {self.root} 0 R /Info {self.next} 0 R "
            f"/ID [<{digest.hexdigest()}> <{digest.hexdigest()}>] >>\nstartxref\n{position}\n%%EOF\n"
        ).encode()


def _info(about: About) -> bytes:
    return f"<< {' '.join(f'/{key} {_text(text)}' for key, text in about.info().items())} >>".encode()


def _text(text: str) -> str:
    # Dates have to be plain.
    is_plain = text.isascii() and text.replace(":", "").isalnum()
    return f"({text})" if is_plain else f"<FEFF{text.encode('utf-16-be').hex()}>"
