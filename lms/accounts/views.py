"""Pages of accounts."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from lms import throttle
from lms.access import Permission, Role, allow
from lms.accounts import actions, passwords, queries
from lms.accounts.forms import ChangePasswordForm, EndGrantForm, GrantForm, NewPasswordForm, SignInForm
from lms.accounts.models import Account, RoleGrant
from lms.accounts.user import load
from lms.clock import today
from lms.db import OPEN_END, db
from lms.language import gettext
from lms.network import queries as network
from lms.pages import local_target

accounts = Blueprint("accounts", __name__)

Page = str | Response | tuple[str, int]
SIGN_IN_LIMIT, SIGN_IN_WINDOW = 10, timedelta(minutes=5)


@accounts.route("/sign-in", methods=["GET", "POST"])
@allow(Permission.PUBLIC)
def sign_in() -> Page:
    """Sign in by staff code, phone or e-mail."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200
    keys = f"sign-in:{queries.spelling(form.login.data)}", f"sign-in-from:{request.remote_addr}"
    if throttle.is_exceeded(*keys, limit=SIGN_IN_LIMIT, window=SIGN_IN_WINDOW):
        form.login.errors = [gettext("accounts.too-many-tries")]
        return render_template("accounts/sign_in.html", form=form), 429
    try:
        _account, token = actions.sign_in(
            login=form.login.data, secret=form.secret.data, device=request.user_agent.string
        )
    except actions.Refused:
        form.login.errors = [gettext("accounts.refused")]
        return render_template("accounts/sign_in.html", form=form), 422
    throttle.take_back(*keys)
    login_user(load(token))
    return redirect(local_target(request.args.get("next")))


@accounts.post("/sign-out")
@allow(Permission.OWN)
def sign_out() -> Response:
    """End this session here and on the server."""
    actions.end_session(account_id=current_user.account_id, session_id=current_user.session_id)
    logout_user()
    return redirect(url_for("accounts.sign_in"))


@accounts.route("/first-sign-in", methods=["GET", "POST"])
@allow(Permission.OWN)
def new_password() -> Page:
    """Choose a password after the first sign-in with a code."""
    if not current_user.needs_password:
        return redirect(url_for("study.home"))
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/new_password.html", form=form), 422 if form.errors else 200
    _set_password(form.password.data)
    return redirect(url_for("study.home"))


@accounts.route("/my/account", methods=["GET", "POST"])
@allow(Permission.OWN)
def mine() -> Page:
    """One's own password and open sessions."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        account = db.session.get_one(Account, current_user.account_id)
        if passwords.is_right(form.present.data, account.password_hash):
            _set_password(form.password.data)
            flash(gettext("accounts.password-changed"), "success")
            return redirect(url_for("accounts.mine"))
        form.present.errors = [gettext("accounts.wrong-password")]
    sessions = queries.sessions(current_user.account_id)
    return render_template("accounts/mine.html", form=form, sessions=sessions), 422 if form.errors else 200


@accounts.post("/my/sessions/<int:session_id>/end")
@allow(Permission.OWN)
def end_session(session_id: int) -> Response:
    """End another of one's own sessions."""
    actions.end_session(account_id=current_user.account_id, session_id=session_id)
    return redirect(url_for("accounts.mine"))


@accounts.get("/units/<int:unit_id>/accounts")
@allow(Permission.CREATE_ACCOUNTS)
def unit_accounts(unit_id: int) -> Page:
    """Who of a unit cannot sign in yet."""
    people = queries.people_without_sign_in(unit_id)
    return render_template("accounts/unit_accounts.html", unit=network.unit(unit_id, today()), people=people)


@accounts.post("/units/<int:unit_id>/accounts")
@allow(Permission.CREATE_ACCOUNTS)
def issue_codes(unit_id: int) -> Page:
    """Make accounts and codes for all of them, and show the sheet to print. Codes are shown this once."""
    sheet = actions.issue_codes(people=queries.people_without_sign_in(unit_id), unit_id=unit_id)
    return render_template("accounts/code_sheet.html", unit=network.unit(unit_id, today()), sheet=sheet)


@accounts.post("/people/<int:person_id>/code")
@allow(Permission.CREATE_ACCOUNTS)
def renew_code(person_id: int) -> Page:
    """A new code for somebody who forgot the password, on a sheet of its own. Shown this once."""
    if person_id == current_user.person_id:
        return redirect(url_for("accounts.mine"))
    person = network.person(person_id)
    return render_template("accounts/renew_code.html", person=person, code=actions.renew_code(person=person))


@accounts.route("/grants", methods=["GET", "POST"])
@allow(Permission.GRANT_ROLES)
def grants() -> Page:
    """Roles granted within one's reach; grant another."""
    form = GrantForm(from_on=today())
    form.role.choices = [(role.value, gettext(f"access.{role}")) for role in queries.grantable_roles(current_user)]
    if form.validate_on_submit() and _grant(form):
        return redirect(url_for("accounts.grants"))
    page = render_template("accounts/grants.html", form=form, grants=queries.grants_within(current_user))
    return page, 422 if form.errors else 200


@accounts.route("/grants/<int:grant_id>/end", methods=["GET", "POST"])
@allow(Permission.GRANT_ROLES)
def end_grant(grant_id: int) -> Page:
    """End a role today, with a reason."""
    held, form = db.session.get_one(RoleGrant, grant_id), EndGrantForm()
    if not form.validate_on_submit():
        return render_template("accounts/end_grant.html", form=form, grant=held), 422 if form.errors else 200
    actions.end_grant(grant=held, reason=form.reason.data)
    return redirect(url_for("accounts.grants"))


def _set_password(password: str) -> None:
    account = db.session.get_one(Account, current_user.account_id)
    actions.set_password(account=account, password=password, keep_session_id=current_user.session_id)


def _grant(form: GrantForm) -> bool:
    account, role = queries.account_by_login(form.login.data), Role(form.role.data)
    unit_id = network.unit_id_by_code(form.unit_code.data, today()) if form.unit_code.data else None
    if account is None or not current_user.reaches_person(Permission.GRANT_ROLES, account.person_id):
        form.login.errors = [gettext("accounts.unknown-login")]
    elif account.id == current_user.account_id:
        form.login.errors = [gettext("accounts.not-oneself")]
    if form.unit_code.data and unit_id is None:
        form.unit_code.errors = [gettext("accounts.unknown-unit")]
    elif not current_user.may_grant(role, unit_id):
        form.unit_code.errors = [gettext("accounts.out-of-reach")]
    start: date = form.from_on.data or today()
    end = form.last_on.data + timedelta(days=1) if form.last_on.data else OPEN_END
    if end <= start:
        form.last_on.errors = [gettext("form.end-before-start")]
    if form.errors or account is None:
        return False
    actions.grant(
        account=account, role=role, unit_id=unit_id, from_on=start, to_on=end,
        reason=form.reason.data, by_id=current_user.account_id,
    )  # fmt: skip
    flash(gettext("accounts.granted"), "success")
    return True
