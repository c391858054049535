"""Writes of corrections: made and tried out, applied as shown, or put aside; and the decision on a lost pass."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from lms import audit, clock, jobs
from lms.catalogue.queries import Published
from lms.certificates import actions as certificates
from lms.certificates import queries as issued
from lms.db import db
from lms.goals import actions as goals
from lms.goals.models import Credit
from lms.goals.rules import Source
from lms.learning.models import Completion
from lms.quizzes import actions as quizzes
from lms.quizzes.corrections import Kind
from lms.quizzes.models import CorrectedVersion, Correction
from lms.recognition import ledger
from lms.recognition.actions import refuse_oneself
from lms.regrading import applying, queries, rules, trying
from lms.regrading.models import LostPass
from lms.regrading.rules import Decision, Refusal, Stage


class Refused(Exception):
    """A correction may not be applied, or a pass not be taken back."""

    def __init__(self, reason: Refusal) -> None:
        self.reason = reason
        super().__init__(reason)


def correct(
    *, published: Published, question: str, kind: Kind, key: Mapping[str, Any], reason: str, by_id: int, actor: str
) -> Correction:
    """Make a correction of a question in all versions that ask it alike, and find out whom it would concern.

    It does not hold yet. The same one again is the one that is there.
    """
    new = Correction(
        course_id=published.course_id,
        question=question,
        kind=kind.value,
        key=dict(key),
        reason=reason,
        state=Stage.TRYING.value,
        made_by_id=by_id,
        made_at=clock.now(),
    )
    if known := queries.same(new):
        return known
    db.session.add(new)
    db.session.flush()
    alike = queries.versions_alike(published, question)
    db.session.add_all(CorrectedVersion(correction_id=new.id, version_id=version.version_id) for version in alike)
    db.session.flush()
    audit.record("regrading.correct", new, question=question, kind=kind.value, key=dict(key), reason=reason)
    _do(new, "regrading.try", trying.try_out(new), by_id, actor)
    return new


def try_again(*, correction: Correction, by_id: int, actor: str) -> None:
    """Find out anew whom a correction would concern."""
    if correction.state in (Stage.TRIED, Stage.TRYING):
        correction.state = Stage.TRYING.value
        audit.record("regrading.try", correction)
        _do(correction, "regrading.try", trying.try_out(correction), by_id, actor)


def apply(*, correction: Correction, by_id: int, actor: str) -> None:
    """Let a correction hold from now on, and rescore as shown. Raises `Refused` when something changed since.

    Where rescoring was cut off for good, it goes on.
    """
    if correction.state == Stage.APPLYING and queries.has_failed(correction):
        _do(correction, "regrading.apply", applying.apply(correction), by_id, actor)
    if correction.state in (Stage.APPLYING, Stage.APPLIED):
        return
    quizzes.hold_scores(correction.course_id)
    if correction.state != Stage.TRIED:
        raise Refused(Refusal.NOT_TRIED)
    if correction.stamp != queries.stamp(correction.course_id):
        raise Refused(Refusal.OVERTAKEN)
    correction.state, correction.holds_from = Stage.APPLYING.value, clock.now()
    correction.applied_by_id = by_id
    db.session.flush()
    audit.record("regrading.apply", correction, reason=correction.reason, totals=correction.totals)
    _do(correction, "regrading.apply", applying.apply(correction), by_id, actor)


def discard(*, correction: Correction) -> None:
    """Put a correction aside that does not hold yet."""
    if correction.state in (Stage.TRYING, Stage.TRIED):
        correction.state = Stage.DISCARDED.value
        audit.record("regrading.discard", correction)


def decide(*, lost_pass: LostPass, decision: Decision, reason: str, by_id: int) -> None:
    """Decide, once, what becomes of a lost pass: it stays with a reason, or completion, certificate and credit go.

    Raises `recognition.rules.Refused` for one's own, and `Refused` when the quiz is passed again: then nothing is to be taken.
    """
    if lost_pass.decision is not None:
        return
    refuse_oneself(lost_pass.person_id, by_id)
    completion = db.session.get_one(Completion, lost_pass.completion_id)
    quizzes.hold_scores(completion.course_id)
    if decision is Decision.REVOKE and queries.has_passed(completion.person_id, completion.course_id):
        raise Refused(Refusal.PASSED_AGAIN)
    lost_pass.decision, lost_pass.reason = decision.value, reason
    lost_pass.decided_by_id, lost_pass.decided_at = by_id, clock.now()
    audit.record("regrading.decide", lost_pass, decision=decision.value, reason=reason, person=lost_pass.person_id)
    if decision is Decision.REVOKE:
        _take_back(completion, lost_pass, by_id)


def _take_back(completion: Completion, lost_pass: LostPass, by_id: int) -> None:
    completion.withdrawn_at = completion.withdrawn_at or clock.now()
    if certificate := issued.of_completion(completion.id):
        certificates.revoke(certificate=certificate, reason=lost_pass.reason or "", by_id=by_id)
    mine = sa.select(Credit).where(
        Credit.person_id == completion.person_id,
        Credit.completed_on == completion.completed_on,
        Credit.source == Source.INTERNAL,
        Credit.reverses_id.is_(None),
    )
    credits = [c.id for c in db.session.scalars(mine) if (c.evidence or {}).get("completion") == completion.id]
    if ledger.reverse(credits, {"lost-pass": lost_pass.id}):
        goals.refresh(person_ids=[completion.person_id])


def _do(correction: Correction, task: str, steps: Iterator[int], by_id: int, actor: str) -> None:
    """Do it while one waits when it concerns few, else leave it to a job."""
    if queries.number_of_people(correction) <= rules.SMALL:
        for _ in steps:
            pass
        return
    key = f"regrading:{correction.id}:{task}:{clock.now().isoformat()}"
    jobs.enqueue(task, key=key, account_id=by_id, actor=actor, correction_id=correction.id)
