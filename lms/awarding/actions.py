"""Writes of awarding: beginning to issue to many, once."""

from typing import Any

from lms import audit, jobs
from lms.awarding.source import Source
from lms.jobs import Job


def begin(*, source: Source, key: str, reason: str, by_id: int, actor: str) -> Job:
    """Issue to everybody who is ready; the same key begins it once."""
    if present := jobs.by_key(f"{source.key}{key}"):
        return present
    audit.record("awarding.begin", f"unit:{source.unit_id}", what=source.prefix.rstrip(":"), reason=reason)
    arguments: dict[str, Any] = {"source": source.as_data(), "reason": reason, "by_id": by_id}
    return jobs.enqueue("awarding.issue", key=f"{source.key}{key}", account_id=by_id, actor=actor, **arguments)
