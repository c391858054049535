"""What the rows of an import may refer to: units, people and posts, of the database and of the rows read before.

Only what the files name is loaded. Things that are not in the database yet have negative ids until the plan is applied.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from lms import text
from lms.cells import BadCell
from lms.db import Base, db, is_among
from lms.network.models import Assignment, Level, Person, Post, UnitAncestor, UnitCode, UnitVersion
from lms.network.queries import OFFICIAL

Record = dict[str, Any]
Reach = frozenset[int] | None
slug = lru_cache(1 << 15)(text.slug)


def fetch(model: type[Base], column: sa.ColumnElement[Any] | Any, values: Iterable[Any]) -> Iterator[Record]:
    """The rows of a table in which `column` has one of the values, of which there may be very many."""
    if wanted := list(set(values)):
        found = sa.select(model.__table__).where(is_among(column, wanted))
        yield from map(dict, db.session.execute(found).mappings())


def covering(versions: Iterable[Record], day: date) -> Record | None:
    """The one of some dated records that holds on a day."""
    return next((version for version in versions if version["from_on"] <= day < version["to_on"]), None)


class Units:
    """Units by their official codes, and their versions."""

    def __init__(self, reach: Reach) -> None:
        self.versions: dict[int, dict[date, Record]] = {}
        self.codes: dict[int, list[Record]] = defaultdict(list)
        self._reach = reach
        self._by_code: dict[str, list[Record]] = defaultdict(list)
        self._by_bare_code: dict[str, set[str]] = defaultdict(set)
        self._asked: set[str] = set()
        self._spoilt: set[str] = set()

    def load(self, codes: Iterable[str], *, is_with_below: bool = False) -> None:
        """Learn the units that these codes name, all above them and, if one asks, those directly below."""
        asked = set(codes) - self._asked
        self._asked |= asked
        found = list(fetch(UnitCode, UnitCode.value, asked))
        bare = {code for code in asked if code.isdigit()} - {row["value"] for row in found}
        found += fetch(UnitCode, sa.func.ltrim(UnitCode.value, "0", type_=sa.Text), bare)
        unit_ids = {row["unit_id"] for row in found} - self.codes.keys()
        if is_with_below and unit_ids:
            unit_ids |= _around(unit_ids)
        self._learn(fetch(UnitCode, UnitCode.unit_id, unit_ids))
        self._load_versions(unit_ids)

    def find(self, code: str, day: date) -> int:
        """The unit that has the code on a day, else the one that had it last. Raises `BadCell`."""
        spans = self._by_code.get(code) or self._by_code.get(self._with_zeros(code))
        if not spans:
            raise BadCell("import.unit-row-bad" if code in self._spoilt else "import.unknown-unit", value=code)
        unit_id: int = (covering(spans, day) or max(spans, key=lambda span: span["to_on"]))["unit_id"]
        if self._reach is not None and unit_id > 0 and unit_id not in self._reach:
            raise BadCell("import.out-of-reach")
        return unit_id

    def is_known(self, code: str) -> bool:
        return code in self._by_code or self._with_zeros(code) in self._by_code

    def add(self, code: str, unit_id: int) -> None:
        """A unit that the file brings, valid on any day until its versions say more."""
        self._learn([{"unit_id": unit_id, "scheme": OFFICIAL, "value": code, "from_on": date.min, "to_on": date.max}])

    def forget(self, unit_id: int) -> None:
        """A new unit all of whose rows were refused."""
        for span in self.codes.pop(unit_id):
            del self._by_code[span["value"]]
            self._spoilt.add(span["value"])

    def organisation(self, unit_id: int, day: date) -> int:
        """The unit that keeps the catalogue of posts: the nearest, upwards, that is no village team."""
        versions = self.versions.get(unit_id, {}).values()
        present = covering(versions, day) or next(iter(versions), None)
        if present and present["level"] == Level.VILLAGE_TEAM and present["parent_id"] is not None:
            return self.organisation(present["parent_id"], day)
        return unit_id

    def _learn(self, codes: Iterable[Record]) -> None:
        for row in codes:
            if row["scheme"] == OFFICIAL:
                self._by_code[row["value"]].append(row)
                self._by_bare_code[row["value"].lstrip("0")].add(row["value"])
                self.codes[row["unit_id"]].append(row)

    def _with_zeros(self, code: str) -> str:
        """The one known code that becomes this one when a spreadsheet takes it for a number."""
        full = self._by_bare_code.get(code, ())
        return next(iter(full)) if len(full) == 1 else code

    def _load_versions(self, unit_ids: Collection[int]) -> None:
        while missing := [unit_id for unit_id in unit_ids if unit_id > 0 and unit_id not in self.versions]:
            self.versions.update({unit_id: {} for unit_id in missing})
            for row in fetch(UnitVersion, UnitVersion.unit_id, missing):
                self.versions[row["unit_id"]][row["from_on"]] = row
            above = (v["parent_id"] for unit_id in missing for v in self.versions[unit_id].values())
            unit_ids = {parent_id for parent_id in above if parent_id is not None}


class People:
    """People by their staff codes."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._ids: dict[str, int] = {}
        self._asked: set[str] = set()
        self._announced: set[str] = set()
        self._outside: set[int] = set()

    def load(self, codes: Iterable[str]) -> None:
        """Learn the people whom these codes name."""
        asked = set(codes) - self._asked
        self._asked |= asked
        found = {row["code"]: row["id"] for row in fetch(Person, Person.code, asked)}
        self._ids |= found
        if self._reach is not None:
            self._outside |= _serving_outside(set(found.values()), self._reach)

    def find(self, code: str) -> int:
        """The person with a code. Raises `BadCell`."""
        person_id = self._ids.get(code)
        if person_id is None:
            raise BadCell("import.person-row-bad" if code in self._announced else "import.unknown-person", value=code)
        if person_id in self._outside:
            raise BadCell("import.out-of-reach")
        return person_id

    def is_known(self, code: str) -> bool:
        return code in self._ids

    def add(self, code: str, person_id: int) -> None:
        self._ids[code] = person_id

    def announce(self, codes: Iterable[str]) -> None:
        """Rows of these people are in the file; who is not known after they were read had bad rows."""
        self._announced.update(codes)


class Posts:
    """The posts of organisations by code or title; those that rows name first are drafted here."""

    def __init__(self, new_id: Callable[[], int]) -> None:
        self.drafted: dict[int, Record] = {}
        self._new_id = new_id
        self._known: dict[tuple[int, str, str], list[Record]] = defaultdict(list)
        self._asked: set[int] = set()

    def load(self, unit_ids: Iterable[int]) -> None:
        """Learn the catalogues of these organisations."""
        asked = {unit_id for unit_id in unit_ids if unit_id > 0} - self._asked
        self._asked |= asked
        for post in fetch(Post, Post.unit_id, asked):
            self.add(post)

    def add(self, post: Record) -> None:
        for wording in {slug(post["code"]), slug(post["title"])}:
            self._known[post["unit_id"], post["kind"], wording].append(post)

    def find(self, unit_id: int, kind: str, wording: str, day: date) -> int:
        """The post so called on a day, else the first so called, else a draft of it."""
        known = self._known[unit_id, kind, slug(wording)]
        post = covering(known, day) or (known[0] if known else self._draft(unit_id, kind, wording))
        post_id: int = post["id"]
        return post_id

    def _draft(self, unit_id: int, kind: str, title: str) -> Record:
        post: Record = {"id": self._new_id(), "unit_id": unit_id, "kind": kind, "code": slug(title), "title": title}
        post |= {"reference": None, "from_on": date.max, "to_on": date.max}
        self.drafted[post["id"]] = post
        self.add(post)
        return post


def _around(unit_ids: set[int]) -> set[int]:
    """The units above some units, and directly below them, on whatever day."""
    above = sa.select(UnitAncestor.ancestor_id).where(is_among(UnitAncestor.unit_id, unit_ids))
    below = sa.select(UnitVersion.unit_id).where(is_among(UnitVersion.parent_id, unit_ids))
    return set(db.session.scalars(above.union(below)))


def _serving_outside(person_ids: set[int], reach: Collection[int]) -> set[int]:
    """Those of some people who serve, or served last, only in units outside a reach."""
    homes: dict[int, tuple[date, set[int]]] = {}
    for post in fetch(Assignment, Assignment.person_id, person_ids):
        end, units = homes.get(post["person_id"], (date.min, set()))
        if post["to_on"] > end:
            homes[post["person_id"]] = post["to_on"], {post["unit_id"]}
        elif post["to_on"] == end:
            units.add(post["unit_id"])
    return {person_id for person_id, (_, units) in homes.items() if units.isdisjoint(reach)}
