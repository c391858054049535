"""Jobs of certificates."""

from datetime import timedelta
from typing import Any

from lms import jobs
from lms.certificates import actions, printing
from lms.db import db
from lms.trust.identity import CannotSign


@jobs.task("certificates.issue-missing", daily=True)
def issue_missing(progress: jobs.Progress) -> dict[str, Any]:
    """Issue what could not be issued on the day of completion: no issuer was set up, or a name has been corrected since."""
    return {"issued": actions.issue_missing()}


@jobs.task("certificates.print", every=timedelta(minutes=2))
def print_missing(progress: jobs.Progress) -> dict[str, Any]:
    """Print and sign the papers that nobody has asked for yet, so that exports find them. What cannot be signed waits."""
    printed = 0
    try:
        while some := printing.print_missing():
            printed += some
    except CannotSign as trouble:
        printing.tell_unsigned(trouble.reason)
        db.session.commit()
        raise
    return {"printed": printed}
