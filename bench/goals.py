"""How many person-years are judged a second: from facts in memory, and from the tables of a database.

    python -m bench.goals
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from itertools import islice
from multiprocessing import get_context

import sqlalchemy as sa

from bench.report import Row, row
from lms.config import ROOT
from lms.db import OPEN_END, db
from lms.goals import policy as policy_text
from lms.goals import queries
from lms.goals.models import Credit as CreditRow
from lms.goals.rules import Away, Credit, Facts, Policy, Service, Source, Waiver, evaluate, last_day
from lms.network.models import Absence, Assignment
from tests.goals import reference

YEAR = 2026
PEOPLE, PEOPLE_STORED, PEOPLE_BY_HAND = 10_000, 5_000, 200
PROCESSES, ROUNDS = 2, 5
UNITS = 3_321

START, END = date(YEAR, 1, 1).toordinal(), date(YEAR + 1, 1, 1).toordinal()
LONG_AGO, FOR_EVER = date(2021, 1, 1).toordinal(), OPEN_END.toordinal()
ROLES = {
    "community-member": 60, "community-lead": 9, "community-deputy": 9, "focal-point": 10, "dedicated": 6, "leader": 3,
    "incident-response": 1, "enterprise": 1, "trainer": 1,
}  # fmt: skip
SOURCES = {Source.INTERNAL: 80, Source.EXTERNAL: 8, Source.EVENT: 8, Source.TEACHING: 2, Source.EQUIVALENCE: 2}
MODULE = "mang-luoi-chuyen-doi-so"
COURSES = (MODULE, *(f"course-{number}" for number in range(30)))


def run() -> list[Row]:
    """The figures: each beside the naive reference of the tests, or beside the bare SELECTs of the same rows."""
    people, policy = crowd(PEOPLE), shipped()
    slow = _speed(lambda: [by_hand(policy, facts) for facts in people[:PEOPLE_BY_HAND]], PEOPLE_BY_HAND, rounds=1)
    return [
        row("evaluations in memory, one process", one_process(policy, people), "people/s", slow),
        row(f"evaluations in memory, {PROCESSES} processes", together(people), "people/s", slow, "≥ 100,000"),
        from_database(policy),
    ]


@cache
def shipped() -> Policy:
    return policy_text.parse((ROOT / "courses/goals/dx.toml").read_text("utf-8"))


def by_hand(policy: Policy, facts: Facts) -> object:
    """The judgement of the tests' reference, which goes through the year day by day."""
    return reference.evaluate(policy, facts, YEAR, last_day(YEAR))


def one_process(policy: Policy, people: Sequence[Facts]) -> float:
    """People a second, in the best of some rounds."""
    return _speed(lambda: judge_all(policy, people), len(people))


def judge_all(policy: Policy, people: Sequence[Facts]) -> int:
    as_of = last_day(YEAR)
    return sum(evaluate(policy, facts, YEAR, as_of) is not None for facts in people)


def together(people: Sequence[Facts]) -> float:
    """People a second of all processes together: each judges its share of the crowd, all at the same time."""
    share = len(people) // PROCESSES
    parts = [people[first : first + share] for first in range(0, len(people), share)]
    with ProcessPoolExecutor(PROCESSES, get_context("fork")) as pool:
        return sum(pool.map(_one_share, parts))


def _one_share(part: Sequence[Facts]) -> float:
    return one_process(shipped(), part)


def from_database(policy: Policy) -> Row:
    """People a second from the tables of SQLite, beside fetching the same rows without making anything of them."""
    with _filled_app(crowd(PEOPLE_STORED)).app_context():
        as_of = date(YEAR, 12, 31)
        judged = _speed(lambda: list(queries.judge(policy, None, YEAR, as_of)), PEOPLE_STORED, rounds=3)
        fetched = _speed(_fetch, PEOPLE_STORED, rounds=3)
    return row(f"evaluations from SQLite, {PEOPLE_STORED:,} people", judged, "people/s", fetched)


def _fetch() -> None:
    for table in (Assignment, Absence, CreditRow):
        db.session.execute(sa.select(table.__table__)).all()


def _speed(work: Callable[[], object], number: int, rounds: int = ROUNDS) -> float:
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return number / best


def crowd(number: int) -> list[Facts]:
    """People of all kinds, the same in each run: who stay, come, go, change, are away; with none to twelve credits."""
    return list(islice(_everyone(random.Random(1690)), number))


def _everyone(dice: random.Random) -> Iterator[Facts]:
    while True:
        yield Facts(
            services=tuple(_services(dice)),
            absences=tuple(_absences(dice)),
            credits=tuple(_credits(dice)),
            waivers=(Waiver(YEAR, "goal", from_day=START),) if dice.random() < 0.01 else (),
        )


def _services(dice: random.Random) -> Iterator[Service]:
    chance, joined = dice.random(), LONG_AGO + dice.randrange(START - LONG_AGO)
    change = dice.randrange(START, END)
    if chance < 0.75:
        yield _service(dice, joined, FOR_EVER)
    elif chance < 0.83:
        yield _service(dice, change, FOR_EVER)
    elif chance < 0.87:
        yield _service(dice, joined, change)
    elif chance < 0.95:
        yield _service(dice, joined, change)
        yield _service(dice, change, FOR_EVER)
    else:
        yield _service(dice, joined, FOR_EVER)
        yield _service(dice, change, FOR_EVER, is_primary=False)


def _service(dice: random.Random, start: int, end: int, is_primary: bool = True) -> Service:
    role = dice.choices(list(ROLES), list(ROLES.values()))[0]
    return Service(start, end, role, dice.randint(1, UNITS), "commune", "volunteer", is_primary=is_primary)


def _absences(dice: random.Random) -> Iterator[Away]:
    for _ in range(dice.choices((0, 1, 2), (90, 8, 2))[0]):
        start = dice.randrange(START - 30, END)
        yield Away(start, start + dice.choice((10, 45, 181)))


def _credits(dice: random.Random) -> Iterator[Credit]:
    """Courses of the platform, each once but for a few; and things done elsewhere."""
    courses = iter(dice.sample(COURSES, len(COURSES)) if dice.random() < 0.4 else (MODULE, *dice.sample(COURSES, 12)))
    for number in range(dice.randint(0, 12)):
        source = dice.choices(list(SOURCES), list(SOURCES.values()))[0]
        activity = next(courses)
        course = activity if source == Source.INTERNAL else None
        yield Credit(
            activity, dice.choice(("digital", "security")), dice.choice((100, 150, 200, 400)),
            dice.randrange(START - 365, END), source.value, course, course, "approved", number + 1,
        )  # fmt: skip
