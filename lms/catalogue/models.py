"""Published courses. A version is immutable: its content is one canonical document, named by its SHA-256."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Base


class Course(Base):
    """A course by its slug. New learners get the version `current_number`; a retired course takes none.

    `unit_id` is the unit whose trainers write it; without one it belongs to everybody.
    """

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    topic: Mapped[str] = mapped_column(index=True)
    sort_key: Mapped[str]
    fold: Mapped[str]
    current_number: Mapped[int]
    is_retired: Mapped[bool] = mapped_column(default=False)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)


class CourseVersion(Base):
    """One published version: `content` is the checked package as data, `lesson_html` its rendered lessons by slug."""

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[dict[str, Any]]
    lesson_html: Mapped[dict[str, Any]]
    media: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    course: Mapped[Course] = relationship()


class SearchPage(Base):
    """What search finds of a course in its current version: the course, a lesson, a sheet of its kit, a topic of its quiz.

    `pieces` is its text, a word a line; `words` and `fold` are what is compared (`lms/catalogue/wording.py`).
    """

    __tablename__ = "search_page"
    __table_args__ = (UniqueConstraint("course_id", "kind", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    kind: Mapped[str]
    slug: Mapped[str]
    position: Mapped[int]
    title: Mapped[str]
    pieces: Mapped[str]
    words: Mapped[str]
    fold: Mapped[str]
