"""Marks that people give to essays and files, and who is at work on which."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Mark(Base):
    """What one person gave to one answer: points and a comment for each criterion of the rubric, in its order.

    Marks are only added: who marks again before the result is out writes another entry, and the last one counts.
    """

    __tablename__ = "mark"
    __table_args__ = (UniqueConstraint("answer_id", "marker_id", "entry"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"))
    marker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    entry: Mapped[int]
    points: Mapped[list[Any]]
    comments: Mapped[list[Any]]
    comment: Mapped[str]
    total: Mapped[float]
    marked_at: Mapped[datetime]


class MarkingLease(Base):
    """Somebody marks an answer until an instant: so long nobody else is given it in their place."""

    __tablename__ = "marking_lease"
    __table_args__ = (UniqueConstraint("answer_id", "marker_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"))
    marker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    until: Mapped[datetime]
