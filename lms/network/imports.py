"""Imports: batches of files, planned (`plan`), applied in one transaction (`apply`), and undone (`undo`).

A batch's `state` goes checking → checked → applying → applied → undone, or from checked to discarded. What an import
changed is journaled row by row.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lms import audit, clock, files, jobs, workbooks
from lms.db import db, hold, reading
from lms.jobs import Job, Progress
from lms.language import gettext
from lms.network import actions, journal, sheets
from lms.network.known import Reach
from lms.network.models import ImportBatch, UnitAncestor
from lms.network.planning import plan, uncollected
from lms.network.plans import BadRows, Plan
from lms.network.undoing import UndoRefused, undo

__all__ = ["UndoRefused", "apply", "plan", "undo"]

UNIT_TABLES = ("unit", "unit_version", "succession")


class Blocked(Exception):
    """The map may not change now; `key` is the message that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        return gettext(self.key)


def store(contents: Mapping[str, bytes], *, scope: Reach = None, account_id: int | None = None) -> ImportBatch:
    """A new batch of files, to be checked; `scope` holds the units whose subtrees it may touch, None for all."""
    batch = ImportBatch(
        scope=None if scope is None else sorted(scope),
        account_id=account_id,
        created_at=clock.now(),
        state="checking",
        files={name: files.put(content) for name, content in contents.items()},
        report={},
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def load(batch: ImportBatch) -> dict[str, bytes]:
    """The files of a batch."""
    return {name: files.read(digest) for name, digest in batch.files.items()}


def reach_of(scope: Collection[int] | None) -> Reach:
    """The units that are, or were to their end, at or below those of a scope; None for all."""
    if scope is None:
        return None
    above, itself = aliased(UnitAncestor), aliased(UnitAncestor)
    within = (
        sa.select(above.unit_id)
        .join(itself, sa.and_(itself.unit_id == above.unit_id, itself.depth == 0))
        .where(above.ancestor_id.in_(scope))
        .group_by(above.unit_id)
        .having(sa.func.max(above.to_on) == sa.func.max(itself.to_on))
    )
    return frozenset(db.session.scalars(within))


@jobs.task("network.import-check")
def check(*, progress: Progress, batch_id: int) -> dict[str, Any]:
    """Plan a batch and keep the report for its page."""
    with reading():
        batch = db.session.get_one(ImportBatch, batch_id)
        found = plan(load(batch), reach=reach_of(batch.scope), sender=batch.account_id, progress=progress)
    _keep_report(db.session.get_one(ImportBatch, batch_id), found)
    return {}


@jobs.task("network.import-apply")
def carry_out(*, progress: Progress, batch_id: int, skip_bad_rows: bool) -> dict[str, Any]:
    """Apply a batch as it is now. Plans anew under the write lock, since others may have written after the check."""
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.state != "applying":
        return {}
    found = plan(load(batch), reach=reach_of(batch.scope), sender=batch.account_id)
    if not found.is_clean and not (skip_bad_rows and found.is_readable):
        _keep_report(batch, found)
        return {}
    try:
        recompute(apply(found, batch=batch))
    except Blocked as blocked:
        _keep_report(batch, found)
        batch.report = batch.report | {"blocked": blocked.key}
    return {}


@uncollected()
def apply(found: Plan, *, batch: ImportBatch) -> set[int]:
    """Write a plan's good rows as a batch; the ids of the people about whom facts changed. Does not commit.

    Raises `Blocked` when it would change the map while that must stay as it is.
    """
    changes_map = any(found.inserts.get(name) or found.updates.get(name) for name in UNIT_TABLES)
    hold(actions.TREE, shared=not changes_map)
    if changes_map and (why := sheets.blocked()):
        raise Blocked(why)
    db.session.flush()
    numbers: journal.Numbers = {}
    for table in journal.tables():
        journal.update(table, found.updates.get(table.name, ()), numbers, batch)
        journal.insert(table, found.inserts.get(table.name, ()), numbers, batch)
    if changes_map:
        actions.rebuild_tree()
    _keep_report(batch, found)
    batch.state, batch.applied_at = "applied", clock.now()
    audit.record("network.import", batch, counts=batch.report["counts"], files=batch.files)
    db.session.flush()
    return journal.people_of(batch)


def recompute(person_ids: set[int]) -> None:
    """Bring everything that is derived from facts about these people up to date."""
    for act in sheets.AFTERWARDS:
        act(person_ids)


def bad_rows(rows: BadRows) -> bytes:
    """The rows of a file that were not taken, as CSV to be mended and sent again, each with the reasons."""
    width = len(rows.header)
    header = [*(title.lstrip("=+-@") for title in rows.header), gettext("import.reason-column")]
    padded = ([*fact.cells[:width], *[""] * (width - len(fact.cells)), "; ".join(fact.reasons)] for fact in rows.facts)
    return "".join(workbooks.csv_lines(header, padded)).encode()


def bad_rows_name(file: str) -> str:
    """`people.bad.csv` for people.xlsx."""
    return f"{Path(file).stem}.bad.csv"


def job_of(batch: ImportBatch) -> Job | None:
    """The latest long work on a batch."""
    return jobs.latest(f"import:{batch.id}:")


def enqueue(batch: ImportBatch, task: str, *, account_id: int | None, actor: str, **arguments: Any) -> None:
    """Queue the next long work on a batch: once, however often the button was pressed."""
    last = job_of(batch)
    key = f"import:{batch.id}:{last.id if last else 0}"
    jobs.enqueue(task, key=key, account_id=account_id, actor=actor, batch_id=batch.id, **arguments)


def _keep_report(batch: ImportBatch, found: Plan) -> None:
    written = {name: files.put(bad_rows(rows)) for name, rows in found.bad_rows.items() if rows.facts}
    batch.state, batch.report = "checked", found.report() | {"bad_rows": written}
