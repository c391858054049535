"""Jobs of the annual goal."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from lms import clock, jobs
from lms.accounts.models import Account
from lms.db import db, reading
from lms.goals import coverage, figures, queries, rebuilding
from lms.goals.models import Standing
from lms.jobs import Job
from lms.network.models import Assignment


@jobs.task("goals.refresh", daily=True)
def refresh(progress: jobs.Progress) -> dict[str, Any]:
    """Judge those anew whose answer may be another one today, though nobody did anything; in a new year, everybody."""
    if _is_first_of_year():
        rebuilding.rebuild(years=[clock.today().year], progress=progress)
    with reading():
        people = sorted(db.session.scalars(_woken(clock.today())))
    return {"people": len(people), "changed": rebuilding.refresh(people, progress)}


def _is_first_of_year() -> bool:
    """Whether no night of this year has been done: others may have judged a few people of it already."""
    key = f"goals.refresh:{clock.today().year}-"
    return not db.session.scalar(sa.select(sa.exists().where(Job.key.startswith(key), Job.state == "done")))


def _woken(day: date) -> sa.CompoundSelect[int]:
    """The people whose standing is no longer sure, whose first post of the year has begun without one, or who signed in."""
    judged = sa.exists().where(Standing.person_id == Assignment.person_id, Standing.year == day.year)
    begun = Assignment.from_on >= date(day.year, 1, 1), Assignment.from_on <= day, ~judged
    signed_in = Account.last_sign_in_at >= clock.end_of(day - timedelta(days=3))
    return sa.union(
        sa.select(Standing.person_id).where(Standing.wakes_on <= day),
        sa.select(Assignment.person_id).where(*begun),
        sa.select(Account.person_id).where(signed_in),
    )


@jobs.task("goals.coverage", every=timedelta(minutes=10))
def cover(progress: jobs.Progress) -> dict[str, Any]:
    """Which organisations have a focal point."""
    with reading():
        found = coverage.differences()
    return {"changed": coverage.write(found)}


@jobs.task("goals.fold", every=timedelta(seconds=10))
def fold(progress: jobs.Progress) -> dict[str, Any]:
    """Add up the figures behind those who changed them."""
    return {"units": figures.fold()}


@jobs.task("goals.rebuild")
def rebuild(progress: jobs.Progress, years: list[int] | None = None) -> dict[str, Any]:
    """Judge everybody anew."""
    return rebuilding.rebuild(years=years or queries.years(), progress=progress)._asdict()
