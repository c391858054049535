"""Writes of claims: submitting, withdrawing, reviewing, confirming, appealing, and deciding on an appeal.

Each act asks for the state before it, so that a form that is sent twice does nothing the second time.
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from lms import audit, clock
from lms.accounts.models import Account
from lms.db import db, insert
from lms.goals import actions as goals
from lms.recognition import evidence, ledger, queries, rules
from lms.recognition.evidence import Paper
from lms.recognition.ledger import Entry
from lms.recognition.models import Claim, ClaimDecision, ClaimFile, RecognitionRule
from lms.recognition.rules import ClaimState, Refusal, Refused, Stage


def submit(
    *,
    person_id: int,
    kind: str,
    title: str,
    provider: str,
    category: str,
    periods: int,
    completed_on: date,
    module: str | None,
    papers: Sequence[Paper],
    paper_number: str | None = None,
) -> tuple[Claim, bool]:
    """Hand in a claim with its evidence; it, and whether it is new: the same thing is claimed once."""
    new = insert(Claim).values(
        person_id=person_id,
        kind=kind,
        title=title,
        provider=provider,
        category=category,
        periods=periods,
        completed_on=completed_on,
        module=module,
        paper_number=paper_number or None,
        paper_key=rules.paper_key(paper_number, provider),
        state=ClaimState.SUBMITTED,
        submitted_at=clock.now(),
    )
    added = db.session.execute(new.on_conflict_do_nothing().returning(Claim.id)).scalar()
    if added is None:
        return queries.standing_claim(person_id, kind, title, completed_on), False
    claim = queries.claim(added)
    db.session.add_all(
        ClaimFile(claim_id=claim.id, number=number, **evidence.keep(paper)) for number, paper in enumerate(papers, 1)
    )
    db.session.flush()
    audit.record("recognition.submit", claim, person=person_id, title=title, periods=periods)
    return claim, True


def withdraw(*, claim: Claim) -> None:
    """Take a claim back that nobody has decided on."""
    if claim.state == ClaimState.SUBMITTED:
        claim.state = ClaimState.WITHDRAWN
        audit.record("recognition.withdraw", claim)


def review(*, claim: Claim, periods: int, category: str, module: str | None, reason: str, by_id: int) -> None:
    """Accept so many periods of a claim, none to reject it. Raises `Refused`.

    Where a second person must confirm, nothing counts before that.
    """
    if claim.state != ClaimState.SUBMITTED:
        return
    refuse_oneself(claim.person_id, by_id)
    if periods:
        _refuse_entered(claim)
    decision = _decide(claim, Stage.REVIEW, periods, category, module, reason, by_id)
    claim.state = rules.state_after_review(periods, needs_second=queries.needs_second(claim.person_id))
    audit.record("recognition.review", claim, asked=claim.periods, accepted=periods, reason=reason)
    if claim.state == ClaimState.APPROVED:
        _credit(claim, decision)
        goals.refresh(person_ids=[claim.person_id])


def confirm(*, claim: Claim, is_confirmed: bool, reason: str, by_id: int) -> None:
    """A second person agrees with what was accepted, or rejects it with a reason. Raises `Refused`."""
    before = claim.review
    if claim.state != ClaimState.CONFIRMING or before is None:
        return
    refuse_oneself(claim.person_id, by_id)
    if before.account_id == by_id:
        raise Refused(Refusal.SAME_HAND)
    if is_confirmed:
        _refuse_entered(claim)
    periods = before.periods if is_confirmed else 0
    decision = _decide(claim, Stage.CONFIRM, periods, before.category, before.module, reason, by_id)
    claim.state = rules.state_after_review(periods)
    audit.record("recognition.confirm", claim, accepted=periods, reason=reason)
    if is_confirmed:
        _credit(claim, decision)
        goals.refresh(person_ids=[claim.person_id])


def set_rule(*, unit_id: int, needs_second: bool | None, by_id: int) -> None:
    """Whether a second person must confirm what is accepted in a unit; None: as the unit above has it."""
    if queries.own_rule(unit_id) is needs_second:
        return
    db.session.execute(sa.delete(RecognitionRule).where(RecognitionRule.unit_id == unit_id))
    if needs_second is not None:
        db.session.add(
            RecognitionRule(unit_id=unit_id, needs_second=needs_second, set_at=clock.now(), set_by_id=by_id)
        )  # fmt: skip
    db.session.flush()
    audit.record("recognition.set-rule", f"unit:{unit_id}", needs_second=needs_second)


def appeal(*, claim: Claim, text: str) -> None:
    """Ask a coordinator to look again. Raises `Refused`."""
    review = claim.review
    if review is None or claim.state not in (ClaimState.APPROVED, ClaimState.REJECTED):
        return
    if not queries.may_be_appealed(claim):
        raise Refused(Refusal.TOO_LATE)
    claim.state, claim.appeal, claim.appealed_at = ClaimState.APPEALED, text, clock.now()
    audit.record("recognition.appeal", claim)


def decide_appeal(*, claim: Claim, periods: int, category: str, module: str | None, reason: str, by_id: int) -> None:
    """Decide anew. What changes is a reversing entry and a new one. Raises `Refused`."""
    before = claim.decision
    if claim.state != ClaimState.APPEALED or before is None:
        return
    refuse_oneself(claim.person_id, by_id)
    if by_id in {earlier.account_id for earlier in claim.decisions}:
        raise Refused(Refusal.FIRST_REVIEWER)
    has_changed = (periods, category, module) != (before.periods, before.category, before.module)
    if has_changed and claim.credit_id is None:
        _refuse_entered(claim)
    decision = _decide(claim, Stage.APPEAL, periods, category, module, reason, by_id)
    if has_changed:
        _take_back(claim, decision)
        _credit(claim, decision)
    claim.state = ClaimState.DECIDED
    audit.record("recognition.decide-appeal", claim, before=before.periods, accepted=periods, reason=reason)
    if has_changed:
        goals.refresh(person_ids=[claim.person_id])


def refuse_oneself(person_id: int, by_id: int) -> None:
    """Nobody decides on what counts for themselves. Raises `Refused`."""
    if db.session.get_one(Account, by_id).person_id == person_id:
        raise Refused(Refusal.OWN)


def _refuse_entered(claim: Claim) -> None:
    """What a unit recorded, or HR imported, is not counted once more."""
    if ledger.entered(claim.title, claim.completed_on, claim.kind, [claim.person_id]):
        raise Refused(Refusal.ENTERED)


def _decide(
    claim: Claim, stage: Stage, periods: int, category: str, module: str | None, reason: str, by_id: int
) -> ClaimDecision:
    decision = ClaimDecision(
        claim_id=claim.id,
        stage=stage,
        periods=periods,
        category=category,
        module=module,
        reason=reason,
        account_id=by_id,
        decided_at=clock.now(),
    )
    claim.decisions.append(decision)
    db.session.flush()
    return decision


def _credit(claim: Claim, decision: ClaimDecision) -> None:
    entry = Entry(
        activity=claim.title,
        category=decision.category,
        day=claim.completed_on,
        source=claim.kind,
        evidence={"claim": claim.id, "decision": decision.id},
        module=decision.module,
    )
    claim.credit_id = ledger.enter(entry, {claim.person_id: decision.periods})[claim.person_id]


def _take_back(claim: Claim, decision: ClaimDecision) -> None:
    if claim.credit_id is not None:
        ledger.reverse([claim.credit_id], {"claim": claim.id, "decision": decision.id})
