"""Exports that somebody asked for, and what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Export(Base):
    """A file that was asked for: by whom, of which unit, and `wanted`, which its maker understands.

    `question` names what is asked, `turn` counts how often the account has asked it. `total` lines or papers were found. The file
    is there from `made_at` until `expires_at`, or until `discarded_at`; `trouble` says why it could not be made.
    """

    __tablename__ = "export"
    __table_args__ = (UniqueConstraint("account_id", "question", "turn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    question: Mapped[str]
    turn: Mapped[int]
    form: Mapped[str]
    wanted: Mapped[dict[str, Any]]
    name: Mapped[str]
    language: Mapped[str]
    total: Mapped[int]
    asked_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    trouble: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None]
    made_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
