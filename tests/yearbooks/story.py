"""Worked case 11 and what it needs: a unit, people with credits, and a book that is closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time

from lms import clock
from lms.db import db
from lms.goals import actions as goals
from lms.goals.models import Credit
from lms.network.actions import rebuild_tree
from lms.network.models import Level, Person
from lms.yearbooks import actions, closing, queries, verification
from lms.yearbooks.models import BookVersion, YearBook
from lms.yearbooks.rules import Kind
from tests import people
from tests.goals.facts import DX_TEXT, MODULE

YEAR = 2026
CLOSED_ON = date(2027, 1, 31)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=clock.VIETNAM).astimezone(UTC)


@contextmanager
def on(year: int, month: int, day: int) -> Iterator[None]:
    """Inside the block it is noon of a day in Viet Nam."""
    with clock.stopped(noon(date(year, month, day))):
        yield


def place() -> tuple[int, int, int]:
    """A province, and two communes below it."""
    province = people.unit("Thành phố Đà Nẵng", Level.PROVINCE, "48")
    communes = [people.unit(f"Phường {name}", Level.COMMUNE, f"48-{name}", province) for name in ("Một", "Hai")]
    rebuild_tree()
    db.session.commit()
    return province, communes[0], communes[1]


def publish() -> None:
    with on(2025, 12, 1):
        goals.publish(source=DX_TEXT, by_id=None)
        db.session.commit()


def serve(code: str, unit_id: int, periods: float, role: str = "dedicated") -> Person:
    """Somebody who serves the whole year and has done the module, with so many periods, 8 of them security."""
    with on(2025, 12, 1):
        who = people.person(f"Nguyễn Văn {code.title()}", code)
        people.post(who, unit_id, role)
        learn(who, 4, day=date(2020, 2, 1), module=MODULE)
        learn(who, 8, category="security")
        if periods > 8:
            learn(who, periods - 8)
        db.session.commit()
    return who


def learn(
    who: Person, periods: float, *, category: str = "digital", day: date = date(2026, 6, 1), module: str | None = None
) -> Credit:
    """An entry of the ledger, recorded now."""
    entry = Credit(
        person_id=who.id, activity=module or f"Lớp {category} {periods:g} {day}", category=category,
        periods=int(periods * 100), completed_on=day, source="internal", equivalence=module, module=module,
        state="approved", recorded_at=clock.now(),
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    return entry


def learn_late(who: Person, periods: float, *, on_day: date = date(2027, 3, 15)) -> None:
    """A class of November is approved after the close."""
    with clock.stopped(noon(on_day)):
        learn(who, periods, day=date(2026, 11, 20))
        goals.refresh(person_ids=[who.id])
        db.session.commit()


def judge(*who: Person) -> None:
    """The year is kept, and everybody judged, as on the day of the close."""
    with on(2027, 1, 30):
        goals.refresh(person_ids=None if not who else [one.id for one in who], years=[YEAR])
        db.session.commit()


def begin(unit_id: int, kind: Kind = Kind.FINAL, day: date = CLOSED_ON) -> BookVersion:
    with clock.stopped(noon(day)):
        version = actions.begin(unit_id=unit_id, policy="dx", year=YEAR, kind=kind)
        db.session.commit()
    return version


def carry_out(version: BookVersion, day: date = CLOSED_ON) -> None:
    with clock.stopped(noon(day)):
        closing.carry_out(version.id, lambda done, total: None)


def close(unit_id: int, kind: Kind = Kind.FINAL, day: date = CLOSED_ON) -> YearBook:
    """A book, closed from its beginning to its end."""
    carry_out(begin(unit_id, kind, day), day)
    return fresh(unit_id)


def reopen(book: YearBook, day: date = date(2027, 4, 1)) -> None:
    with clock.stopped(noon(day)):
        actions.reopen(book=book, reason="Sót một lớp", authority="12/QĐ-UBND", authority_on=day, by_id=None)
        db.session.commit()


def fresh(unit_id: int) -> YearBook:
    """The book as it is stored."""
    db.session.rollback()
    db.session.expire_all()
    found = queries.book_of(unit_id, "dx", YEAR)
    assert found is not None
    return found


def flaws(book: YearBook) -> list[str]:
    return [verdict.flaw.kind for verdict in verification.verdicts(book) if verdict.flaw]
