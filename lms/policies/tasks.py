"""Jobs of the policy desk."""

from typing import Any

from lms import jobs
from lms.policies import applying


@jobs.task("policies.dry-run")
def dry_run(progress: jobs.Progress, dry_run_id: int) -> dict[str, Any]:
    """Find out whom a change concerns."""
    return applying.judge(dry_run_id, progress)


@jobs.task("policies.apply")
def apply(progress: jobs.Progress, dry_run_id: int) -> dict[str, Any]:
    """Carry out what a dry run has shown."""
    return applying.apply(dry_run_id, progress)
