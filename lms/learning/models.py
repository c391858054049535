"""Learning: who takes which version, how far they are, and what they have completed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base

STANDS = text("withdrawn_at IS NULL")


class Enrolment(Base):
    """A person takes a version of a course; `place` is where they last were: lesson slug, `#` and block number."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("person_id", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    started_at: Mapped[datetime]
    place: Mapped[str | None]


class VersionMove(Base):
    """Learners under way change to a version; those who sit in an attempt follow when it ends (`ended_at`: nobody is left)."""

    __tablename__ = "version_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    moved: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]


class LessonDone(Base):
    """A lesson that a person has finished."""

    __tablename__ = "lesson_done"
    __table_args__ = (UniqueConstraint("enrolment_id", "lesson"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    lesson: Mapped[str]
    done_at: Mapped[datetime]


class Completion(Base):
    """All lessons finished and the quiz passed: written once. After a decision it may be withdrawn; then it counts no more,
    and the course can be completed anew."""

    __tablename__ = "completion"
    __table_args__ = (
        Index(
            "uq_completion_standing",
            "person_id",
            "course_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    completed_at: Mapped[datetime]
    completed_on: Mapped[date]
    withdrawn_at: Mapped[datetime | None]
