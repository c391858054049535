"""Undoing an import: all of it, or, when something has come to rest on it, nothing."""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from lms import audit, clock
from lms.db import Base, db, hold
from lms.language import gettext
from lms.network import actions, journal, sheets
from lms.network.known import fetch
from lms.network.models import ImportBatch, ImportChange, Person


class UndoRefused(Exception):
    """The import cannot be undone; `key` is the message that says why, `table` what stands in the way."""

    def __init__(self, key: str, table: str = "") -> None:
        super().__init__(key, table)
        self.key, self.table = key, table

    def words(self) -> str:
        return gettext(self.key, what=gettext(f"import.table.{self.table}"))


def undo(batch: ImportBatch) -> set[int]:
    """Take back everything that a batch wrote; the ids of the people concerned who remain. Raises `UndoRefused`."""
    if batch.state != "applied":
        raise UndoRefused("import.undo-not-applied")
    hold(actions.TREE)
    if why := sheets.blocked():
        raise UndoRefused(why)
    db.session.flush()
    tables = journal.tables()
    for table in tables:
        _refuse_if_changed(table, batch)
        _refuse_if_rested_on(table, batch)
    people = journal.people_of(batch)
    _forget_derived(tables, batch)
    for table in reversed(tables):
        journal.delete(table, batch)
        journal.restore(table, batch)
    actions.rebuild_tree()
    batch.state, batch.undone_at = "undone", clock.now()
    audit.record("network.undo-import", batch)
    db.session.flush()
    return {person["id"] for person in fetch(Person, Person.id, people)}


def _refuse_if_changed(table: sa.Table, batch: ImportBatch) -> None:
    """Rows that the batch wrote must be as it left them."""
    inserted = journal.inserted_ids(table, batch)
    later = (
        sa.exists()
        .where(ImportChange.table == table.name, ImportChange.row_id.in_(inserted))
        .where(ImportChange.batch_id == ImportBatch.id, ImportBatch.state == "applied")
    )
    if journal.differs(table, batch) or db.session.scalar(sa.select(later)):
        raise UndoRefused("import.undo-changed-since", table=table.name)


def _refuse_if_rested_on(table: sa.Table, batch: ImportBatch) -> None:
    """No row that the batch did not write may refer to one that it inserted."""
    inserted = journal.inserted_ids(table, batch)
    for column in _references(table):
        if column.table.name in sheets.DERIVED:
            continue
        resting = sa.select(column).where(column.in_(inserted))
        if "batch_id" in column.table.c:
            resting = resting.where(~journal.written_by(column.table, batch))
        if db.session.scalar(resting.limit(1)) is not None:
            raise UndoRefused("import.undo-rested-on", table=column.table.name)


def _forget_derived(tables: Iterable[sa.Table], batch: ImportBatch) -> None:
    """What is derived from rows of the batch goes: first what was derived last."""
    for name, forget in reversed(sheets.DERIVED.items()):
        for table in tables:
            for column in _references(table):
                if column.table.name == name:
                    forget(column.in_(journal.inserted_ids(table, batch)))


def _references(table: sa.Table) -> Iterator[sa.Column[Any]]:
    """The columns of any table that refer to this one."""
    for other in Base.metadata.tables.values():
        yield from (column for column in other.c if column.references(table.c.id))
