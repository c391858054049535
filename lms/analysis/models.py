"""What statistics read, and what was found: both derived from attempts, and made again by `flask analysis rebuild`."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class AnswerSheet(Base):
    """An attempt that was handed in, in a form that a hundred thousand of them can be counted from at once.

    `answers` has a line for each question drawn, also for one without an answer; `seconds` the time on each (see `sheets`).
    """

    __tablename__ = "answer_sheet"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    answers: Mapped[str]
    seconds: Mapped[str]


class CourseFinding(Base):
    """The advice on a course's questions as it was last found, after so many attempts: for the trainer's home."""

    __tablename__ = "course_finding"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, autoincrement=False)
    attempts: Mapped[int]
    advice: Mapped[list[Any]]
    found_at: Mapped[datetime]
