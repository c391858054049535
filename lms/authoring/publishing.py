"""Writes that bring a draft before learners: publishing now or on a day, and what must be settled before."""

from datetime import date

import sqlalchemy as sa

from lms import audit, clock
from lms.authoring import queries, readiness
from lms.authoring.models import AuthoringRule, Draft, DraftAnswer
from lms.authoring.rules import Obstacle, State
from lms.catalogue import actions as catalogue
from lms.catalogue.models import CourseVersion
from lms.db import db, insert


class NotNow(Exception):
    """A draft that cannot be published."""

    def __init__(self, reason: Obstacle) -> None:
        super().__init__(reason)
        self.reason = reason


def publish(*, draft: Draft, by_id: int | None) -> CourseVersion:
    """Publish a draft as the next version of its course. Raises `NotNow`."""
    package = queries.package(draft)
    if reason := readiness.obstacle(draft, package):
        raise NotNow(reason)
    version = catalogue.publish(package=package, by_id=by_id, unit_id=draft.unit_id)
    draft.state, draft.closed_at, draft.version_id = State.PUBLISHED.value, clock.now(), version.id
    draft.publish_on, draft.obstacle = None, None
    audit.record("authoring.publish", draft, course=draft.slug, number=version.number, revision=draft.revision)
    return version


def schedule(*, draft: Draft, on: date, by_id: int) -> None:
    """Publish a draft on a day. Raises `NotNow`."""
    if reason := readiness.obstacle(draft, queries.package(draft)):
        raise NotNow(reason)
    if draft.publish_on != on:
        draft.publish_on, draft.publish_by_id, draft.obstacle = on, by_id, None
        audit.record("authoring.schedule", draft, course=draft.slug, on=on.isoformat())


def unschedule(*, draft: Draft) -> None:
    """Publish it not by itself after all."""
    if draft.publish_on is not None:
        draft.publish_on = draft.publish_by_id = None
        audit.record("authoring.unschedule", draft, course=draft.slug)


def publish_due(*, draft: Draft) -> CourseVersion | None:
    """Publish a draft whose day has come; when it cannot be, the draft says why, and None comes back."""
    try:
        return publish(draft=draft, by_id=draft.publish_by_id)
    except NotNow as refused:
        draft.obstacle, draft.publish_on = refused.reason.value, None
        audit.record("authoring.not-published", draft, course=draft.slug, reason=refused.reason.value)
        return None


def mean_it(*, slug: str, code: str, reason: str, by_id: int) -> None:
    """A hint is answered «as intended», for all versions to come while its code is the same."""
    new = {"slug": slug, "code": code, "reason": reason, "by_id": by_id, "at": clock.now()}
    statement = insert(DraftAnswer).values(new)
    changed = {"reason": reason, "by_id": by_id, "at": new["at"]}
    db.session.execute(statement.on_conflict_do_update(index_elements=["slug", "code"], set_=changed))
    audit.record("authoring.mean-it", f"course:{slug}", code=code, reason=reason)


def doubt_again(*, slug: str, code: str) -> None:
    """Take the answer to a hint back."""
    mine = sa.delete(DraftAnswer).where(DraftAnswer.slug == slug, DraftAnswer.code == code).returning(DraftAnswer.id)
    if db.session.execute(mine).all():
        audit.record("authoring.doubt-again", f"course:{slug}", code=code)


def set_rule(*, unit_id: int, needs_reviewer: bool | None, by_id: int) -> None:
    """Whether another person must approve what a unit publishes; None: as the unit above has it."""
    if readiness.own_rule(unit_id) is needs_reviewer:
        return
    db.session.execute(sa.delete(AuthoringRule).where(AuthoringRule.unit_id == unit_id))
    if needs_reviewer is not None:
        rule = AuthoringRule(unit_id=unit_id, needs_reviewer=needs_reviewer, set_at=clock.now(), set_by_id=by_id)
        db.session.add(rule)
    db.session.flush()
    audit.record("authoring.set-rule", f"unit:{unit_id}", needs_reviewer=needs_reviewer)
