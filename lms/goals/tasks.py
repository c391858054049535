"""Jobs of the annual goal."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from lms import clock, jobs
from lms.db import db, reading
from lms.goals import actions, coverage, figures, queries, rebuilding
from lms.goals.facts import CHUNK
from lms.goals.models import KeptYear, Standing


@jobs.task("goals.refresh", daily=True)
def refresh(progress: jobs.Progress) -> dict[str, Any]:
    """Judge those anew whose answer may be another one today, though nobody did anything; in a new year, everybody."""
    if db.session.get(KeptYear, clock.today().year) is None:
        return rebuilding.rebuild(years=[clock.today().year], progress=progress)._asdict()
    with reading():
        due = sa.select(Standing.person_id).where(Standing.wakes_on <= clock.today()).distinct()
        people = db.session.scalars(due.order_by(Standing.person_id)).all()
    changed = 0
    for start in range(0, len(people), CHUNK):
        changed += actions.refresh(person_ids=people[start : start + CHUNK])
        db.session.commit()
        progress(start, len(people))
    return {"people": len(people), "changed": changed}


@jobs.task("goals.coverage", every=timedelta(minutes=10))
def cover(progress: jobs.Progress) -> dict[str, Any]:
    """Which organisations have a focal point."""
    return {"changed": coverage.refresh()}


@jobs.task("goals.fold", every=timedelta(seconds=10))
def fold(progress: jobs.Progress) -> dict[str, Any]:
    """Add up the figures behind those who changed them."""
    return {"units": figures.fold()}


@jobs.task("goals.rebuild")
def rebuild(progress: jobs.Progress, years: list[int] | None = None) -> dict[str, Any]:
    """Judge everybody anew."""
    return rebuilding.rebuild(years=years or queries.years(), progress=progress)._asdict()
