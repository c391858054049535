"""What each night must find out though nobody did anything."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from lms import clock, jobs
from lms.db import db
from lms.goals import actions
from lms.goals.models import Standing
from tests.goals.facts import publish
from tests.people import Cast, person, post

NEW_YEAR = datetime(2026, 12, 31, 17, 0, 1, tzinfo=UTC)
SPRING = datetime(2026, 3, 2, 3, tzinfo=UTC)


def night() -> None:
    jobs.queue_regular()
    db.session.commit()
    jobs.run_pending()
    db.session.rollback()


def judged(year: int) -> set[int]:
    """The people who have a standing of a year."""
    return set(db.session.scalars(sa.select(Standing.person_id).where(Standing.year == year)))


def test_who_begins_on_a_later_day_is_judged_from_that_day_on(cast: Cast) -> None:
    with clock.stopped(SPRING):
        publish()
        who = person("Lê Sắp Đến", "sap-den")
        post(who, cast.hai_chau, "dedicated", date(2026, 3, 10))
        actions.refresh(person_ids=None)
        night()
        assert who.id not in judged(2026)
    with clock.stopped(SPRING + timedelta(days=8)):
        night()
        assert who.id in judged(2026)


def test_in_a_new_year_everybody_is_judged_though_somebody_was_before_the_night_was_done(cast: Cast) -> None:
    with clock.stopped(SPRING):
        publish()
        actions.refresh(person_ids=None)
        night()
        everybody = judged(2026)
    with clock.stopped(NEW_YEAR):
        actions.refresh(person_ids=[cast.an.id])
        db.session.commit()
        assert judged(2027) == {cast.an.id}
        night()
        assert judged(2027) >= everybody
