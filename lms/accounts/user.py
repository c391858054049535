"""The reader of a page: who is signed in, and what their roles let them do where. One statement loads it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import Flask, redirect, request, url_for
from flask_login import AnonymousUserMixin, LoginManager, current_user
from sqlalchemy.orm import aliased
from werkzeug.wrappers import Response

from lms import clock, text
from lms.access import GRANTABLE, GRANTS, WHOLE, Permission, Role, reach
from lms.accounts.models import Account, RoleGrant, SignInSession
from lms.db import db, rows
from lms.network.models import Assignment, Person, UnitAncestor

manager = LoginManager()
manager.login_view = "accounts.sign_in"
manager.session_protection = None
manager.login_message = ""

OPEN_TO_NEW = frozenset(
    {"accounts.new_password", "accounts.sign_out", "pages.stylesheet", "pages.font", "pages.display", "static"}
)


@dataclass(frozen=True, slots=True)
class Held:
    """A role held today over a unit and all below it; everywhere when `unit_id` is None."""

    role: Role
    unit_id: int | None


@dataclass(frozen=True)
class SignedIn:
    """A signed-in reader."""

    token: str
    session_id: int
    account_id: int
    person_id: int
    login: str
    full_name: str
    needs_password: bool
    held: tuple[Held, ...]
    _reached: dict[tuple[int, frozenset[int] | None], bool] = field(default_factory=dict, compare=False, repr=False)

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token

    @property
    def given_name(self) -> str:
        return text.given_name(self.full_name)

    def holds(self, permission: Permission) -> bool:
        """Whether some role gives the permission, wherever; one over the whole installation must be held everywhere."""
        scope = self.scope(permission)
        return scope is None if permission in WHOLE else scope != frozenset()

    def scope(self, permission: Permission) -> frozenset[int] | None:
        """The units over which the permission is held, each with all below it; None for everywhere."""
        return _scope(held.unit_id for held in self.held if permission in GRANTS[held.role])

    def may_grant(self, role: Role, unit_id: int | None) -> bool:
        """Whether the reader may give others a role over a unit, or everywhere, and take it from them."""
        scope = _scope(held.unit_id for held in self.held if role in GRANTABLE.get(held.role, ()))
        return scope is None if unit_id is None else _lies_within(unit_id, scope)

    def reaches_unit(self, permission: Permission, unit_id: int) -> bool:
        """Whether a unit lies under one of the units of the permission's scope, or lay there to its end."""
        asked = unit_id, self.scope(permission)
        if asked not in self._reached:  # a page asks for several permissions over one scope
            self._reached[asked] = _lies_within(*asked)
        return self._reached[asked]

    def covers(self, permission: Permission, unit_id: Any) -> sa.ColumnElement[bool]:
        """The condition that `reaches_unit` holds for a column: lists show what their pages would let in."""
        scope = self.scope(permission)
        if scope is None:
            return sa.true()
        lasting = _now_or_last(UnitAncestor, lambda line: line.unit_id == UnitAncestor.unit_id)
        return sa.exists().where(UnitAncestor.unit_id == unit_id, UnitAncestor.ancestor_id.in_(scope), lasting)

    def reaches_person(self, permission: Permission, person_id: int) -> bool:
        """Whether a person serves in a unit of the permission's scope, or, who serves nowhere now, served there last."""
        if self.scope(permission) is None:
            return bool(db.session.scalar(sa.select(sa.exists().where(Person.id == person_id))))
        return bool(db.session.scalar(sa.select(self.within_reach(permission, person_id))))

    def within_reach(self, permission: Permission, person_id: Any) -> sa.ColumnElement[bool]:
        """The condition that `reaches_person` holds for a column: lists show whom their pages would let in."""
        scope = self.scope(permission)
        if scope is None:
            return sa.true()
        return sa.exists().where(
            Assignment.person_id == person_id,
            _now_or_last(Assignment, lambda post: post.person_id == Assignment.person_id),
            *_is_below(scope, Assignment.unit_id),
        )


def _scope(units: Iterable[int | None]) -> frozenset[int] | None:
    found = set(units)
    return None if None in found else frozenset(unit for unit in found if unit is not None)


def _lies_within(unit_id: int, scope: frozenset[int] | None) -> bool:
    if scope is None:
        return True
    return bool(scope) and bool(db.session.scalar(sa.select(sa.exists().where(*_is_below(scope, unit_id)))))


def _is_below(scope: frozenset[int], unit_id: Any) -> tuple[sa.ColumnElement[bool], ...]:
    below = UnitAncestor.unit_id == unit_id, UnitAncestor.ancestor_id.in_(scope)
    return *below, _now_or_last(UnitAncestor, lambda line: line.unit_id == unit_id)


def _now_or_last(table: Any, same: Callable[[Any], sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    """The condition that a dated fact holds today; held last, where none does; or is to come, where none ever has."""
    other, day = aliased(table), clock.today()
    last = sa.select(sa.func.max(other.to_on)).where(same(other), other.from_on <= day).scalar_subquery()
    return sa.or_(sa.and_(table.from_on <= day, sa.or_(table.to_on > day, table.to_on == last)), last.is_(None))


class Anonymous(AnonymousUserMixin):
    account_id = person_id = None
    login = "anonymous"
    held: tuple[Held, ...] = ()

    def holds(self, permission: Permission) -> bool:
        return permission is Permission.PUBLIC


manager.anonymous_user = Anonymous

_signed_in = (
    sa.select(
        SignInSession.id,
        Account.id.label("account_id"),
        Account.password_hash.is_(None).label("needs_password"),
        Person.id.label("person_id"),
        Person.code,
        Person.full_name,
        RoleGrant.role,
        RoleGrant.unit_id,
    )
    .join(Account, Account.id == SignInSession.account_id)
    .join(Person, Person.id == Account.person_id)
    .outerjoin(
        RoleGrant,
        sa.and_(
            RoleGrant.account_id == Account.id,
            RoleGrant.from_on <= sa.bindparam("today"),
            RoleGrant.to_on > sa.bindparam("today"),
        ),
    )
    .where(
        SignInSession.token_hash == sa.bindparam("token_hash"),
        SignInSession.expires_at > sa.bindparam("now"),
        Account.is_disabled.is_(False),
    )
)


@manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> SignedIn | None:
    """The reader whose session has this token, or None when it has ended."""
    found = rows(_signed_in, token_hash=hash_token(token), now=clock.now(), today=clock.today())
    if not found:
        return None
    first = found[0]
    held = (Held(Role.LEARNER, None), *(Held(Role(row.role), row.unit_id) for row in found if row.role))
    needs_password = bool(first.needs_password)
    return SignedIn(
        token, first.id, first.account_id, first.person_id, first.code, first.full_name, needs_password, held
    )


def hash_token(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def init_app(app: Flask) -> None:
    manager.init_app(app)
    app.before_request(_ask_for_password)


def _ask_for_password() -> Response | None:
    if request.endpoint in OPEN_TO_NEW or not getattr(current_user, "needs_password", False):
        return None
    return redirect(url_for("accounts.new_password"))


def _reach(check: str) -> Callable[[Permission, Any], bool]:
    return lambda permission, value: getattr(current_user, check)(permission, value)


reach("unit_id")(_reach("reaches_unit"))
reach("person_id")(_reach("reaches_person"))
