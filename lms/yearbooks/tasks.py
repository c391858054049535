"""Jobs of year books."""

from typing import Any

from lms import jobs
from lms.db import reading
from lms.yearbooks import closing, queries, verification
from lms.yearbooks.closing import Overtaken


@jobs.task("yearbooks.close")
def close(progress: jobs.Progress, version_id: int) -> dict[str, Any]:
    """Write a version, from wherever it is. Whoever has been overtaken leaves it to the other."""
    try:
        closing.carry_out(version_id, progress)
    except Overtaken:
        return {"is_overtaken": True}
    return {}


@jobs.task("yearbooks.verify")
def verify(progress: jobs.Progress, book_id: int) -> dict[str, Any]:
    """Check a book; the flaws found, by version."""
    with reading():
        found = list(verification.verdicts(queries.book(book_id)))
    flaws = [
        {"version": verdict.version.number if verdict.version else 0, **verdict.flaw._asdict()}
        for verdict in found
        if verdict.flaw
    ]
    return {"versions": sum(verdict.version is not None for verdict in found), "flaws": flaws}
