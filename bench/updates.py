"""What a fact costs beyond its own INSERT: one credit, post and absence each, and fifty credits at once.

BENCH_PEOPLE=600000 python -m bench updates
"""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from statistics import median
from threading import Barrier

import sqlalchemy as sa
from flask import Flask

from bench.databases import KINDS, PEOPLE, flask, judged
from bench.population import NATION
from bench.report import Row, row, show
from lms import clock
from lms.db import OPEN_END, db
from lms.goals import actions
from lms.goals.models import Credit
from lms.network.models import Absence, Assignment, UnitAncestor

TIMES, TOGETHER = 60, 50
AIM_MILLISECONDS = 10
SOON = timedelta(days=200)

Write = Callable[[int], None]


def run() -> list[Row]:
    """Rows for SQLite, then for PostgreSQL."""
    return [figure for kind in KINDS for figure in measure(kind, PEOPLE)]


def measure(kind: str, people: int) -> list[Row]:
    """The three writes one by one, the fifty at once, and the proof that nothing was lost."""
    database = judged(kind, people)
    app = database.app()
    with app.app_context():
        dice = random.Random(1690)
        rows = [
            one
            for name, write in {"credit": learn, "post": serve, "absence": leave}.items()
            for one in alone(f"{database.name}: one {name}", write, _everybody(people, dice))
        ]
        rows.append(together(app, f"{database.name}: {TOGETHER} credits at once in a province"))
        db.session.rollback()
        db.engine.dispose()
    flask(database, "goals", "rebuild", "--check")
    return [*rows, row(f"{database.name}: differences that the proof finds afterwards", 0, "", aim="0")]


def alone(name: str, write: Write, people: Iterator[int]) -> list[Row]:
    """The medians of writing, judging and committing, beside those of writing and committing, taking turns."""
    bare, whole = [], []
    for _ in range(TIMES):
        person_id = next(people)
        bare.append(_milliseconds(lambda who=person_id: write(who)))  # type: ignore[misc]
        actions.refresh(person_ids=[person_id])
        db.session.commit()
        person_id = next(people)
        whole.append(_milliseconds(lambda who=person_id: _write_and_judge(write, who)))  # type: ignore[misc]
    cost, reference = median(whole), median(bare)
    return [
        row(f"{name}, judged", cost, "ms", reference),
        row(f"{name}, what judging adds", cost - reference, "ms", reference, f"≤ {AIM_MILLISECONDS}"),
    ]


def together(app: Flask, name: str) -> Row:
    """Milliseconds until fifty people of one province have their credit, all begun at the same moment."""
    here = sa.select(Assignment.person_id).join(UnitAncestor, UnitAncestor.unit_id == Assignment.unit_id)
    people = db.session.scalars(here.where(UnitAncestor.ancestor_id == NATION + 1).distinct().limit(TOGETHER)).all()
    before = _credits()
    db.session.rollback()
    start = Barrier(TOGETHER)

    def one(person_id: int) -> None:
        with app.app_context():
            start.wait()
            _write_and_judge(learn, person_id)

    started = time.perf_counter()
    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(one, people))
    elapsed = (time.perf_counter() - started) * 1000
    assert _credits() == before + TOGETHER, "a credit was lost"
    return row(name, elapsed, "ms")


def learn(person_id: int) -> None:
    """A credit of today."""
    credit = {"activity": f"bench-{time.perf_counter_ns()}", "category": "security", "periods": 200, "source": "event"}
    dated = {"completed_on": clock.today(), "state": "approved", "recorded_at": clock.now()}
    db.session.execute(sa.insert(Credit).values(person_id=person_id, **credit, **dated))


def serve(person_id: int) -> None:
    """A second role from today on, in the unit of the first."""
    own = sa.select(Assignment.unit_id).where(Assignment.person_id == person_id).limit(1).scalar_subquery()
    post = {"role": "expert", "nature": "part-time", "from_on": clock.today(), "to_on": OPEN_END}
    values = {"person_id": person_id, "unit_id": own, "is_primary": False, "recorded_at": clock.now()}
    db.session.execute(sa.insert(Assignment).values(**post, **values))


def leave(person_id: int) -> None:
    """Away for some months of this year."""
    start = date(clock.today().year, 2, 3)
    days = {"from_on": start, "to_on": start + SOON, "recorded_at": clock.now()}
    db.session.execute(sa.insert(Absence).values(person_id=person_id, type="military", suspends=True, **days))


def _write_and_judge(write: Write, person_id: int) -> None:
    write(person_id)
    actions.refresh(person_ids=[person_id])
    db.session.commit()


def _everybody(people: int, dice: random.Random) -> Iterator[int]:
    """People of all kinds, each once."""
    return iter(dice.sample(range(1, people + 1), min(people, 6 * TIMES)))


def _credits() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Credit)) or 0


def _milliseconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    db.session.commit()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    show(run())
