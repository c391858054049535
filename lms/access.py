"""Who may do what, where, and when: roles, permissions, and the one guard in front of every view.

A view declares `@allow(Permission.X)` and nothing else. The guard asks whether the reader holds X, and for each URL
parameter whether the object that it names is within reach. Out of reach is 404: nobody learns that it exists.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Protocol

from flask import Flask, Response, abort, request
from flask_login import current_user, login_manager


class Permission(StrEnum):
    PUBLIC = "public"
    OWN = "own"
    READ_FIGURES = "read-figures"
    READ_PEOPLE = "read-people"
    IMPORT_PEOPLE = "import-people"
    CREATE_ACCOUNTS = "create-accounts"
    EXPORT = "export"
    REMIND = "remind"
    REVIEW_EVIDENCE = "review-evidence"
    DECIDE = "decide"
    DRAFT_PLANS = "draft-plans"
    WRITE_REPORTS = "write-reports"
    REORGANISE = "reorganise"
    CLOSE_YEAR = "close-year"
    WRITE_POLICIES = "write-policies"
    TEACH = "teach"
    KEEP_REGISTER = "keep-register"
    REVOKE_CERTIFICATE = "revoke-certificate"
    GRANT_ROLES = "grant-roles"
    READ_AUDIT = "read-audit"
    CHANGE_SETTINGS = "change-settings"


class Role(StrEnum):
    LEARNER = "learner"
    TRAINER = "trainer"
    UNIT_HR = "unit-hr"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


P = Permission
EVERYBODY = frozenset({P.OWN, P.READ_FIGURES})
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.LEARNER: EVERYBODY,
    Role.TRAINER: EVERYBODY | {P.TEACH},
    Role.UNIT_HR: EVERYBODY
    | {P.READ_PEOPLE, P.IMPORT_PEOPLE, P.CREATE_ACCOUNTS, P.EXPORT, P.REMIND, P.REVIEW_EVIDENCE, P.DRAFT_PLANS}
    | {P.WRITE_REPORTS},
    Role.COORDINATOR: EVERYBODY
    | {P.READ_PEOPLE, P.EXPORT, P.REMIND, P.REVOKE_CERTIFICATE, P.GRANT_ROLES, P.DECIDE, P.DRAFT_PLANS}
    | {P.REORGANISE, P.CLOSE_YEAR, P.WRITE_POLICIES, P.KEEP_REGISTER, P.WRITE_REPORTS},
    Role.AUDITOR: EVERYBODY | {P.READ_PEOPLE, P.EXPORT, P.READ_AUDIT},
    Role.ADMINISTRATOR: EVERYBODY | {P.READ_PEOPLE, P.GRANT_ROLES, P.READ_AUDIT, P.CHANGE_SETTINGS},
}
"""READ_FIGURES gives counts, never names. DECIDE: approve exemptions and plans, hear appeals. KEEP_REGISTER: issue papers by
act, replace, renew and confirm them. EXPORT takes out what is there; WRITE_REPORTS says what the official report says."""

GRANTABLE: dict[Role, frozenset[Role]] = {
    Role.COORDINATOR: frozenset({Role.TRAINER, Role.UNIT_HR}),
    Role.ADMINISTRATOR: frozenset({Role.TRAINER, Role.UNIT_HR, Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR}),
}


WHOLE = frozenset({P.READ_AUDIT, P.CHANGE_SETTINGS, P.WRITE_POLICIES})
"""Permissions over the installation itself: a role that is limited to some units does not give them."""


class User(Protocol):
    """What the guard knows of a reader; `lms.accounts` provides it."""

    is_authenticated: bool

    def holds(self, permission: Permission) -> bool: ...


class UndeclaredView(RuntimeError):
    """A view without `@allow`: the application refuses to start."""


Reach = Callable[[Permission, Any], bool]
View = Callable[..., Any]

REACH: dict[str, Reach] = {}
REACH_WITH: dict[tuple[str, Permission], Reach] = {}
"""Where a parameter names objects of several kinds, the permission tells which one is meant."""
UNSCOPED = frozenset({"filename", "digest", "lesson", "number", "position", "code", "form", "sheet"})
"""URL parameters that name nobody's object: open to all readers, or narrowing down another one's object."""


def allow(permission: Permission, *, open_if: Callable[..., bool] | None = None) -> Callable[[View], View]:
    """Declare which permission a view needs. Strangers come in, too, where `open_if` says so of the URL's parameters."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        view.open_if = open_if  # type: ignore[attr-defined]
        return view

    return declare


def reach(parameter: str, permission: Permission | None = None) -> Callable[[Reach], Reach]:
    """Register the check that decides whether the object of a URL parameter is within the reader's reach.

    With a `permission` the check is for its views only.
    """

    def register(check: Reach) -> Reach:
        if permission is None:
            REACH[parameter] = check
        else:
            REACH_WITH[parameter, permission] = check
        return check

    return register


def permission_of(app: Flask, endpoint: str) -> Permission:
    """The declared permission of an endpoint."""
    if endpoint == "static":
        return Permission.PUBLIC
    permission: Permission = vars(app.view_functions[endpoint])["permission"]
    return permission


def is_sometimes_open(app: Flask, endpoint: str) -> bool:
    """Whether a view lets strangers in where its parameters name something open."""
    return vars(app.view_functions[endpoint]).get("open_if") is not None


def require_declarations(app: Flask) -> None:
    """Raise `UndeclaredView` when a view is silent about who may open it."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "permission"):
            raise UndeclaredView(f"{rule.endpoint} ({rule.rule})")


def guard(app: Flask) -> None:
    """Put the guard in front of every request of `app`."""

    @app.before_request
    def check() -> Response | None:
        if request.endpoint is None:
            return None
        permission = permission_of(app, request.endpoint)
        if permission is Permission.PUBLIC:
            return None
        if not current_user.is_authenticated:
            if is_sometimes_open(app, request.endpoint) and _is_open(app):
                return None
            manager: login_manager.LoginManager = app.login_manager  # type: ignore[attr-defined]
            return manager.unauthorized()
        if not current_user.holds(permission):
            abort(403)
        for name, value in (request.view_args or {}).items():
            within = REACH_WITH.get((name, permission)) or REACH.get(name)
            if within and not within(permission, value):
                abort(404)
        return None


def _is_open(app: Flask) -> bool:
    opened: bool = vars(app.view_functions[request.endpoint or ""])["open_if"](**(request.view_args or {}))
    return opened
