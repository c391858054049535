"""A frame of competencies as data: areas, their components, and the levels; read from TOML, kept as JSON."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any, Self

import orjson

from lms.competencies import document
from lms.competencies.document import BadDocument
from lms.language import locale

COMPLETE, INCOMPLETE = "complete", "incomplete"
HEAD = {"code", "title", "en_title", "source", "version", "in_force_from", "status", "note", "level", "area"}
LEVELS = 4


@dataclass(frozen=True)
class Component:
    """A part of an area that a person has or lacks; `description` in our own words."""

    code: str
    name: str
    en: str = ""
    description: str = ""

    @property
    def words(self) -> str:
        """Its name in the reader's language."""
        return _in_words(self.name, self.en)


@dataclass(frozen=True)
class Area:
    code: str
    name: str
    en: str
    components: tuple[Component, ...]

    @property
    def words(self) -> str:
        """Its name in the reader's language."""
        return _in_words(self.name, self.en)


@dataclass(frozen=True)
class Level:
    """A level, and the steps of the frame's own scale that it holds."""

    name: str
    en: str = ""
    steps: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """Its name in the reader's language."""
        return _in_words(self.name, self.en)


@dataclass(frozen=True)
class Frame:
    """A frame: `status` is incomplete while the official text was not at hand; then `note` says what is missing."""

    code: str
    title: str
    en_title: str
    source: str
    version: str
    in_force_from: str
    status: str
    note: str
    levels: tuple[Level, ...]
    areas: tuple[Area, ...] = ()

    @property
    def words(self) -> str:
        """Its title in the reader's language."""
        return _in_words(self.title, self.en_title)

    @cached_property
    def components(self) -> Mapping[str, Component]:
        """The components by code, in their order."""
        return {component.code: component for area in self.areas for component in area.components}

    @cached_property
    def sha256(self) -> str:
        """The name of what the frame says."""
        return sha256(orjson.dumps(self.as_data(), option=orjson.OPT_SORT_KEYS)).hexdigest()

    def level_words(self, level: int) -> str:
        """The name of a level, counted from 1."""
        return self.levels[min(level, len(self.levels)) - 1].words

    def with_areas(self, areas: Iterable[Area]) -> "Frame":
        """The same frame, complete, with these areas. Raises `BadDocument`."""
        return _checked(replace(self, areas=tuple(areas), status=COMPLETE, note=""))

    def as_data(self) -> dict[str, Any]:
        """The frame as JSON-ready data; `from_data` is its inverse."""
        data: dict[str, Any] = orjson.loads(orjson.dumps(asdict(self)))
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        levels = tuple(Level(each["name"], each["en"], tuple(each["steps"])) for each in data["levels"])
        areas = tuple(
            Area(each["code"], each["name"], each["en"], tuple(Component(**one) for one in each["components"]))
            for each in data["areas"]
        )
        return cls(**{**data, "levels": levels, "areas": areas})


def parse(source: str) -> Frame:
    """The frame that a TOML text describes. Raises `BadDocument`."""
    data = document.toml(source)
    document.only(data, HEAD)
    status, day = document.line(data, "status"), data.get("in_force_from")
    if status not in (COMPLETE, INCOMPLETE):
        raise BadDocument("bad-status", status=status)
    if day is not None and type(day) is not date:
        raise BadDocument("wrong-kind", name="in_force_from")
    return _checked(
        Frame(
            code=document.code(data),
            title=document.line(data, "title"),
            en_title=document.line(data, "en_title", needed=False),
            source=document.line(data, "source"),
            version=document.line(data, "version"),
            in_force_from=day.isoformat() if day else "",
            status=status,
            note=document.line(data, "note", needed=status == INCOMPLETE),
            levels=tuple(_level(each) for each in document.tables(data, "level")),
            areas=tuple(_area(each) for each in document.tables(data, "area")),
        )
    )


def _level(data: Mapping[str, Any]) -> Level:
    steps = data.get("steps", [])
    if not isinstance(steps, list) or not all(type(step) is int for step in steps):
        raise BadDocument("wrong-kind", name="steps")
    return Level(document.line(data, "name"), document.line(data, "en", needed=False), tuple(steps))


def _area(data: Mapping[str, Any]) -> Area:
    components = tuple(_component(each) for each in document.tables(data, "component"))
    return Area(document.code(data), document.line(data, "name"), document.line(data, "en", needed=False), components)


def _component(data: Mapping[str, Any]) -> Component:
    en, description = (document.line(data, name, needed=False) for name in ("en", "description"))
    return Component(document.code(data), document.line(data, "name"), en, description)


def _checked(frame: Frame) -> Frame:
    if len(frame.levels) != LEVELS:
        raise BadDocument("need-levels", levels=LEVELS)
    if frame.status == COMPLETE and not frame.components:
        raise BadDocument("no-components")
    codes = Counter(code for area in frame.areas for code in (area.code, *(one.code for one in area.components)))
    if doubles := [code for code, times in codes.items() if times > 1]:
        raise BadDocument("double-code", code=", ".join(doubles))
    return frame


def _in_words(vi: str, en: str) -> str:
    return en if en and locale() == "en" else vi
