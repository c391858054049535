"""The annual goal: policies by version, the ledger of credits, exemptions, and the disposable cache of judgements."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class PolicyVersion(Base):
    """One version of a policy as its TOML text. `state` is published, superseded or withdrawn.

    A version judges the years from `first_year` on, up to the next version's: it never changes a year closed before it.
    """

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    number: Mapped[int]
    state: Mapped[str]
    source: Mapped[str]
    sha256: Mapped[str]
    first_year: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdraw_reason: Mapped[str | None]


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
    """A person need not meet a policy's goal in a year, or one of its modules or categories (`target`).

    It counts only when its `state` (see `recognition.rules`) is approved; what is imported was approved elsewhere.
    """

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
    state: Mapped[str] = mapped_column(default="approved", server_default="approved")
    evidence: Mapped[dict[str, Any] | None]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoke_reason: Mapped[str | None]
    recorded_at: Mapped[datetime]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)


class Standing(Base):
    """Derived: the judgement on a person under a policy in a year, as of a day. `flask goals rebuild` recomputes it.

    `unit_id` is where the person is counted, `reference_on` the day on which they serve there in this role, position and
    title; `earned` in hundredths; `lacking` what is missing, as codes with spaces between. `wakes_on` is the day from
    which the judgement is no longer sure; `digest` changes with everything that the others and `detail` say.
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
    role: Mapped[str]
    employment: Mapped[str]
    position: Mapped[str]
    title: Mapped[str]
    status: Mapped[str]
    due: Mapped[int]
    earned: Mapped[int]
    effective_days: Mapped[int]
    met_on: Mapped[date | None]
    lacking: Mapped[str]
    is_active: Mapped[bool]
    detail: Mapped[dict[str, Any]]
    judged_on: Mapped[date]
    wakes_on: Mapped[date | None] = mapped_column(index=True)
    digest: Mapped[int] = mapped_column(BigInteger)


class Figure(Base):
    """Derived: how many people of a unit and all below it are so judged. `people` of alike rows add up.

    A change is written as further rows, some negative, so that nobody waits for anybody; `figures.fold` adds them up.
    `dimension` and `value` divide the people (`role`: `dedicated`); the whole has neither. `map` is `was`, the tree on the
    day of reference, or `today`, the tree of today reached through succession.
    """

    __tablename__ = "figure"
    __table_args__ = (
        Index("ix_figure_place", "unit_id", "policy", "dimension", "year"),
        Index("ix_figure_change", "unit_id", sqlite_where=text("is_change"), postgresql_where=text("is_change")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int]
    policy: Mapped[str]
    year: Mapped[int]
    map: Mapped[str]
    dimension: Mapped[str]
    value: Mapped[str]
    status: Mapped[str]
    people: Mapped[int]
    is_change: Mapped[bool] = mapped_column(default=False)


class Coverage(Base):
    """Derived: whether an organisation has a focal point (`coverage`): yes, no, or vacant since a day."""

    __tablename__ = "coverage"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    since: Mapped[date | None]


class KeptYear(Base):
    """A year for which people are judged."""

    __tablename__ = "kept_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
