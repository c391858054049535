"""What somebody has shown, what comes next, and which courses close a unit's gaps. Pure.

A component is shown by a completed course with an outcome that builds it, at the course's level; or by learning
elsewhere that was accepted and names the component, at the level that the reviewer gave. The highest level counts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

COURSE_LEVELS = {"basic": 1, "intermediate": 2, "advanced": 3}
"""The level of a frame that a course of a level shows. The fourth is shown only by what was learnt elsewhere."""
NOT_SHOWN = 0
HIGHEST = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a component is held to be shown: a completed course (`course`), or an accepted claim (`claim`: its title).

    `earned` of `worth` points were got in the questions on the outcomes that build the component, in the quiz that was passed.
    """

    component: str
    level: int
    on: date
    course: str = ""
    claim: str = ""
    certificate: str = ""
    earned: Fraction = Fraction(0)
    worth: Fraction = Fraction(0)

    @property
    def share(self) -> Fraction | None:
        """The share of the points; None when nothing was asked."""
        return self.earned / self.worth if self.worth else None


@dataclass(frozen=True, slots=True)
class Offer:
    """A course on offer, the level that it shows, and the components that it builds."""

    course: str
    level: int
    components: frozenset[str]


class Next(NamedTuple):
    """The next level that can be shown, and the courses that do; no level when there are none."""

    level: int
    courses: tuple[str, ...]


class Demand(NamedTuple):
    """A component that a pathway leads to, and the level."""

    component: str
    level: int


class Lack(NamedTuple):
    """Of so many people on a pathway so many have not shown what it demands."""

    pathway: str
    role: str
    demand: Demand
    people: int
    missing: int


class Closing(NamedTuple):
    """A course that closes gaps: for the roles, with seats for all who lack most; `gaps` people times components."""

    course: str
    roles: tuple[str, ...]
    seats: int
    gaps: int


def course_level(level: str) -> int:
    """The level that a course of a level shows; the first where it says nothing known."""
    return COURSE_LEVELS.get(level, 1)


def shown(evidence: Iterable[Evidence]) -> int:
    """The level that the evidence for one component shows, 0 when there is none."""
    return max((each.level for each in evidence), default=NOT_SHOWN)


def following(component: str, level: int, offers: Iterable[Offer]) -> Next:
    """What may come after a level of a component: the lowest higher level that a course on offer shows."""
    higher = [each for each in offers if component in each.components and each.level > level]
    lowest = min((each.level for each in higher), default=NOT_SHOWN)
    return Next(lowest, tuple(each.course for each in higher if each.level == lowest))


def demands(courses: Collection[str], offers: Iterable[Offer]) -> frozenset[Demand]:
    """What a pathway of these courses leads to: each component at the highest level that one of them shows."""
    highest: dict[str, int] = {}
    for offer in offers:
        if offer.course in courses:
            for component in offer.components:
                highest[component] = max(highest.get(component, NOT_SHOWN), offer.level)
    return frozenset(Demand(component, level) for component, level in highest.items())


def closings(
    lacks: Sequence[Lack], offers: Iterable[Offer], courses_of: Mapping[str, Collection[str]]
) -> list[Closing]:
    """The courses that close most gaps first. A course serves a pathway that holds it, and what it shows high enough.

    Of the people of one role on a pathway as many need a seat as lack the component that most of them lack.
    """
    found = []
    for offer in offers:
        closed = [
            lack for lack in lacks if lack.missing and offer.course in courses_of[lack.pathway] and _shows(offer, lack)
        ]
        most: dict[tuple[str, str], int] = {}
        for lack in closed:
            group = lack.pathway, lack.role
            most[group] = max(most.get(group, 0), lack.missing)
        if closed:
            roles = tuple(sorted({lack.role for lack in closed}))
            found.append(Closing(offer.course, roles, sum(most.values()), sum(lack.missing for lack in closed)))
    return sorted(found, key=lambda each: (-each.gaps, each.course))


def present_year(years: Sequence[Collection[str]], done: Collection[str]) -> int:
    """The place of the year of a pathway in which somebody is: the first with a course left, else the last."""
    return next((n for n, courses in enumerate(years) if set(courses) - set(done)), len(years) - 1)


def _shows(offer: Offer, lack: Lack) -> bool:
    return lack.demand.component in offer.components and offer.level >= lack.demand.level
