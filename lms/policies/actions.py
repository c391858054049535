"""Writes of the policy desk: drafts, dry runs, and the two acts that follow one."""

from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from lms import audit, clock, jobs
from lms.db import db
from lms.goals import policy as policy_text
from lms.goals import queries as goals
from lms.goals.models import PolicyVersion
from lms.policies import queries
from lms.policies.models import DryRun, PolicyDraft
from lms.policies.rules import Purpose, Refusal, Stage


class Overtaken(Exception):
    """Somebody else has saved the draft since the writer opened it."""


class Refused(Exception):
    """A dry run may not be applied."""

    def __init__(self, reason: Refusal) -> None:
        self.reason = reason
        super().__init__(reason)


def start_draft(*, source: str, by_id: int, base: PolicyVersion | None = None) -> PolicyDraft:
    """Begin a draft from a text. Raises `BadPolicy`."""
    parsed = policy_text.parse(source)
    base = base or goals.published_version(parsed.code)
    now = clock.now()
    new = PolicyDraft(
        code=parsed.code, source=source, sha256=_digest(source), base_version_id=base.id if base else None, created_at=now,
        created_by_id=by_id, changed_at=now, changed_by_id=by_id,
    )  # fmt: skip
    db.session.add(new)
    db.session.flush()
    audit.record("policies.start", new, code=new.code)
    return new


def save_draft(*, draft: PolicyDraft, source: str, revision: int, by_id: int) -> None:
    """Write a draft's text. Raises `Overtaken`, when it is not the writer's revision that is replaced."""
    if draft.source == source:
        return
    if draft.revision != revision or draft.state != "open":
        raise Overtaken
    draft.source, draft.sha256, draft.revision = source, _digest(source), revision + 1
    draft.changed_at, draft.changed_by_id = clock.now(), by_id
    db.session.flush()
    audit.record("policies.save", draft, code=draft.code, revision=draft.revision)


def discard_draft(*, draft: PolicyDraft) -> None:
    """Write no more on a draft."""
    if draft.state == "open":
        draft.state = "discarded"
        audit.record("policies.discard", draft, code=draft.code)


def try_draft(*, draft: PolicyDraft, by_id: int, actor: str) -> DryRun:
    """Find out what publishing a draft would do."""
    return _try(Purpose.PUBLISH, draft.code, draft.source, by_id, actor, draft_id=draft.id)


def try_withdrawal(*, version: PolicyVersion, by_id: int, actor: str) -> DryRun:
    """Find out what taking the version in force back would do."""
    year = max(queries.years(version.code), default=clock.today().year)
    source = queries.judging(goals.versions(version.code), year, without=version.id)
    return _try(Purpose.WITHDRAW, version.code, source, by_id, actor)


def _try(purpose: Purpose, code: str, source: str, by_id: int, actor: str, **about: Any) -> DryRun:
    base = goals.published_version(code)
    asked = {
        "kind": purpose.value, "code": code, "source": source, "sha256": _digest(source), "on": clock.today(),
        "base_version_id": base.id if base else None, "first_year": goals.first_open_year(code), **about,
    }  # fmt: skip
    running = sa.select(DryRun).filter_by(**asked, state=Stage.JUDGING.value).order_by(DryRun.id.desc())
    if same := _still_running(db.session.scalars(running).first()):
        return same
    new = DryRun(
        **asked, years=queries.years(code), state=Stage.JUDGING.value, created_at=clock.now(), created_by_id=by_id
    )
    db.session.add(new)
    db.session.flush()
    audit.record("policies.dry-run", new, code=code, purpose=purpose.value)
    _enqueue("policies.dry-run", new, by_id, actor)
    return new


def _still_running(found: DryRun | None) -> DryRun | None:
    job = queries.job_of(found) if found else None
    return found if job and not job.is_ended else None


def publish(*, dry_run: DryRun, by_id: int, actor: str) -> None:
    """Let what a dry run has shown come into force. Raises `Refused`."""
    _apply(dry_run, by_id, actor)
    audit.record("policies.publish", dry_run, code=dry_run.code)


def withdraw(*, dry_run: DryRun, reason: str, by_id: int, actor: str) -> None:
    """Take the version in force back, as a dry run has shown. Raises `Refused`."""
    dry_run.reason = reason
    _apply(dry_run, by_id, actor)
    audit.record("policies.withdraw", dry_run, code=dry_run.code, reason=reason)


def _apply(dry_run: DryRun, by_id: int, actor: str) -> None:
    if reason := queries.obstacle(dry_run):
        raise Refused(reason)
    dry_run.state, dry_run.applied_at, dry_run.applied_by_id = Stage.APPLYING.value, clock.now(), by_id
    db.session.flush()
    _enqueue("policies.apply", dry_run, by_id, actor)


def _enqueue(task: str, dry_run: DryRun, by_id: int, actor: str) -> None:
    jobs.enqueue(task, key=f"{task}:{dry_run.id}", account_id=by_id, actor=actor, dry_run_id=dry_run.id)


def _digest(source: str) -> str:
    return sha256(source.encode()).hexdigest()
