"""Jobs of exports."""

from datetime import timedelta
from typing import Any

from lms import jobs
from lms.db import db
from lms.exports import actions, making, queries

AT_ONCE = 100


@jobs.task("exports.make")
def make(progress: jobs.Progress, export_id: int) -> dict[str, Any]:
    """Make what somebody has asked for."""
    return making.carry_out(export_id, progress)


@jobs.task("exports.discard", every=timedelta(hours=1))
def discard(progress: jobs.Progress) -> dict[str, Any]:
    """Delete the files that have had their time."""
    over = queries.over(AT_ONCE)
    for export in over:
        actions.discard(export=export)
    db.session.commit()
    return {"discarded": len(over)}
