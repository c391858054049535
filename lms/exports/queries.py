"""Reads of exports, and of the certificates that they are about."""

from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import aliased

from lms import clock
from lms.access import Permission, reach
from lms.catalogue.models import Course
from lms.certificates import queries as certificates
from lms.certificates import rules as papers
from lms.certificates.models import Certificate
from lms.db import AnyRow, AnySelect, db, is_among
from lms.exports import rules
from lms.exports.models import Export
from lms.exports.rules import Stage, Wanted
from lms.jobs import Job
from lms.network import queries as network
from lms.network.models import Assignment, Person

LISTED = 50
FETCHED = 10_000
REGISTER_ORDER = Certificate.issuer_id, Certificate.year, Certificate.number


class Found(NamedTuple):
    """How many papers are found, and how many of them are valid."""

    all: int
    valid: int


class Asked(NamedTuple):
    """An export, the job that makes it, and how far it is."""

    export: Export
    job: Job | None
    stage: Stage


def job_key(export_id: int) -> str:
    """The key of the job that makes an export."""
    return f"exports.make:{export_id}"


def asked(export_id: int) -> Asked:
    """Raises NoResultFound."""
    return _asked(db.session.execute(_with_jobs().where(Export.id == export_id)).one())


def mine(account_id: int) -> Sequence[Asked]:
    """The latest exports of an account, newest first."""
    found = _with_jobs().where(Export.account_id == account_id).order_by(Export.id.desc()).limit(LISTED)
    return [_asked(row) for row in db.session.execute(found)]


def under_way(account_id: int) -> int:
    """How many exports of an account wait or are being made."""
    return sum(one.stage in rules.UNDER_WAY for one in mine(account_id))


def latest(account_id: int, question: str) -> Asked | None:
    """The last time that an account asked a question."""
    same = _with_jobs().where(Export.account_id == account_id, Export.question == question)
    row = db.session.execute(same.order_by(Export.turn.desc()).limit(1)).first()
    return _asked(row) if row else None


def over(limit: int) -> Sequence[Export]:
    """Exports whose file has had its time."""
    past = Export.expires_at <= clock.now(), Export.discarded_at.is_(None)
    return db.session.scalars(sa.select(Export).where(*past).order_by(Export.id).limit(limit)).all()


def is_cancelled(export_id: int) -> bool:
    """Whether somebody has cancelled an export by now, whatever the transaction of the session still sees."""
    with db.engine.connect() as connection:
        asked_for = sa.select(Export.cancelled_at).where(Export.id == export_id)
        return connection.scalar(asked_for) is not None


def found(wanted: Wanted) -> Found:
    """How many papers a filter finds."""
    stands = sa.and_(*certificates.in_state(papers.State.VALID, clock.today()))
    valid = sa.func.sum(sa.case((stands, 1), else_=0))
    counted = sa.select(sa.func.count(), valid).select_from(Certificate).where(*conditions(wanted))
    every, of_them_valid = db.session.execute(counted).one()
    return Found(every, int(of_them_valid or 0))


def last_id() -> int:
    """The latest paper of all."""
    return db.session.scalar(sa.select(sa.func.max(Certificate.id))) or 0


def ids(wanted: Wanted) -> "array[int]":
    """The papers that a filter finds, in the register's order: eight bytes for each."""
    found = sa.select(Certificate.id).where(*conditions(wanted)).order_by(*REGISTER_ORDER)
    return array("q", db.session.scalars(found.execution_options(yield_per=FETCHED)))


def lines(paper_ids: Sequence[int]) -> Sequence[AnyRow]:
    """The register's lines of some papers, in its order; `printed` is JSON text."""
    successor = aliased(Certificate)
    columns = (
        Certificate.id, Certificate.label, Certificate.year, Certificate.number, Certificate.kind, Certificate.code,
        Certificate.issued_on, Certificate.expires_on, Certificate.successor_id, Certificate.revoked_at,
        Certificate.revoked_reason, Certificate.sha256, sa.cast(Certificate.printed, sa.Text).label("printed"),
        Person.code.label("person_code"), successor.label.label("successor"),
    )  # fmt: skip
    found = (
        sa.select(*columns)
        .join(Person, Person.id == Certificate.person_id)
        .outerjoin(successor, successor.id == Certificate.successor_id)
        .where(is_among(Certificate.id, paper_ids))
    )
    return db.session.execute(found.order_by(*REGISTER_ORDER)).all()


def printed(row: AnyRow) -> dict[str, Any]:
    """What is printed on the paper of a line."""
    words: dict[str, Any] = orjson.loads(row.printed)
    return words


def state(row: AnyRow) -> papers.State:
    """What the paper of a line is worth today."""
    return papers.state(
        day=clock.today(),
        expires_on=row.expires_on,
        is_superseded=row.successor_id is not None,
        is_revoked=row.revoked_at is not None,
    )


def courses() -> Sequence[AnyRow]:
    """Courses to choose from: id and title."""
    return db.session.execute(sa.select(Course.id, Course.title).order_by(Course.sort_key)).all()


def conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """What holds of the certificates that a filter finds."""
    found = [*certificates.conditions(certificates.Filter(**wanted.as_in_register))]
    if wanted.role:
        found.append(Certificate.person_id.in_(_serving(wanted)))
    if wanted.last_id is not None:
        found.append(Certificate.id <= wanted.last_id)
    return found


def _serving(wanted: Wanted) -> sa.Select[int]:
    """Who served in the role."""
    there = network.subtree_during(wanted.unit_id, wanted.start, wanted.end)
    during = Assignment.during(wanted.start, wanted.end), Assignment.unit_id.in_(there)
    return sa.select(Assignment.person_id).where(Assignment.role == wanted.role, *during)


def _with_jobs() -> AnySelect:
    of_it = Job.key == sa.literal("exports.make:").concat(sa.cast(Export.id, sa.Text))
    found: AnySelect = sa.select(Export, Job).outerjoin(Job, of_it)
    return found


def _asked(row: AnyRow) -> Asked:
    export, job = row
    stage = rules.stage(
        now=clock.now(),
        job_state=job.state if job else "queued",
        is_cancelled=export.cancelled_at is not None,
        expires_at=export.expires_at,
    )
    return Asked(export, job, stage)


@reach("export_id")
def is_own(_permission: Permission, export_id: int) -> bool:
    """One's own export."""
    mine = sa.exists().where(Export.id == export_id, Export.account_id == current_user.account_id)
    return bool(db.session.scalar(sa.select(mine)))
