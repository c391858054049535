"""Who lives in the nation of the benches: units, people, their posts and what they learn. Pure, the same in each run."""

import random
from array import array
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from lms.db import OPEN_END

PROVINCES, COMMUNES, TEAMS, PEOPLE, CREDITS = 34, 3_321, 80_000, 600_000, 5_000_000
NATION = 1
FOUNDED = date(2020, 1, 1)

FAMILIES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý",
    "Niê", "Đinh", "Trịnh", "Mai",
)  # fmt: skip
MIDDLES = (
    "Thị", "Văn", "Đức", "Thuỳ", "Quốc", "Ngọc", "Minh", "Xuân", "Hữu", "Thanh", "Diệu", "Gia", "Bảo", "Kim", "Hồng", "Anh",
)  # fmt: skip
GIVEN = (
    "Dương", "Ân", "Bình", "Chi", "Dũng", "Em", "Giang", "Hoà", "Khánh", "Linh", "Ước", "Yến", "Sơn", "Ý", "Vy", "Hải",
    "Hạnh", "Hiếu", "Lan", "Long", "Mai", "Nam", "Nga", "Phúc", "Quỳnh", "Tâm", "Thảo", "Trang", "Tuấn", "Vinh",
)  # fmt: skip

OF_PROVINCES = {
    "dedicated": 40, "focal-point": 20, "incident-response": 15, "ioc": 10, "leader": 5, "trainer": 5, "expert": 5,
}  # fmt: skip
OF_COMMUNES = {"dedicated": 40, "steering": 25, "enterprise": 15, "ioc": 10, "incident-response": 5, "trainer": 5}
EMPLOYMENTS = {
    "enterprise": "enterprise", "expert": "expert", "community-lead": "non-specialised", "community-deputy": "volunteer",
    "community-member": "volunteer",
}  # fmt: skip
STAFF = ("civil-servant", "civil-servant", "civil-servant", "public-employee", "public-employee", "cadre")

DEMANDS = {
    "dedicated": 40, "incident-response": 32, "focal-point": 24, "leader": 16, "steering": 12, "community-lead": 12,
}  # fmt: skip
SEASON = (2, 2, 4, 5, 6, 6, 5, 6, 8, 16, 21, 19)
"""How a year's learning falls on its months."""

MODULE = "mang-luoi-chuyen-doi-so"
COURSES = (
    "tu-bao-ve-tren-khong-gian-mang", "dich-vu-cong-truc-tuyen", *(f"khoa-hoc-{number:02}" for number in range(1, 60)),
)  # fmt: skip
SOURCES = ("internal",) * 40 + ("external",) * 4 + ("event",) * 4 + ("teaching", "equivalence")
ABSENCES = {"maternity": 181, "sickness": 45, "unpaid": 20, "study": 120, "secondment": 90}


@dataclass(frozen=True)
class Scale:
    """How many of everything; a smaller nation keeps its provinces."""

    people: int
    communes: int
    teams: int
    credits: int

    @classmethod
    def of(cls, people: int) -> "Scale":
        """The nation's proportions for a number of people."""
        share = people / PEOPLE
        return cls(people, max(PROVINCES, round(COMMUNES * share)), round(TEAMS * share), round(CREDITS * share))

    @property
    def first_commune(self) -> int:
        return NATION + 1 + PROVINCES

    @property
    def first_team(self) -> int:
        return self.first_commune + self.communes


class Place(NamedTuple):
    """A unit and the one above it; `number` counts it among its own kind."""

    id: int
    parent_id: int | None
    level: str
    number: int


class Seat(NamedTuple):
    """A role to be held in a unit of a province."""

    unit_id: int
    province: int
    role: str


class Served(NamedTuple):
    """A post of a person."""

    unit_id: int
    role: str
    from_on: date
    to_on: date
    is_primary: bool


class Learned(NamedTuple):
    """Something that a person has done; `repeats` something of an earlier month."""

    person_id: int
    activity: str
    periods: int
    on: date
    source: str


def places(scale: Scale) -> Iterator[Place]:
    """All units, those above before those below."""
    yield Place(NATION, None, "central", 0)
    for number in range(PROVINCES):
        yield Place(NATION + 1 + number, NATION, "province", number)
    for number in range(scale.communes):
        yield Place(scale.first_commune + number, NATION + 1 + number % PROVINCES, "commune", number)
    for number in range(scale.teams):
        commune = number * scale.communes // scale.teams
        yield Place(scale.first_team + number, scale.first_commune + commune, "village-team", number)


def seats(scale: Scale, dice: random.Random) -> Iterator[Seat]:
    """As many as there are people: a twentieth in provinces, a seventh in communes, the others in teams."""
    in_provinces, in_communes = scale.people // 20, scale.people // 7
    for number, size in enumerate(shares(in_provinces, PROVINCES)):
        for role in dice.choices(list(OF_PROVINCES), list(OF_PROVINCES.values()), k=size):
            yield Seat(NATION + 1 + number, number, role)
    for number, size in enumerate(shares(in_communes, scale.communes)):
        chosen = dice.choices(list(OF_COMMUNES), list(OF_COMMUNES.values()), k=size)
        chosen[:2] = ["leader", "leader" if dice.random() < 0.08 else "focal-point"]
        for role in chosen[:size]:
            yield Seat(scale.first_commune + number, number % PROVINCES, role)
    for number, size in enumerate(shares(scale.people - in_provinces - in_communes, scale.teams)):
        province = number * scale.communes // scale.teams % PROVINCES
        for rank in range(size):
            role = ("community-lead", "community-deputy")[rank] if rank < 2 else "community-member"
            yield Seat(scale.first_team + number, province, role)


def shares(whole: int, parts: int) -> Iterator[int]:
    """A whole in nearly equal parts."""
    return (whole * (number + 1) // parts - whole * number // parts for number in range(parts))


@cache
def days(start: date, end: date) -> list[date]:
    """The days from one to another."""
    return [start + timedelta(days=number) for number in range((end - start).days)]


def posts(seat: Seat, dice: random.Random, today: date) -> Iterator[Served]:
    """Most stay; some come, go, change their unit or hold two roles."""
    first_day = date(today.year - 1, 1, 1)
    long_ago, change = dice.choice(days(FOUNDED, first_day)), dice.choice(days(first_day, today))
    chance = dice.random()
    if chance < 0.80:
        yield Served(seat.unit_id, seat.role, long_ago, OPEN_END, True)
    elif chance < 0.90:
        yield Served(seat.unit_id, seat.role, change, OPEN_END, True)
    elif chance < 0.93:
        yield Served(seat.unit_id, seat.role, long_ago, change, True)
    elif chance < 0.96:
        yield Served(max(seat.unit_id - 1, NATION + 1), seat.role, long_ago, change, True)
        yield Served(seat.unit_id, seat.role, change, OPEN_END, True)
    else:
        yield Served(seat.unit_id, seat.role, long_ago, OPEN_END, True)
        yield Served(seat.unit_id, "trainer", change, OPEN_END, False)


def names(dice: random.Random) -> str:
    """A full name."""
    return f"{dice.choice(FAMILIES)} {dice.choice(MIDDLES)} {dice.choice(GIVEN)}"


class Ledger:
    """What everybody learns, month by month: most of it at the end of the year, and some never anything."""

    def __init__(self, scale: Scale, today: date) -> None:
        self._scale, self._today = scale, today
        self._dice = random.Random(1690)
        self._eagerness = array("f")
        self._demands, self._done = array("B"), bytearray(scale.people)

    def meet(self, role: str) -> None:
        """The next person holds this role."""
        demand = DEMANDS.get(role, 8)
        diligence = 0.0 if self._dice.random() < 0.12 else min(self._dice.lognormvariate(0, 0.5), 2.5)
        self._eagerness.append((2 + demand / 8) * diligence)
        self._demands.append(demand)

    def credits(self) -> Iterator[Learned]:
        """The ledger in the order in which it was written."""
        months = [(year, month) for year in (self._today.year - 1, self._today.year) for month in range(1, 13)]
        open_days = [self._open_days(*month) for month in months]
        weights = [SEASON[m - 1] * n / monthrange(y, m)[1] for (y, m), n in zip(months, open_days, strict=True)]
        factor = self._scale.credits / (sum(weights) * sum(self._eagerness))
        for (year, month), number, weight in zip(months, open_days, weights, strict=True):
            if number:
                first = date(year, month, 1)
                yield from self._month(days(first, first + timedelta(days=number)), weight * factor)

    def _open_days(self, year: int, month: int) -> int:
        """The days of a month that have come."""
        gone = (self._today - date(year, month, 1)).days + 1
        return max(0, min(gone, monthrange(year, month)[1]))

    def _month(self, month: list[date], weight: float) -> Iterator[Learned]:
        chance, done, eagerness, demands = self._dice.random, self._done, self._eagerness, self._demands
        for index in range(self._scale.people):
            number = int(eagerness[index] * weight + chance())
            before = done[index]
            for count in range(before, before + number):
                # Somebody repeats a course of an earlier month now and then, and most begin with the one that all must do.
                turn = before - 1 if count == before > 0 and chance() < 0.03 else count
                is_first = turn == 0 and index % 5
                activity = MODULE if is_first else COURSES[(index * 7 + turn) % len(COURSES)]
                source = "internal" if is_first else SOURCES[int(chance() * len(SOURCES))]
                periods = int((1 + demands[index] * (0.04 + 0.1 * chance())) * 2) * 50
                yield Learned(index + 1, activity, periods, month[int(chance() * len(month))], source)
            done[index] = min(before + number, 255)
