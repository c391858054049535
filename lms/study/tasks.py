"""Jobs of the learner's way."""

import logging
from datetime import timedelta
from typing import Any

from lms import clock, jobs
from lms.catalogue import queries as catalogue
from lms.db import db
from lms.quizzes import queries, rules
from lms.study import actions

EVERY = timedelta(minutes=1)
log = logging.getLogger(__name__)


@jobs.task("study.hand-in-overdue", every=EVERY)
def hand_in_overdue(progress: jobs.Progress) -> dict[str, Any]:
    """Hand in open attempts whose time and grace are over, as they stand; each in a transaction of its own."""
    waiting = queries.overdue()
    db.session.rollback()
    found = [_hand_in_alone(attempt_id) for attempt_id in waiting]
    return {"handed_in": found.count(True), "failed": found.count(None)}


def _hand_in_alone(attempt_id: int) -> bool | None:
    """Whether an attempt was handed in; None when that failed, which must not keep the others waiting."""
    try:
        return _hand_in(attempt_id)
    except Exception:
        db.session.rollback()
        log.exception("attempt %s could not be handed in", attempt_id)
        return None


def _hand_in(attempt_id: int) -> bool:
    attempt = queries.open_attempt(attempt_id)
    published = catalogue.version(attempt.version_id) if attempt else None
    is_over = bool(
        attempt and published and rules.is_late(attempt.deadline_at, clock.now(), published.content.quiz.grace_seconds)
    )
    if attempt and published and is_over:
        actions.hand_in(attempt=attempt, published=published)
    db.session.commit()
    return is_over
