"""Reads of certificates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest
from typing import Any

import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import joinedload

from lms import clock, text
from lms.access import Permission, reach
from lms.accounts.models import Account
from lms.catalogue.models import Course
from lms.certificates import rules
from lms.certificates.models import Certificate, CertificateAct, Issuer
from lms.certificates.rules import Act, Kind, State
from lms.db import AnyRow, db, is_among
from lms.learning.models import Completion
from lms.network import queries as network
from lms.network.models import Assignment, Person, UnitAncestor

PAGE = 50
FAR = 1000
NOBODY = "-" * 10

_installations_first = sa.case((Issuer.unit_id.is_(None), 0), else_=1), Issuer.id
_issuer = sa.select(Issuer).order_by(*_installations_first).limit(1)


def _nearest(unit_id: sa.ColumnElement[Any]) -> sa.Select[Issuer]:
    """The issuer of the nearest unit at or above one on a day, else the installation's."""
    is_above = (
        UnitAncestor.ancestor_id == Issuer.unit_id,
        UnitAncestor.unit_id == unit_id,
        UnitAncestor.from_on <= sa.bindparam("day"),
        UnitAncestor.to_on > sa.bindparam("day"),
    )
    is_far = sa.func.coalesce(UnitAncestor.depth, FAR)
    found = sa.select(Issuer).outerjoin(UnitAncestor, sa.and_(*is_above))
    found = found.where(sa.or_(UnitAncestor.depth.is_not(None), Issuer.unit_id.is_(None)))
    return found.order_by(is_far, *_installations_first).limit(1)


_WITHOUT = Completion.withdrawn_at.is_(None), ~sa.exists().where(Certificate.completion_id == Completion.id)
_IN_ORDER = Completion.completed_at, Completion.id
_issuer_of_unit = _nearest(sa.bindparam("unit_id"))
_issuer_of_course = _nearest(
    sa.select(Course.unit_id).where(Course.id == sa.bindparam("course_id")).scalar_subquery()
)  # fmt: skip
_of_code = (
    sa.select(Certificate)
    .where(Certificate.code == sa.bindparam("code"))
    .options(joinedload(Certificate.successor).load_only(Certificate.label))
)
_of_course = (
    sa.select(Certificate)
    .where(
        Certificate.person_id == sa.bindparam("person_id"),
        Certificate.course_id == sa.bindparam("course_id"),
        Certificate.kind == Kind.COURSE,
    )
    .order_by(Certificate.id.desc())
)
_of_completion = (
    sa.select(Certificate)
    .where(Certificate.completion_id == sa.bindparam("completion_id"), Certificate.successor_id.is_(None))
    .order_by(Certificate.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which certificates: of people of a unit and below, issued on `[start, end)`; and what else is asked, when it is.

    `words` are looked for in name, course and number, in any order and without accents.
    """

    unit_id: int
    start: date
    end: date
    issuer_id: int | None = None
    kind: str = ""
    state: str = ""
    course_id: int | None = None
    words: str = ""


def issuer() -> Issuer | None:
    """The issuer of this installation: the first that issues for no unit in particular, else the first."""
    return db.session.scalar(_issuer)


def issuers() -> Sequence[Issuer]:
    """All issuers, the installation's first."""
    return db.session.scalars(sa.select(Issuer).order_by(*_installations_first)).all()


def issuer_by_id(issuer_id: int) -> Issuer:
    """Raises NoResultFound."""
    return db.session.get_one(Issuer, issuer_id)


def is_taken(issuer_id: int | None, *, code: str = "", unit_id: int | None = None) -> bool:
    """Whether another issuer has a code, or issues for a unit."""
    same = Issuer.code == code if code else Issuer.unit_id == unit_id
    others = sa.exists().where(same, Issuer.id != (issuer_id or 0))
    return bool(db.session.scalar(sa.select(others)))


def issuer_of_unit(unit_id: int | None) -> Issuer | None:
    """Who issues for a unit: the issuer of the nearest unit at or above it, else the installation's."""
    return db.session.scalar(_issuer_of_unit, {"unit_id": unit_id, "day": clock.today()})


def issuer_of_course(course_id: int) -> Issuer | None:
    """Who issues for a course: as for the unit whose course it is."""
    return db.session.scalar(_issuer_of_course, {"course_id": course_id, "day": clock.today()})


def mine(person_id: int) -> Sequence[Certificate]:
    """A person's certificates, latest first."""
    found = sa.select(Certificate).where(Certificate.person_id == person_id)
    return db.session.scalars(found.order_by(Certificate.id.desc())).all()


def of_completion(completion_id: int) -> Certificate | None:
    """The paper of a completion that was not replaced."""
    return db.session.scalar(_of_completion, {"completion_id": completion_id})


def of_course(person_id: int, course_id: int) -> Sequence[Certificate]:
    """All papers of a person for a course, latest first."""
    return db.session.scalars(_of_course, {"person_id": person_id, "course_id": course_id}).all()


def of_subject(subject: str) -> Certificate | None:
    return db.session.scalar(sa.select(Certificate).where(Certificate.subject == subject))


def held(certificate_id: int) -> Certificate:
    """A certificate as it is now, held until the transaction ends. Raises NoResultFound."""
    found = sa.select(Certificate).where(Certificate.id == certificate_id).with_for_update()
    return db.session.scalars(found, execution_options={"populate_existing": True}).one()


def confirmations(certificate_id: int) -> Sequence[Certificate]:
    """The papers that say that this one was issued."""
    of_it = Certificate.predecessor_id == certificate_id, Certificate.kind == Kind.CONFIRMATION
    return db.session.scalars(sa.select(Certificate).where(*of_it).order_by(Certificate.id)).all()


def by_code(code: str, label: str | None = None) -> Certificate | None:
    """The certificate with a check code, and with a number when one is given.

    For known and unknown codes the same is asked and compared, so that the time of an answer tells nothing.
    """
    found = db.session.scalar(_of_code, {"code": code})
    known = (found.code, text.fold(found.label)) if found else (NOBODY, NOBODY)
    asked = (code, known[1] if label is None else text.fold(label))
    fits = [compare_digest(one.encode(), other.encode()) for one, other in zip(known, asked, strict=True)]
    return found if found and all(fits) else None


def certificate(certificate_id: int) -> Certificate:
    """Raises NoResultFound."""
    return db.session.get_one(Certificate, certificate_id)


def register(wanted: Filter, *, after: int = 0, limit: int | None = None) -> Iterator[AnyRow]:
    """The register's lines in its order, streamed: Certificate, code and full name of the person."""
    lines = (
        sa.select(Certificate, Person.code.label("person_code"), Person.full_name)
        .join(Person, Person.id == Certificate.person_id)
        .where(*conditions(wanted), Certificate.id > after)
        .order_by(Certificate.id)
        .limit(limit)
        .execution_options(yield_per=500)
    )
    yield from db.session.execute(lines)


def page_of_register(wanted: Filter, *, before: int | None) -> Sequence[Certificate]:
    """The register's latest lines, latest first, each with its issuer: a page and one more."""
    found = sa.select(Certificate).where(*conditions(wanted)).options(joinedload(Certificate.issuer))
    found = found.where(Certificate.id < before) if before else found
    return db.session.scalars(found.order_by(Certificate.id.desc()).limit(PAGE + 1)).all()


def expiring(unit_id: int) -> Sequence[Certificate]:
    """The papers of the people who serve in a unit or below today that expire soon, the first first."""
    today = clock.today()
    soon = Certificate.expires_on > today, Certificate.expires_on <= today + rules.SOON
    there = Assignment.unit_id.in_(network.subtree(unit_id, today))
    serving = sa.select(Assignment.person_id).where(Assignment.on(today), there)
    found = sa.select(Certificate).where(*soon, *in_state(State.VALID, today), Certificate.person_id.in_(serving))
    return db.session.scalars(found.order_by(Certificate.expires_on, Certificate.id).limit(PAGE)).all()


def courses_in(wanted: Filter) -> Sequence[AnyRow]:
    """The courses for which the certificates of a filter were issued: id, title."""
    issued = sa.select(Certificate.course_id).where(*conditions(wanted))
    found = sa.select(Course.id, Course.title).where(Course.id.in_(issued))
    return db.session.execute(found.order_by(Course.sort_key, Course.id)).all()


def number_of(wanted: Filter, *, only_valid: bool = False) -> int:
    """How many certificates a filter finds, the revoked ones among them unless `only_valid`."""
    found = sa.select(sa.func.count()).select_from(Certificate).where(*conditions(wanted))
    return db.session.scalar(found.where(Certificate.revoked_at.is_(None)) if only_valid else found) or 0


def acts(certificate_id: int) -> Sequence[CertificateAct]:
    """What was done with a paper, or made it, in the order of time; each with whoever did it and what came of it."""
    concerns = sa.or_(CertificateAct.certificate_id == certificate_id, CertificateAct.other_id == certificate_id)
    found = sa.select(CertificateAct).where(concerns)
    by = joinedload(CertificateAct.account).joinedload(Account.person)
    return db.session.scalars(found.options(by, joinedload(CertificateAct.other)).order_by(CertificateAct.id)).all()


def chain(certificate: Certificate) -> list[Certificate]:
    """A paper with all that came before and after it by replacement and renewal, the oldest first."""
    found = [certificate]
    while (first := found[0]).predecessor and first.relation != Act.CONFIRM:
        found.insert(0, first.predecessor)
    while (last := found[-1]).successor and last.kind != Kind.CONFIRMATION:
        found.append(last.successor)
    return found


def waiting_completions() -> Sequence[int]:
    """Completions for which no paper has been issued yet, in their order."""
    return db.session.scalars(sa.select(Completion.id).where(*_WITHOUT).order_by(*_IN_ORDER)).all()


def completions_without(among: Sequence[int]) -> Sequence[Completion]:
    """Those of some completions for which no paper has been issued yet, in their order."""
    found = sa.select(Completion).where(*_WITHOUT, is_among(Completion.id, among))
    return db.session.scalars(found.order_by(*_IN_ORDER)).all()


def number_unprinted() -> int:
    """How many papers nobody has printed yet."""
    return db.session.scalar(sa.select(sa.func.count()).where(Certificate.sha256.is_(None))) or 0


def conditions(wanted: Filter) -> tuple[sa.ColumnElement[bool], ...]:
    """What holds of the certificates that a filter finds."""
    asked = {
        Certificate.issuer_id: wanted.issuer_id,
        Certificate.kind: wanted.kind,
        Certificate.course_id: wanted.course_id,
    }
    return (
        Certificate.issued_on >= wanted.start,
        Certificate.issued_on < wanted.end,
        _serves(wanted.unit_id, wanted.start, wanted.end),
        *(column == value for column, value in asked.items() if value),
        *(Certificate.fold.contains(word, autoescape=True) for word in text.fold(wanted.words).split()),
        *(in_state(State(wanted.state), clock.today()) if wanted.state else ()),
    )


def in_state(state: State, day: date) -> tuple[sa.ColumnElement[bool], ...]:
    """What holds of the certificates that `rules.state` finds in a state on a day."""
    if state is State.REVOKED:
        return (Certificate.revoked_at.is_not(None),)
    if state is State.SUPERSEDED:
        return Certificate.revoked_at.is_(None), Certificate.successor_id.is_not(None)
    is_void = sa.and_(Certificate.expires_on.is_not(None), Certificate.expires_on <= day)
    stands = Certificate.revoked_at.is_(None), Certificate.successor_id.is_(None)
    return *stands, (is_void if state is State.EXPIRED else sa.not_(is_void))


def _serves(unit_id: int, start: date, end: date) -> sa.ColumnElement[bool]:
    """Whether the holder served in the unit on the paper's day, or does today: who left before it is no matter of the unit's."""
    return sa.exists().where(
        Assignment.person_id == Certificate.person_id,
        Assignment.unit_id.in_(network.subtree_during(unit_id, start, end)),
        sa.or_(Assignment.on(Certificate.issued_on), Assignment.on(clock.today())),
    )


@reach("issuer_id")
def is_issuer(permission: Permission, issuer_id: int) -> bool:
    """Issuers are settings of the whole installation."""
    return db.session.get(Issuer, issuer_id) is not None


@reach("certificate_id")
def within_reach(permission: Permission, certificate_id: int) -> bool:
    """One's own, or of a person within the reach of the permission."""
    holder = db.session.scalar(sa.select(Certificate.person_id).where(Certificate.id == certificate_id))
    if holder is None:
        return False
    if permission is Permission.OWN:
        return bool(holder == current_user.person_id)
    return bool(current_user.reaches_person(permission, holder))
