"""Frames and pathways by version, and the competencies that a reviewer found in learning elsewhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Versioned:
    """A version of a data file. Never changed: what says something else is the next version."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    number: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[dict[str, Any]]
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class CompetencyFrame(Versioned, Base):
    """A frame, as `frame.Frame.as_data` says it."""

    __tablename__ = "competency_frame"
    __table_args__ = (UniqueConstraint("code", "number"),)


class LearningPathway(Versioned, Base):
    """A pathway, as `pathway.Pathway.as_data` says it."""

    __tablename__ = "learning_pathway"
    __table_args__ = (UniqueConstraint("code", "number"),)


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
