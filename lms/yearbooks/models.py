"""Year books: what was official when a year was closed, kept as copies. Nothing here points to a person or a unit by a key.

The database itself refuses to change or to delete lines, finished versions and adjustments (migration 0011).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Base
from lms.yearbooks.rules import State, Step


class YearBook(Base):
    """The year of a policy for a unit and all below it. `state` is a `rules.State`; `adjustments` counts them.

    A reopened book says why, and by which decision; the version that closes it again takes this over.
    """

    __tablename__ = "year_book"
    __table_args__ = (UniqueConstraint("unit_id", "policy", "year"), Index("ix_year_book_goal", "policy", "year"))

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int]
    policy: Mapped[str]
    year: Mapped[int]
    state: Mapped[str] = mapped_column(default=State.OPEN)
    adjustments: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    authority: Mapped[str] = mapped_column(default="")
    authority_on: Mapped[date | None]
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[str] = mapped_column(default="")
    versions: Mapped[list["BookVersion"]] = relationship(back_populates="book", order_by="BookVersion.number")

    @property
    def latest(self) -> "BookVersion":
        """The version that was begun last."""
        return self.versions[-1]

    @property
    def done(self) -> list["BookVersion"]:
        """The finished versions, oldest first."""
        return [version for version in self.versions if version.state == Step.DONE]

    @property
    def shown(self) -> "BookVersion | None":
        """The version whose figures hold: the last final one, else the last provisional one."""
        return max(self.done, key=lambda version: (version.is_final, version.number), default=None)


class BookVersion(Base):
    """One closing. `known_at` is the instant at which it began: only what was recorded by then counts.

    While it is written, `lines` and `last_hash` say how far it is. `previous_hash`, from which its chain goes on, is the
    last hash of the version before. `seal` covers everything else that this row says. `not_met` are all who are counted
    and have not met the goal (yet).
    """

    __tablename__ = "book_version"
    __table_args__ = (UniqueConstraint("book_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("year_book.id"))
    number: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=Step.WRITING)
    as_of: Mapped[date]
    known_at: Mapped[datetime]
    unit_code: Mapped[str]
    unit_name: Mapped[str]
    policy_version_id: Mapped[int]
    policy_number: Mapped[int]
    policy_source: Mapped[str]
    policy_sha256: Mapped[str]
    started_by_id: Mapped[int | None]
    started_by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    authority: Mapped[str] = mapped_column(default="")
    authority_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    lines: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    met: Mapped[int] = mapped_column(default=0)
    not_met: Mapped[int] = mapped_column(default=0)
    exempt: Mapped[int] = mapped_column(default=0)
    not_applicable: Mapped[int] = mapped_column(default=0)
    previous_hash: Mapped[str]
    first_hash: Mapped[str] = mapped_column(default="")
    last_hash: Mapped[str]
    seal: Mapped[str] = mapped_column(default="")
    book: Mapped[YearBook] = relationship(back_populates="versions")

    @property
    def is_final(self) -> bool:
        return self.kind == "final"


class BookLine(Base):
    """A person of a version, or at its end a unit with its figures. Names and codes are those of the closing.

    Of a person, `unit_*` is where they are counted, on the day `reference_on`, and `earned` is in hundredths; of a unit it
    is the unit above. `content` is canonical JSON (`derivation`, `unit_lines`). `hash` follows from the line before.
    """

    __tablename__ = "book_line"
    __table_args__ = (
        UniqueConstraint("version_id", "number"),
        Index("ix_book_line_subject", "version_id", "kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("book_version.id"))
    number: Mapped[int]
    kind: Mapped[str]
    subject_id: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    fold: Mapped[str]
    unit_id: Mapped[int | None]
    unit_code: Mapped[str]
    unit_name: Mapped[str]
    reference_on: Mapped[date]
    status: Mapped[str]
    due: Mapped[int]
    earned: Mapped[int]
    content: Mapped[str]
    hash: Mapped[str]


class Adjustment(Base):
    """What would be said of a person by what became known after the close; the official line stays as it is.

    `number` runs 1, 2, 3 … in a book. `before_*` is the official line of the version, empty for a person who is not in
    it; `now_*` is empty for a person who is no longer counted here. `cause` is what arrived, as `adjustments.causes` found it.
    """

    __tablename__ = "book_adjustment"
    __table_args__ = (
        UniqueConstraint("book_id", "number"),
        Index("ix_book_adjustment_person", "version_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("year_book.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("book_version.id"))
    number: Mapped[int]
    person_id: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    before_status: Mapped[str | None]
    before_due: Mapped[int | None]
    before_earned: Mapped[int | None]
    now_status: Mapped[str | None]
    now_due: Mapped[int | None]
    now_earned: Mapped[int | None]
    cause: Mapped[dict[str, Any]]

    @property
    def before(self) -> tuple[Any, ...]:
        return self.before_status, self.before_due, self.before_earned

    @property
    def now(self) -> tuple[Any, ...]:
        return self.now_status, self.now_due, self.now_earned
