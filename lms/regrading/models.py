"""What a correction changes, attempt by attempt, and the passes that it takes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class CorrectionEffect(Base):
    """An attempt before and after a correction: first what would be, once `applied_at` is set what was. Kept for good.

    `kind` is a `rules.Effect`: what it means for the person.
    """

    __tablename__ = "correction_effect"
    __table_args__ = (
        UniqueConstraint("correction_id", "attempt_id"),
        Index("ix_correction_effect_list", "correction_id", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    before_points: Mapped[float]
    before_of: Mapped[float]
    before_passed: Mapped[bool]
    after_points: Mapped[float]
    after_of: Mapped[float]
    after_passed: Mapped[bool]
    applied_at: Mapped[datetime | None]


class LostPass(Base):
    """A completion whose quiz is no longer passed: it stands until somebody decides (`rules.Decision`), with a reason."""

    __tablename__ = "lost_pass"
    __table_args__ = (UniqueConstraint("completion_id", "correction_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"))
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    noted_at: Mapped[datetime]
    decision: Mapped[str | None]
    reason: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
