"""What an officer sets once for a unit, the report of a year while it is written, what was produced, and its delivery."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class YearEndSetting(Base):
    """How a unit's official reports begin and end. In `number_pattern` a # stands for the number.

    `ranks`, `recipients` and `legal_basis` have a line for each. `until_day` and `reported_day` are «15/12», the days of a
    year up to which is counted, and on which is reported; empty when nothing is set.
    """

    __tablename__ = "year_end_setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), unique=True)
    superior: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    number_pattern: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    ranks: Mapped[str] = mapped_column(default="")
    signatory: Mapped[str] = mapped_column(default="")
    recipients: Mapped[str] = mapped_column(default="")
    legal_basis: Mapped[str] = mapped_column(default="")
    until_day: Mapped[str] = mapped_column(default="")
    reported_day: Mapped[str] = mapped_column(default="")


class YearEndReport(Base):
    """The report of a unit on a year of a policy: what the officer writes. The numbers come when it is produced."""

    __tablename__ = "year_end_report"
    __table_args__ = (UniqueConstraint("unit_id", "policy", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    policy: Mapped[str]
    year: Mapped[int]
    dispatch_number: Mapped[str] = mapped_column(default="")
    signed_on: Mapped[date | None]
    obstacles: Mapped[str] = mapped_column(default="")
    proposals: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]


class YearEndIssue(Base):
    """A report as it was produced, for good: `files` are names of contents by their ending, `figures` the main numbers.

    `source` is where the numbers come from: `final` or `provisional` (a year book), or `live`.
    """

    __tablename__ = "year_end_issue"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("year_end_report.id"))
    number: Mapped[int]
    source: Mapped[str]
    as_of: Mapped[date]
    figures: Mapped[dict[str, Any]]
    files: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class YearEndSchedule(Base):
    """When a unit's report is produced by itself and announced to some accounts; `since` is the day of the last change."""

    __tablename__ = "year_end_schedule"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), unique=True)
    policy: Mapped[str]
    every: Mapped[str]
    account_ids: Mapped[list[Any]]
    is_paused: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]


class YearEndDelivery(Base):
    """A day on which a schedule was due, and how many messages it posted; none when nobody may read the report any more."""

    __tablename__ = "year_end_delivery"
    __table_args__ = (UniqueConstraint("schedule_id", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("year_end_schedule.id"))
    due_on: Mapped[date]
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("year_end_issue.id"))
    messages: Mapped[int]
    done_at: Mapped[datetime]
