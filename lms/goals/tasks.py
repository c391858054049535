"""Jobs of the annual goal."""

from typing import Any

from lms import jobs
from lms.goals import actions


@jobs.task("goals.refresh", daily=True)
def refresh(progress: jobs.Progress) -> dict[str, Any]:
    """Judge everybody as of the new day: deadlines pass and quarters end without anybody's doing."""
    return {"standings": actions.refresh(person_ids=None)}
