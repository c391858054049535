"""What a plan lacks, how far its items have come, and what may be done to it. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

PERIODS, MODULE = "periods", "module:"
CLASS_SIZE, LARGEST_CLASS = 150, 5_000
MOST_SEATS, MOST_CLASSES = 1_000_000, 10_000
MOST_BUDGET = 10**13
TASK_GROUPS = range(1, 8)
"""The seven groups of tasks of Decision 1690/QĐ-TTg."""
WORKFORCE = 5
MONEY = re.compile(r"([0-9]{1,3}(?:[., ][0-9]{3})+|[0-9]+) ?(?:₫|d|dong|vnd)?")


class PlanState(StrEnum):
    """Draft → approved → replaced by the revision that is approved after it."""

    DRAFT = "draft"
    APPROVED = "approved"
    REPLACED = "replaced"


class Delivery(StrEnum):
    """Who gives the training: the unit, a hired service, or society with it."""

    OWN = "own"
    HIRED = "hired"
    SOCIALISED = "socialised"


class Refusal(StrEnum):
    """Why an act is not done; words: message `plans.refused.<refusal>`."""

    DECIDED = "decided"
    NOT_APPROVED = "not-approved"
    EMPTY = "empty"
    NOTHING_TO_COPY = "nothing-to-copy"


class Refused(Exception):
    """An act that its rules do not allow."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Gap:
    """So many people in a role lack a competency: `periods`, a category, or `module:slug`."""

    role: str
    competency: str
    people: int


@dataclass(frozen=True, slots=True)
class Offer:
    """Seats that an item still has for people in some roles; without roles it is for everybody."""

    competency: str
    roles: frozenset[str]
    seats: int

    def serves(self, competency: str) -> bool:
        """Seats serve their own competency; those of a category also the number of periods. A module is too short."""
        is_long = not self.competency.startswith(MODULE)
        return competency == self.competency or (competency == PERIODS and is_long)

    def admits(self, role: str) -> bool:
        return not self.roles or role in self.roles


@dataclass(frozen=True, slots=True)
class Need:
    """A gap, and the seats that are there for it."""

    role: str
    competency: str
    people: int
    seats: int = 0

    @property
    def uncovered(self) -> int:
        """The people without a seat."""
        return self.people - self.seats


def needs(gaps: Iterable[Gap], offers: Iterable[Offer]) -> list[Need]:
    """What is needed, most people first. A seat is counted once for each competency that it serves.

    Items for few roles give their seats first, so that those for many are left to whoever has nothing else.
    """
    narrow_first = sorted(offers, key=lambda offer: (not offer.roles, len(offer.roles)))
    lines = sorted(gaps, key=lambda gap: (-gap.people, gap.role, gap.competency))
    found = {(gap.role, gap.competency): Need(gap.role, gap.competency, gap.people) for gap in lines}
    for offer in narrow_first:
        for competency in {gap.competency for gap in lines if offer.serves(gap.competency)}:
            left = offer.seats
            for key, need in found.items():
                if need.competency == competency and offer.admits(need.role):
                    taken = min(left, need.uncovered)
                    found[key] = replace(need, seats=need.seats + taken)
                    left -= taken
    return list(found.values())


def open_seats(seats: int, reached: int, to_on: date, today: date) -> int:
    """The seats of an item that somebody may still take: none from the day `to_on`, when it is over."""
    return max(seats - reached, 0) if today < to_on else 0


def classes_for(people: int, class_size: int) -> int:
    """How many classes so many people make."""
    return -(-people // class_size)


def share_reached(items: Sequence[tuple[int, int]]) -> Fraction | None:
    """How much of the planned seats was used, from (seats, people reached); nobody counts beyond an item's seats."""
    planned = sum(seats for seats, _ in items)
    return Fraction(sum(min(seats, reached) for seats, reached in items), planned) if planned else None


def per_head(budget: int, seats: int) -> int | None:
    """Đồng a head, half up."""
    return (2 * budget + seats) // (2 * seats) if seats else None


def basis_year(year: int, this_year: int) -> int:
    """The year whose results tell the needs of a plan: its own, or the present one while that is to come."""
    return min(year, this_year)


def dong(written: str) -> int | None:
    """An amount in đồng written 1.234.567, 1 234 567 ₫ or 1234567, already folded; None when it is none."""
    match = MONEY.fullmatch(written)
    return int(re.sub("[., ]", "", match[1])) if match else None


def same_day(day: date, year: int) -> date:
    """The same day of another year; 29 February as the 28th where there is none."""
    return date(year, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
