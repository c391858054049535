"""Drafts of courses: what is written, who reviewed it, and what of the hints is meant as it stands."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.catalogue.models import CourseVersion
from lms.db import Base


class Draft(Base):
    """The next version of a course while it is written: a package under `slug`; of a course, one at a time is open.

    `state` is draft, in-review, approved, published or discarded; `revision` the number of its newest text. An approval is
    of a revision (`approved_revision`). `obstacle` says why it could not be published on its day (a message key).
    """

    __tablename__ = "draft"
    __table_args__ = (
        Index(
            "ix_draft_open",
            "slug",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    revision: Mapped[int] = mapped_column(default=0)
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id"), index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_revision: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    publish_on: Mapped[date | None]
    publish_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    obstacle: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id"), index=True)
    based_on: Mapped[CourseVersion | None] = relationship(foreign_keys=[based_on_id])
    version: Mapped[CourseVersion | None] = relationship(foreign_keys=[version_id])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class DraftRevision(Base):
    """A draft as it once was: `files` are texts by path, `media` names in `lms.files` by path. Never changed."""

    __tablename__ = "draft_revision"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    number: Mapped[int]
    files: Mapped[dict[str, Any]]
    media: Mapped[dict[str, Any]]
    act: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]


class ReviewComment(Base):
    """What a reviewer says of a block, or an answer to it.

    `block` is the hash of the block's text, which keeps the comment with it wherever it moves; "" means the whole file.
    `quoted` is the block's text as it was then.
    """

    __tablename__ = "review_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("review_comment.id"), index=True)
    path: Mapped[str]
    block: Mapped[str]
    quoted: Mapped[str]
    text: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class DraftAnswer(Base):
    """A hint that is answered «as intended», for this and later versions of the course, while its code is the same."""

    __tablename__ = "draft_answer"
    __table_args__ = (UniqueConstraint("slug", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    code: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class AuthoringRule(Base):
    """How a unit, and all below it without a rule of their own, publishes: whether another person must approve."""

    __tablename__ = "authoring_rule"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    needs_reviewer: Mapped[bool]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
