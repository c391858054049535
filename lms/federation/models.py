"""Who sends closed years to this installation, with which keys, and what was taken of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Base, Dated
from lms.federation.rules import State

DEFAULT_DUE_DAYS = 31
TAKEN = text("state = 'taken'")


class FederationSetting(Base):
    """How this installation takes part: one row, made when something is first set.

    `sends_names`: its own packages carry people's names. `due_days`: packages are awaited so many days after a year's end.
    """

    __tablename__ = "federation_setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    sends_names: Mapped[bool]
    due_days: Mapped[int]


class FederationSender(Base):
    """Another installation that closes the years of a unit, from `first_year` on, up to `last_year` when that is known."""

    __tablename__ = "federation_sender"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), unique=True)
    takes_names: Mapped[bool]
    first_year: Mapped[int]
    last_year: Mapped[int | None]
    keys: Mapped[list["FederationKey"]] = relationship(order_by="FederationKey.id")


class FederationKey(Dated, Base):
    """A public key with which a sender's packages may be signed on the days `[from_on, to_on)`; base64url, 32 bytes."""

    __tablename__ = "federation_key"
    __table_args__ = (UniqueConstraint("sender_id", "public"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("federation_sender.id"))
    kid: Mapped[str]
    public: Mapped[str]
    added_at: Mapped[datetime]


class ReportedYear(Base):
    """A package that arrived and was found good. `unit_id` is the unit that it is about; `digest` what it is known by.

    `sha256` names its file; `manifest` is its head. Of a unit, goal and year one is taken, the ones before stay as they were.
    """

    __tablename__ = "reported_year"
    __table_args__ = (
        UniqueConstraint("unit_id", "digest"),
        Index(
            "uq_reported_year_taken", "unit_id", "policy", "year",
            unique=True, sqlite_where=TAKEN, postgresql_where=TAKEN,
        ),
        Index("ix_reported_year_sender", "sender_id", "policy", "year"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("federation_sender.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    policy: Mapped[str]
    year: Mapped[int]
    version: Mapped[int]
    state: Mapped[str] = mapped_column(default=State.WAITING)
    unit_code: Mapped[str]
    unit_name: Mapped[str]
    last_hash: Mapped[str]
    digest: Mapped[str]
    sha256: Mapped[str]
    kid: Mapped[str]
    with_names: Mapped[bool]
    people: Mapped[int]
    met: Mapped[int]
    not_met: Mapped[int]
    exempt: Mapped[int]
    not_applicable: Mapped[int]
    manifest: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(default="")
    sender: Mapped[FederationSender] = relationship()


class ReportedFigure(Base):
    """The figures of a unit in a year that was taken, with its code and name as they were sent."""

    __tablename__ = "reported_figure"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reported_year.id"))
    number: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    above_code: Mapped[str]
    people: Mapped[int]
    met: Mapped[int]
    not_met: Mapped[int]
    exempt: Mapped[int]
    not_applicable: Mapped[int]


class ReportedPerson(Base):
    """A person of a year that was taken with names; `earned` in hundredths. Nothing here points to a person known here."""

    __tablename__ = "reported_person"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reported_year.id"))
    number: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    unit_code: Mapped[str]
    unit_name: Mapped[str]
    status: Mapped[str]
    due: Mapped[int]
    earned: Mapped[int]
