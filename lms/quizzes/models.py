"""Attempts at quizzes. Answers are stored as given; the score is computed from them and the version's questions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Attempt(Base):
    """One attempt. The draw is a function of `seed` and the version; numbers per person and course are 1, 2, 3 …"""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "number"),
        Index(
            "ix_attempt_open",
            "person_id",
            "course_id",
            unique=True,
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
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


class Answer(Base):
    """The latest answer to one question of an attempt, in the form described by `quizzes.rules`."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("attempt_id", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question: Mapped[str]
    response: Mapped[list[Any]]
    saved_at: Mapped[datetime]
