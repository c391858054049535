"""The question bank that courses share: items by version, pools of them, and what waits to come in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Base


class BankItem(Base):
    """A question by its code, which goes with it into files. `number` is that of its newest version.

    `sharing` is private (who teaches for its unit), below (also who teaches in a unit below it) or everybody; `state`
    active or retired: what is retired is offered to nobody.
    """

    __tablename__ = "bank_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    sharing: Mapped[str]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="active")


class BankItemVersion(Base):
    """An item as it once was: `question` as data without id, topic and outcome, which are words here. Never changed.

    `fold` is all its text for search, `fingerprint` the SHA-256 of what it asks, `sha256` that of all it says.
    """

    __tablename__ = "bank_item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        Index("ix_bank_item_version_cell", "topic", "difficulty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("bank_item.id"))
    number: Mapped[int]
    question: Mapped[dict[str, Any]]
    type: Mapped[str]
    topic: Mapped[str]
    difficulty: Mapped[str]
    outcome: Mapped[str]
    author: Mapped[str]
    licence: Mapped[str]
    fold: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(index=True)
    sha256: Mapped[str]
    note: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]


class Pool(Base):
    """A list of items under a name that courses share; with a topic or difficulty also all items of that cell."""

    __tablename__ = "bank_pool"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    sort_key: Mapped[str]
    sharing: Mapped[str]
    topic: Mapped[str]
    difficulty: Mapped[str]
    made_at: Mapped[datetime]
    entries: Mapped[list["PoolEntry"]] = relationship(cascade="all, delete-orphan")


class PoolEntry(Base):
    """An item of a pool's list."""

    __tablename__ = "bank_pool_entry"

    pool_id: Mapped[int] = mapped_column(ForeignKey("bank_pool.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("bank_item.id"), primary_key=True, index=True)


class Arrival(Base):
    """Questions on their way into the bank, from a file or a course, until somebody says what becomes of each.

    `questions` as data, `matches` what the bank has of each (see `rules.Match`), `remarks` [place, message key, values].
    `state` is open, done or discarded.
    """

    __tablename__ = "bank_arrival"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str]
    sharing: Mapped[str]
    questions: Mapped[list[Any]]
    matches: Mapped[list[Any]]
    remarks: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(default="open")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
