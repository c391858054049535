"""The annual goal: policies by version, the ledger of credits, exemptions, and the disposable cache of judgements."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class PolicyVersion(Base):
    """One version of a policy as its TOML text. `state` is draft, published or superseded."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    number: Mapped[int]
    state: Mapped[str]
    source: Mapped[str]
    sha256: Mapped[str]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Credit(Base):
    """An entry of the append-only ledger. A correction is a new entry with `reverses_id`; nothing is overwritten.

    `periods` are tiết in hundredths, so that halves and quarters stay exact.
    """

    __tablename__ = "credit"
    __table_args__ = (
        UniqueConstraint("person_id", "activity", "completed_on", "source", "entry"),
        Index("ix_credit_person_day", "person_id", "completed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    activity: Mapped[str]
    category: Mapped[str]
    periods: Mapped[int]
    completed_on: Mapped[date]
    source: Mapped[str]
    equivalence: Mapped[str | None]
    module: Mapped[str | None]
    state: Mapped[str]
    entry: Mapped[int] = mapped_column(default=0)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("credit.id"), index=True)
    evidence: Mapped[dict[str, Any] | None]
    recorded_at: Mapped[datetime]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)


class Exemption(Base):
    """A person need not meet a policy's goal in a year, or one of its modules or categories (`target`)."""

    __tablename__ = "exemption"
    __table_args__ = (UniqueConstraint("person_id", "policy", "year", "scope", "target"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    policy: Mapped[str]
    year: Mapped[int]
    scope: Mapped[str]
    target: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    from_on: Mapped[date]
    revoked_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)


class Standing(Base):
    """Derived: the judgement on a person under a policy in a year, as of a day. `flask goals rebuild` recomputes it.

    `unit_id` is where the person is counted, `reference_on` the day on which they serve there; `earned` in hundredths.
    """

    __tablename__ = "standing"
    __table_args__ = (
        UniqueConstraint("person_id", "policy", "year"),
        Index("ix_standing_unit", "unit_id", "policy", "year", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    policy: Mapped[str]
    year: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    reference_on: Mapped[date]
    status: Mapped[str]
    due: Mapped[int]
    earned: Mapped[int]
    effective_days: Mapped[int]
    detail: Mapped[dict[str, Any]]
    judged_on: Mapped[date]
