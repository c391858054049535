"""The numbers of a year as a year book closed them: the unit's own book, or that of a unit above which says more."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import orjson
import sqlalchemy as sa

from lms import text
from lms.catalogue import queries as catalogue
from lms.db import db, is_among
from lms.goals.dashboard import Shown
from lms.goals.figures import DIVISIONS
from lms.goals.rules import HUNDREDTHS, Status
from lms.network import queries as network
from lms.yearbooks import queries as yearbooks
from lms.yearbooks.models import BookLine, BookVersion
from lms.yearend.findings import Below, Divided, Listed, Told
from lms.yearend.rules import Source

STREAMED = 2_000

Statuses = Counter[str]


class Closed:
    """A unit's year in a version of a year book."""

    def __init__(self, unit_id: int, version: BookVersion) -> None:
        self.unit_id, self.version = unit_id, version
        source = Source.FINAL if version.is_final else Source.PROVISIONAL
        self.told = Told(source, version.as_of, version.known_at, version.number, version.last_hash)

    def whole(self) -> Shown:
        """The counts of the unit and all below it."""
        statuses = sa.select(BookLine.status, sa.func.count()).where(*self._persons).group_by(BookLine.status)
        return Shown(dict(db.session.execute(statuses).all()))

    def divided(self, dimension: str) -> Divided:
        """The counts by value of a dimension, the largest first."""
        found = self._sums[dimension].items()
        return [
            (value, Shown(counts))
            for value, counts in sorted(found, key=lambda each: (-sum(each[1].values()), each[0]))
        ]

    def below(self) -> Sequence[Below]:
        """The units directly below, as they were closed."""
        return [
            Below(line.name, Shown(orjson.loads(line.content)["statuses"]))
            for line in sorted(
                yearbooks.units(self.version.id, self.unit_id), key=lambda line: text.sort_key(line.name)
            )
        ]

    def lacking(self) -> Mapping[str, int]:
        """People by what they lack."""
        return {code: sum(counts.values()) for code, counts in self._sums["lacking"].items()}

    def people(self) -> Iterator[Listed]:
        """Everybody, in the order of the book."""
        titles = catalogue.all_titles()
        for line, content in self._lines():
            reasons = "; ".join(_with_titles(reason, content, titles) for reason in content["trace"])
            yield Listed(line.code, line.name, line.unit_name, line.status, line.due, line.earned, reasons)

    @cached_property
    def _sums(self) -> Mapping[str, Mapping[str, Statuses]]:
        """Counts by value of every dimension, and by what is lacking: one pass over the lines."""
        found: dict[str, dict[str, Statuses]] = defaultdict(lambda: defaultdict(Counter))
        for line, content in self._lines():
            post = _post(line, content)
            for dimension in DIVISIONS:
                found[dimension][post.get(dimension, "")][line.status] += 1
            for code in _lacking(line, content):
                found["lacking"][code][line.status] += 1
        return found

    def _lines(self) -> Iterator[tuple[Any, Mapping[str, Any]]]:
        columns = (
            BookLine.code, BookLine.name, BookLine.unit_code, BookLine.unit_name, BookLine.reference_on, BookLine.status,
            BookLine.due, BookLine.earned, BookLine.content,
        )  # fmt: skip
        found = sa.select(*columns).where(*self._persons).order_by(BookLine.number)
        for line in db.session.execute(found.execution_options(yield_per=STREAMED)):
            yield line, orjson.loads(line.content)

    @cached_property
    def _persons(self) -> tuple[sa.ColumnElement[bool], ...]:
        of_version = BookLine.version_id == self.version.id, BookLine.kind == "person"
        if self.version.book.unit_id == self.unit_id:
            return of_version
        return *of_version, is_among(BookLine.unit_id, self._inside())

    def _inside(self) -> set[int]:
        """The units at or below this one, as the book has them."""
        lines = sa.select(BookLine.unit_id, BookLine.subject_id)
        below: dict[int | None, set[int]] = defaultdict(set)
        of_units = BookLine.version_id == self.version.id, BookLine.kind == "unit"
        for parent_id, unit_id in db.session.execute(lines.where(*of_units)):
            below[parent_id].add(unit_id)
        found, waiting = {self.unit_id}, [self.unit_id]
        while waiting:
            new = below[waiting.pop()] - found
            found |= new
            waiting += new
        return found


def closed(unit_id: int, policy: str, year: int) -> Closed | None:
    """The version that holds for a unit: of its own book, else of the nearest unit above whose book is closed for good."""
    way = [unit.unit_id for unit in network.path(unit_id, date(year, 12, 31))]
    for holder in (unit_id, *reversed(way)):
        book = yearbooks.book_of(holder, policy, year)
        version = book.shown if book else None
        if version and (holder == unit_id or version.is_final):
            return Closed(unit_id, version)
    return None


def _with_titles(reason: str, content: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """A reason as it was closed names courses by their slugs, which never change; a reader wants their titles."""
    for module, _ in content["missing"]:
        reason = reason.replace(f"«{module}»", f"«{titles.get(module, module)}»")
    return reason


def _post(line: Any, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The post under which a person is counted: on the day of reference, in the unit of the line, the primary one first."""
    day = line.reference_on.isoformat()
    posts = [post for post in content["posts"] if post["from"] <= day < post["to"]]
    posts.sort(key=lambda post: (post["unit_code"] != line.unit_code, not post["primary"], post["from"]))
    return posts[0] if posts else {}


def _lacking(line: Any, content: Mapping[str, Any]) -> Iterator[str]:
    """What is still to be learnt, as codes: as `standings.lacking` says it of a judgement."""
    if line.status in (Status.MET, Status.EXEMPT, Status.NOT_APPLICABLE):
        return
    if line.earned < line.due * HUNDREDTHS:
        yield "periods"
    yield from (category for category, earned, floor in content["minima"] if earned < floor * HUNDREDTHS)
    yield from sorted({f"module:{module}" for module, _ in content["missing"]})
