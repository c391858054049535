"""Chi teaches: a course of Đà Nẵng's own, those who take it, the bank that it fills, and what people say of it.

The tale stands in teaching.toml and surveys.toml. It is told in moments, so that it is played among all the others: the
register of certificates follows the days.
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from lms.access import Role
from lms.accounts import actions as accounts
from lms.accounts.models import Account
from lms.analysis import actions as analysis
from lms.analysis import queries as statistics
from lms.catalogue import queries as catalogue
from lms.db import OPEN_END, db
from lms.demo import classroom, data, desk, opinions
from lms.demo.learners import Learner
from lms.demo.network import LONG_AGO
from lms.demo.stage import Stage, told
from lms.demo.year import Moment
from lms.network import queries as network
from lms.network.models import Person


class NoUnit(Exception):
    """The demo's network has not the unit that teaches."""


def employ(today: date) -> None:
    """A colleague of Chi's teaches too, so that somebody reads what she writes."""
    theirs = sa.select(Account).join(Person).where(Person.code == told()["colleague"])
    accounts.grant(
        account=db.session.scalars(theirs).one(), role=Role.TRAINER, unit_id=_unit(today), from_on=LONG_AGO,
        to_on=OPEN_END, reason=data.document("wording.toml")["reasons"]["grant"], by_id=None,
    )  # fmt: skip


def moments(everybody: Sequence[Learner], today: date) -> list[Moment]:
    """What happens around Chi's desk."""
    stage = Stage(today, _unit(today), {learner.code: learner for learner in everybody})
    return [*desk.moments(stage), *classroom.moments(stage), *opinions.moments(stage)]


def look() -> None:
    """What the answers say about the questions of Chi's course is found; of the others a worker finds it."""
    published = catalogue.current(told()["course"])
    marked = statistics.number_of_marked().get(published.course_id, 0)
    analysis.find(published=published, attempts=marked)


def _unit(today: date) -> int:
    unit_id = network.unit_id_by_code(told()["unit"], today)
    if unit_id is None:
        raise NoUnit(told()["unit"])
    return unit_id
