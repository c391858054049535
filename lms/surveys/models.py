"""Surveys, who has answered them, and what was answered: apart from each other, so that nothing joins the last two.

Of an anonymous survey no row says when it was written, and the rows of answers have ids drawn by chance. Until a round is
gathered the database itself still knows in which transaction a row was written: gathering writes the rows anew, together.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base
from lms.surveys.rules import FEWEST, Division, Stage, State, stage


class Survey(Base):
    """Asks the people of `unit_id` and below (None: everybody), in a `role` or in any, and of a course or of none.

    `source` is the questionnaire as text; it never changes once the survey is open. `fewest` people are the smallest group
    that results tell of. `code` names it to those who answer. It can be answered on the days `[from_on, to_on)`.
    """

    __tablename__ = "survey"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    source: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default=State.DRAFT.value, index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[str | None] = mapped_column(ForeignKey("network_role.code"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    is_after_completion: Mapped[bool] = mapped_column(default=False)
    is_named: Mapped[bool] = mapped_column(default=False)
    fewest: Mapped[int] = mapped_column(default=FEWEST)
    division: Mapped[str] = mapped_column(default=Division.NOTHING.value)
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    before_id: Mapped[int | None] = mapped_column(ForeignKey("survey.id"))
    rounds: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    def stage(self, day: date) -> Stage:
        """Where it stands on a day."""
        return stage(self.state, self.from_on, self.to_on, day)


class Turnout(Base):
    """Somebody has answered a survey; nothing says when, or what."""

    __tablename__ = "survey_turnout"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Unfinished(Base):
    """What somebody has answered so far, for them alone; deleted when they hand in, or when the survey is over."""

    __tablename__ = "survey_unfinished"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sent: Mapped[dict[str, Any]]


class Answered(Base):
    """What one person answered, by item (see `questionnaire.Item`); the person only where the survey is named.

    `group` is what the results are divided by, empty when it has too few people. `round` is None until it is gathered.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (UniqueConstraint("survey_id", "person_id"),)

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    group: Mapped[str]
    answers: Mapped[dict[str, Any]]
    round: Mapped[int | None]
