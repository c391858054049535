"""Last year's book: closed at the end of January, and one class list that came too late for it."""

from datetime import date, datetime

import sqlalchemy as sa

from lms import audit, clock
from lms.accounts.models import Account
from lms.db import db
from lms.demo import data, network
from lms.demo.cast import DIEU_PHOI
from lms.goals import actions as goals
from lms.goals.rules import Status
from lms.network import queries
from lms.network.models import Person
from lms.yearbooks import actions, closing
from lms.yearbooks.models import BookLine, BookVersion
from lms.yearbooks.rules import Kind

POLICY = "dx"


def known_on(today: date) -> datetime:
    """When last year's class lists came in: before the close, or now, while January lasts."""
    return min(clock.at(date(today.year, 1, 20), 12), clock.now())


def close_last_year(today: date) -> None:
    """Close the province's book on 31 January, once it is past; a list that came in March adjusts it. Commits."""
    closed, late = clock.at(date(today.year, 1, 31), 12), clock.at(date(today.year, 3, 15), 12)
    unit_id = queries.unit_id_by_code(DIEU_PHOI.reach, today)
    if unit_id is None or clock.now() <= closed:
        return
    coordinator = db.session.scalars(sa.select(Account.id).join(Person).where(Person.code == DIEU_PHOI.code)).one()
    with clock.stopped(closed), audit.acting(coordinator, DIEU_PHOI.code):
        version = actions.begin(unit_id=unit_id, policy=POLICY, year=today.year - 1, kind=Kind.FINAL, by_id=coordinator)
        db.session.commit()
        closing.carry_out(version.id, lambda done, total: None)
    if clock.now() > late:
        with clock.stopped(late), audit.acting(coordinator, DIEU_PHOI.code):
            people = _arrive_late(version)
        goals.refresh(person_ids=people)
    db.session.commit()


def _arrive_late(version: BookVersion) -> list[int]:
    """The list of a class of November, with those who lacked a few periods at the close; who they are."""
    short = sa.select(BookLine.subject_id, BookLine.code, BookLine.due).where(
        BookLine.version_id == version.id, BookLine.kind == "person", BookLine.status == Status.NOT_MET,
        BookLine.earned < 100 * BookLine.due,
    )  # fmt: skip
    told = data.document("wording.toml")["late_class"]
    found = db.session.execute(short.order_by(BookLine.number).limit(told["people"])).all()
    day = date(version.book.year, 11, 20).isoformat()
    rows = [
        {"person_id": code, "completed_on": day, "state": "approved", "periods": str(due), **told["credit"]}
        for _, code, due in found
    ]
    if rows:
        network.take_in({"credits.csv": data.sheet(rows)})
        goals.refresh(person_ids=[person_id for person_id, *_ in found])
    return [person_id for person_id, *_ in found]
