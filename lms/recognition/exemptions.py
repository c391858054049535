"""Writes of exemptions: one asks, another approves or refuses, and what was approved can be revoked from a day on."""

from datetime import date
from typing import Any

from lms import audit, clock, history
from lms.db import db
from lms.goals import actions as goals
from lms.goals.models import Exemption
from lms.recognition import queries
from lms.recognition.actions import refuse_oneself
from lms.recognition.rules import ExemptionState, Refusal, Refused


def request(
    *,
    person_id: int,
    policy: str,
    year: int,
    scope: str,
    target: str,
    reason: str,
    from_on: date,
    evidence: dict[str, Any],
    by_id: int,
) -> Exemption:
    """Ask that a person be exempted. What was refused or revoked before is asked for anew. Raises `Refused`."""
    refuse_oneself(person_id, by_id)
    exemption = queries.same_exemption(person_id, policy, year, scope, target)
    if exemption is None:
        exemption = Exemption(person_id=person_id, policy=policy, year=year, scope=scope, target=target)
        db.session.add(exemption)
    elif exemption.state == ExemptionState.REQUESTED and exemption.requested_by_id == by_id:
        return exemption
    elif exemption.state != ExemptionState.REFUSED and exemption.revoked_on is None:
        raise Refused(Refusal.EXEMPT_ALREADY)
    else:
        _keep(exemption)
    exemption.state, exemption.reason, exemption.from_on = ExemptionState.REQUESTED, reason, from_on
    exemption.evidence, exemption.requested_by_id = evidence, by_id
    exemption.decided_by_id = exemption.decided_at = exemption.decision_reason = None
    exemption.revoked_on = exemption.revoked_by_id = exemption.revoke_reason = None
    exemption.recorded_at = clock.now()
    db.session.flush()
    audit.record("recognition.request-exemption", exemption, person=person_id, policy=policy, year=year, reason=reason)
    goals.refresh(person_ids=[person_id])
    return exemption


def decide(*, exemption: Exemption, is_approved: bool, reason: str, by_id: int) -> None:
    """Approve or refuse what somebody else asked for. Raises `Refused`."""
    if exemption.state != ExemptionState.REQUESTED:
        return
    refuse_oneself(exemption.person_id, by_id)
    if exemption.requested_by_id == by_id:
        raise Refused(Refusal.REQUESTER)
    _keep(exemption)
    exemption.state = ExemptionState.APPROVED if is_approved else ExemptionState.REFUSED
    exemption.decided_by_id, exemption.decided_at, exemption.decision_reason = by_id, clock.now(), reason
    exemption.recorded_at = clock.now()
    db.session.flush()
    audit.record("recognition.decide-exemption", exemption, state=exemption.state, reason=reason)
    goals.refresh(person_ids=[exemption.person_id])


def revoke(*, exemption: Exemption, on: date, reason: str, by_id: int) -> None:
    """End an approved exemption from a day on."""
    if exemption.state != ExemptionState.APPROVED or exemption.revoked_on is not None:
        return
    _keep(exemption)
    exemption.revoked_on, exemption.revoked_by_id, exemption.revoke_reason = on, by_id, reason
    exemption.recorded_at = clock.now()
    db.session.flush()
    audit.record("recognition.revoke-exemption", exemption, on=on.isoformat(), reason=reason)
    goals.refresh(person_ids=[exemption.person_id])


def _keep(exemption: Exemption) -> None:
    history.keep(Exemption.__table__, Exemption.id == exemption.id)
