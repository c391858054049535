"""A PDF with a place for a signature, added behind its end so that no byte of it changes (ISO 32000-1, 7.5.6 and 12.8).

For files like those of the certificates' press: one plain cross-reference table, no encryption, no form yet. What is added
to the catalogue and the page is worked out once for each template, by pikepdf; then a paper costs a few copies of bytes.
"""

import re
from datetime import datetime
from io import BytesIO
from typing import NamedTuple

import pikepdf

FIELD = "Signature1"
ENTRY = 20
FEW = 64
NUMBER = re.compile(rb"/(Size|Root) (\d+)")
RANGE = b"/ByteRange [0 %-10d %-10d %-10d] /Contents "
"""Numbers of a fixed width: the bytes signed are known before they are counted."""


class NotPlain(ValueError):
    """A file that is laid out otherwise than the press's."""


class Place(NamedTuple):
    """A file up to the place of the signature, the hexadecimal digits that fit, and the file from there on."""

    before: bytes
    digits: int
    after: bytes

    def filled(self, signature: bytes) -> bytes:
        """The whole file, signed. Raises ValueError when the signature is too long."""
        digits = signature.hex().encode().ljust(self.digits, b"0")
        if len(digits) > self.digits:
            raise ValueError(f"signature of {len(signature)} bytes")
        return b"".join((self.before, b"<", digits, b">", self.after))


class _Table(NamedTuple):
    """Where a file's objects begin."""

    pdf: bytes
    start: int
    size: int
    root: int
    trailer: bytes

    def written(self, number: int) -> bytes:
        """An object as it is written, from its number to its end."""
        entry = self.first + number * ENTRY
        begin = int(self.pdf[entry : entry + 10])
        return self.pdf[begin : self.pdf.index(b"endobj", begin)]

    @property
    def first(self) -> int:
        return self.pdf.index(b"\n", self.start + 5) + 1


class _Skeleton(NamedTuple):
    """Of a template: its first page as it is written, and page and catalogue open for one more entry."""

    page: int
    written: bytes
    open_page: bytes
    open_root: bytes


_skeletons: dict[bytes, _Skeleton] = {}


def place(pdf: bytes, *, room: int, at: datetime) -> Place:
    """A place of `room` bytes for a signature made at an instant. Raises NotPlain."""
    table = _table(pdf)
    skeleton = _skeleton(table)
    signature, field = table.size, table.size + 1
    widget = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (%b) /V %d 0 R /F 132 /Rect [0 0 0 0] /P %d 0 R >>" % (
        FIELD.encode(),
        signature,
        skeleton.page,
    )
    form = b" /AcroForm << /Fields [%d 0 R] /SigFlags 3 >> >>" % field
    objects = (
        (field, widget),
        (skeleton.page, b"%b %d 0 R] >>" % (skeleton.open_page, field)),
        (table.root, skeleton.open_root + form),
    )
    head = b"\n%d 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:%b+00'00') " % (
        signature,
        f"{at:%Y%m%d%H%M%S}".encode(),
    )
    begin = len(pdf) + len(head) + len(RANGE % (0, 0, 0))
    end = begin + 2 * room + 2
    tail = _tail(table, [(signature, len(pdf) + 1)], objects, at=end, first=b" >>\nendobj\n")
    return Place(pdf + head + RANGE % (begin, end, len(tail)), 2 * room, tail)


def _tail(
    table: _Table, offsets: list[tuple[int, int]], objects: tuple[tuple[int, bytes], ...], *, at: int, first: bytes
) -> bytes:
    """What comes behind the signature, written from offset `at` on: the other objects, their table and the trailer."""
    parts, position = [first], at + len(first)
    for number, body in objects:
        entry = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        offsets.append((number, position))
        position += len(entry)
        parts.append(entry)
    sections = (b"%d 1\n%010d 00000 n \n" % line for line in sorted(offsets))
    size = re.sub(rb"/Size \d+", b"/Size %d /Prev %d" % (table.size + 2, table.start), table.trailer, count=1)
    return b"".join((*parts, b"xref\n", *sections, b"trailer\n", size, b"\nstartxref\n%d\n%%%%EOF\n" % position))


def _table(pdf: bytes) -> _Table:
    """The one table of a file. Raises NotPlain."""
    try:
        start = int(pdf[pdf.rindex(b"startxref") + 9 :].split(maxsplit=1)[0])
        trailer = pdf[pdf.index(b"trailer", start) + 7 : pdf.rindex(b"startxref")].strip()
    except ValueError:
        raise NotPlain from None
    numbers = {key: int(value) for key, value in NUMBER.findall(trailer)}
    is_whole = pdf.startswith(b"xref\n0 %d\n" % numbers.get(b"Size", 0), start) and trailer.endswith(b">>")
    if not is_whole or b"/Prev" in trailer or b"/Encrypt" in trailer or b"Root" not in numbers:
        raise NotPlain
    return _Table(pdf, start, numbers[b"Size"], numbers[b"Root"], trailer)


def _skeleton(table: _Table) -> _Skeleton:
    root = table.written(table.root)
    known = _skeletons.get(root)
    if known is None or table.written(known.page) != known.written:
        known = _read(table)
        if len(_skeletons) >= FEW:
            _skeletons.clear()
        _skeletons[root] = known
    return known


def _read(table: _Table) -> _Skeleton:
    with pikepdf.open(BytesIO(table.pdf)) as pdf:
        page = pdf.pages[0].obj
        if "/AcroForm" in pdf.Root or pdf.Root.objgen[0] != table.root or not page.is_indirect:
            raise NotPlain
        notes = page.Annots.unparse(resolved=True)[:-1] if "/Annots" in page else b"["
        if "/Annots" in page:
            del page.Annots
        page.Tabs = pikepdf.Name.S
        number = page.objgen[0]
        return _Skeleton(number, table.written(number), _open(page) + b" /Annots " + notes, _open(pdf.Root))


def _open(thing: pikepdf.Object) -> bytes:
    return thing.unparse(resolved=True).removesuffix(b">>").rstrip()
