"""Certificates: the issuer, its gapless register, and the papers as they were printed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms import clock
from lms.accounts.models import Account
from lms.certificates import rules
from lms.certificates.rules import Act, State
from lms.db import Base


class Issuer(Base):
    """Who issues: the wording of its papers is data, and so is the `pattern` of its numbers (`rules.label`).

    It issues for a unit and for all below it that have no issuer of their own; without a unit for the whole installation.
    """

    __tablename__ = "issuer"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    superior: Mapped[str]
    place: Mapped[str]
    signatory_title: Mapped[str]
    signatory_name: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), unique=True)
    pattern: Mapped[str] = mapped_column(default=rules.PATTERN)

    def example(self, year: int) -> str:
        """A number as its papers have it."""
        return rules.label(self.pattern, number=12, year=year, issuer=self.code)


class RegisterCounter(Base):
    """The last number of an issuer's year. Locked in the issuing transaction, so numbers have no gap."""

    __tablename__ = "register_counter"
    __table_args__ = (UniqueConstraint("issuer_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    year: Mapped[int]
    last_number: Mapped[int]


class Certificate(Base):
    """A paper of the register. `printed` holds the very words on it, and what it is for; its bytes never change.

    `subject` says what it is for: a completion, a person's pathway, goal or event, or, with `relation` (an act) and
    `predecessor_id`, the paper that it replaces, renews or confirms. What is replaced or renewed has a `successor_id`.
    `sha256` names its file, once it is printed; `signature` tells who signed it, when, and how (`trust.pades.Seal`).
    """

    __tablename__ = "certificate"
    __table_args__ = (UniqueConstraint("issuer_id", "year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(default=rules.Kind.COURSE)
    subject: Mapped[str] = mapped_column(unique=True)
    completion_id: Mapped[int | None] = mapped_column(ForeignKey("completion.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    year: Mapped[int]
    number: Mapped[int]
    label: Mapped[str]
    code: Mapped[str] = mapped_column(unique=True)
    issued_on: Mapped[date] = mapped_column(index=True)
    expires_on: Mapped[date | None] = mapped_column(index=True)
    printed: Mapped[dict[str, Any]]
    fold: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str | None]
    signature: Mapped[dict[str, Any] | None]
    relation: Mapped[str | None]
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    issuer: Mapped[Issuer] = relationship()
    predecessor: Mapped["Certificate | None"] = relationship(remote_side=id, foreign_keys=predecessor_id)
    successor: Mapped["Certificate | None"] = relationship(remote_side=id, foreign_keys=successor_id)

    @property
    def state(self) -> State:
        """What the paper is worth today."""
        return rules.state(
            day=clock.today(),
            expires_on=self.expires_on,
            is_superseded=self.successor_id is not None,
            is_revoked=self.revoked_at is not None,
        )

    @property
    def expires_soon(self) -> bool:
        """Whether its holder should think of a renewal."""
        return self.state is State.VALID and rules.expires_soon(day=clock.today(), expires_on=self.expires_on)

    @property
    def allowed(self) -> tuple[Act, ...]:
        """What may be done with it today."""
        return rules.allowed(self.state, self.kind, expires=self.expires_on is not None)


class CertificateAct(Base):
    """What was done with a paper, by whom, when and why; never changed. `other_id` is the paper that came of it."""

    __tablename__ = "certificate_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    act: Mapped[str]
    reason: Mapped[str]
    authority: Mapped[str]
    other_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    other: Mapped[Certificate | None] = relationship(foreign_keys=other_id)
    account: Mapped[Account | None] = relationship()
