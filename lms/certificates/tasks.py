"""Jobs of certificates."""

from typing import Any

from lms import jobs
from lms.certificates import actions


@jobs.task("certificates.issue-missing", daily=True)
def issue_missing(progress: jobs.Progress) -> dict[str, Any]:
    """Issue what could not be issued on the day of completion: no issuer was set up, or a name has been corrected since."""
    return {"issued": actions.issue_missing()}
