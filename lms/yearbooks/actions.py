"""Writes of year books: begin to close, reopen. The closing itself is `closing.carry_out`, done by a job or a command."""

from datetime import date

import sqlalchemy as sa

from lms import audit, clock
from lms.db import db, insert
from lms.goals import actions as goals
from lms.goals.models import KeptYear
from lms.jobs import Job, enqueue
from lms.network import queries as network
from lms.yearbooks import queries, rules
from lms.yearbooks.models import BookVersion, YearBook
from lms.yearbooks.rules import NOTHING_BEFORE, Kind, Refusal, Refused, State


def begin(
    *,
    unit_id: int,
    policy: str,
    year: int,
    kind: Kind,
    as_of: date | None = None,
    reason: str = "",
    by_id: int | None = None,
) -> BookVersion:
    """Begin to close a book: from here on nothing recorded later counts in it. Raises `Refused`.

    A closing of this kind that has begun already is the one that goes on.
    """
    book = _book(unit_id, policy, year)
    if book.state == State.CLOSING and book.latest.kind == kind:
        return book.latest
    day, known_at = rules.as_of_day(kind, year, as_of, clock.today()), clock.now()
    if refusal := rules.refusal_to_close(book.state, kind, year, day, clock.today()):
        raise Refused(refusal)
    if queries.closed_above(book):
        raise Refused(Refusal.CLOSED_ABOVE)
    judging = queries.judging_version(policy, year, known_at)
    if judging is None:
        raise Refused(Refusal.NO_POLICY)
    named = network.unit(unit_id, day)
    version = BookVersion(
        book=book,
        number=len(book.versions) + 1,
        kind=kind,
        as_of=day,
        known_at=known_at,
        unit_code=network.codes([unit_id], day).get(unit_id, ""),
        unit_name=named.name,
        policy_version_id=judging.id,
        policy_number=judging.number,
        policy_source=judging.source,
        policy_sha256=judging.sha256,
        started_by_id=by_id,
        started_by=audit.present_actor()[1],
        reason=reason or book.reason,
        authority=book.authority,
        authority_on=book.authority_on,
        previous_hash=book.latest.last_hash if book.versions else NOTHING_BEFORE,
        last_hash=book.latest.last_hash if book.versions else NOTHING_BEFORE,
    )
    book.state = State.CLOSING
    db.session.add(version)
    db.session.flush()
    _keep_year(year)
    audit.record("yearbooks.begin", book, unit=unit_id, policy=policy, year=year, kind=kind, version=version.number)
    return version


def reopen(*, book: YearBook, reason: str, authority: str, authority_on: date, by_id: int | None) -> None:
    """Reopen a closed book, by a decision: what was closed stays, and closing again adds a version. Raises `Refused`."""
    book = _locked(book.id)
    if book.state != State.CLOSED:
        raise Refused(Refusal.NOT_CLOSED)
    if queries.closed_above(book):
        raise Refused(Refusal.CLOSED_ABOVE)
    book.state, book.reason, book.authority, book.authority_on = State.REOPENED, reason, authority, authority_on
    book.reopened_at, book.reopened_by = clock.now(), audit.present_actor()[1]
    db.session.flush()
    audit.record(
        "yearbooks.reopen", book, unit=book.unit_id, policy=book.policy, year=book.year, reason=reason,
        authority=authority, authority_on=authority_on.isoformat(),
    )  # fmt: skip


def release(*, version: BookVersion, account_id: int | None, actor: str) -> Job:
    """Have a closing carried out in the background: once, however often the button was pressed; again, when it failed."""
    last = queries.job_of(version)
    if last is not None and last.state != "failed":
        return last
    key = f"year-book:{version.id}:{last.id if last else 0}"
    return enqueue("yearbooks.close", key=key, account_id=account_id, actor=actor, version_id=version.id)


def verify(*, book: YearBook, account_id: int | None, actor: str) -> Job:
    """Have a book's chain checked in the background; one check at a time."""
    last = queries.verification_of(book)
    if last is not None and not last.is_ended:
        return last
    key = f"verify-book:{book.id}:{last.id if last else 0}"
    return enqueue("yearbooks.verify", key=key, account_id=account_id, actor=actor, book_id=book.id)


def _book(unit_id: int, policy: str, year: int) -> YearBook:
    """The book, made when it is first asked for, locked."""
    new = {"unit_id": unit_id, "policy": policy, "year": year, "state": State.OPEN.value, "adjustments": 0}
    empty = {"reason": "", "authority": "", "reopened_by": ""}
    db.session.execute(insert(YearBook).values(new | empty).on_conflict_do_nothing())
    found = sa.select(YearBook.id).where(YearBook.unit_id == unit_id, YearBook.policy == policy, YearBook.year == year)
    return _locked(db.session.scalars(found).one())


def _locked(book_id: int) -> YearBook:
    book = db.session.get_one(YearBook, book_id, with_for_update=True, populate_existing=True)
    db.session.expire(book, ["versions"])
    return book


def _keep_year(year: int) -> None:
    """Changes after the close are noticed by standings: a year that was never judged is judged from now on."""
    if db.session.get(KeptYear, year) is None:
        goals.keep_years([year])
        enqueue("goals.rebuild", key=f"goals.rebuild:{year}", account_id=None, actor="system", years=[year])
