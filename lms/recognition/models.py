"""Claims of learning elsewhere with their evidence and decisions; events and teaching duties with those who took part."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Account
from lms.db import Base
from lms.network.models import Person
from lms.recognition.rules import Stage

STANDING = text("state <> 'withdrawn'")


class Claim(Base):
    """A person says: I learned or taught this. `periods` are hundredths; `credit_id` is the entry that counts now.

    `paper_number` is what the issuer wrote on the certificate; `paper_key` finds the same paper again (`rules.paper_key`).
    """

    __tablename__ = "claim"
    __table_args__ = (
        Index(
            "uq_claim_standing",
            "person_id",
            "kind",
            "title",
            "completed_on",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_claim_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    provider: Mapped[str]
    category: Mapped[str]
    periods: Mapped[int]
    completed_on: Mapped[date]
    module: Mapped[str | None]
    paper_number: Mapped[str | None]
    paper_key: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str]
    submitted_at: Mapped[datetime]
    appeal: Mapped[str | None]
    appealed_at: Mapped[datetime | None]
    credit_id: Mapped[int | None] = mapped_column(ForeignKey("credit.id"))
    person: Mapped[Person] = relationship()
    files: Mapped[list["ClaimFile"]] = relationship(order_by="ClaimFile.number")
    decisions: Mapped[list["ClaimDecision"]] = relationship(order_by="ClaimDecision.id")

    @property
    def review(self) -> "ClaimDecision | None":
        """The first decision."""
        return next((decision for decision in self.decisions if decision.stage == Stage.REVIEW), None)

    @property
    def decision(self) -> "ClaimDecision | None":
        """The decision that holds."""
        return self.decisions[-1] if self.decisions else None

    def is_granted(self, decision: "ClaimDecision") -> bool:
        """Whether a decision gives all that was asked for."""
        given = decision.periods, decision.category, decision.module
        return given == (self.periods, self.category, self.module)


class ClaimFile(Base):
    """A file of evidence, kept under its content's name. Its own name is not kept: people put numbers of IDs there."""

    __tablename__ = "claim_file"
    __table_args__ = (UniqueConstraint("claim_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    number: Mapped[int]
    type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]


class ClaimDecision(Base):
    """What was accepted of a claim, by whom and why; `periods` 0 when nothing was. Never changed: an appeal adds one."""

    __tablename__ = "claim_decision"
    __table_args__ = (UniqueConstraint("claim_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    stage: Mapped[str]
    periods: Mapped[int]
    category: Mapped[str]
    module: Mapped[str | None]
    reason: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]
    account: Mapped[Account] = relationship()


class RecognitionRule(Base):
    """How a unit, and all below it without a rule of their own, decides on claims: whether a second person must confirm."""

    __tablename__ = "recognition_rule"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    needs_second: Mapped[bool]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Activity(Base):
    """An event or a teaching duty that a unit recorded for its people. `key` is the form's: sent twice, recorded once."""

    __tablename__ = "activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    category: Mapped[str]
    held_on: Mapped[date]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    taken_back_reason: Mapped[str | None]


class Attendance(Base):
    """A person took part in an activity, and the credit that they got for it. `periods` are hundredths."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("activity_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    periods: Mapped[int]
    credit_id: Mapped[int] = mapped_column(ForeignKey("credit.id"))
