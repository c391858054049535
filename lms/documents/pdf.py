"""A document as PDF, by ReportLab's platypus. Every text is escaped: its paragraphs are a little language of their own."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Paragraph as Set
from reportlab.platypus import Table as Grid

from lms.documents import faces
from lms.documents.model import LANGUAGE, Annex, Block, Document, Head, Heading, Paragraph, Signature, Table

TOP, BOTTOM, LEFT, RIGHT = 20 * mm, 20 * mm, 30 * mm, 15 * mm
WIDTH = A4[0] - LEFT - RIGHT
NUMBER_AT = A4[1] - 12 * mm
LEFT_COLUMN = 0.41
ROOM_TO_SIGN = 62
KEPT_WITH_SIGNATURE = 2
ROOM_FOR_CAPTION, ROOM_FOR_BEGINNING = 16, 64
BODY, SMALL, TABLE = 14, 11, 11.5
THIN = 0.5


def write(document: Document) -> bytes:
    """The document as a PDF; equal documents give equal bytes."""
    return _built(document.title, document.head.body, _story(document), is_numbered=True)


def book(documents: Iterable[Document], title: str) -> bytes:
    """Documents one after another, each from a new page, without page numbers."""
    story: list[Flowable] = []
    for document in documents:
        story += [*([PageBreak()] if story else []), *_story(document)]
    return _built(title, "", story or [Spacer(0, 0)], is_numbered=False)


class _Rule(Flowable):
    """A thin line in the middle of the column, `share` of its width or `length` long."""

    def __init__(self, length: float) -> None:
        super().__init__()
        self.length = length

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.column = width
        return width, 9

    def draw(self) -> None:
        start = (self.column - self.length) / 2
        self.canv.setLineWidth(THIN)
        self.canv.line(start, 4, start + self.length, 4)


class _FirstPage(Flowable):
    """Pages are numbered anew from here."""

    def draw(self) -> None:
        self.canv.numbered_before = self.canv.getPageNumber() - 1


def _built(title: str, author: str, story: list[Flowable], *, is_numbered: bool) -> bytes:
    target = BytesIO()
    template = BaseDocTemplate(
        target, pagesize=A4, title=title, author=author, creator=author, lang=LANGUAGE, invariant=1,
        displayDocTitle=1, initialFontName=faces.faces().regular,
    )  # fmt: skip
    frame = Frame(LEFT, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, 0, 0, 0, 0)
    template.addPageTemplates(PageTemplate(frames=[frame], onPageEnd=_draw_number if is_numbered else _draw_nothing))
    template.build(story)
    return target.getvalue()


def _draw_number(canvas: Any, template: Any) -> None:
    """Pages are numbered in the middle of the top margin, those of each annex by themselves; the first ones are left out."""
    number = template.page - getattr(canvas, "numbered_before", 0)
    if number > 1:
        canvas.setFont(faces.faces().regular, 13)
        canvas.drawCentredString(A4[0] / 2, NUMBER_AT, str(number))


def _draw_nothing(canvas: Any, template: Any) -> None:
    pass


def _story(document: Document) -> list[Flowable]:
    blocks = list(_blocks(document.blocks))
    story = [
        _head(document.head),
        Spacer(0, 16),
        _set(document.kind, bold=True, centred=True),
        _set(document.excerpt, bold=True, centred=True),
        _Rule(90),
        Spacer(0, 8),
        *(_set(basis, italic=True, indent=True) for basis in document.bases),
        *blocks[:-KEPT_WITH_SIGNATURE],
        # A signature never stands alone on a page.
        KeepTogether([*blocks[-KEPT_WITH_SIGNATURE:], Spacer(0, 10), _foot(document)]),
    ]
    for annex in document.annexes:
        story += [PageBreak(), *_annex(annex)]
    return story


def _head(head: Head) -> Grid:
    left = [
        *([_set(head.superior, size=12, centred=True)] if head.superior else []),
        _set(head.body, size=12, bold=True, centred=True),
        _Rule(60),
        *([_set(head.number, size=13, centred=True)] if head.number else []),
    ]
    motto = pdfmetrics.stringWidth(faces.settable(head.motto), faces.faces().bold, 13)
    right = [
        _set(head.nation, size=12, bold=True, centred=True),
        _set(head.motto, size=13, bold=True, centred=True),
        _Rule(motto),
        *([_set(head.dated, size=13, italic=True, centred=True)] if head.dated else []),
    ]
    return _columns(left, right)


def _foot(document: Document) -> Grid:
    told = document.recipients
    left = [_set(told.label, size=12, bold=True, italic=True)] if told.lines else []
    left += [_set(line, size=SMALL) for line in told.lines]
    return _columns(left, _signed(document.signature))


def _signed(signature: Signature) -> list[Flowable]:
    ranks = [_set(rank, size=13, bold=True, centred=True) for rank in signature.ranks]
    return [*ranks, Spacer(0, ROOM_TO_SIGN), _set(signature.name, size=13, bold=True, centred=True)]


def _columns(left: list[Flowable], right: list[Flowable]) -> Grid:
    widths = [WIDTH * LEFT_COLUMN, WIDTH * (1 - LEFT_COLUMN)]
    bare = [
        ("FONT", (0, 0), (-1, -1), faces.faces().regular),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in SIDES),
    ]
    return Grid([[left or "", right or ""]], widths, style=bare)


SIDES = ("LEFT", "RIGHT", "TOP", "BOTTOM")


def _annex(annex: Annex) -> list[Flowable]:
    return [
        _FirstPage(),
        _set(annex.label, bold=True, centred=True),
        _set(annex.title, bold=True, centred=True),
        _set(annex.reference, size=13, italic=True, centred=True),
        _Rule(90),
        Spacer(0, 8),
        *_blocks(annex.blocks),
    ]


def _blocks(blocks: Iterable[Block]) -> Iterator[Flowable]:
    for block in blocks:
        if isinstance(block, Heading):
            yield CondPageBreak(70)
            yield _set(block.text, bold=True, indent=True)
        elif isinstance(block, Paragraph):
            for line in block.text.split("\n"):
                yield _set(line, indent=True, justified=True)
        else:
            yield from _table(block)


def _table(table: Table) -> Iterator[Flowable]:
    """Texts wrap; numbers are set as they are."""
    whole = sum(column.share for column in table.columns)
    head: list[Any] = [
        _set(column.title, size=TABLE, bold=True, centred=True, spaced=False) for column in table.columns
    ]
    rows = [head, *(_row(table, row, number) for number, row in enumerate(table.rows))]
    plain, bold = faces.faces().regular, faces.faces().bold
    style: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), THIN, "black"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("FONT", (0, 0), (-1, -1), plain, TABLE, TABLE * 1.2),
        *((f"{side}PADDING", (0, 0), (-1, -1), 3) for side in SIDES),
        *(("ALIGN", (n, 1), (n, -1), "RIGHT") for n, column in enumerate(table.columns) if column.is_number),
    ]
    if table.totals:
        style.append(("FONT", (0, -table.totals), (-1, -1), bold, TABLE, TABLE * 1.2))
    grid = Grid(rows, [WIDTH * column.share / whole for column in table.columns], repeatRows=1, style=style)
    yield CondPageBreak(ROOM_FOR_CAPTION + (grid.wrap(WIDTH, A4[1])[1] if table.is_kept_whole else ROOM_FOR_BEGINNING))
    if table.caption:
        yield _set(table.caption, size=13, italic=True, centred=True)
    yield grid
    yield Spacer(0, 8)


def _row(table: Table, row: tuple[str, ...], number: int) -> list[Any]:
    is_total = number >= len(table.rows) - table.totals
    return [
        faces.settable(text) if column.is_number else _set(text, size=TABLE, bold=is_total, spaced=False)
        for column, text in zip(table.columns, row, strict=True)
    ]


def _set(text: str, **wanted: Any) -> Set:
    return Set(escape(faces.settable(text)).replace("\n", "<br/>"), _style(faces.faces(), **wanted))


@lru_cache(maxsize=64)
def _style(
    known: faces.Faces, *, size: float = BODY, bold: bool = False, italic: bool = False, centred: bool = False,
    indent: bool = False, justified: bool = False, spaced: bool = True,
) -> ParagraphStyle:  # fmt: skip
    face = (known.bold_italic if italic else known.bold) if bold else known.italic if italic else known.regular
    is_body = spaced and size == BODY and not centred
    return ParagraphStyle(
        "set",
        fontName=face,
        fontSize=size,
        leading=size * 1.2,
        spaceAfter=6 if is_body else 0,
        firstLineIndent=10 * mm if indent else 0,
        alignment=TA_CENTER if centred else TA_JUSTIFY if justified else 0,
    )
