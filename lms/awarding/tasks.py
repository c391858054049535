"""Jobs of awarding."""

from typing import Any

from lms import jobs
from lms.awarding import issuing
from lms.awarding.source import Source


@jobs.task("awarding.issue")
def issue(progress: jobs.Progress, source: dict[str, Any], reason: str, by_id: int) -> dict[str, Any]:
    """Issue papers to everybody who is ready."""
    return issuing.issue_to_all(Source.from_data(source), reason=reason, by_id=by_id, progress=progress)
