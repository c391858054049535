"""Rescoring as shown: attempt by attempt, each done once, so that what was cut off can go on."""

from collections.abc import Iterator

from lms import audit, clock
from lms.catalogue import queries as catalogue
from lms.db import db, insert
from lms.learning import queries as learned
from lms.quizzes import actions as quizzes
from lms.quizzes.corrections import VOIDING
from lms.quizzes.models import Answer, Attempt, Correction
from lms.regrading import queries
from lms.regrading.models import CorrectionEffect, LostPass
from lms.regrading.rules import Stage
from lms.study import actions as study

ATTEMPTS = 100


def apply(correction: Correction) -> Iterator[int]:
    """Do what was shown; yields how many attempts are done after each chunk, where one may commit."""
    done = 0
    while some := queries.waiting_effects(correction.id, ATTEMPTS):
        for effect in some:
            _rescore(correction, effect)
        done += len(some)
        yield done
    while correction.kind in VOIDING and (unmarked := queries.unmarked(correction, ATTEMPTS)):
        for answer in unmarked:
            _release(correction, answer)
        yield done
    correction.totals = {**correction.totals, "lost": queries.number_of_lost(correction.id)}
    correction.state, correction.applied_at = Stage.APPLIED.value, clock.now()
    db.session.flush()


def _rescore(correction: Correction, effect: CorrectionEffect) -> None:
    attempt = db.session.get_one(Attempt, effect.attempt_id, with_for_update=True, populate_existing=True)
    published = catalogue.version(attempt.version_id)
    quizzes.rescore(attempt=attempt, published=published)
    effect.applied_at = clock.now()
    db.session.flush()
    before, after = f"{effect.before_points:g}/{effect.before_of:g}", f"{attempt.points:g}/{attempt.points_of:g}"
    audit.record("regrading.rescore", attempt, correction=correction.id, before=before, after=after)
    if attempt.is_passed:
        study.complete(person_id=attempt.person_id, published=published)
    elif effect.before_passed:
        _note_lost(correction, attempt)


def _release(correction: Correction, answer: Answer) -> None:
    """Nobody has to mark any more what counts for everybody or for nobody; the attempt may have its result now."""
    attempt = db.session.get_one(Attempt, answer.attempt_id, with_for_update=True, populate_existing=True)
    answer.marks_wanted = None
    db.session.flush()
    audit.record("regrading.release", attempt, correction=correction.id)
    study.settle(attempt=attempt, published=catalogue.version(attempt.version_id))


def _note_lost(correction: Correction, attempt: Attempt) -> None:
    """A completion whose quiz is no longer passed waits for somebody's decision."""
    completion = learned.completion(attempt.person_id, attempt.course_id)
    if completion is None or queries.has_passed(attempt.person_id, attempt.course_id):
        return
    new = {
        "correction_id": correction.id,
        "completion_id": completion.id,
        "person_id": attempt.person_id,
        "noted_at": clock.now(),
    }
    added = db.session.scalar(insert(LostPass).values(new).on_conflict_do_nothing().returning(LostPass.id))
    if added:
        audit.record("regrading.lose-pass", f"lost_pass:{added}", person=attempt.person_id, correction=correction.id)
