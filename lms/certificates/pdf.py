"""A certificate of completion on one A4 landscape page, drawn with ReportLab.

`draw` is the plain way and the truth; `press.Press` prints the same page forty times faster. Nothing here holds a
word of any language: `Wording` brings what the papers of an issuer share, `Paper` what is one person's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from string import Template
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from lms.certificates import qr
from lms.certificates.frame import PAGE, RED, WIDTH, draw_frame
from lms.fonts import BOLD, ITALIC, REGULAR, SEMIBOLD, register, setting

LANGUAGE = "vi-VN"
INK, GREY, PALE = "#1b1f24", "#5b6068", "#dcc9c7"
LEADING, DESCENT = 1.35, 0.3
LEFT, MIDDLE, RIGHT = 206, WIDTH / 2, WIDTH - 226
COLUMN, MEASURE, MARGIN = 320, 650, 66
HEAD_TOP, MOTTO_AT, TITLE_AT, LEAD_AT = 534, 516, 424, 394
FACTS_AT, DATED_AT, SIGNATORY_AT = 224, 168, 64
STORY_TOP, STORY_BOTTOM = 388, 240
SYMBOL_SIZE, SYMBOL_BOTTOM = 76, 100
# Kept free for a visible signature or a seal: left, bottom, right, top.
SIGNATURE_BOX = (RIGHT - 110, 80, RIGHT + 110, 128)


@dataclass(frozen=True)
class Wording:
    """The texts that all certificates of one kind share.

    `facts` label what `Paper.facts` tells, in the same order. `dated` is a pattern with $day, $month and $year. A text
    other than `motto` and `issuer` may be empty: its place stays blank.
    """

    nation: str
    motto: str
    superior: str
    issuer: str
    title: str
    lead: str
    deed: str
    facts: tuple[str, ...]
    number: str
    code: str
    lookup: str
    dated: str
    signatory_titles: tuple[str, ...]
    signatory: str


@dataclass(frozen=True)
class Paper:
    """The texts of one person, as they are to be read. `verify_url`, in ASCII, goes into the QR symbol."""

    name: str
    unit: str
    course: str
    facts: tuple[str, ...]
    number: str
    code: str
    verify_url: str
    issued_on: date


class Style(NamedTuple):
    """A face, the size in points, the smallest size to which a text may shrink before it wraps, and a colour."""

    face: str
    size: float
    smallest: float
    colour: str = INK


class Line(NamedTuple):
    """A line of text on the page: `x` is its left end and `y` its baseline, in points from the bottom left."""

    text: str
    face: str
    size: float
    colour: str
    x: float
    y: float


NATION, MOTTO = Style(BOLD, 12, 9), Style(BOLD, 13, 9)
SUPERIOR, ISSUER, NUMBER = Style(REGULAR, 10.5, 9.5), Style(BOLD, 11.5, 10), Style(REGULAR, 11, 9)
TITLE, ASIDE = Style(BOLD, 31, 20, RED), Style(ITALIC, 13, 9, GREY)
NAME, UNIT, COURSE = Style(SEMIBOLD, 34, 23), Style(REGULAR, 13, 10), Style(SEMIBOLD, 20, 15)
FACT_LABEL, FACT = Style(REGULAR, 9.5, 7, GREY), Style(SEMIBOLD, 12, 9)
DATED, RANK, SIGNATORY, PROOF = Style(ITALIC, 12, 9), Style(BOLD, 11.5, 9), Style(BOLD, 13, 9), Style(REGULAR, 8.5, 7)


def draw(wording: Wording, paper: Paper) -> bytes:
    """A certificate as a PDF of one page; equal texts give equal bytes. Raises UnprintableText."""
    buffer = BytesIO()
    canvas = _canvas(buffer, wording, document_title(wording, paper))
    canvas.setSubject(paper.number)
    canvas.setDateFormatter(lambda *_: f"D:{paper.issued_on:%Y%m%d}")
    for line in (*fixed_lines(wording), *personal_lines(wording, paper)):
        _draw_line(canvas, line)
    _draw_symbol(canvas, paper.verify_url)
    canvas.save()
    return buffer.getvalue()


def check(wording: Wording, paper: Paper) -> None:
    """Raises UnprintableText when a text of a person's cannot be set."""
    for _ in personal_lines(wording, paper):
        pass


def draw_ground(wording: Wording) -> bytes:
    """Frame and rules without any text, as a PDF of one page: what a press prints on."""
    buffer = BytesIO()
    _canvas(buffer, wording, wording.title).save()
    return buffer.getvalue()


def document_title(wording: Wording, paper: Paper) -> str:
    """What a reader's window shows."""
    return f"{wording.title} – {paper.name}"


def fixed_lines(wording: Wording) -> Iterator[Line]:
    """The lines that are the same on all papers of a wording."""
    yield from _issuer(wording)
    yield from block(wording.nation, NATION, RIGHT, HEAD_TOP, COLUMN)
    yield from block(wording.motto, MOTTO, RIGHT, MOTTO_AT, COLUMN)
    yield from block(wording.title, TITLE, MIDDLE, TITLE_AT, MEASURE)
    yield from block(wording.lead, ASIDE, MIDDLE, LEAD_AT, MEASURE)
    for (x, width), label in zip(_columns(wording), wording.facts, strict=True):
        yield from block(label, FACT_LABEL, x, FACTS_AT, width)
    yield _proof(wording.lookup, row=3)
    for row, rank in enumerate(wording.signatory_titles, start=1):
        yield from block(rank, RANK, RIGHT, DATED_AT - 2 - 15.5 * row, COLUMN)
    yield from block(wording.signatory, SIGNATORY, RIGHT, SIGNATORY_AT, COLUMN)


def personal_lines(wording: Wording, paper: Paper) -> Iterator[Line]:
    """The lines that differ from paper to paper."""
    number = f"{wording.number} {paper.number}"
    yield from block(number, NUMBER, LEFT, _issuer(wording)[-1].y - 24, COLUMN)
    yield from _story(wording, paper)
    for (x, width), fact in zip(_columns(wording), paper.facts, strict=True):
        yield from block(fact, FACT, x, FACTS_AT - 17, width)
    yield _proof(number, row=1)
    yield _proof(f"{wording.code} {paper.code}", row=2)
    yield from block(official_date(wording.dated, paper.issued_on), DATED, RIGHT, DATED_AT, COLUMN)


def official_date(pattern: str, day: date) -> str:
    """A pattern with $day, $month and $year filled in as Decree 30/2020/NĐ-CP has it.

    Days below 10 and the months 1 and 2 take a leading 0; other months do not.
    """
    month = f"{day.month:02}" if day.month <= 2 else f"{day.month}"
    return Template(pattern).substitute(day=f"{day.day:02}", month=month, year=day.year)


@lru_cache(maxsize=256)
def block(text: str, style: Style, x: float, y: float, width: float) -> tuple[Line, ...]:
    """A text centred on `x` in one line or two, the first on baseline `y`; none for an empty text."""
    size, texts = fit(text, style, width)
    return tuple(centred(line, style, size, x, y - row * size * LEADING) for row, line in enumerate(texts) if line)


def centred(text: str, style: Style, size: float, x: float, y: float) -> Line:
    """A line with its middle at `x`."""
    return Line(text, style.face, size, style.colour, x - width_of(text, style.face, size) / 2, y)


def width_of(text: str, face: str, size: float) -> float:
    """The width of a set text in points."""
    return setting(text, face).width * size / 1000


@lru_cache(maxsize=256)
def fit(text: str, style: Style, width: float) -> tuple[float, tuple[str, ...]]:
    """Size and lines of a text in a width: it shrinks to the style's smallest size, then wraps, then shrinks on."""
    size = _largest(text, style.face, style.size, width)
    if size >= style.smallest:
        return size, (text,)
    lines = halves(text, style.face)
    return min(_largest(line, style.face, style.smallest, width) for line in lines), lines


def halves(text: str, face: str) -> tuple[str, ...]:
    """A text in two lines, cut at that space round its middle which leaves the longer line shorter."""
    middle = len(text) // 2
    cuts = {text.rfind(" ", 0, middle), text.find(" ", middle)} - {-1}
    pairs = [(text[:cut], text[cut + 1 :]) for cut in sorted(cuts)]
    return min(pairs, key=lambda pair: max(setting(line, face).width for line in pair), default=(text,))


def _largest(text: str, face: str, size: float, width: float) -> float:
    return size * width / max(width, width_of(text, face, size))


def _issuer(wording: Wording) -> tuple[Line, ...]:
    above = block(wording.superior, SUPERIOR, LEFT, HEAD_TOP, COLUMN)
    return above + block(wording.issuer, ISSUER, LEFT, above[-1].y - 16 if above else HEAD_TOP, COLUMN)


def _story(wording: Wording, paper: Paper) -> Iterator[Line]:
    """Name, unit, deed and course, with the room they leave shared out between them."""
    told = ((1, paper.name, NAME), (0.5, paper.unit, UNIT), (2, wording.deed, ASIDE), (1, paper.course, COURSE))
    parts = [(gap, style, *fit(text, style, MEASURE)) for gap, text, style in told if text]
    heights = sum(size * LEADING * len(texts) for _, _, size, texts in parts)
    room = (STORY_TOP - STORY_BOTTOM - heights) / (1.5 + sum(gap for gap, *_ in parts))
    y: float = STORY_TOP
    for gap, style, size, texts in parts:
        y -= gap * room
        for text in texts:
            y -= size * LEADING
            yield centred(text, style, size, MIDDLE, y + size * DESCENT)


def _columns(wording: Wording) -> list[tuple[float, float]]:
    """Middle and width of the place of each fact."""
    count = len(wording.facts)
    width = MEASURE / max(3, count)
    return [(MIDDLE + width * (column - (count - 1) / 2), width - 20) for column in range(count)]


def _proof(text: str, row: int) -> Line:
    size = _largest(text, PROOF.face, PROOF.size, COLUMN)
    return Line(text, PROOF.face, size, PROOF.colour, MARGIN, SYMBOL_BOTTOM - 12 * row)


def _canvas(buffer: BytesIO, wording: Wording, name: str) -> Canvas:
    register()
    canvas = Canvas(buffer, PAGE, pageCompression=1, invariant=1, lang=LANGUAGE, initialFontName=REGULAR)
    canvas.setTitle(name)
    canvas.setAuthor(wording.issuer)
    canvas.setCreator(wording.issuer)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    draw_frame(canvas)
    _draw_rules(canvas, wording)
    return canvas


def _draw_rules(canvas: Canvas, wording: Wording) -> None:
    canvas.setLineWidth(0.6)
    canvas.setStrokeColor(INK)
    motto = block(wording.motto, MOTTO, RIGHT, MOTTO_AT, COLUMN)
    for line, share in ((motto[-1], 1), (_issuer(wording)[-1], 0.4)):
        width = width_of(line.text, line.face, line.size)
        canvas.line(line.x + width * (1 - share) / 2, line.y - 8, line.x + width * (1 + share) / 2, line.y - 8)
    canvas.setStrokeColor(PALE)
    for x, width in _columns(wording)[1:]:
        canvas.line(x - width / 2 - 10, FACTS_AT - 20, x - width / 2 - 10, FACTS_AT + 9)


def _draw_line(canvas: Canvas, line: Line) -> None:
    canvas.setFillColor(line.colour)
    canvas.setFont(line.face, line.size)
    x = line.x
    for text, kern in setting(line.text, line.face).pieces:
        canvas.drawString(x, line.y, text)
        x += canvas.stringWidth(text) + kern * line.size / 1000


def _draw_symbol(canvas: Canvas, url: str) -> None:
    rows = qr.matrix(url.encode("ascii"))
    canvas.translate(MARGIN, SYMBOL_BOTTOM)
    canvas.scale(SYMBOL_SIZE / len(rows), SYMBOL_SIZE / len(rows))
    path = canvas.beginPath()
    for y, row in enumerate(reversed(rows)):
        for dark in re.finditer(b"\x01+", row):
            path.rect(dark.start(), y, len(dark.group()), 1)
    canvas.setFillColor(INK)
    canvas.drawPath(path, stroke=0, fill=1)
