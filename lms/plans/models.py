"""Training plans by unit, year and revision, and their items."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Account
from lms.db import Base, Dated
from lms.plans.rules import CLASS_SIZE, PlanState


class TrainingPlan(Base):
    """A revision of a unit's plan for a year. Once approved it never changes: the next revision replaces it.

    `policy` is the goal whose gaps the plan closes and whose people it counts; `class_size` the people of one class.
    """

    __tablename__ = "training_plan"
    __table_args__ = (UniqueConstraint("unit_id", "year", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    year: Mapped[int]
    revision: Mapped[int]
    state: Mapped[str] = mapped_column(default=PlanState.DRAFT.value)
    policy: Mapped[str]
    class_size: Mapped[int] = mapped_column(default=CLASS_SIZE)
    legal_basis: Mapped[str] = mapped_column(default="")
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    drafted_at: Mapped[datetime]
    decision_number: Mapped[str | None]
    approved_on: Mapped[date | None]
    signatory_name: Mapped[str | None]
    signatory_title: Mapped[str | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])
    items: Mapped[list["PlanItem"]] = relationship(order_by="PlanItem.position", cascade="all, delete-orphan")

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT


class PlanItem(Dated, Base):
    """One line of a plan, held on the days `[from_on, to_on)`.

    `competency` is what people lack without it: `periods`, a category, or `module:slug`; `roles` whom it is for (empty:
    everybody) in `unit_id` and below (None: the plan's unit). `budget` in đồng. `key` is the form's, kept by copies.
    """

    __tablename__ = "plan_item"
    __table_args__ = (UniqueConstraint("plan_id", "key"), UniqueConstraint("plan_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plan.id"))
    key: Mapped[str]
    position: Mapped[int]
    title: Mapped[str]
    competency: Mapped[str]
    roles: Mapped[list[Any]]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    delivery: Mapped[str]
    owner: Mapped[str]
    seats: Mapped[int]
    classes: Mapped[int]
    budget: Mapped[int] = mapped_column(BigInteger, default=0)
    budget_source: Mapped[str] = mapped_column(default="")
    legal_basis: Mapped[str] = mapped_column(default="")
    task_group: Mapped[int | None]


WORDING = (
    "title", "competency", "roles", "unit_id", "delivery", "owner", "from_on", "to_on", "seats", "classes", "budget",
    "budget_source", "legal_basis", "task_group",
)  # fmt: skip
"""The columns of an item that somebody writes."""
