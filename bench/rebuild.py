"""Everybody judged anew by `flask goals rebuild`, beside the bare SELECTs of the same facts.

BENCH_PEOPLE=600000 python -m bench rebuild
"""

import time

import sqlalchemy as sa

from bench.databases import KINDS, PEOPLE, Database, flask, judging, unjudged
from bench.report import Row, row, show
from lms.db import db
from lms.goals.models import Credit
from lms.network.models import Absence, Assignment

AIM_SECONDS, AIM_MEGABYTES = 120, 1_000
FULL = 600_000


def run() -> list[Row]:
    """Rows for SQLite, then for PostgreSQL."""
    return [figure for kind in KINDS for figure in measure(kind, PEOPLE)]


def measure(kind: str, people: int) -> list[Row]:
    """The first judgement, one that finds nothing to change, and the proof; seconds, and memory of all processes."""
    database = unjudged(kind, people)
    reference = fetching(database)
    costs = {
        "goals rebuild, from nothing": judging(kind, people),
        "goals rebuild, nothing changed": flask(database, "goals", "rebuild"),
        "goals rebuild --check": flask(database, "goals", "rebuild", "--check"),
    }
    seconds = f"≤ {AIM_SECONDS * people / FULL:,.0f}"
    return [
        row(f"{database.name}: building the nation", database.build_seconds, "s"),
        *(row(f"{database.name}: {name}", cost.seconds, "s", reference, seconds) for name, cost in costs.items()),
        *(
            row(f"{database.name}: {name}", cost.megabytes, "MB", aim=f"< {AIM_MEGABYTES:,}")
            for name, cost in costs.items()
        ),
    ]


def fetching(database: Database) -> float:
    """Seconds in which one process reads all posts, absences and credits, and does nothing with them."""
    with database.app().app_context():
        started = time.perf_counter()
        for model in (Assignment, Absence, Credit):
            streamed = db.session.connection().execution_options(yield_per=10_000).execute(sa.select(model.__table__))
            for _ in streamed.partitions():
                pass
        db.session.rollback()
        db.engine.dispose()
        return time.perf_counter() - started


if __name__ == "__main__":
    show(run())
