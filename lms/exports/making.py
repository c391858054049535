"""Making an export: the one that was asked for, in the language of who asked, until it is there or cancelled.

A worker that is killed leaves what it has printed and a part of the file. The next one takes the printed papers as they are and
writes the file from the beginning: copying is a fraction of the work, and a file of one piece needs no trust in what a dead
process left behind.
"""

import errno
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from lms.db import db, reading
from lms.exports import actions, queries, storage
from lms.exports.models import Export
from lms.exports.rules import Trouble
from lms.jobs import Progress
from lms.language import speaking
from lms.trust.identity import CannotSign

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class Order:
    """What a maker is asked for; `ending` of the file."""

    unit_id: int
    ending: str
    wanted: dict[str, Any]


Maker = Callable[[Order, IO[bytes], Progress], int]
"""Writes an export into an open file, tells its progress, and gives the number of papers or lines."""

MAKERS: dict[str, Maker] = {}


class Cancelled(Exception):
    """Somebody has cancelled the export."""


class FileBroken(Exception):
    """The file of a paper is not what the register says."""


def makes(kind: str) -> Callable[[Maker], Maker]:
    """Register who makes the exports whose form begins so."""

    def register(maker: Maker) -> Maker:
        MAKERS[kind] = maker
        return maker

    return register


def carry_out(export_id: int, progress: Progress) -> dict[str, Any]:
    """Make an export, unless it is there or cancelled. Commits."""
    with reading():
        export = queries.asked(export_id).export
        db.session.expunge(export)
    if export.cancelled_at is not None:
        storage.remove(export_id)
    if export.made_at is not None or export.cancelled_at is not None:
        return {}
    try:
        with speaking(export.language):
            total = _make(export, progress)
        _keep(export_id, total)
    except Cancelled:
        storage.remove(export_id)
        return {"is_cancelled": True}
    except Exception as error:
        actions.note_trouble(export_id=export_id, trouble=_trouble(error))
        raise
    return {"total": total}


def _make(export: Export, progress: Progress) -> int:
    def tell(done: int, total: int) -> None:
        if queries.is_cancelled(export.id):
            raise Cancelled
        progress(done, total)

    kind, _, ending = export.form.partition(".")
    with storage.writing(export.id) as target:
        return MAKERS[kind](Order(export.unit_id, ending, export.wanted), target, tell)


def _keep(export_id: int, total: int) -> None:
    size, sha256 = storage.digest(export_id)
    export = db.session.get_one(Export, export_id, with_for_update=True, populate_existing=True)
    if export.cancelled_at is not None:
        raise Cancelled
    actions.keep(export=export, size=size, sha256=sha256, total=total)
    db.session.commit()


def _trouble(error: Exception) -> Trouble:
    if isinstance(error, CannotSign):
        return Trouble.CANNOT_SIGN
    if isinstance(error, FileBroken | FileNotFoundError):
        return Trouble.FILE_BROKEN
    return Trouble.DISK_FULL if isinstance(error, OSError) and error.errno in NO_ROOM else Trouble.OTHER
