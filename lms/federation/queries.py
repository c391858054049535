"""Reads of federation, and who may reach what."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import joinedload, selectinload

from lms import clock
from lms.access import Permission, reach
from lms.accounts.user import SignedIn
from lms.db import AnyRow, db
from lms.federation.models import (
    DEFAULT_DUE_DAYS,
    FederationKey,
    FederationSender,
    FederationSetting,
    ReportedFigure,
    ReportedPerson,
    ReportedYear,
)
from lms.federation.rules import State
from lms.network.models import UnitAncestor, UnitHeir, UnitVersion

PAGE = 50


def setting() -> FederationSetting:
    """How this installation takes part; nothing is stored before something is set."""
    found = db.session.scalar(sa.select(FederationSetting).order_by(FederationSetting.id).limit(1))
    return found or FederationSetting(sends_names=False, due_days=DEFAULT_DUE_DAYS)


def sender(sender_id: int) -> FederationSender:
    """A sender with its keys. Raises NoResultFound."""
    return db.session.get_one(FederationSender, sender_id)


def sender_of(unit_id: int) -> FederationSender | None:
    """Who may report a unit: its sender, else that of the unit that carries it today."""
    heir = sa.select(UnitHeir.heir_id).where(UnitHeir.unit_id == unit_id).scalar_subquery()
    found = sa.select(FederationSender).where(
        sa.or_(FederationSender.unit_id == unit_id, FederationSender.unit_id == heir)
    )
    exact = sa.case((FederationSender.unit_id == unit_id, 0), else_=1)
    return db.session.scalars(found.options(selectinload(FederationSender.keys)).order_by(exact).limit(1)).first()


def senders() -> Sequence[AnyRow]:
    """All senders by the name of their unit: FederationSender, unit, keys that hold today."""
    keys = sa.select(sa.func.count()).where(
        FederationKey.sender_id == FederationSender.id, FederationKey.on(clock.today())
    )
    found = sa.select(FederationSender, _name().label("unit"), keys.scalar_subquery().label("keys"))
    return sorted(db.session.execute(found).all(), key=lambda row: row.unit or "")


def senders_below(unit_id: int, year: int) -> Sequence[AnyRow]:
    """Who is to report a year for units at or below one, on the map of today: FederationSender, heir_id, unit."""
    found = (
        sa.select(FederationSender, UnitHeir.heir_id, _name().label("unit"))
        .join(UnitHeir, UnitHeir.unit_id == FederationSender.unit_id)
        .join(
            UnitAncestor,
            sa.and_(UnitAncestor.unit_id == UnitHeir.heir_id, UnitAncestor.on(clock.today())),
        )
        .where(
            UnitAncestor.ancestor_id == unit_id,
            FederationSender.first_year <= year,
            sa.func.coalesce(FederationSender.last_year, year) >= year,
        )
        .order_by(UnitAncestor.depth, FederationSender.unit_id)
    )
    return db.session.execute(found).all()


def above_each_other(unit_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Of some units the pairs (below, above) on the map of today."""
    pairs = sa.select(UnitAncestor.unit_id, UnitAncestor.ancestor_id).where(
        UnitAncestor.unit_id.in_(unit_ids),
        UnitAncestor.ancestor_id.in_(unit_ids),
        UnitAncestor.depth > 0,
        UnitAncestor.on(clock.today()),
    )
    return {(below, above) for below, above in db.session.execute(pairs)}


def reports_from(sender_ids: Sequence[int], policy: str, year: int) -> Sequence[ReportedYear]:
    """What arrived from some senders about a year and was not replaced, latest first."""
    found = sa.select(ReportedYear).where(
        ReportedYear.sender_id.in_(sender_ids),
        ReportedYear.policy == policy,
        ReportedYear.year == year,
        ReportedYear.state != State.REPLACED,
    )
    return db.session.scalars(found.order_by(ReportedYear.id.desc())).all()


def report(report_id: int) -> ReportedYear:
    """Raises NoResultFound."""
    found = sa.select(ReportedYear).where(ReportedYear.id == report_id).options(joinedload(ReportedYear.sender))
    return db.session.scalars(found).one()


def taken(unit_id: int, policy: str, year: int) -> ReportedYear | None:
    """What holds for a unit, goal and year."""
    same = ReportedYear.unit_id == unit_id, ReportedYear.policy == policy, ReportedYear.year == year
    return db.session.scalar(sa.select(ReportedYear).where(*same, ReportedYear.state == State.TAKEN))


def history(found: ReportedYear) -> Sequence[ReportedYear]:
    """All that arrived about the same unit, goal and year, latest first."""
    same = (
        ReportedYear.unit_id == found.unit_id,
        ReportedYear.policy == found.policy,
        ReportedYear.year == found.year,
    )
    return db.session.scalars(sa.select(ReportedYear).where(*same).order_by(ReportedYear.id.desc())).all()


def waiting(user: SignedIn) -> Sequence[ReportedYear]:
    """What waits to be taken, for whoever closes years there."""
    found = sa.select(ReportedYear).where(
        ReportedYear.state == State.WAITING, user.covers(Permission.CLOSE_YEAR, ReportedYear.unit_id)
    )
    return db.session.scalars(found.order_by(ReportedYear.id).limit(PAGE)).all()


def figures(report_id: int) -> Sequence[ReportedFigure]:
    """The units of a year that was taken, by code."""
    mine = sa.select(ReportedFigure).where(ReportedFigure.report_id == report_id)
    return db.session.scalars(mine.order_by(ReportedFigure.code, ReportedFigure.number)).all()


def people(report_id: int, after: int = 0) -> Sequence[ReportedPerson]:
    """The people of a year that was taken with names: a page and one more."""
    mine = ReportedPerson.report_id == report_id, ReportedPerson.number > after
    return db.session.scalars(
        sa.select(ReportedPerson).where(*mine).order_by(ReportedPerson.number).limit(PAGE + 1)
    ).all()


def _name() -> Any:
    """The latest name of a sender's unit."""
    named = sa.select(UnitVersion.name).where(UnitVersion.unit_id == FederationSender.unit_id)
    return named.order_by(UnitVersion.from_on.desc()).limit(1).correlate(FederationSender).scalar_subquery()


@reach("sender_id")
def reaches_sender(permission: Permission, sender_id: int) -> bool:
    """Senders of units in reach."""
    found = db.session.get(FederationSender, sender_id)
    return found is not None and bool(current_user.reaches_unit(permission, found.unit_id))


@reach("report_id")
def reaches_report(permission: Permission, report_id: int) -> bool:
    """What was reported about units in reach."""
    unit_id = db.session.scalar(sa.select(ReportedYear.unit_id).where(ReportedYear.id == report_id))
    return unit_id is not None and bool(current_user.reaches_unit(permission, unit_id))
