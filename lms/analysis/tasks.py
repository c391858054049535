"""Jobs of statistics. Each chunk is a transaction; doing it again changes nothing."""

from datetime import timedelta
from typing import Any

from lms import jobs
from lms.analysis import actions, queries
from lms.catalogue import queries as catalogue
from lms.db import db


@jobs.task("analysis.keep", every=timedelta(minutes=10))
def keep(progress: jobs.Progress) -> dict[str, Any]:
    """Write the sheets of what was handed in, and find what it says about the courses concerned."""
    written = 0
    while some := actions.write_sheets():
        db.session.commit()
        written += some
        progress(written, written)
    return {"sheets": written, "courses": _find()}


def _find() -> int:
    numbers, changes = queries.number_of_marked(), queries.last_changes()
    known = queries.findings(numbers)
    stale = [
        key
        for key, n in numbers.items()
        if key not in known or known[key].attempts != n or known[key].found_at < changes[key]
    ]
    found = 0
    for published in catalogue.offered():
        if published.course_id in stale:
            actions.find(published=published, attempts=numbers[published.course_id])
            db.session.commit()
            found += 1
    return found
