"""Reads of certificates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest

import sqlalchemy as sa
from flask_login import current_user

from lms import text
from lms.access import Permission, reach
from lms.certificates.models import Certificate, Issuer
from lms.db import AnyRow, db
from lms.learning.models import Completion
from lms.network import queries as network
from lms.network.models import Assignment, Person

PAGE = 50
NOBODY = "-" * 10

_issuer = sa.select(Issuer).order_by(Issuer.id).limit(1)
_of_code = sa.select(Certificate).where(Certificate.code == sa.bindparam("code"))
_of_completion = sa.select(Certificate).where(Certificate.completion_id == sa.bindparam("completion_id"))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which certificates: of people of a unit and below, issued on `[start, end)`."""

    unit_id: int
    start: date
    end: date


def issuer() -> Issuer | None:
    """The issuer of this installation."""
    return db.session.scalar(_issuer)


def mine(person_id: int) -> Sequence[Certificate]:
    """A person's certificates, latest first."""
    found = sa.select(Certificate).where(Certificate.person_id == person_id)
    return db.session.scalars(found.order_by(Certificate.id.desc())).all()


def of_completion(completion_id: int) -> Certificate | None:
    return db.session.scalar(_of_completion, {"completion_id": completion_id})


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


def number_of(wanted: Filter, *, only_valid: bool = False) -> int:
    """How many certificates a filter finds, the revoked ones among them unless `only_valid`."""
    found = sa.select(sa.func.count()).select_from(Certificate).where(*conditions(wanted))
    return db.session.scalar(found.where(Certificate.revoked_at.is_(None)) if only_valid else found) or 0


def completions_without() -> Sequence[Completion]:
    """Completions for which no paper has been issued yet, in their order."""
    stands = Completion.withdrawn_at.is_(None)
    found = sa.select(Completion).where(stands, ~sa.exists().where(Certificate.completion_id == Completion.id))
    return db.session.scalars(found.order_by(Completion.completed_at)).all()


def conditions(wanted: Filter) -> tuple[sa.ColumnElement[bool], ...]:
    """What holds of the certificates that a filter finds."""
    serving = sa.select(Assignment.person_id).where(
        Assignment.during(wanted.start, wanted.end),
        Assignment.unit_id.in_(network.subtree_during(wanted.unit_id, wanted.start, wanted.end)),
    )
    return (
        Certificate.issued_on >= wanted.start,
        Certificate.issued_on < wanted.end,
        Certificate.person_id.in_(serving),
    )


@reach("certificate_id")
def within_reach(permission: Permission, certificate_id: int) -> bool:
    """One's own, or of a person within the reach of the permission."""
    holder = db.session.scalar(sa.select(Certificate.person_id).where(Certificate.id == certificate_id))
    if holder is None:
        return False
    if permission is Permission.OWN:
        return bool(holder == current_user.person_id)
    return bool(current_user.reaches_person(permission, holder))
