"""Attempts at quizzes. Answers are stored as given; the score is computed from them and the version's questions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Account
from lms.db import Base
from lms.network.models import Person

OPEN = text("submitted_at IS NULL")
TO_BE_MARKED = text("marks_wanted IS NOT NULL AND points IS NULL")


class Attempt(Base):
    """One attempt. The draw is a function of `seed` and the version; numbers per person and course are 1, 2, 3 …

    Handed in, `is_passed` is None while people mark essays and files; `points` are those that are certain by then.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "number"),
        Index("ix_attempt_open", "person_id", "course_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_attempt_deadline", "deadline_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    number: Mapped[int]
    seed: Mapped[str]
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    points: Mapped[float | None]
    points_of: Mapped[float | None]
    is_passed: Mapped[bool | None]

    @property
    def is_waiting(self) -> bool:
        """Handed in, and not yet marked by people."""
        return self.submitted_at is not None and self.is_passed is None


class Answer(Base):
    """The latest answer to one question of an attempt, in the form described by `quizzes.responses`.

    `revision` counts its changes: whoever saves names the one that they saw. `is_kept`: it was fully right in the attempt
    before, and is not asked again. `marks_wanted` people have to mark it; `points` are what they gave in the end, and
    `remarks` what they said: `criteria`, for each its points and comments, and `comments` on the whole.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question"),
        Index("ix_answer_to_be_marked", "id", sqlite_where=TO_BE_MARKED, postgresql_where=TO_BE_MARKED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question: Mapped[str]
    response: Mapped[list[Any]]
    saved_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
    is_kept: Mapped[bool] = mapped_column(default=False)
    marks_wanted: Mapped[int | None]
    points: Mapped[float | None]
    remarks: Mapped[dict[str, Any] | None]


class Override(Base):
    """What a trainer grants to one person in one course, with a reason, until a day: see `rules.Allowance`."""

    __tablename__ = "attempt_override"
    __table_args__ = (Index("ix_attempt_override_person", "person_id", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    extra_percent: Mapped[int]
    extra_minutes: Mapped[int]
    extra_attempts: Mapped[int]
    ends_cool_down: Mapped[bool]
    reason: Mapped[str]
    to_on: Mapped[date]
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()
    granted_by: Mapped[Account] = relationship()


class Correction(Base):
    """A question of published versions is marked otherwise, from `holds_from` on; until then it is only tried out.

    `kind` and `key` as in `quizzes.corrections`. `state`, `stamp` and `totals` belong to `lms.regrading`, which shows whom it
    concerns and rescores what was handed in before.
    """

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    question: Mapped[str]
    kind: Mapped[str]
    key: Mapped[dict[str, Any]]
    reason: Mapped[str]
    state: Mapped[str]
    stamp: Mapped[str] = mapped_column(default="")
    totals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    holds_from: Mapped[datetime | None]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    applied_at: Mapped[datetime | None]


class CorrectedVersion(Base):
    """A version of a course that a correction is about."""

    __tablename__ = "corrected_version"

    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True, index=True)
