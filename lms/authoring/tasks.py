"""Jobs of the trainer's desk."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from lms import clock, jobs
from lms.authoring import letters, publishing, queries
from lms.authoring.actions import AUTOSAVE
from lms.authoring.models import Draft, DraftRevision
from lms.db import chunks, db, is_among
from lms.learning import actions as learning
from lms.learning.models import VersionMove
from lms.mail import actions as mail

THIN_AFTER = timedelta(days=1)
AT_ONCE = 500


@jobs.task("authoring.publish", every=timedelta(minutes=10))
def publish_due(progress: jobs.Progress) -> dict[str, Any]:
    """Publish the drafts whose day has come; who chose the day is told what became of it."""
    due = queries.due_drafts(clock.today())
    told = [letters.of_day(draft, publishing.publish_due(draft=draft)) for draft in due]
    mail.post(drafts=[letter for letter in told if letter])
    return {"drafts": len(due)}


@jobs.task("authoring.follow", every=timedelta(minutes=10))
def follow(progress: jobs.Progress) -> dict[str, Any]:
    """Learners whose attempt has ended change to the version to which the others have moved."""
    waiting = sa.select(VersionMove).where(VersionMove.ended_at.is_(None)).order_by(VersionMove.id)
    return {"moved": sum(learning.follow(move=move) for move in db.session.scalars(waiting).all())}


@jobs.task("authoring.thin", daily=True)
def thin(progress: jobs.Progress) -> dict[str, Any]:
    """Of what was saved by itself before yesterday, keep the last of each hour and person."""
    columns = DraftRevision.id, DraftRevision.draft_id, DraftRevision.made_by_id, DraftRevision.made_at
    old = sa.select(*columns).where(DraftRevision.act == AUTOSAVE, DraftRevision.made_at < clock.now() - THIN_AFTER)
    kept = sa.exists().where(
        Draft.id == DraftRevision.draft_id, DraftRevision.number.in_((Draft.revision, Draft.approved_revision))
    )
    found = db.session.execute(old.where(~kept).order_by(DraftRevision.number)).all()
    last = {(row.draft_id, row.made_by_id, f"{row.made_at:%Y%m%d%H}"): row.id for row in found}
    gone = sorted({row.id for row in found} - set(last.values()))
    for some in chunks(gone, AT_ONCE):
        db.session.execute(sa.delete(DraftRevision).where(is_among(DraftRevision.id, some)))
    return {"revisions": len(gone)}
