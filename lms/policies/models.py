"""Drafts of policies, dry runs, and what a dry run found of each person."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class PolicyDraft(Base):
    """The text of a policy's next version while it is written. `state` is open, published or discarded.

    `revision` counts what was saved, so that nobody saves over what they have not seen.
    """

    __tablename__ = "policy_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    source: Mapped[str]
    sha256: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="open")
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("policy_version.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class DryRun(Base):
    """What would follow if a draft were published, or a version taken back. `state` is a `rules.Stage`.

    `base_version_id` is the version in force that it was compared with, `source` the text that would judge after it ("" when
    none would). `stamp` changes with the tree of units. `totals` counts people, `outcome` says what came of applying it.
    """

    __tablename__ = "policy_dry_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    code: Mapped[str] = mapped_column(index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("policy_draft.id"), index=True)
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("policy_version.id"), index=True)
    source: Mapped[str]
    sha256: Mapped[str]
    first_year: Mapped[int]
    years: Mapped[list[Any]]
    on: Mapped[date]
    state: Mapped[str]
    stamp: Mapped[str] = mapped_column(default="")
    totals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("policy_version.id"))


class PolicyEffect(Base):
    """A person's year before and after; None where the policy does not concern them. `earned` in hundredths.

    `detail` holds minima, modules and the rules that ask, before and after, and the days on which rules ask differently.
    `came_otherwise`: applying the dry run gave something else, because facts had changed in between.
    """

    __tablename__ = "policy_effect"
    __table_args__ = (Index("ix_policy_effect_list", "dry_run_id", "kind", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dry_run_id: Mapped[int] = mapped_column(ForeignKey("policy_dry_run.id"))
    person_id: Mapped[int]
    year: Mapped[int]
    unit_id: Mapped[int]
    kind: Mapped[str]
    is_behind: Mapped[bool]
    has_conflict: Mapped[bool]
    before_status: Mapped[str | None]
    after_status: Mapped[str | None]
    before_due: Mapped[int | None]
    after_due: Mapped[int | None]
    before_earned: Mapped[int | None]
    after_earned: Mapped[int | None]
    detail: Mapped[dict[str, Any]]
    came_otherwise: Mapped[bool] = mapped_column(default=False)
