"""Writes of accounts: signing in and out, passwords, codes, grants."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from flask import current_app

from lms import audit, clock
from lms.access import Role
from lms.accounts import passwords, queries
from lms.accounts.models import Account, RoleGrant, SignInSession
from lms.accounts.user import hash_token
from lms.db import db
from lms.network.models import Person

CODE_DAYS = 60


class Refused(Exception):
    """A sign-in that is not right; says no more than that."""


def sign_in(*, login: str, secret: str, device: str) -> tuple[Account, str]:
    """Open a session for a password or a first-sign-in code; the account and the session's token.

    Raises `Refused`, after the same time and for any reason.
    """
    account = queries.account_by_login(login)
    is_right = passwords.is_right(secret, account.password_hash if account else None)
    if account is None or account.is_disabled or not (is_right or _is_first_code(account, secret)):
        raise Refused
    account.last_sign_in_at = clock.now()
    return account, open_session(account=account, device=device)


def open_session(*, account: Account, device: str) -> str:
    """A new session; its token, which is not stored."""
    token = secrets.token_urlsafe(32)
    until = clock.now() + timedelta(days=current_app.config["SESSION_DAYS"])
    session = SignInSession(
        account_id=account.id,
        token_hash=hash_token(token),
        created_at=clock.now(),
        expires_at=until,
        device=device[:200],
    )
    db.session.add(session)
    db.session.flush()
    audit.record("accounts.sign-in", account)
    return token


def end_session(*, account_id: int, session_id: int) -> None:
    """End one session of an account: its own cookie is worth nothing from now on."""
    mine = SignInSession.account_id == account_id
    db.session.execute(sa.delete(SignInSession).where(mine, SignInSession.id == session_id))
    audit.record("accounts.sign-out", f"account:{account_id}", session=session_id)


def set_password(*, account: Account, password: str, keep_session_id: int) -> None:
    """Set a password and end all other sessions. The first-sign-in code is used up."""
    account.password_hash = passwords.hash_password(password)
    account.first_code_hash = account.first_code_until = None
    others = SignInSession.account_id == account.id, SignInSession.id != keep_session_id
    db.session.execute(sa.delete(SignInSession).where(*others))
    audit.record("accounts.set-password", account)


def issue_codes(*, people: Sequence[Person], unit_id: int) -> list[tuple[Person, str]]:
    """Give each of these people an account, if need be, and a new first-sign-in code; the codes, shown once."""
    accounts = queries.accounts_of([person.id for person in people])
    until = clock.now() + timedelta(days=CODE_DAYS)
    sheet = []
    for person in people:
        account = accounts.get(person.id) or create_account(person=person)
        code = passwords.new_code()
        account.first_code_hash, account.first_code_until = passwords.hash_code(code), until
        sheet.append((person, passwords.shown(code)))
    db.session.flush()
    audit.record("accounts.issue-codes", f"unit:{unit_id}", people=len(people))
    return sheet


def renew_code(*, person: Person) -> str:
    """A new code for one person who cannot get in: the old password and all sessions end; the code, shown once."""
    account = queries.accounts_of([person.id]).get(person.id) or create_account(person=person)
    code = passwords.new_code()
    account.password_hash = None
    account.first_code_hash, account.first_code_until = (
        passwords.hash_code(code),
        clock.now() + timedelta(days=CODE_DAYS),
    )
    db.session.flush()
    db.session.execute(sa.delete(SignInSession).where(SignInSession.account_id == account.id))
    audit.record("accounts.renew-code", account, person=person.id)
    return passwords.shown(code)


def create_account(*, person: Person, password: str | None = None) -> Account:
    """An account for a person; without a password it waits for a first-sign-in code."""
    hashed = passwords.hash_password(password) if password else None
    account = Account(person_id=person.id, password_hash=hashed, created_at=clock.now())
    db.session.add(account)
    return account


def grant(
    *, account: Account, role: Role, unit_id: int | None, from_on: date, to_on: date, reason: str, by_id: int | None
) -> RoleGrant:
    """Give a role over a unit and all below it (everywhere when `unit_id` is None) on `[from_on, to_on)`."""
    given = RoleGrant(
        account_id=account.id,
        role=role,
        unit_id=unit_id,
        from_on=from_on,
        to_on=to_on,
        reason=reason,
        granted_by_id=by_id,
    )
    db.session.add(given)
    db.session.flush()
    audit.record("accounts.grant", account, role=role, unit=unit_id, start=str(from_on), end=str(to_on), reason=reason)
    return given


def end_grant(*, grant: RoleGrant, reason: str) -> None:
    """A role ends today."""
    before, grant.to_on = str(grant.to_on), clock.today()
    audit.record("accounts.end-grant", f"account:{grant.account_id}", role=grant.role, old=before, reason=reason)


def _is_first_code(account: Account, secret: str) -> bool:
    is_open = account.first_code_hash and account.first_code_until and account.first_code_until > clock.now()
    return bool(is_open) and secrets.compare_digest(account.first_code_hash or "", passwords.hash_code(secret))
