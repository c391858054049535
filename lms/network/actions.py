"""Writes of the network that are not imports."""

from collections.abc import Iterable, Iterator
from datetime import date

import sqlalchemy as sa

from lms.db import OPEN_END, db
from lms.network.models import UnitAncestor, UnitVersion

Span = tuple[date, date]
Parents = dict[int, list[tuple[date, date, int | None]]]


def rebuild_tree() -> int:
    """Derive `UnitAncestor` anew from the unit versions; the number of rows written."""
    versions = db.session.execute(
        sa.select(UnitVersion.unit_id, UnitVersion.from_on, UnitVersion.to_on, UnitVersion.parent_id)
    )
    parents: Parents = {}
    for unit_id, start, end, parent_id in versions:
        parents.setdefault(unit_id, []).append((start, end, parent_id))
    rows = [
        {"unit_id": unit_id, "ancestor_id": ancestor, "depth": depth, "from_on": start, "to_on": end}
        for unit_id in parents
        for ancestor, depth, start, end in _joined(_above(parents, unit_id, (date.min, OPEN_END), 0))
    ]
    db.session.execute(sa.delete(UnitAncestor))
    if rows:
        db.session.execute(sa.insert(UnitAncestor), rows)
    return len(rows)


def _above(parents: Parents, unit_id: int, span: Span, depth: int) -> Iterator[tuple[int, int, date, date]]:
    """(ancestor, depth, from, to) for every unit at or above this one within a span of days."""
    for start, end, parent_id in parents.get(unit_id, ()):
        within = max(start, span[0]), min(end, span[1])
        if within[0] < within[1]:
            yield unit_id, depth, *within
            if parent_id is not None:
                yield from _above(parents, parent_id, within, depth + 1)


def _joined(rows: Iterable[tuple[int, int, date, date]]) -> Iterator[tuple[int, int, date, date]]:
    """Rows of the same ancestor and depth that touch, as one."""
    last: tuple[int, int, date, date] | None = None
    for row in sorted(rows):
        if last and last[:2] == row[:2] and last[3] == row[2]:
            last = (*last[:3], row[3])
        else:
            if last:
                yield last
            last = row
    if last:
        yield last
