"""Jobs of corrections: each chunk is a transaction, and what was cut off goes on or begins anew."""

from typing import Any

from lms import jobs
from lms.db import db
from lms.regrading import applying, queries, trying
from lms.regrading.rules import Stage


@jobs.task("regrading.try")
def try_out(progress: jobs.Progress, correction_id: int) -> dict[str, Any]:
    """Find out whom a correction would concern."""
    correction = queries.correction(correction_id)
    if correction.state != Stage.TRYING:
        return {}
    total = queries.number_of_people(correction)
    for done in trying.try_out(correction):
        db.session.commit()
        progress(done, total)
    return dict(correction.totals)


@jobs.task("regrading.apply")
def apply(progress: jobs.Progress, correction_id: int) -> dict[str, Any]:
    """Rescore as shown."""
    correction = queries.correction(correction_id)
    if correction.state != Stage.APPLYING:
        return {}
    for done in applying.apply(correction):
        db.session.commit()
        progress(done, max(done, correction.totals["people"]))
    return dict(correction.totals)
