"""Jobs of certificates."""

from datetime import timedelta
from typing import Any

from lms import jobs
from lms.certificates import actions, printing, queries
from lms.db import chunks, db
from lms.trust.identity import CannotSign

CHUNK = 20


@jobs.task("certificates.issue-missing", daily=True)
def issue_missing(progress: jobs.Progress) -> dict[str, Any]:
    """Issue what could not be issued on the day of completion: no issuer was set up, or a name has been corrected since.

    A chunk is a transaction, so that nobody who completes a course waits for all of them.
    """
    waiting, issued = queries.waiting_completions(), 0
    for done, some in enumerate(chunks(waiting, CHUNK)):
        issued += actions.issue_missing(some)
        db.session.commit()
        progress(min((done + 1) * CHUNK, len(waiting)), len(waiting))
    return {"issued": issued}


@jobs.task("certificates.print", every=timedelta(minutes=2))
def print_missing(progress: jobs.Progress) -> dict[str, Any]:
    """Print and sign the papers that nobody has asked for yet, so that exports find them. What cannot be signed waits."""
    printed, total = 0, queries.number_unprinted()
    try:
        while some := printing.print_missing():
            printed += some
            progress(printed, max(printed, total))
    except CannotSign as trouble:
        printing.tell_unsigned(trouble.reason)
        db.session.commit()
        raise
    return {"printed": printed}
