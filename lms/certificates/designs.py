"""The designs of an issuer: versions of what a clerk set for each kind of paper, and the one in force."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.accounts.models import Account
from lms.certificates.design import KINDS, Design, default
from lms.certificates.models import Issuer
from lms.db import Base, db
from lms.network.models import Person


class CertificateDesign(Base):
    """A version of a kind's design. A draft until it is published; then it never changes, and is in force until a later one is.

    `saves` tells writers apart who had the same draft open.
    """

    __tablename__ = "certificate_design"
    __table_args__ = (UniqueConstraint("issuer_id", "kind", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    kind: Mapped[str]
    number: Mapped[int]
    data: Mapped[dict[str, Any]]
    saves: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    @property
    def design(self) -> Design:
        return Design.from_data(self.data)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


_of_kind = sa.select(CertificateDesign).where(
    CertificateDesign.issuer_id == sa.bindparam("issuer_id"), CertificateDesign.kind == sa.bindparam("kind")
)
_latest = CertificateDesign.number.desc()
_in_force = _of_kind.where(CertificateDesign.published_at.is_not(None)).order_by(_latest).limit(1)
_draft = _of_kind.where(CertificateDesign.published_at.is_(None))


def current(issuer: Issuer, kind: str) -> Design:
    """The design in force: the latest published one, else the one that everybody has from the first day."""
    found = in_force(issuer, kind)
    return found.design if found else default(kind, issuer)


def in_force(issuer: Issuer, kind: str) -> CertificateDesign | None:
    """The latest published version."""
    return db.session.scalar(_in_force, {"issuer_id": issuer.id, "kind": kind})


def draft(issuer: Issuer, kind: str) -> CertificateDesign | None:
    """The version that is being written."""
    return db.session.scalar(_draft, {"issuer_id": issuer.id, "kind": kind})


def begun(issuer: Issuer, kind: str) -> Design:
    """What a clerk goes on with: the draft, or else the design in force."""
    written = draft(issuer, kind)
    return written.design if written else current(issuer, kind)


def history(issuer: Issuer, kind: str) -> Sequence[tuple[CertificateDesign, str | None]]:
    """The published versions, the latest first, each with the name of whoever published it."""
    found = (
        sa.select(CertificateDesign, Person.full_name)
        .outerjoin(Account, Account.id == CertificateDesign.published_by_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(CertificateDesign.issuer_id == issuer.id, CertificateDesign.kind == kind)
        .where(CertificateDesign.published_at.is_not(None))
        .order_by(_latest)
    )
    return [(row[0], row[1]) for row in db.session.execute(found)]


def overview(issuer: Issuer) -> dict[str, list[CertificateDesign]]:
    """All versions by kind, the latest first; a draft is the first of its kind."""
    found: dict[str, list[CertificateDesign]] = {kind: [] for kind in KINDS}
    versions = sa.select(CertificateDesign).where(CertificateDesign.issuer_id == issuer.id).order_by(_latest)
    for one in db.session.scalars(versions):
        found.setdefault(one.kind, []).append(one)
    return found


def version(issuer: Issuer, kind: str, number: int) -> CertificateDesign:
    """A published version. Raises NoResultFound."""
    found = _of_kind.where(CertificateDesign.number == number, CertificateDesign.published_at.is_not(None))
    return db.session.scalars(found, {"issuer_id": issuer.id, "kind": kind}).one()
