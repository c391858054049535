"""A lesson's Markdown as paragraphs, and paragraphs as Markdown. Pure.

`markdown(blocks(text))` is the text again wherever paragraphs can say it; else the block stays Markdown in a paragraph of its own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from lms import text
from lms.catalogue import blocks as written
from lms.catalogue import plain
from lms.exchange import inline
from lms.exchange.carried import Remark
from lms.exchange.notation import meaning, spelling
from lms.exchange.numbering import BULLET
from lms.exchange.paragraphs import PICTURE, Block, Paragraph, Span, Table

BOXES = ("☐ ", "□ ", "❑ ", "❏ ")
LINE_START = re.compile(r"(?=#{1,6}\s|>|:::|\||==|\+\+\+|-{3,}\s*$|\*\*\*\s*$|~~~)")
ITEM = re.compile(r"( *)(-|\d{1,3}\.) (\S.*)")
TYPED = re.compile(r"([-–•+]|\d{1,3}[.)])\s+(?=\S)")
LABEL = re.compile(r"\W{0,2}(?P<label>[^:.\n]{2,30}?)\s*:\s*")
ROW = re.compile(r"^\|.*\|$", re.MULTILINE)


def markdown(content: Iterable[Block], top: int = 1) -> tuple[str, list[Remark]]:
    """The Markdown of a lesson's blocks, and remarks; headings of level `top` + 1 are its sections."""
    writer = _Writer(top)
    for block in content:
        writer.add(block)
    return writer.text, writer.remarks


def blocks(source: str, media: Mapping[str, bytes]) -> list[Block]:
    """The paragraphs and tables of a lesson's text, without signs that XML does not know."""
    return [made for block in written.split(text.NOT_TEXT.sub("", source)) for made in _checked(block, media)]


class _Writer:
    def __init__(self, top: int) -> None:
        self.top = top
        self.pieces: list[str] = []
        self.remarks: list[Remark] = []
        self.widths: list[int] = []
        self.is_list = self.is_picture = False

    @property
    def text(self) -> str:
        return "".join(self.pieces).strip("\n")

    def add(self, block: Block) -> None:
        was_picture, self.is_picture = self.is_picture, False
        if isinstance(block, Table):
            self.put(self.table(block))
        elif block.style == "source":
            self.put(block.plain)
        elif block.style == "heading":
            self.put(f"{'#' * min(max(block.level - self.top + 1, 2), 4)} {_line(block)}")
        elif block.style == "caption" and was_picture:
            words = " ".join(block.plain.replace('"', "”").replace("\\", "").split())
            self.pieces[-1] = f'{self.pieces[-1].removesuffix(")")} "{words}")'
        elif block.label:
            self.item(block)
        elif typed := TYPED.match(block.plain):
            label = f"{typed[1][:-1]}." if typed[1][0].isdigit() else BULLET
            self.item(replace(block.cut(typed.end()), label=label, level=int(typed[1] == "+" and self.is_list)))
        else:
            self.is_picture = block.plain == PICTURE and not block.spans[0].caption
            self.put(_paragraph(block))

    def put(self, piece: str) -> None:
        self.pieces += ["\n\n", piece] if self.pieces else [piece]
        self.widths, self.is_list = [], False

    def item(self, block: Paragraph) -> None:
        """A list's item, under the one before it as deep as Word says."""
        level = min(block.level, len(self.widths))
        marker = "- " if not block.label or block.label == BULLET else f"{re.sub(r'[^0-9]', '', block.label) or 1}. "
        self.widths = [*self.widths[:level], len(marker)]
        words = _line(block)
        for sign in BOXES:
            words = re.sub(rf"^{sign}", "[ ] ", words)
        if self.pieces:
            self.pieces.append("\n" if self.is_list else "\n\n")
        self.pieces.append(f"{' ' * sum(self.widths[:-1])}{marker}{words}")
        self.is_list = True

    def table(self, table: Table) -> str:
        if len(table.rows) == 1 and len(table.rows[0]) == 1:
            return self.box(table, table.rows[0][0])
        cells = [[" ".join(filter(None, map(_line, cell))) for cell in row] for row in table.rows]
        return plain.Table(tuple(map(tuple, cells))).source

    def box(self, table: Table, cell: list[Paragraph]) -> str:
        """A table of one cell is a framed note; the word before its colon says which."""
        first, *rest = cell
        label = LABEL.match(first.plain)
        name = meaning("callout", label["label"] if label else first.plain)
        title = ""
        if first.style == "callout":
            title = first.plain[label.end() :] if name and label else "" if name else first.plain
        elif name and label and first.plain[label.end() :].strip():
            rest = [first.cut(label.end()), *rest]
        elif not name:
            self.remarks.append(Remark(table.place, "box-as-tip"))
            rest = cell
        body, remarks = markdown(rest, self.top)
        self.remarks += remarks
        return plain.Callout(name or "tip", " ".join(title.split()), body).source


def _paragraph(block: Paragraph) -> str:
    if not any(span.is_raw for span in block.spans) and (callout := _labelled(block)):
        return callout
    words = inline.markdown(block.spans).replace("\n", "\\\n")
    return words if any(span.is_raw for span in block.spans[:1]) else LINE_START.sub(r"\\", words, count=1)


def _labelled(block: Paragraph) -> str:
    """A paragraph that begins with «Lưu ý:» or the like is a framed note."""
    label = LABEL.match(block.plain)
    name = meaning("callout", label["label"]) if label else ""
    if not name or not label or not block.plain[label.end() :].strip():
        return ""
    body = inline.markdown(block.cut(label.end()).spans).replace("\n", "\\\n")
    return plain.Callout(name, "", body).source


def _line(block: Paragraph) -> str:
    return " ".join(inline.markdown(block.spans).split())


def _checked(block: written.Block, media: Mapping[str, bytes]) -> Iterable[Block]:
    """The paragraphs of a block, when they say the same again; else its Markdown as it is."""
    made = list(_made(block, media))
    if made and _same(markdown(made)[0], block.source):
        return made
    return [Paragraph((Span(block.source, is_raw=True),), "source")] if block.source.strip() else []


def _same(made: str, source: str) -> bool:
    """Whether two texts differ in nothing but the spaces and the dashes of their tables."""
    return made == source or ROW.sub(_short, made) == ROW.sub(_short, source)


def _short(row: re.Match[str]) -> str:
    return re.sub(r" *\| *", "|", re.sub(r"-{2,}", "-", row[0]))


def _made(block: written.Block, media: Mapping[str, bytes]) -> Iterator[Block]:
    if block.kind == "heading" and (heading := plain.Heading.read(block.source)):
        yield Paragraph(inline.spans(heading.text), "heading", heading.level)
    elif block.kind == "image" and (picture := plain.Picture.read(block.source)) and picture.target in media:
        yield Paragraph((Span(picture.alt, picture=picture.target),))
        if picture.caption:
            yield Paragraph((Span(picture.caption),), "caption")
    elif block.kind == "table" and (table := plain.Table.read(block.source)):
        yield Table([[[Paragraph(inline.spans(cell))] for cell in row] for row in table.cells])
    elif block.kind == "callout" and (callout := plain.Callout.read(block.source)):
        yield from _boxed(callout, media)
    elif block.kind in ("text", "checklist"):
        yield from _lines(block.source)


def _boxed(callout: plain.Callout, media: Mapping[str, bytes]) -> Iterator[Table]:
    label = spelling("callout", callout.name)
    title = Paragraph((Span(f"{label}: {callout.title}" if callout.title else label),), "callout")
    body = blocks(callout.body, media)
    if all(isinstance(block, Paragraph) for block in body):
        yield Table([[[title, *(block for block in body if isinstance(block, Paragraph))]]])


def _lines(source: str) -> Iterator[Paragraph]:
    """A list as its items, anything else as one paragraph."""
    items = [ITEM.fullmatch(line) for line in source.split("\n")]
    if not all(items):
        yield Paragraph(inline.spans(source))
        return
    widths: list[int] = []
    counts: list[int] = []
    for item in filter(None, items):
        level = next((i for i in range(len(widths) + 1) if sum(widths[:i]) == len(item[1])), 0)
        widths, counts = [*widths[:level], len(item[2]) + 1], [*counts[: level + 1], 0][: level + 1]
        counts[level] += 1
        label = BULLET if item[2] == "-" else f"{counts[level]}."
        words = re.sub(r"^\[ \] ", BOXES[0], item[3])
        yield Paragraph(inline.spans(words), "list", level, label)
