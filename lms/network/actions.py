"""Writes of the network that are not imports."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import date

import sqlalchemy as sa

from lms import clock
from lms.db import OPEN_END, db, hold, insert_many, is_among
from lms.network import queries
from lms.network.models import UnitAncestor, UnitHeir, UnitVersion

Span = tuple[date, date]
Parents = dict[int, list[tuple[date, date, int | None]]]
Line = tuple[int, int, int, date, date]

LINE = ("unit_id", "ancestor_id", "depth", "from_on", "to_on")


TREE = "tree"
"""The lock on the tree: shared by those who count people by it, held alone by those who change it, before any other lock."""

TREE_WATCHERS: list[Callable[[set[int]], AbstractContextManager[None]]] = []
"""What counts people by the tree: entered with the units whose place changes before it does, left when it has."""


def rebuild_tree() -> int:
    """Make `UnitAncestor` and `UnitHeir` say what the unit versions and successions say today; the number of rows changed."""
    hold(TREE)
    db.session.flush()
    versions = db.session.execute(
        sa.select(UnitVersion.unit_id, UnitVersion.from_on, UnitVersion.to_on, UnitVersion.parent_id)
    )
    parents: Parents = {}
    for unit_id, start, end, parent_id in versions:
        parents.setdefault(unit_id, []).append((start, end, parent_id))
    tree = {
        (unit_id, *row) for unit_id in parents for row in _joined(_above(parents, unit_id, (date.min, OPEN_END), 0))
    }
    return _draw(tree, queries.heirs(clock.today()))


def _draw(tree: set[Line], heirs: Mapping[int, int]) -> int:
    """Change the stored tree and the stored map of today where they differ."""
    columns = (
        UnitAncestor.unit_id,
        UnitAncestor.ancestor_id,
        UnitAncestor.depth,
        UnitAncestor.from_on,
        UnitAncestor.to_on,
    )
    stored: dict[Line, int] = {}
    for id_, unit_id, ancestor, depth, start, end in db.session.execute(sa.select(UnitAncestor.id, *columns)):
        stored[unit_id, ancestor, depth, start, end] = id_
    gone, new = stored.keys() - tree, tree - stored.keys()
    moved = _moved_today(tree, heirs, gone | new)
    changed = {line[0] for line in gone | new} | moved
    if not changed:
        return 0
    with ExitStack() as stack:
        for watch in TREE_WATCHERS:
            stack.enter_context(watch(changed))
        db.session.execute(sa.delete(UnitAncestor).where(is_among(UnitAncestor.id, [stored[line] for line in gone])))
        insert_many(UnitAncestor.__table__, [dict(zip(LINE, line, strict=True)) for line in sorted(new)])
        _write_heirs({unit_id: heirs[unit_id] for unit_id in moved})
    return len(gone) + len(new) + len(moved)


def _moved_today(tree: set[Line], heirs: Mapping[int, int], changed: set[Line]) -> set[int]:
    """The units whose place on the map of today is another than the one drawn last."""
    day = clock.today()
    stored = {
        u: (heir, on)
        for u, heir, on in db.session.execute(sa.select(UnitHeir.unit_id, UnitHeir.heir_id, UnitHeir.drawn_on))
    }
    touched = {line[0] for line in changed}
    days = {on for _, on in stored.values()}
    for unit_id, _, _, start, end in tree:
        if any(min(on, day) < edge <= max(on, day) for on in days for edge in (start, end)):
            touched.add(unit_id)
    return {
        unit_id
        for unit_id, heir in heirs.items()
        if unit_id not in stored or stored[unit_id][0] != heir or {unit_id, heir} & touched
    }


def _write_heirs(heirs: Mapping[int, int]) -> None:
    units, day = sorted(heirs), clock.today()
    db.session.execute(sa.delete(UnitHeir).where(is_among(UnitHeir.unit_id, units)))
    insert_many(
        UnitHeir.__table__, [{"unit_id": unit_id, "heir_id": heirs[unit_id], "drawn_on": day} for unit_id in units]
    )


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
