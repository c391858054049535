"""Frames and pathways by version, and the competencies that a reviewer found in learning elsewhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class CompetencyFrame(Base):
    """A version of a frame, as `frame.Frame.as_data` says it. Never changed: what says something else is the next version."""

    __tablename__ = "competency_frame"
    __table_args__ = (UniqueConstraint("code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    number: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[dict[str, Any]]
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class LearningPathway(Base):
    """A version of a pathway, as `pathway.Pathway.as_data` says it. Never changed, as with frames."""

    __tablename__ = "learning_pathway"
    __table_args__ = (UniqueConstraint("code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    number: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[dict[str, Any]]
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ClaimCompetency(Base):
    """A component of a frame that an accepted claim proves, at a level, as a reviewer saw it."""

    __tablename__ = "claim_competency"
    __table_args__ = (UniqueConstraint("claim_id", "frame", "component"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    frame: Mapped[str]
    component: Mapped[str]
    level: Mapped[int]
    named_at: Mapped[datetime]
    named_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
