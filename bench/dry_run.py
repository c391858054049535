"""A dry run of a changed rule for everybody, two years: few people whom it concerns, then most of them.

BENCH_PEOPLE=600000 python -m bench dry_run
"""

from collections.abc import Callable

import sqlalchemy as sa

from bench.databases import KINDS, PEOPLE, Database, flask, unjudged
from bench.rebuild import AIM_MEGABYTES, FULL, fetching
from bench.report import Row, row, show
from lms import clock
from lms.accounts.models import Account
from lms.db import db
from lms.goals import queries as goals
from lms.policies import actions
from lms.policies.models import DryRun
from lms.policies.rules import Stage

AIM_SECONDS = 60
CODE = "dx"
FOR_COMMUNES = """
[[rule]]
role = "focal-point"
level = "commune"
periods = 32
minima = {{ security = 8 }}
from = {year}-07-01
"""
OF_MEMBERS = "periods = 8\n", "periods = 9\n"


def run() -> list[Row]:
    """Rows for SQLite, then for PostgreSQL."""
    return [figure for kind in KINDS for figure in measure(kind, PEOPLE)]


def measure(kind: str, people: int) -> list[Row]:
    """Both changes: how many people they concern, and the job's seconds and memory."""
    database = unjudged(kind, people)
    reference = fetching(database)
    with database.app().app_context():
        rows = tried(database, "focal points of communes, from July on", reference, _for_communes)
        rows += tried(database, "members of teams, one period more", reference, _of_members)
        db.engine.dispose()
    return rows


def tried(database: Database, name: str, reference: float, change: Callable[[str], str]) -> list[Row]:
    """Draft a change of the policy in force and have the job worker try it."""
    account_id = db.session.scalars(sa.select(Account.id).limit(1)).one()
    version = goals.published_version(CODE)
    assert version
    draft = actions.start_draft(source=change(version.source), by_id=account_id, base=version)
    started = actions.try_draft(draft=draft, by_id=account_id, actor="bench")
    db.session.commit()
    cost = flask(database, "jobs", "work", "--once")
    done = db.session.get_one(DryRun, started.id, populate_existing=True)
    assert done.state == Stage.DONE and len(done.years) == 2, "both years are open and were judged"
    people = done.totals["people"]
    db.session.commit()
    title = f"{database.name}: dry run, {name}"
    aim = f"≤ {AIM_SECONDS * database.people / FULL:,.0f}"
    return [
        row(title, cost.seconds, "s", reference, aim),
        row(f"{title}: people it touches", people, ""),
        row(f"{title}: memory", cost.megabytes, "MB", aim=f"< {AIM_MEGABYTES:,}"),
    ]


def _for_communes(source: str) -> str:
    return source + FOR_COMMUNES.format(year=clock.today().year)


def _of_members(source: str) -> str:
    return source.replace(*OF_MEMBERS, 1)


if __name__ == "__main__":
    show(run())
