"""Reads of accounts, sessions and grants."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import contains_eager, joinedload

from lms import clock, text
from lms.access import GRANTABLE, Permission, Role, reach
from lms.accounts.models import Account, RoleGrant, SignInSession
from lms.accounts.user import SignedIn
from lms.clock import today
from lms.db import AnyRow, db, is_among
from lms.network import queries as network
from lms.network.models import Assignment, Person, UnitVersion

PHONE_SIGNS = frozenset("0123456789 .-+()")


def account_by_login(login: str) -> Account | None:
    """The account whose person has this staff code, phone or e-mail."""
    login = text.clean(login)
    if "@" in login:
        match = Person.email == login.lower()
    else:
        match = sa.or_(sa.func.lower(Person.code) == login.lower(), Person.phone == phone(login))
    found = sa.select(Account).join(Account.person).where(match).options(contains_eager(Account.person))
    accounts = db.session.scalars(found.limit(2)).all()
    return accounts[0] if len(accounts) == 1 else None


def phone(value: str) -> str:
    """`+84 905 123 456` and `0905.123.456` as `0905123456`."""
    digits = "".join(char for char in value if char in "0123456789")
    return f"0{digits[2:]}" if value.strip().startswith("+84") else digits


def spelling(login: str) -> str:
    """A login in one spelling, so that its tries are counted together however a phone number is written."""
    return phone(login) if PHONE_SIGNS.issuperset(login) else login.lower()


def sessions(account_id: int) -> Sequence[SignInSession]:
    """The open sessions of an account, newest first."""
    mine = sa.select(SignInSession).where(
        SignInSession.account_id == account_id, SignInSession.expires_at > clock.now()
    )
    return db.session.scalars(mine.order_by(SignInSession.id.desc())).all()


def people_without_sign_in(unit_id: int) -> Sequence[Person]:
    """The people who serve today in a unit or below it and have not yet chosen a password, by given name."""
    serving = sa.select(Assignment.person_id).where(
        Assignment.on(today()), Assignment.unit_id.in_(network.subtree(unit_id, today()))
    )
    done = sa.select(Account.person_id).where(Account.password_hash.is_not(None))
    people = sa.select(Person).where(Person.id.in_(serving), Person.id.not_in(done))
    return db.session.scalars(people.order_by(Person.sort_key, Person.id)).all()


def accounts_of(person_ids: Sequence[int]) -> dict[int, Account]:
    """The accounts of these people by person id."""
    mine = sa.select(Account).where(is_among(Account.person_id, person_ids))
    return {account.person_id: account for account in db.session.scalars(mine)}


def names(account_ids: Iterable[int | None]) -> dict[int, str]:
    """The full names of people by their accounts."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    found = sa.select(Account.id, Person.full_name).join(Account.person).where(is_among(Account.id, wanted))
    return dict(db.session.execute(found).all()) if wanted else {}


def grants_within(user: SignedIn) -> Sequence[AnyRow]:
    """The grants of today that the reader may see and end, with the name of their unit."""
    scope = user.scope(Permission.GRANT_ROLES)
    grants = (
        sa.select(RoleGrant, UnitVersion.name)
        .outerjoin(UnitVersion, sa.and_(UnitVersion.unit_id == RoleGrant.unit_id, UnitVersion.on(today())))
        .where(RoleGrant.on(today()))
        .options(joinedload(RoleGrant.account).joinedload(Account.person))
        .order_by(RoleGrant.id.desc())
    )
    if scope is not None:
        grants = grants.where(RoleGrant.unit_id.in_(network.subtree(scope, today())))
    return db.session.execute(grants).all()


def grantable_roles(user: SignedIn) -> list[Role]:
    """The roles that the reader may give to others."""
    return sorted({role for held in user.held for role in GRANTABLE.get(held.role, ())})


@reach("grant_id")
def may_end_grant(_permission: Permission, grant_id: int) -> bool:
    """A grant of today that the reader may also give."""
    held = db.session.get(RoleGrant, grant_id)
    return bool(held and held.from_on <= today() < held.to_on and current_user.may_grant(Role(held.role), held.unit_id))


@reach("session_id")
def is_own_session(_permission: Permission, session_id: int) -> bool:
    """One's own session."""
    return any(session.id == session_id for session in sessions(current_user.account_id))
