"""An official document as data: what both writers set, in the order in which it is read. It holds no word of any language."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

LANGUAGE = "vi-VN"
KEPT_WHOLE = 8
"""So many rows of a table stay on one page."""


@dataclass(frozen=True)
class Head:
    """Who issues (`body`, under its `superior`), the number, the nation with its motto, place and date."""

    superior: str
    body: str
    number: str
    nation: str
    motto: str
    dated: str


@dataclass(frozen=True)
class Heading:
    """The head of a section, numbered by whoever writes the text; `level` 1 stands above 2."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Running text; line breaks begin new paragraphs."""

    text: str


class Column(NamedTuple):
    """A column of a table; `share` is its part of the width beside the others' shares. Numbers stand to the right."""

    title: str
    share: float = 1
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under a head that is repeated on each page; the last `totals` rows are sums. `caption` stands above."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    totals: int = 0

    @property
    def is_kept_whole(self) -> bool:
        """Whether it is small enough not to be divided between pages."""
        return len(self.rows) <= KEPT_WHOLE


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Annex:
    """An annex, on a page of its own: «Phụ lục I», what it is about, to which document it belongs."""

    label: str
    title: str
    reference: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Signature:
    """The ranks above the signature, as «KT. GIÁM ĐỐC» and «PHÓ GIÁM ĐỐC», and the name below it."""

    ranks: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Recipients:
    """«Nơi nhận:» and a line for each."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A document; `kind` and `excerpt` are its title: «BÁO CÁO», and what it is about."""

    head: Head
    kind: str
    excerpt: str
    bases: tuple[str, ...]
    blocks: tuple[Block, ...]
    signature: Signature
    recipients: Recipients
    annexes: tuple[Annex, ...] = ()

    @property
    def title(self) -> str:
        """What a reader's window shows."""
        return f"{self.kind}: {self.excerpt}"

    def words(self) -> Iterator[str]:
        """Every text of the document, in the order in which it is read."""
        head = self.head
        yield from (head.superior, head.body, head.number, head.nation, head.motto, head.dated)
        yield from (self.kind, self.excerpt, *self.bases)
        yield from words_of(self.blocks)
        yield from (self.recipients.label, *self.recipients.lines, *self.signature.ranks, self.signature.name)
        for annex in self.annexes:
            yield from (annex.label, annex.title, annex.reference)
            yield from words_of(annex.blocks)


def words_of(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Every text of some blocks."""
    for block in blocks:
        if not isinstance(block, Table):
            yield block.text
            continue
        yield block.caption
        yield from (column.title for column in block.columns)
        for row in block.rows:
            yield from row
