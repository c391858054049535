"""Reads for the learner's pages."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound

from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.clock import today
from lms.db import AnyRow, rows
from lms.goals import queries as goals
from lms.goals import trace
from lms.learning import queries as learning
from lms.learning import rules
from lms.learning.queries import Progress
from lms.learning.rules import NextStep
from lms.network.models import Assignment


@dataclass(frozen=True, slots=True)
class Home:
    """What a learner's start page shows."""

    standings: Sequence[AnyRow]
    overdue: Sequence[tuple[str, str]]
    next_step: NextStep | None
    started: Sequence[tuple[Progress, Published]]


_roles = sa.select(Assignment.role).where(
    Assignment.person_id == sa.bindparam("person_id"),
    Assignment.from_on <= sa.bindparam("day"),
    Assignment.to_on > sa.bindparam("day"),
)


def home(person_id: int) -> Home:
    """A learner's year: standings, overdue modules (slug, ISO day), the next step, and the courses begun."""
    day = today()
    standings = goals.standings(person_id, day.year)
    missing, lacking = trace.missing([s.detail for s in standings])
    progress = learning.all_progress(person_id)
    versions = catalogue.versions([p.version_id for p in progress]) if progress else {}
    started = [(p, versions[p.version_id]) for p in progress]
    roles = [row.role for row in rows(_roles, person_id=person_id, day=day)]
    step = rules.next_step(started, catalogue.offered(), [module for _, module in missing], roles, lacking)
    return Home(
        standings=sorted(standings, key=lambda s: s.policy != "dx"),
        overdue=[(module, by) for by, module in missing if by < day.isoformat()],
        next_step=step,
        started=list(reversed(started)),
    )


def taken(person_id: int, slug: str) -> tuple[Published, Progress | None]:
    """A course as a person takes it: in the version they began, else the present one.

    Raises NoResultFound, also for a retired course that they did not begin.
    """
    present = catalogue.current(slug)
    progress = learning.progress(person_id, present.course_id)
    if progress is None and not catalogue.is_offered(present.course_id):
        raise NoResultFound
    if progress and progress.version_id != present.version_id:
        return catalogue.version(progress.version_id), progress
    return present, progress
