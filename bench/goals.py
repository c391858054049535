"""How many person-years are judged a second: from facts in memory, and from the tables of a database.

python -m bench.goals
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import islice
from multiprocessing import get_context

import sqlalchemy as sa

from bench.report import Row, row, show
from lms import clock, create_app
from lms.config import ROOT, Settings
from lms.db import OPEN_END, Base, db
from lms.goals import models, queries
from lms.goals import policy as policy_text
from lms.goals.rules import Away, Credit, Facts, Policy, Service, Source, Waiver, evaluate, last_day
from lms.network.models import Absence, Assignment, Person, Unit, UnitVersion
from tests.goals import reference

YEAR = 2026
PEOPLE, PEOPLE_STORED, PEOPLE_BY_HAND = 10_000, 5_000, 200
PROCESSES, ROUNDS = 2, 8
UNITS = 3_321

START, END = date(YEAR, 1, 1).toordinal(), date(YEAR + 1, 1, 1).toordinal()
LONG_AGO, FOR_EVER = date(2021, 1, 1).toordinal(), OPEN_END.toordinal()
ROLES = {
    "community-member": 60, "community-lead": 9, "community-deputy": 9, "focal-point": 10, "dedicated": 6, "leader": 3,
    "incident-response": 1, "enterprise": 1, "trainer": 1,
}  # fmt: skip
SOURCES = {Source.INTERNAL: 80, Source.EXTERNAL: 8, Source.EVENT: 8, Source.TEACHING: 2, Source.EQUIVALENCE: 2}
MODULE = "mang-luoi-chuyen-doi-so"
COURSES = [f"course-{number}" for number in range(30)]


def run() -> list[Row]:
    """Three figures, beside the slow reference of the tests or beside the bare SELECTs of the same rows."""
    people, policy = crowd(PEOPLE), shipped()
    slow = speed(PEOPLE_BY_HAND, lambda: [by_hand(policy, facts) for facts in people[:PEOPLE_BY_HAND]], rounds=1)
    return [
        row("evaluations in memory, one process", alone(people), "people/s", slow),
        row(f"evaluations in memory, {PROCESSES} processes", together(people), "people/s", slow, "≥ 100,000"),
        stored(crowd(PEOPLE_STORED), policy),
    ]


@cache
def shipped() -> Policy:
    return policy_text.parse((ROOT / "courses/goals/dx.toml").read_text("utf-8"))


def by_hand(policy: Policy, facts: Facts) -> object:
    """The judgement of the tests' reference, which goes through the year day by day."""
    return reference.evaluate(policy, facts, YEAR, last_day(YEAR))


def alone(people: Sequence[Facts]) -> float:
    """People a second in one process."""
    policy, as_of = shipped(), last_day(YEAR)
    return speed(len(people), lambda: [evaluate(policy, facts, YEAR, as_of) is not None for facts in people])


def together(people: Sequence[Facts]) -> float:
    """People a second of all processes: each judges its share of the crowd, all at the same time."""
    parts = [people[number::PROCESSES] for number in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, get_context("fork"), initializer=_on_any_core) as pool:
        return sum(pool.map(alone, parts))


def stored(people: Sequence[Facts], policy: Policy) -> Row:
    """People a second from the tables of SQLite, with all that loads them."""
    with _filled(people):
        as_of = date(YEAR, 12, 31)
        judged = speed(len(people), lambda: list(queries.judge(policy, None, YEAR, as_of)), rounds=3)
        fetched = speed(len(people), _fetch, rounds=3)
    return row(f"evaluations from SQLite, {len(people):,} people", judged, "people/s", fetched)


def speed(number: int, work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """How many of `number` pieces of work are done a second, in the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return number / best


def _on_any_core() -> None:
    os.sched_setaffinity(0, range(os.cpu_count() or 1))


@contextmanager
def _filled(people: Sequence[Facts]) -> Iterator[None]:
    """Inside the block there is an application whose SQLite holds these people."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(_env_file=None, database_url="", instance_path=folder, secret_key="bench"))
        app.test_cli_runner(catch_exceptions=False).invoke(args=["migrate"])
        with app.app_context():
            for table, rows in _tables(people).items():
                db.session.execute(sa.insert(table), rows)
            db.session.commit()
            yield
            db.engine.dispose()


def _tables(people: Sequence[Facts]) -> dict[type[Base], list[dict[str, object]]]:
    """The facts as rows."""
    numbered = list(enumerate(people, start=1))
    now, name = clock.now(), {"fold": "", "sort_key": ""}
    unit = name | {"name": "", "kind": "", "level": "commune", "from_on": date(2020, 1, 1), "to_on": OPEN_END}
    return {
        Unit: [{"id": id_} for id_ in range(1, UNITS + 1)],
        UnitVersion: [unit | {"unit_id": id_} for id_ in range(1, UNITS + 1)],
        Person: [
            name | {"id": id_, "code": f"{id_}", "full_name": "", "employment": "volunteer"} for id_, _ in numbered
        ],
        Assignment: [
            {"person_id": id_, "unit_id": s.unit_id, "role": s.role, "nature": "", "is_primary": s.is_primary}
            | {"from_on": date.fromordinal(s.from_day), "to_on": date.fromordinal(s.to_day), "recorded_at": now}
            for id_, facts in numbered
            for s in facts.services
        ],
        Absence: [
            {"person_id": id_, "type": f"{number}", "suspends": away.suspends, "recorded_at": now}
            | {"from_on": date.fromordinal(away.from_day), "to_on": date.fromordinal(away.to_day)}
            for id_, facts in numbered
            for number, away in enumerate(facts.absences)
        ],
        models.Credit: [
            {"person_id": id_, "activity": c.activity, "category": c.category, "periods": c.periods, "source": c.source}
            | {"equivalence": c.equivalence, "module": c.module, "state": c.state, "entry": c.id}
            | {"completed_on": date.fromordinal(c.day), "recorded_at": now}
            for id_, facts in numbered
            for c in facts.credits
        ],
    }


def _fetch() -> None:
    for table in (Assignment, Absence, models.Credit):
        db.session.execute(sa.select(table.__table__)).all()


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
    """Courses of the platform, and things done elsewhere; most people begin with the course that all must do."""
    courses = [MODULE, *dice.sample(COURSES, 12)] if dice.random() < 0.6 else dice.sample(COURSES, 12)
    if dice.random() < 0.05:
        courses[1] = courses[0]
    for number, activity in enumerate(courses[: dice.randint(0, 12)], start=1):
        source = dice.choices(list(SOURCES), list(SOURCES.values()))[0]
        course = activity if source == Source.INTERNAL else None
        category, periods = dice.choice(("digital", "security")), dice.choice((100, 150, 200, 400))
        day = dice.randrange(START - 365, END)
        yield Credit(activity, category, periods, day, source.value, course, course, "approved", number)


if __name__ == "__main__":
    show(run())
