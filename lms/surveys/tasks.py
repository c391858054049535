"""Jobs of surveys."""

from typing import Any

from lms import jobs
from lms.surveys import actions


@jobs.task("surveys.daily", daily=True)
def daily(progress: jobs.Progress) -> dict[str, Any]:
    """Count what was answered since yesterday, in rounds that are large enough."""
    return {"gathered": actions.tidy()}
