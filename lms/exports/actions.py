"""Writes of exports: asking once, cancelling, trying again, keeping the file, letting it go."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from lms import audit, clock, jobs
from lms.db import db, insert, writing
from lms.exports import queries, rules, storage
from lms.exports.models import Export
from lms.exports.rules import Trouble


def ask(
    *, unit_id: int, form: str, wanted: Mapping[str, Any], total: int, name: str, language: str, account_id: int, actor: str
) -> Export:  # fmt: skip
    """Have an export made; who asks again while it is under way gets the same one."""
    question = _question(unit_id, form, wanted)
    before = queries.latest(account_id, question)
    if before and before.stage in rules.UNDER_WAY:
        return before.export
    turn = before.export.turn + 1 if before else 1
    new = {"account_id": account_id, "unit_id": unit_id, "question": question, "turn": turn, "form": form, "name": name}
    new |= {"wanted": dict(wanted), "total": total, "language": language, "asked_at": clock.now()}
    same = [Export.account_id, Export.question, Export.turn]
    db.session.execute(insert(Export).values(new).on_conflict_do_nothing(index_elements=same))
    export = db.session.scalars(
        sa.select(Export).where(Export.account_id == account_id, Export.question == question, Export.turn == turn)
    ).one()
    jobs.enqueue(
        "exports.make", key=queries.job_key(export.id), account_id=account_id, actor=actor, export_id=export.id
    )
    audit.record("exports.ask", export, unit=unit_id, form=form, total=total, **wanted)
    return export


def cancel(*, export: Export) -> None:
    """Stop an export that is not made yet: its job ends at its next step."""
    if export.cancelled_at is None and export.made_at is None:
        export.cancelled_at = clock.now()
        audit.record("exports.cancel", export, unit=export.unit_id)


def try_again(*, export: Export) -> None:
    """Let the job of an export that failed begin anew."""
    job = jobs.by_key(queries.job_key(export.id))
    if job and job.state == "failed" and export.made_at is None and export.cancelled_at is None:
        job.state, job.attempts, job.error, export.trouble = "queued", 0, None, None
        audit.record("exports.try-again", export, unit=export.unit_id)


def keep(*, export: Export, size: int, sha256: str, total: int) -> None:
    """The file is there, from now on for some days."""
    export.size, export.sha256, export.total, export.made_at = size, sha256, total, clock.now()
    export.expires_at, export.trouble = export.made_at + rules.LIFE, None
    audit.record("exports.keep", export, unit=export.unit_id, size=size, sha256=sha256, total=total)


def note_trouble(*, export_id: int, trouble: Trouble) -> None:
    """Remember why an export could not be made, whatever becomes of the job's transaction."""
    with writing() as connection:
        connection.execute(sa.update(Export).where(Export.id == export_id).values(trouble=trouble.value))


def take(*, export: Export) -> None:
    """Somebody takes the file out."""
    audit.record("exports.take", export, unit=export.unit_id, form=export.form, sha256=export.sha256)


def discard(*, export: Export) -> None:
    """Delete a file that has had its time."""
    storage.remove(export.id)
    export.discarded_at = clock.now()
    audit.record("exports.discard", export, unit=export.unit_id)


def _question(unit_id: int, form: str, wanted: Mapping[str, Any]) -> str:
    """What is asked, in thirty-two digits; not counting what has been issued since."""
    said = {name: value for name, value in wanted.items() if name != "last_id"}
    whole = orjson.dumps([unit_id, form, said], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(whole).hexdigest()[:32]
