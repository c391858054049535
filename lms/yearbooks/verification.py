"""Proof that a book says what it said: the chain, the counts, the sums of units, and the link from version to version."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from lms import text
from lms.db import db
from lms.yearbooks.models import Adjustment, BookLine, BookVersion, YearBook
from lms.yearbooks.rules import FIGURES, NOTHING_BEFORE, Line, State, Step, added, chained, counted, seal

STREAMED = 2_000
UNSEALED = {"id", "book_id", "state", "seal"}
COLUMNS = [getattr(BookLine, name) for name in Line._fields]


class Flaw(NamedTuple):
    """What is wrong; words: message `book.flaw.<kind>`. `line` is the first broken line, 0 for the version itself."""

    kind: str
    line: int = 0


class Verdict(NamedTuple):
    """What was found of one version; `flaw` is None when everything holds."""

    book: YearBook
    version: BookVersion | None
    flaw: Flaw | None


def sealed(version: BookVersion) -> str:
    """The hash of what a version's row says."""
    columns = {column.key: getattr(version, column.key) for column in BookVersion.__table__.c}
    said = {name: _plain(value) for name, value in columns.items() if name not in UNSEALED}
    return seal(said)


def verdicts(book: YearBook) -> Iterator[Verdict]:
    """What is found of each version of a book, and of its adjustments."""
    before: str | None = NOTHING_BEFORE
    for number, version in enumerate(book.versions, start=1):
        if version.state == Step.WRITING:
            continue
        linked = version.number == number and version.previous_hash == before
        yield Verdict(book, version, flaw(version) if linked else Flaw("link"))
        before = version.last_hash
    if wrong := _flaw_of_book(book):
        yield Verdict(book, None, wrong)


def flaw(version: BookVersion) -> Flaw | None:
    """The first thing that is wrong with a finished version."""
    statuses: dict[str, int] = defaultdict(int)
    own: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    units: list[tuple[Line, dict[str, int]]] = []
    hashed, number = version.previous_hash, 0
    for number, (line, said, fold) in enumerate(_lines(version.id), start=1):
        hashed = chained(hashed, line)
        if line.number != number or said != hashed or fold != text.fold(line.name):
            return Flaw("line", number)
        if number == 1 and version.first_hash != hashed:
            return Flaw("chain")
        if line.kind == "person":
            statuses[line.status] += 1
            own[line.unit_id or 0][line.status] += 1
        else:
            units.append((line, _figures(line)))
    if number != version.lines or hashed != version.last_hash:
        return Flaw("chain", number + 1)
    if counted(statuses.items()) != {name: getattr(version, name) for name in FIGURES}:
        return Flaw("counts")
    return _flaw_of_sums(own, units) or (None if sealed(version) == version.seal else Flaw("seal"))


def _lines(version_id: int) -> Iterator[tuple[Line, str, str]]:
    found = sa.select(*COLUMNS, BookLine.hash, BookLine.fold).where(BookLine.version_id == version_id)
    in_parts = {"yield_per": STREAMED}
    # Whoever stops at a flaw leaves no cursor behind.
    with db.session.connection().execute(found.order_by(BookLine.number), execution_options=in_parts) as streamed:
        for *values, said, fold in streamed:
            line = Line(*values)
            yield line._replace(reference_on=_plain(line.reference_on)), said, fold


def _figures(line: Line) -> dict[str, int]:
    said = json.loads(line.content)
    return {name: said[name] for name in FIGURES}


def _flaw_of_sums(own: dict[int, dict[str, int]], units: list[tuple[Line, dict[str, int]]]) -> Flaw | None:
    """Each unit must be the sum of its own people and of the units below it."""
    total: dict[int, list[dict[str, int]]] = defaultdict(list)
    below: dict[int, list[dict[str, int]]] = defaultdict(list)
    for line, figures in units:
        total[line.subject_id].append(figures)
        below[line.unit_id or 0].append(figures)
    for line, _ in units:
        unit_id = line.subject_id
        if added(total[unit_id]) != added([counted(own[unit_id].items()), *below[unit_id]]):
            return Flaw("sums", line.number)
    return None


def _flaw_of_book(book: YearBook) -> Flaw | None:
    """A closed book has a final version, and its adjustments are numbered without a gap."""
    numbers = sa.select(Adjustment.number).where(Adjustment.book_id == book.id).order_by(Adjustment.number)
    if list(db.session.scalars(numbers)) != list(range(1, book.adjustments + 1)):
        return Flaw("adjustments")
    is_closed = book.state in (State.CLOSED, State.REOPENED)
    return Flaw("versions") if is_closed and not any(version.is_final for version in book.done) else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
