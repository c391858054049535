"""The network: units through time, people, and the posts that they hold there.

Nothing here is keyed by an official code or a name, because both get corrected; every fact carries its days.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms import text
from lms.db import Base, Dated


class Level(StrEnum):
    """The five historic levels; `district` ended on 30/06/2025."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    VILLAGE_TEAM = "village-team"


class Employment(StrEnum):
    CADRE = "cadre"
    CIVIL_SERVANT = "civil-servant"
    PUBLIC_EMPLOYEE = "public-employee"
    NON_SPECIALISED = "non-specialised"
    VOLUNTEER = "volunteer"
    ENTERPRISE = "enterprise"
    EXPERT = "expert"


class Nature(StrEnum):
    FULL_TIME = "full-time"
    PART_TIME = "part-time"


class SuccessionType(StrEnum):
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    ABOLISH = "abolish"
    TRANSFER = "transfer"


class AbsenceType(StrEnum):
    MATERNITY = "maternity"
    SICKNESS = "sickness"
    UNPAID = "unpaid"
    SECONDMENT = "secondment"
    STUDY = "study"
    MILITARY = "military"


class Unit(Base):
    """A unit's identity; what it is called and where it stands are its versions."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    versions: Mapped[list["UnitVersion"]] = relationship(
        back_populates="unit", foreign_keys="UnitVersion.unit_id", order_by="UnitVersion.from_on"
    )


class UnitVersion(Dated, Base):
    """What a unit is on the days `[from_on, to_on)`."""

    __tablename__ = "unit_version"
    __table_args__ = (UniqueConstraint("unit_id", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    level: Mapped[str]
    fold: Mapped[str] = mapped_column(index=True)
    sort_key: Mapped[str]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    unit: Mapped[Unit] = relationship(back_populates="versions", foreign_keys=[unit_id])


class UnitCode(Dated, Base):
    """A code of a unit in a scheme: codes get corrected and reused, so they are dated and never keys."""

    __tablename__ = "unit_code"
    __table_args__ = (UniqueConstraint("scheme", "value", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    scheme: Mapped[str]
    value: Mapped[str]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)


class UnitAncestor(Dated, Base):
    """Derived: who stands above whom on which days, oneself included (depth 0). Rebuilt by `network.actions.rebuild_tree`."""

    __tablename__ = "unit_ancestor"
    __table_args__ = (Index("ix_unit_ancestor_down", "ancestor_id", "from_on", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    ancestor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    depth: Mapped[int]


class UnitHeir(Base):
    """Derived: the unit that carries a unit on the map of the day `drawn_on`; itself while it exists."""

    __tablename__ = "unit_heir"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    heir_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    drawn_on: Mapped[date]


class Succession(Base):
    """An act that turned one unit into another on a day."""

    __tablename__ = "succession"
    __table_args__ = (UniqueConstraint("from_unit_id", "to_unit_id", "on", "type"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    to_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    type: Mapped[str]
    on: Mapped[date]
    legal_basis: Mapped[str]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)


class Person(Base):
    """A person of the network. `code` is the staff code of the organisation's own lists, `person_id` in files."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    fold: Mapped[str] = mapped_column(index=True)
    sort_key: Mapped[str] = mapped_column(index=True)
    employment: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    phone: Mapped[str | None] = mapped_column(unique=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)

    @property
    def given_name(self) -> str:
        return text.given_name(self.full_name)


class NetworkRole(Base):
    """A role in the network: a table, because policies name roles that nobody foresaw. Words: message `role.<code>`."""

    __tablename__ = "network_role"

    code: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int]


class Post(Dated, Base):
    """A job position (`kind` position) or title standard (`kind` title) in an organisation's own catalogue, by version."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("unit_id", "kind", "code", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str]
    code: Mapped[str]
    title: Mapped[str]
    reference: Mapped[str | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)


class Assignment(Dated, Base):
    """A person serves in a unit, in a role of the network, on the days `[from_on, to_on)`."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("person_id", "unit_id", "role", "from_on"),
        Index("ix_assignment_unit_days", "unit_id", "from_on", "to_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(ForeignKey("network_role.code"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    title_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    nature: Mapped[str]
    is_primary: Mapped[bool] = mapped_column(default=False)
    decision: Mapped[str | None]
    recorded_at: Mapped[datetime]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    person: Mapped[Person] = relationship()


class Absence(Dated, Base):
    """A person is away on the days `[from_on, to_on)`; `suspends` when its days do not count as service."""

    __tablename__ = "absence"
    __table_args__ = (UniqueConstraint("person_id", "type", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    type: Mapped[str]
    suspends: Mapped[bool] = mapped_column(default=True)
    recorded_at: Mapped[datetime]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)


class ImportBatch(Base):
    """One import of one or more files: what was sent, what was found, what was done. `state`: see `imports`.

    `scope` holds the units, each with all below it, that the sender may write about; None for all.
    """

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[list[Any] | None]
    account_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    state: Mapped[str]
    files: Mapped[dict[str, Any]]
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportChange(Base):
    """What a row was before a batch changed it, so that the batch can be undone."""

    __tablename__ = "import_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    table: Mapped[str]
    row_id: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class ReorganisationAct(Base):
    """An act that merges, splits, renames, transfers or abolishes units from the day `on`.

    `state` goes draft → applying → applied → undone. `lines` and `decisions` are as `reorganisation_files` reads them;
    `scope` is as in `ImportBatch`. The batch that carried it out has its rows; the column is not named `batch_id`,
    because an act is no row of the import, and is not taken back with it.
    """

    __tablename__ = "reorganisation_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    legal_basis: Mapped[str]
    on: Mapped[date]
    state: Mapped[str] = mapped_column(default="draft")
    lines: Mapped[list[Any]] = mapped_column(default=list)
    decisions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    scope: Mapped[list[Any] | None]
    import_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    batch: Mapped[ImportBatch | None] = relationship()

    @property
    def stage(self) -> str:
        """The state; an act whose import was undone elsewhere is undone."""
        return "undone" if self.batch is not None and self.batch.state == "undone" else self.state
