"""What stands where: the texts of a wording and of a person as lines on their places, in the order in which they are read.

A place is an element of the document's structure (ISO 14289-1) and has a number, its mark in the page's content.
"""

from collections.abc import Iterator
from typing import NamedTuple

from lms.certificates.layouts import Box, layout
from lms.certificates.lines import (
    DESCENT,
    GREY,
    INK,
    LEADING,
    PALE,
    Line,
    Style,
    block,
    centred,
    fit,
    flush_left,
    one_line,
    width_of,
)
from lms.certificates.texts import Paper, Wording
from lms.fonts import BOLD, ITALIC, REGULAR, SEMIBOLD
from lms.language import official_date

NATION, MOTTO = Style(BOLD, 12, 9), Style(BOLD, 13, 9)
SUPERIOR, ISSUER, NUMBER = Style(REGULAR, 10.5, 9.5), Style(BOLD, 11.5, 10), Style(REGULAR, 11, 9)
TITLE, ASIDE = Style(BOLD, 31, 20), Style(ITALIC, 13, 9, GREY)
NAME, UNIT, COURSE = Style(SEMIBOLD, 34, 23), Style(REGULAR, 13, 10), Style(SEMIBOLD, 20, 15)
FACT_LABEL, FACT = Style(REGULAR, 9.5, 7, GREY), Style(SEMIBOLD, 12, 9)
DATED, RANK, SIGNATORY, PROOF = Style(ITALIC, 12, 9), Style(BOLD, 11.5, 9), Style(BOLD, 13, 9), Style(REGULAR, 8.5, 7)
BASIS, NOTE = Style(ITALIC, 10, 8, GREY), Style(REGULAR, 8.5, 6.5, GREY)
SECOND, SECOND_TITLE, SECOND_COURSE = (
    Style(REGULAR, 8.5, 7, GREY),
    Style(REGULAR, 15, 10, GREY),
    Style(REGULAR, 12, 9, GREY),
)
BELOW = 11
"""From a line to its second language."""
RANK_GAP, PROOF_GAP, NUMBER_GAP, RULE_GAP, GUTTER = 15.5, 12, 24, 8, 14
PICTURES = ("logo", "seal", "symbol")
SECOND_MARK = "-second"
PERSONAL = {"number", "name", "unit", "deed", "course", "value", "proof", "code", "dated"}
HEAD = (
    "logo", "superior", "superior-second", "issuer", "issuer-second", "number", "nation", "nation-second", "motto", "motto-second",
    "title", "title-second", "lead", "lead-second", "name", "unit", "deed", "deed-second", "course", "course-second",
)  # fmt: skip
FACT_PARTS = ("label", "label-second", "value", "value-second")
FOOT = (
    "basis", "basis-second", "dated", "dated-second", "ranks", "ranks-second", "seal", "signatory", "co-ranks", "co-ranks-second",
    "co-signatory", "symbol", "proof", "code", "lookup", "lookup-second", "note", "note-second",
)  # fmt: skip


class Place(NamedTuple):
    """An element of the structure: its tag, the language when it is not the document's, what a picture shows and where it is."""

    tag: str
    language: str = ""
    alt: str = ""
    box: Box | None = None


class Part(NamedTuple):
    """The lines of a place."""

    place: int
    lines: tuple[Line, ...]


class Rule(NamedTuple):
    """A thin line of ornament."""

    colour: str
    start: tuple[float, float]
    end: tuple[float, float]


class Sheet:
    """The pages of one wording: the parts that all share, the places of all parts, and the rules.

    Raises UnprintableText when a text cannot be set.
    """

    def __init__(self, wording: Wording) -> None:
        self.wording, self.second = wording, wording.second
        self.layout = at = layout(wording.look, is_bilingual=wording.second is not None)
        has_two = bool(wording.co_titles or wording.co_signatory)
        self._sign_width = min(at.sign_width, 220) if has_two else at.sign_width
        self._proof_width = at.co_proof_width if has_two else at.proof_width
        self._values_at = at.facts - at.fact_gap
        self.columns = _columns(len(wording.facts), at.middle, at.measure)
        self.rules = [Rule(PALE, (x, at.facts - at.fact_gap - 3), (x, at.facts + 9)) for x in _between(self.columns)]
        fixed = {key: lines for key, lines in self._fixed() if lines}
        order = [key for key in _reading(len(wording.facts)) if key in fixed or self._is_open(key)]
        self._marks = {key: mark for mark, key in enumerate(order)}
        self.places = tuple(map(self._place, order))
        self.fixed = tuple(Part(self._marks[key], lines) for key, lines in fixed.items())

    def mark(self, key: str) -> int:
        """The number of a place."""
        return self._marks[key]

    def personal(self, paper: Paper) -> Iterator[Part]:
        """The parts that differ from paper to paper. Raises UnprintableText."""
        return (Part(self._marks[key], lines) for key, lines in self._personal(paper))

    def lines(self, paper: Paper) -> list[Line]:
        """Every line of a page."""
        return [line for part in (*self.fixed, *self.personal(paper)) for line in part.lines]

    def _is_open(self, key: str) -> bool:
        if key in PICTURES:
            return key == "symbol" or bool(getattr(self.wording.look, key))
        base = key.partition("#")[0]
        return base.removesuffix(SECOND_MARK) in PERSONAL and (
            self.second is not None or not base.endswith(SECOND_MARK)
        )

    def _place(self, key: str) -> Place:
        if key in PICTURES:
            alt = getattr(self.wording, f"{key}_alt") or self.wording.lookup or self.wording.issuer
            return Place("Figure", alt=alt, box=getattr(self.layout, key))
        is_second = key.partition("#")[0].endswith(SECOND_MARK)
        return Place("H1" if key == "title" else "P", self.second.language if is_second and self.second else "")

    def _fixed(self) -> Iterator[tuple[str, tuple[Line, ...]]]:
        wording, at, stock = self.wording, self.layout, self.wording.look.stock
        yield from self._issuer(is_printed="issuer" not in stock)
        if "nation" not in stock:
            yield from self._nation()
        if "title" not in stock:
            title = TITLE._replace(colour=wording.look.accent)
            yield from self._pair("title", title, at.middle, at.title, at.measure, SECOND_TITLE, at.title_gap)
        yield from self._pair("lead", ASIDE, at.middle, at.lead, at.measure)
        for turn, (label, (x, width)) in enumerate(zip(wording.facts, self.columns, strict=True)):
            yield f"label#{turn}", one_line(label, FACT_LABEL, x, at.facts, width)
            if self.second and turn < len(self.second.facts):
                yield f"label-second#{turn}", one_line(self.second.facts[turn], SECOND, x, at.facts - 9.5, width)
        yield "basis", block(wording.basis, BASIS, at.middle, at.basis, at.measure)
        yield "lookup", self._proof(wording.lookup, 3)
        yield from self._signing(
            "ranks", wording.signatory_titles, "signatory", wording.signatory, at.sign, self._sign_width
        )
        yield from self._signing(
            "co-ranks", wording.co_titles, "co-signatory", wording.co_signatory, at.co_sign, at.co_width
        )
        note_at = at.note + (9 if self.second and self.second.note else 0)
        yield "note", one_line(wording.note, NOTE, at.note_middle, note_at, at.note_width)
        if self.second:
            yield "note-second", one_line(self.second.note, NOTE, at.note_middle, at.note, at.note_width)
            yield "basis-second", block(self.second.basis, NOTE, at.middle, at.basis - BELOW, at.measure)
            yield "lookup-second", self._proof(self.second.lookup, 4)

    def _personal(self, paper: Paper) -> Iterator[tuple[str, tuple[Line, ...]]]:
        wording, at = self.wording, self.layout
        number = f"{wording.number} {paper.number}"
        yield "number", block(number, NUMBER, at.left, self._number_at, at.left_width)
        yield from self._story(paper)
        for turn, (fact, (x, width)) in enumerate(zip(paper.facts, self.columns, strict=True)):
            yield f"value#{turn}", one_line(fact, FACT, x, self._values_at, width)
            if self.second:
                second = paper.facts_second[turn] if turn < len(paper.facts_second) else ""
                told = second if second != fact else ""
                yield f"value-second#{turn}", one_line(told, SECOND, x, self._values_at - 10, width)
        yield "proof", self._proof(number, 1)
        yield "code", self._proof(f"{wording.code} {paper.code}", 2)
        dated = official_date(wording.dated, paper.issued_on)
        yield "dated", block(dated, DATED, at.sign, at.dated, self._sign_width)
        if self.second:
            yield "dated-second", block(paper.dated_second, SECOND, at.sign, at.dated - BELOW, self._sign_width)

    def _issuer(self, *, is_printed: bool) -> Iterator[tuple[str, tuple[Line, ...]]]:
        at = self.layout
        y = at.head
        if is_printed and self.wording.superior:
            above = block(self.wording.superior, SUPERIOR, at.left, y, at.left_width)
            y = above[-1].y - at.head_gaps[0]
            yield from self._pair("superior", SUPERIOR, at.left, at.head, at.left_width)
        lines = block(self.wording.issuer, ISSUER, at.left, y, at.left_width)
        self._number_at = (lines[-1].y if lines else y) - NUMBER_GAP - (BELOW if self.second else 0)
        if is_printed and lines:
            yield from self._pair("issuer", ISSUER, at.left, y, at.left_width)
            self._underline(lines[-1], 0.4)

    def _nation(self) -> Iterator[tuple[str, tuple[Line, ...]]]:
        at, motto_at = self.layout, self.layout.head - self.layout.head_gaps[1]
        yield from self._pair("nation", NATION, at.right, at.head, at.right_width)
        yield from self._pair("motto", MOTTO, at.right, motto_at, at.right_width)
        if lines := block(self.wording.motto, MOTTO, at.right, motto_at, at.right_width):
            self._underline(lines[-1], 1)

    def _underline(self, line: Line, share: float) -> None:
        width = width_of(line.text, line.face, line.size)
        y = line.y - RULE_GAP - (BELOW - 1 if self.second else 0)
        self.rules.append(Rule(INK, (line.x + width * (1 - share) / 2, y), (line.x + width * (1 + share) / 2, y)))

    def _signing(
        self, ranks_key: str, ranks: tuple[str, ...], name_key: str, name: str, x: float, width: float
    ) -> Iterator[tuple[str, tuple[Line, ...]]]:
        lines: tuple[Line, ...] = ()
        for rank in ranks:
            y = (lines[-1].y if lines else self.layout.ranks) - RANK_GAP
            lines += block(rank, RANK, x, y, width)
        yield ranks_key, lines
        if self.second and lines:
            second = getattr(self.second, ranks_key.replace("-", "_"))
            yield f"{ranks_key}-second", block(second, SECOND, x, lines[-1].y - BELOW, width)
        yield name_key, block(name, SIGNATORY, x, self.layout.signatory, width)

    def _pair(
        self, key: str, style: Style, x: float, y: float, width: float, below: Style = SECOND, gap: float = BELOW
    ) -> Iterator[tuple[str, tuple[Line, ...]]]:
        """A shared text, and the same in the second language below it."""
        lines = block(getattr(self.wording, key), style, x, y, width)
        yield key, lines
        if self.second and lines:
            yield f"{key}-second", block(getattr(self.second, key), below, x, lines[-1].y - gap, width)

    def _story(self, paper: Paper) -> Iterator[tuple[str, tuple[Line, ...]]]:
        """Name, unit, deed and course, with the room they leave shared out between them."""
        at, second = self.layout, self.second
        told = [
            (1.0, "name", paper.name, NAME),
            (0.5, "unit", paper.unit, UNIT),
            (2.0, "deed", self.wording.deed, ASIDE),
            (1.0, "course", paper.course, COURSE),
        ]
        if second:
            told[3:3] = [(0.0, "deed-second", second.deed, SECOND)]
            told.append((0.0, "course-second", paper.course_second, SECOND_COURSE))
        parts = [(gap, key, style, *fit(text, style, at.measure)) for gap, key, text, style in told if text]
        heights = sum(size * LEADING * len(texts) for *_, size, texts in parts)
        shrunk = min(1.0, (at.story_top - at.story_bottom) / heights) if heights else 1.0
        room = (at.story_top - at.story_bottom - heights * shrunk) / (1.5 + sum(gap for gap, *_ in parts))
        y: float = at.story_top
        for gap, key, style, full, texts in parts:
            size, lines = full * shrunk, []
            y -= gap * room
            for text in texts:
                y -= size * LEADING
                lines.append(centred(text, style, size, at.middle, y + size * DESCENT))
            yield key, tuple(lines)
        yield from ((key, ()) for _, key, text, _ in told if not text)

    def _proof(self, text: str, row: int) -> tuple[Line, ...]:
        return flush_left(
            text, PROOF, self.layout.margin, self.layout.symbol_bottom - PROOF_GAP * row, self._proof_width
        )


def _reading(facts: int) -> list[str]:
    """All keys in the order in which they are read."""
    return [*HEAD, *(f"{part}#{turn}" for turn in range(facts) for part in FACT_PARTS), *FOOT]


def _columns(count: int, middle: float, measure: float) -> list[tuple[float, float]]:
    """Middle and width of the place of each fact."""
    width = measure / max(3, count)
    return [(middle + width * (column - (count - 1) / 2), width - GUTTER) for column in range(count)]


def _between(columns: list[tuple[float, float]]) -> list[float]:
    return [x - (width + GUTTER) / 2 for x, width in columns[1:]]
