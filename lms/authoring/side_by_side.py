"""A file as it was read beside what becomes of it: piece by piece, with what is wrong at its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.catalogue.content import Lesson, Question
from lms.catalogue.render import lesson_html
from lms.exchange.carried import Carried, Remark, Source

PAGE = 25
LONGEST = 14
PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")


@dataclass
class Line:
    """A paragraph or a cell, and what is to be said of it."""

    place: str
    text: str
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class Piece:
    """Lines that belong together, and the question or the lesson that they are; neither when they are not taken."""

    lines: list[Line] = field(default_factory=list)
    question: Question | None = None
    lesson: Lesson | None = None

    @property
    def shown(self) -> list[Line]:
        """The first lines, and all of which something is to be said."""
        return [line for number, line in enumerate(self.lines) if number < LONGEST or line.remarks]

    @property
    def left_out(self) -> int:
        return len(self.lines) - len(self.shown)

    @property
    def has_errors(self) -> bool:
        return any(remark.is_error for line in self.lines for remark in line.remarks)

    @property
    def html(self) -> str:
        """The lesson as it will be read, its pictures as the words that describe them."""
        if self.lesson is None:
            return ""
        return lesson_html(PICTURE.sub(r"*▣ \1*", self.lesson.text), address=lambda _target: "#")


def pieces(carried: Carried) -> tuple[list[Piece], list[Remark]]:
    """The pieces of a file in their order, and the remarks whose place is none of its lines."""
    lines = {source.place: Line(*source) for source in carried.source or _places(carried)}
    loose = [remark for remark in carried.remarks if not _note(remark, lines)]
    starts = {*carried.starts, *carried.places.values()}
    made: list[Piece] = []
    for line in lines.values():
        if not made or line.place in starts:
            made.append(Piece())
        made[-1].lines.append(line)
    _assign(made, carried)
    return [piece for piece in made if piece.question or piece.lesson or _says_something(piece)], loose


def _places(carried: Carried) -> Sequence[Source]:
    """A file that shows no lines of its own is shown by its items."""
    questions = {question.id: question for question in carried.questions}
    by_place = {place: questions[id].text for id, place in carried.places.items() if id in questions}
    return [
        Source(place, by_place.get(place, ""))
        for place in dict.fromkeys([*by_place, *(r.place for r in carried.remarks)])
        if place
    ]


def _note(remark: Remark, lines: dict[str, Line]) -> bool:
    """Put a remark at its line; a cell of a table stands in the table's line."""
    line = lines.get(remark.place) or lines.get(remark.place.split(".")[0])
    if line:
        line.remarks.append(remark)
    return line is not None


def _assign(made: Sequence[Piece], carried: Carried) -> None:
    by_place = {piece.lines[0].place: piece for piece in made}
    holding = {line.place: piece for piece in made for line in piece.lines}
    for question in carried.questions:
        piece = by_place.get(carried.places.get(question.id, "")) or holding.get(carried.places.get(question.id, ""))
        if piece:
            piece.question = question
    for lesson in carried.lessons:
        if piece := by_place.get(carried.places.get(lesson.slug, "")):
            piece.lesson = lesson


def _says_something(piece: Piece) -> bool:
    return any(line.text.strip() or line.remarks for line in piece.lines)
