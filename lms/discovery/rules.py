"""What a course does for a reader's year, and for whom it is. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from lms.catalogue.content import TOPICS, Content
from lms.goals.rules import HUNDREDTHS, OPEN


class Standing(Protocol):
    """What is asked of a standing; `detail` as `lms.goals.trace.data` stored it."""

    @property
    def status(self) -> str: ...
    @property
    def due(self) -> int: ...
    @property
    def earned(self) -> int: ...
    @property
    def detail(self) -> Mapping[str, Any]: ...


class Reason(StrEnum):
    """Why a course counts towards a year, the most urgent first."""

    MODULE = "module"
    CATEGORY = "category"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Counting:
    """That a course counts; `by` is the day (ISO) by which a module is due."""

    reason: Reason
    by: str = ""


def counting(content: Content, standings: Iterable[Standing]) -> Counting | None:
    """Why a course, once done, counts towards a reader's year: as a module, for a category, or at all; None: it does not."""
    open_ones = [standing for standing in standings if standing.status in OPEN]
    if due := sorted(day for one in open_ones for module, day in one.detail["missing"] if module == content.slug):
        return Counting(Reason.MODULE, due[0])
    floors = [line for one in open_ones for line in one.detail["minima"]]
    if any(category == content.category and earned < floor * HUNDREDTHS for category, earned, floor in floors):
        return Counting(Reason.CATEGORY)
    return Counting(Reason.YEAR) if any(one.earned < one.due * HUNDREDTHS for one in open_ones) else None


def is_for(content: Content, roles: Collection[str]) -> bool:
    """Whether a course is meant for somebody with these roles; one without an audience is for everybody."""
    return not content.audience or not set(content.audience).isdisjoint(roles)


def wants(courses: Sequence[Content], locale: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The needs that courses answer, by topic: (words, slug of the course)."""
    found: dict[str, list[tuple[str, str]]] = {topic: [] for topic in TOPICS}
    for content in courses:
        words = content.en_wants if locale == "en" and content.en_wants else content.wants
        found[content.topic] += [(want, content.slug) for want in words]
    return [(topic, lines) for topic, lines in found.items() if lines]
