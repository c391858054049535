"""The rows of a batch: written with their batch's number, changed with a note of what was there before.

Works on any table that has a `batch_id`; nothing here knows what the rows mean.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from lms import history
from lms.db import Base, db, insert_many, is_among
from lms.network.known import Record
from lms.network.models import Assignment, ImportBatch, ImportChange, Person, UnitAncestor, UnitVersion
from lms.network.plans import Update

Numbers = dict[int, int]


def tables() -> list[sa.Table]:
    """The tables that an import may write, those first to which others refer."""
    return [t for t in Base.metadata.sorted_tables if "batch_id" in t.c and t is not ImportChange.__table__]


def insert(table: sa.Table, records: Iterable[Record], numbers: Numbers, batch: ImportBatch) -> None:
    """Write new rows under real ids, noted in `numbers`, which holds the real id for every id of the plan."""
    records = list(records)
    if not records:
        return
    numbers.update(zip((record["id"] for record in records), _reserve(table, len(records)), strict=True))
    links = _links(table)
    rows = [_numbered(record, links, numbers) | {"batch_id": batch.id} for record in records]
    insert_many(table, rows)


def update(table: sa.Table, updates: Iterable[Update], numbers: Numbers, batch: ImportBatch) -> None:
    """Write other values over rows, and what was there before into the journal."""
    links = _links(table)
    numbered = [each._replace(after=_numbered(each.after, links, numbers)) for each in updates]
    if not numbered:
        return
    _keep(table, [each.row_id for each in numbered])
    _overwrite(table, [(each.row_id, each.after) for each in numbered])
    place = {"batch_id": batch.id, "table": table.name}
    notes = [
        {"row_id": row_id, "before": history.plain(old), "after": history.plain(new)} for row_id, old, new in numbered
    ]
    db.session.execute(sa.insert(ImportChange), [place | note for note in notes])


def delete(table: sa.Table, batch: ImportBatch) -> None:
    """Take away what a batch inserted."""
    if history.is_kept(table):
        history.keep(table, table.c.batch_id == batch.id)
    db.session.execute(sa.delete(table).where(table.c.batch_id == batch.id))


def restore(table: sa.Table, batch: ImportBatch) -> None:
    """Write back what a batch changed."""
    changes = [(change.row_id, history.typed(table, change.before)) for change in _changes(table, batch)]
    _keep(table, [row_id for row_id, _ in changes])
    _overwrite(table, changes)


def differs(table: sa.Table, batch: ImportBatch) -> bool:
    """Whether some row that a batch changed holds other values by now, or is gone."""
    after = {change.row_id: change.after for change in _changes(table, batch)}
    found = db.session.execute(sa.select(table).where(table.c.id.in_(_changed_ids(table, batch)))).mappings()
    present = {row["id"]: history.plain({name: row[name] for name in after[row["id"]]}) for row in found}
    return present != after


def inserted_ids(table: sa.Table, batch: ImportBatch) -> sa.Select[Any]:
    """A subquery of the rows that a batch inserted."""
    return sa.select(table.c.id).where(table.c.batch_id == batch.id)


def written_by(table: sa.Table, batch: ImportBatch) -> sa.ColumnElement[bool]:
    """The condition that a batch inserted or changed a row."""
    inserted = sa.and_(table.c.batch_id.is_not(None), table.c.batch_id == batch.id)
    return sa.or_(inserted, table.c.id.in_(_changed_ids(table, batch)))


def people_of(batch: ImportBatch) -> set[int]:
    """The people about whom a batch says something, also by changing the units that they serve in."""
    served = sa.select(Assignment.person_id).join(UnitAncestor, UnitAncestor.unit_id == Assignment.unit_id)
    people: set[int] = set()
    for table in tables():
        touched = written_by(table, batch)
        if table is Person.__table__:
            people.update(db.session.scalars(sa.select(table.c.id).where(touched)))
        elif "person_id" in table.c:
            people.update(db.session.scalars(sa.select(table.c.person_id).where(touched)))
        elif table is UnitVersion.__table__:
            units = sa.select(table.c.unit_id).where(touched)
            people.update(db.session.scalars(served.where(UnitAncestor.ancestor_id.in_(units))))
    return people


def _keep(table: sa.Table, row_ids: list[int]) -> None:
    if history.is_kept(table):
        history.keep(table, is_among(table.c.id, row_ids))


def _changes(table: sa.Table, batch: ImportBatch) -> Iterator[sa.Row[Any]]:
    columns = sa.select(ImportChange.row_id, ImportChange.before, ImportChange.after)
    yield from db.session.execute(columns.where(ImportChange.batch_id == batch.id, ImportChange.table == table.name))


def _changed_ids(table: sa.Table, batch: ImportBatch) -> sa.Select[Any]:
    return sa.select(ImportChange.row_id).where(ImportChange.batch_id == batch.id, ImportChange.table == table.name)


def _overwrite(table: sa.Table, rows: list[tuple[int, Record]]) -> None:
    """Write values over rows. Unique ones are cleared first, so that two people can exchange their phone numbers."""
    by_id = sa.update(table).where(table.c.id == sa.bindparam("row_id"))
    for column in (column for column in table.c if column.unique and column.nullable):
        if taken := [{"row_id": row_id} for row_id, values in rows if column.name in values]:
            db.session.execute(by_id.values({column.name: None}), taken)
    alike: dict[tuple[str, ...], list[Record]] = {}
    for row_id, values in rows:
        alike.setdefault(tuple(sorted(values)), []).append(values | {"row_id": row_id})
    for columns, records in alike.items():
        db.session.execute(by_id.values({name: sa.bindparam(name) for name in columns}), records)


def _links(table: sa.Table) -> list[str]:
    return [column.name for column in table.c if column.primary_key or column.foreign_keys]


def _numbered(record: Record, links: Iterable[str], numbers: Mapping[int, int]) -> Record:
    return record | {name: numbers.get(record[name], record[name]) for name in links if name in record}


def _reserve(table: sa.Table, number: int) -> Iterable[int]:
    """Ids for new rows. On SQLite the transaction holds the only write lock, so the next free ones are ours."""
    if db.session.get_bind().dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        drawn = sa.select(sa.func.nextval(sequence)).select_from(sa.func.generate_series(1, number))
        return db.session.scalars(drawn).all()
    last = db.session.scalar(sa.select(sa.func.max(table.c.id))) or 0
    return range(last + 1, last + 1 + number)
