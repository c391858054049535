"""The close of a finished year for the whole nation, killed half-way and taken up again, and the proof of the book.

BENCH_PEOPLE=600000 python -m bench year_close
"""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from bench.databases import KINDS, PEOPLE, Database, flask, unjudged
from bench.memory import Cost
from bench.rebuild import AIM_MEGABYTES, FULL, fetching
from bench.report import Row, row, show
from lms import clock
from lms.db import db, reading
from lms.yearbooks.models import BookVersion

AIM_SECONDS = 600
GOAL = "--policy", "dx", "--unit", "central-1"


def run() -> list[Row]:
    """Rows for SQLite, then for PostgreSQL."""
    return [figure for kind in KINDS for figure in measure(kind, PEOPLE)]


def measure(kind: str, people: int) -> list[Row]:
    """Seconds until the book is written, in two parts, and of checking it; memory of all processes."""
    database = unjudged(kind, people)
    return closed(database, fetching(database))


def closed(database: Database, reference: float) -> list[Row]:
    """Last year's book: a first try that is killed with half of the lines written, the second, and the proof."""
    goal = *GOAL, "--year", str(clock.today().year - 1)
    app = database.app()
    first = flask(database, "goals", "close-book", *goal, until=_has_lines(app, database.people // 2))
    assert not _is_done(app), "it was killed half-way"
    second = flask(database, "goals", "close-book", *goal)
    assert _is_done(app), "and taken up again"
    proof = flask(database, "goals", "verify-book", *goal)
    whole = Cost(first.seconds + second.seconds, max(first.peak, second.peak))
    aim = f"≤ {AIM_SECONDS * database.people / FULL:,.0f}"
    name = f"{database.name}: closing a year"
    return [
        row(f"{name}, killed half-way and taken up again", whole.seconds, "s", reference, aim),
        row(f"{name}: the second part alone", second.seconds, "s", reference),
        row(f"{name}: memory", whole.megabytes, "MB", aim=f"< {AIM_MEGABYTES:,}"),
        row(f"{database.name}: verifying the book", proof.seconds, "s", whole.seconds),
        row(f"{database.name}: verifying the book: memory", proof.megabytes, "MB", aim=f"< {AIM_MEGABYTES:,}"),
    ]


def _has_lines(app: Flask, number: int) -> Callable[[], bool]:
    """Whether so many lines of the book are written."""

    def has_lines() -> bool:
        with app.app_context(), reading():
            return (db.session.scalar(sa.select(sa.func.max(BookVersion.lines))) or 0) >= number

    return has_lines


def _is_done(app: Flask) -> bool:
    with app.app_context(), reading():
        return db.session.scalar(sa.select(BookVersion.closed_at)) is not None


if __name__ == "__main__":
    show(run())
