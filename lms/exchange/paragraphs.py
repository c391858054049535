"""A document as Word knows it, without Word: paragraphs of spans, and tables of paragraphs. Pure.

`PICTURE` stands in a span's text where a picture is, so that places in the plain text are places in the spans.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lms import text

PICTURE = "\ufffc"
ACCENTS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
UNTIDY = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u00d0\u00f0\u0189\u0256\u061c\u180e\u2000-\u200f\u2011\u2028-\u202f\u2060-\u206f"
    "\ud800-\udfff\ufeff]"
)
NO_BREAK = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2011": "-"})


class Span(NamedTuple):
    """Text in one look. `is_marked`: underlined, coloured or highlighted; `is_raw`: our Markdown, letter by letter."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_code: bool = False
    is_raw: bool = False
    is_marked: bool = False
    link: str = ""
    picture: str = ""
    caption: str = ""

    @property
    def shown(self) -> str:
        return PICTURE if self.picture else self.text


Spans = tuple[Span, ...]


@dataclass
class Paragraph:
    """A paragraph. `style` is what it is (see `STYLES` in `word_styles`), `level` that of a heading or of a list's item.

    `label` is the number or the bullet that Word puts in front by itself.
    """

    spans: Spans = ()
    style: str = ""
    level: int = 0
    label: str = ""
    place: str = ""
    plain: str = field(init=False)

    def __post_init__(self) -> None:
        self.plain = "".join([span.shown for span in self.spans])

    @property
    def is_bold(self) -> bool:
        """Whether every letter is bold."""
        letters = [span for span in self.spans if span.text.strip() and not span.picture]
        return bool(letters) and all(span.is_bold for span in letters)

    def cut(self, start: int, end: int | None = None) -> "Paragraph":
        """The part between two places of `plain`, of the same look."""
        spans = tuple(_cut(self.spans, start, len(self.plain) if end is None else end))
        return Paragraph(spans, self.style, self.level, self.label, self.place)

    def lines(self) -> Iterator["Paragraph"]:
        """The paragraph at its soft breaks: each a paragraph of its own, the label with the first."""
        start = 0
        for line in self.plain.split("\n"):
            part = self.cut(start, start + len(line))
            yield part if start == 0 else replace(part, label="")
            start += len(line) + 1


@dataclass
class Table:
    """Rows of cells of paragraphs; every row has the same number of cells."""

    rows: list[list[list[Paragraph]]]
    place: str = ""

    @property
    def words(self) -> list[list[str]]:
        """The text of the cells."""
        return [[text.clean(" ".join(p.plain for p in cell)) for cell in row] for row in self.rows]


Block = Paragraph | Table


@dataclass
class Document:
    """The blocks of a document and its pictures by path (`media/…`)."""

    blocks: list[Block]
    media: dict[str, bytes] = field(default_factory=dict)


def paragraphs(block: Block) -> Iterator[Paragraph]:
    """The paragraphs of a block."""
    if isinstance(block, Paragraph):
        yield block
    else:
        yield from (paragraph for row in block.rows for cell in row for paragraph in cell)


def tidied(blocks: Iterable[Block]) -> list[Block]:
    """The blocks as they are when they have been written and read."""
    return [
        replace(block, spans=tidy(block.spans))
        if isinstance(block, Paragraph)
        else replace(
            block, rows=[[[replace(p, spans=tidy(p.spans)) for p in cell] for cell in row] for row in block.rows]
        )
        for block in blocks
    ]


def tidy(spans: Iterable[Span]) -> Spans:
    """Spans without what cannot be seen, in NFC, equal neighbours joined, nothing empty at the ends of the paragraph."""
    joined: list[Span] = []
    for span in spans:
        words = span.text if span.is_raw or not UNTIDY.search(span.text) else _visible(span.text)
        if joined and words and not span.picture and not joined[-1].picture:
            before = joined[-1]
            accents = len(words) - len(words.lstrip(ACCENTS)) if words[0] in ACCENTS else 0
            if before[1:] == span[1:]:
                accents = len(words)
            if accents:
                joined[-1] = before._replace(text=before.text + words[:accents])
                words = words[accents:]
        if words or span.picture:
            joined.append(span if words is span.text else span._replace(text=words))
    return _stripped([s if s.is_raw or s.text.isascii() else _composed(s) for s in joined])


def _composed(span: Span) -> Span:
    composed = unicodedata.normalize("NFC", span.text)
    return span if composed == span.text else span._replace(text=composed)


def _visible(words: str) -> str:
    words = words.translate(text.ETH).translate(NO_BREAK)
    return text.INVISIBLE.sub("", text.NOT_TEXT.sub("", text.BREAKS.sub(" ", words)))


def _stripped(spans: list[Span]) -> Spans:
    while spans and _is_blank(spans[0]):
        spans.pop(0)
    while spans and _is_blank(spans[-1]):
        spans.pop()
    if spans and spans[0].text[:1].isspace() and not (spans[0].picture or spans[0].is_raw):
        spans[0] = spans[0]._replace(text=spans[0].text.lstrip())
    if spans and spans[-1].text[-1:].isspace() and not (spans[-1].picture or spans[-1].is_raw):
        spans[-1] = spans[-1]._replace(text=spans[-1].text.rstrip())
    return tuple(spans)


def _is_blank(span: Span) -> bool:
    return not (span.picture or span.is_raw or span.text.strip())


def _cut(spans: Spans, start: int, end: int) -> Iterator[Span]:
    at = 0
    for span in spans:
        length = len(span.shown)
        first, last = max(start - at, 0), min(end - at, length)
        if first < last:
            yield span if (first, last) == (0, length) or span.picture else span._replace(text=span.text[first:last])
        at += length
