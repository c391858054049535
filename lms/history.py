"""Facts about people as they were known: what a row said before it was changed or taken away.

Together with each fact's `recorded_at` this answers «what did the system know at that instant?». Whoever overwrites or
deletes a row of a table with a person and a `recorded_at` calls `keep` first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.db import Base, db, is_among


class Superseded(Base):
    """A row as it was known until an instant. Of several of one row, each holds from the one before it."""

    __tablename__ = "superseded"
    __table_args__ = (Index("ix_superseded_person", "table", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    table: Mapped[str]
    row_id: Mapped[int]
    person_id: Mapped[int]
    content: Mapped[dict[str, Any]]
    known_to: Mapped[datetime]


def is_kept(table: sa.Table) -> bool:
    """Whether the rows of a table are facts about people."""
    return {"person_id", "recorded_at"} <= set(table.c.keys())


def keep(facts: sa.FromClause, which: sa.ColumnElement[bool]) -> None:
    """Note what rows say now, because they are about to change or to go."""
    db.session.flush()
    table, now = cast(sa.Table, facts), clock.now()
    found = [
        {
            "table": table.name,
            "row_id": row["id"],
            "person_id": row["person_id"],
            "content": plain(row),
            "known_to": now,
        }
        for row in db.session.execute(sa.select(table).where(which)).mappings()
    ]
    if found:
        db.session.execute(sa.insert(Superseded), found)


def plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row as JSON can hold it: days and instants as ISO text."""
    return {str(name): value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def typed(table: sa.Table, content: Mapping[str, Any]) -> dict[str, Any]:
    """A row from `plain`."""
    return {name: _typed(table.c[name].type, value) for name, value in content.items() if name in table.c}


def changed(tables: Iterable[str], person_ids: Iterable[int], at: datetime) -> dict[str, set[int]]:
    """By table, those of some people of whom a row was changed or taken away after an instant."""
    later = sa.select(Superseded.table, Superseded.person_id).where(
        Superseded.table.in_(tables), is_among(Superseded.person_id, person_ids), Superseded.known_to > at
    )
    found: dict[str, set[int]] = defaultdict(set)
    for name, person_id in db.session.execute(later):
        found[name].add(person_id)
    return found


def people_changed(after: datetime, table: str | None = None) -> sa.Select[int]:
    """A subquery of the people of whom a row (of one table, where it is told) was changed or taken away after an instant."""
    found = sa.select(Superseded.person_id).where(Superseded.known_to > after)
    return found.where(Superseded.table == table) if table else found


def known(facts: sa.FromClause, person_ids: Iterable[int], at: datetime) -> list[dict[str, Any]]:
    """The rows about these people as they were known at an instant."""
    table, people = cast(sa.Table, facts), list(person_ids)
    later = (
        sa.select(Superseded.row_id, Superseded.content)
        .where(Superseded.table == table.name, Superseded.person_id.in_(people), Superseded.known_to > at)
        .order_by(Superseded.known_to.desc(), Superseded.id.desc())
    )
    before = {row_id: typed(table, content) for row_id, content in db.session.execute(later)}
    present = db.session.execute(sa.select(table).where(table.c.person_id.in_(people))).mappings()
    rows = [dict(row) for row in present if row["id"] not in before] + list(before.values())
    return sorted((row for row in rows if row["recorded_at"] <= at), key=lambda row: row["id"])


def _typed(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    is_instant = isinstance(kind, sa.DateTime) or isinstance(getattr(kind, "impl", None), sa.DateTime)
    return datetime.fromisoformat(value) if is_instant else value
