"""Reads of claims, exemptions, absences and activities, and who may reach them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import aliased, joinedload, selectinload

from lms import clock
from lms.access import Permission, reach
from lms.accounts.models import Account
from lms.accounts.user import SignedIn
from lms.db import AnyRow, db
from lms.goals.models import Exemption
from lms.network import queries as network
from lms.network.models import Absence, Assignment, Person, UnitAncestor
from lms.recognition import rules
from lms.recognition.models import Activity, Attendance, Claim, ClaimDecision, ClaimFile, RecognitionRule
from lms.recognition.rules import ClaimState, ExemptionState

PAGE = 30


def claim(claim_id: int, *, is_locked: bool = False) -> Claim:
    """A claim, locked for a decision when asked. Raises NoResultFound."""
    return db.session.get_one(Claim, claim_id, with_for_update=is_locked or None, populate_existing=is_locked)


def claim_file(claim_id: int, number: int) -> ClaimFile:
    """Raises NoResultFound."""
    found = sa.select(ClaimFile).where(ClaimFile.claim_id == claim_id, ClaimFile.number == number)
    return db.session.scalars(found).one()


def standing_claim(person_id: int, kind: str, title: str, completed_on: date) -> Claim:
    """The claim of a person about a thing that is not withdrawn. Raises NoResultFound."""
    same = sa.select(Claim).where(
        Claim.person_id == person_id,
        Claim.kind == kind,
        Claim.title == title,
        Claim.completed_on == completed_on,
        Claim.state != ClaimState.WITHDRAWN,
    )
    return db.session.scalars(same).one()


def claims_of(person_id: int) -> Sequence[Claim]:
    """A person's claims with their decisions, latest first."""
    mine = sa.select(Claim).where(Claim.person_id == person_id).options(selectinload(Claim.decisions))
    return db.session.scalars(mine.order_by(Claim.id.desc())).all()


def claims_to_review(user: SignedIn, after: int | None) -> Sequence[Claim]:
    """Submitted claims of others within reach, oldest first: a page and one more."""
    return _queue(user, Permission.REVIEW_EVIDENCE, ClaimState.SUBMITTED, after)


def claims_to_confirm(user: SignedIn, after: int | None) -> Sequence[Claim]:
    """Claims of others within reach that another one accepted and a second person must confirm: a page and one more."""
    return _queue(user, Permission.REVIEW_EVIDENCE, ClaimState.CONFIRMING, after, ~_decided_by(user))


def same_papers(user: SignedIn, claim: Claim) -> Sequence[AnyRow]:
    """Other standing claims with the same number of the same issuer: Claim, whether the reader may know whose it is."""
    if claim.paper_key is None:
        return []
    is_named = user.within_reach(Permission.READ_PEOPLE, Claim.person_id).label("is_named")
    same = sa.select(Claim, is_named).where(
        Claim.paper_key == claim.paper_key, Claim.id != claim.id, Claim.state != ClaimState.WITHDRAWN
    )
    return db.session.execute(same.options(joinedload(Claim.person)).order_by(Claim.id).limit(PAGE)).all()


def needs_second(person_id: int) -> bool:
    """Whether a second person must confirm what is accepted: by the rule of the person's unit, else of the nearest above."""
    found = (
        sa.select(RecognitionRule.needs_second)
        .join(UnitAncestor, UnitAncestor.ancestor_id == RecognitionRule.unit_id)
        .join(Assignment, Assignment.unit_id == UnitAncestor.unit_id)
        .where(Assignment.person_id == person_id, Assignment.on(clock.today()), UnitAncestor.on(clock.today()))
        .order_by(Assignment.is_primary.desc(), UnitAncestor.depth, Assignment.id)
    )
    return bool(db.session.scalar(found.limit(1)))


def own_rule(unit_id: int) -> bool | None:
    """What a unit itself says; None when it leaves that to the one above."""
    return db.session.scalar(sa.select(RecognitionRule.needs_second).where(RecognitionRule.unit_id == unit_id))


def rule_of(unit_id: int) -> bool:
    """What holds for a unit: its own rule, else that of the nearest above."""
    found = (
        sa.select(RecognitionRule.needs_second)
        .join(UnitAncestor, UnitAncestor.ancestor_id == RecognitionRule.unit_id)
        .where(UnitAncestor.unit_id == unit_id, UnitAncestor.on(clock.today()))
        .order_by(UnitAncestor.depth)
    )
    return bool(db.session.scalar(found.limit(1)))


def appeals(user: SignedIn, after: int | None) -> Sequence[Claim]:
    """Appealed claims that the reader may decide on, oldest first: a page and one more."""
    return _queue(user, Permission.DECIDE, ClaimState.APPEALED, after, ~_decided_by(user))


def may_be_appealed(claim: Claim) -> bool:
    """Whether a claim may be appealed today."""
    decision = claim.decision
    return decision is not None and rules.may_be_appealed(
        claim.state,
        is_less=not claim.is_granted(decision),
        decided_on=clock.local_day(decision.decided_at),
        today=clock.today(),
    )


def exemption(exemption_id: int, *, is_locked: bool = False) -> Exemption:
    """Raises NoResultFound."""
    return db.session.get_one(Exemption, exemption_id, with_for_update=is_locked or None, populate_existing=is_locked)


def same_exemption(person_id: int, policy: str, year: int, scope: str, target: str) -> Exemption | None:
    """The exemption of a person from this part of a policy's year."""
    same = sa.select(Exemption).where(
        Exemption.person_id == person_id,
        Exemption.policy == policy,
        Exemption.year == year,
        Exemption.scope == scope,
        Exemption.target == target,
    )
    return db.session.scalar(same.with_for_update())


def exemptions_of(person_id: int) -> Sequence[AnyRow]:
    """A person's exemptions, latest year first: as `_exemptions`."""
    mine = _exemptions().where(Exemption.person_id == person_id)
    return db.session.execute(mine.order_by(Exemption.year.desc(), Exemption.id.desc())).all()


def exemptions_to_decide(user: SignedIn, after: int | None) -> Sequence[AnyRow]:
    """Requests of others, about others, within reach, oldest first: a page and one more."""
    waiting = (
        _exemptions()
        .where(
            Exemption.state == ExemptionState.REQUESTED,
            Exemption.requested_by_id.is_distinct_from(user.account_id),
            Exemption.person_id != user.person_id,
            Exemption.id > (after or 0),
            user.within_reach(Permission.DECIDE, Exemption.person_id),
        )
        .order_by(Exemption.id)
        .limit(PAGE + 1)
    )
    return db.session.execute(waiting).all()


def exemptions_of_unit(user: SignedIn, unit_id: int, year: int, before: int | None) -> Sequence[AnyRow]:
    """All exemptions from a year of people who served in a unit then, latest first: a page and one more."""
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    served = sa.select(Assignment.person_id).where(
        Assignment.during(start, end), Assignment.unit_id.in_(network.subtree_during(unit_id, start, end))
    )
    found = (
        _exemptions()
        .where(
            Exemption.year == year,
            Exemption.person_id.in_(served),
            user.within_reach(Permission.READ_PEOPLE, Exemption.person_id),
        )
        .order_by(Exemption.id.desc())
        .limit(PAGE + 1)
    )
    return db.session.execute(found.where(Exemption.id < before) if before else found).all()


def absence(absence_id: int) -> Absence:
    """Raises NoResultFound."""
    return db.session.get_one(Absence, absence_id)


def absences_of(person_id: int) -> Sequence[Absence]:
    """A person's absences, latest first."""
    mine = sa.select(Absence).where(Absence.person_id == person_id)
    return db.session.scalars(mine.order_by(Absence.from_on.desc(), Absence.id.desc())).all()


def activity(activity_id: int) -> Activity:
    """Raises NoResultFound."""
    return db.session.get_one(Activity, activity_id)


def activity_by_key(key: str) -> Activity | None:
    """The activity that a form has already recorded."""
    return db.session.scalar(sa.select(Activity).where(Activity.key == key))


def activities_of(unit_id: int, before: int | None) -> Sequence[AnyRow]:
    """What a unit recorded, latest first: Activity, number of people; a page and one more."""
    people = sa.select(sa.func.count()).where(Attendance.activity_id == Activity.id).scalar_subquery()
    found = sa.select(Activity, people.label("people")).where(Activity.unit_id == unit_id)
    found = found.order_by(Activity.id.desc()).limit(PAGE + 1)
    return db.session.execute(found.where(Activity.id < before) if before else found).all()


def attendances(activity_id: int) -> Sequence[AnyRow]:
    """Who took part, by given name: id, code, full_name, periods (hundredths)."""
    found = (
        sa.select(Person.id, Person.code, Person.full_name, Attendance.periods)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.activity_id == activity_id)
    )
    return db.session.execute(found.order_by(Person.sort_key, Person.id)).all()


def people_by_code(unit_id: int, codes: Collection[str]) -> dict[str, AnyRow]:
    """People who serve today in a unit or below it, by their folded staff code: id, code, full_name."""
    serving = sa.select(Assignment.person_id).where(
        Assignment.on(clock.today()), Assignment.unit_id.in_(network.subtree(unit_id, clock.today()))
    )
    spelt = sa.or_(Person.code.in_(codes), sa.func.lower(Person.code).in_([code.lower() for code in codes]))
    found = sa.select(Person.id, Person.code, Person.full_name).where(spelt, Person.id.in_(serving))
    return {row.code.casefold(): row for row in db.session.execute(found)}


def _decided_by(user: SignedIn) -> sa.ColumnElement[bool]:
    """The condition that the reader has decided on a claim already."""
    mine = ClaimDecision.claim_id == Claim.id, ClaimDecision.account_id == user.account_id
    return sa.exists().where(*mine)


def _queue(user: SignedIn, permission: Permission, state: str, after: int | None, *more: Any) -> Sequence[Claim]:
    waiting = (
        sa.select(Claim)
        .where(
            Claim.state == state,
            Claim.person_id != user.person_id,
            Claim.id > (after or 0),
            user.within_reach(permission, Claim.person_id),
            *more,
        )
        .options(joinedload(Claim.person))
        .order_by(Claim.id)
        .limit(PAGE + 1)
    )
    return db.session.scalars(waiting).all()


def _exemptions() -> sa.Select[Any]:
    """Exemption, person_code, full_name, and the names of those who requested, decided and revoked."""
    columns: list[Any] = [Exemption, Person.code.label("person_code"), Person.full_name]
    found = sa.select(*columns).join(Person, Person.id == Exemption.person_id)
    for label in ("requested_by", "decided_by", "revoked_by"):
        account, who = aliased(Account), aliased(Person)
        found = found.outerjoin(account, account.id == getattr(Exemption, f"{label}_id"))
        found = found.outerjoin(who, who.id == account.person_id).add_columns(who.full_name.label(label))
    return found


def _reaches(permission: Permission, person_id: int | None) -> bool:
    """One's own, or of a person within the reach of the permission."""
    if person_id is None:
        return False
    if permission is Permission.OWN:
        return bool(person_id == current_user.person_id)
    return bool(current_user.reaches_person(permission, person_id))


@reach("claim_id")
def reaches_claim(permission: Permission, claim_id: int) -> bool:
    return _reaches(permission, db.session.scalar(sa.select(Claim.person_id).where(Claim.id == claim_id)))


@reach("exemption_id")
def reaches_exemption(permission: Permission, exemption_id: int) -> bool:
    return _reaches(permission, db.session.scalar(sa.select(Exemption.person_id).where(Exemption.id == exemption_id)))


@reach("absence_id")
def reaches_absence(permission: Permission, absence_id: int) -> bool:
    return _reaches(permission, db.session.scalar(sa.select(Absence.person_id).where(Absence.id == absence_id)))


@reach("activity_id")
def reaches_activity(permission: Permission, activity_id: int) -> bool:
    """Recorded by a unit within the reach of the permission."""
    unit_id = db.session.scalar(sa.select(Activity.unit_id).where(Activity.id == activity_id))
    return unit_id is not None and bool(current_user.reaches_unit(permission, unit_id))
