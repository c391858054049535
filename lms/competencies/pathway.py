"""A pathway: for whom it is, and which courses they take in which year; read from TOML, kept as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Self

import orjson

from lms.competencies import document
from lms.competencies.document import BadDocument
from lms.goals.selectors import Kind
from lms.language import locale

HEAD = {"code", "title", "en_title", "role", "level", "position", "note", "year"}
CONDITIONS = ("role", "level", "position")


@dataclass(frozen=True)
class Year:
    """What is taken in one year, in order, as slugs of courses."""

    title: str
    courses: tuple[str, ...]


@dataclass(frozen=True)
class Pathway:
    """For people in one of the roles, at units of one of the levels, in one of the positions; an empty list asks nothing."""

    code: str
    title: str
    en_title: str
    role: tuple[str, ...]
    level: tuple[str, ...]
    position: tuple[str, ...]
    note: str
    years: tuple[Year, ...]

    @property
    def words(self) -> str:
        """Its title in the reader's language."""
        return self.en_title if self.en_title and locale() == "en" else self.title

    @property
    def courses(self) -> tuple[str, ...]:
        """The courses of all years."""
        return tuple(slug for year in self.years for slug in year.courses)

    @property
    def conditions(self) -> int:
        """How much it asks: the pathway that asks most is meant for a person."""
        return (4 if self.position else 0) + (2 if self.level else 0) + (1 if self.role else 0)

    @cached_property
    def sha256(self) -> str:
        """The name of what the pathway says."""
        return sha256(orjson.dumps(self.as_data(), option=orjson.OPT_SORT_KEYS)).hexdigest()

    def admits(self, kind: Kind) -> bool:
        """Whether it is for people in such a post."""
        return all(not getattr(self, name) or getattr(kind, name) in getattr(self, name) for name in CONDITIONS)

    def as_data(self) -> dict[str, Any]:
        """The pathway as JSON-ready data; `from_data` is its inverse."""
        data: dict[str, Any] = orjson.loads(orjson.dumps(asdict(self)))
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        asked = {name: tuple(data[name]) for name in CONDITIONS}
        return cls(**{**data, **asked, "years": tuple(Year(y["title"], tuple(y["courses"])) for y in data["years"])})


def parse(source: str) -> Pathway:
    """The pathway that a TOML text describes. Raises `BadDocument`."""
    data = document.toml(source)
    document.only(data, HEAD)
    years = tuple(_year(each) for each in document.tables(data, "year"))
    courses = [slug for year in years for slug in year.courses]
    if not courses or any(not year.courses for year in years):
        raise BadDocument("no-courses")
    if len(courses) != len(set(courses)):
        raise BadDocument("double-course")
    found = Pathway(
        code=document.code(data),
        title=document.line(data, "title"),
        en_title=document.line(data, "en_title", needed=False),
        note=document.line(data, "note", needed=False),
        years=years,
        **{name: document.texts(data, name) for name in CONDITIONS},
    )
    if not found.conditions:
        raise BadDocument("for-nobody")
    return found


def meant(pathways: Iterable[Pathway], kind: Kind) -> Pathway | None:
    """The pathway for people in such a post: of those that admit them the one that asks most."""
    fitting = [pathway for pathway in pathways if pathway.admits(kind)]
    return max(fitting, key=lambda pathway: pathway.conditions, default=None)


def _year(data: Mapping[str, Any]) -> Year:
    return Year(document.line(data, "title"), document.texts(data, "courses"))
