"""Pages of the register: a unit's papers, the story of one, and what may be done with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms import clock
from lms.access import Permission, allow
from lms.certificates import actions, awards, queries, story
from lms.certificates.actions import NotAllowed
from lms.certificates.forms import AuthorityForm, ConfirmForm, ReasonForm, RegisterForm, ReplaceForm
from lms.certificates.queries import Filter
from lms.certificates.rules import Act
from lms.certificates.views import Page, certificates
from lms.fonts import UnprintableText
from lms.goals import queries as goals
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_id, asked_year, page_of


@certificates.get("/units/<int:unit_id>/certificates")
@allow(Permission.READ_PEOPLE)
def register(unit_id: int) -> str:
    """The papers issued in a year to the people of a unit and below, and those that expire soon."""
    year, day = asked_year(), clock.today()
    whole = Filter(unit_id, date(year, 1, 1), date(year + 1, 1, 1))
    form = RegisterForm(request.args)
    form.offer(queries.issuers(), queries.courses_in(whole))
    wanted = replace(whole, **form.wanted)
    shown, more = page_of(queries.page_of_register(wanted, before=asked_id("before")), queries.PAGE)
    return render_template(
        "certificates/register.html",
        unit=network.unit(unit_id, day),
        path=network.path(unit_id, day),
        year=year,
        years=goals.years(),
        form=form,
        asked={name: value for name, value in request.args.items() if name in form and value},
        certificates=shown,
        more=more,
        number=queries.number_of(wanted),
        expiring=queries.expiring(unit_id),
    )


@certificates.get("/certificates/<int:certificate_id>")
@allow(Permission.READ_PEOPLE)
def certificate(certificate_id: int) -> str:
    """A paper with its whole story."""
    found = queries.certificate(certificate_id)
    return render_template(
        "certificates/certificate.html",
        certificate=found,
        person=network.person(found.person_id),
        chain=queries.chain(found),
        confirmations=queries.confirmations(found.id),
        lines=story.lines(found, queries.acts(found.id)),
    )


@certificates.route("/certificates/<int:certificate_id>/revoke", methods=["GET", "POST"])
@allow(Permission.REVOKE_CERTIFICATE)
def revoke(certificate_id: int) -> Page:
    """Revoke a certificate, with a reason."""
    form = ReasonForm()
    return _act(Act.REVOKE, certificate_id, form, partial(actions.revoke, reason=form.reason.data))


@certificates.route("/certificates/<int:certificate_id>/reinstate", methods=["GET", "POST"])
@allow(Permission.REVOKE_CERTIFICATE)
def reinstate(certificate_id: int) -> Page:
    """Take a wrong revocation back, with a reason and by whose decision."""
    form = AuthorityForm()
    do = partial(actions.reinstate, reason=form.reason.data, authority=form.authority.data)
    return _act(Act.REINSTATE, certificate_id, form, do)


@certificates.route("/certificates/<int:certificate_id>/replace", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def replace_paper(certificate_id: int) -> Page:
    """Issue a new paper instead of one with an error of the issuer's."""
    found = queries.certificate(certificate_id)
    form = ReplaceForm.of(awards.told(found))
    do = partial(actions.replace_paper, reason=form.reason.data, **form.corrected)
    name, unit = network.person(found.person_id).full_name, network.unit_line(found.person_id, found.issued_on)
    return _act(Act.REPLACE, certificate_id, form, do, name=name, unit=unit)


@certificates.route("/certificates/<int:certificate_id>/renew", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def renew(certificate_id: int) -> Page:
    """Issue a new paper for one that expires."""
    form = ReasonForm()
    return _act(Act.RENEW, certificate_id, form, partial(actions.renew, reason=form.reason.data))


@certificates.route("/certificates/<int:certificate_id>/confirm", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def confirm(certificate_id: int) -> Page:
    """Issue a paper that says that another was issued, for one that was lost."""
    form = ConfirmForm()
    do = partial(actions.confirm, key=form.key.data, reason=form.reason.data)
    return _act(Act.CONFIRM, certificate_id, form, do)


def _act(act: Act, certificate_id: int, form: ReasonForm, do: Callable[..., Any], **shown: object) -> Page:
    """Ask for the reason, do it, and go to the paper that came of it; or say why it cannot be done."""
    found = queries.certificate(certificate_id)
    if form.validate_on_submit():
        try:
            made = do(certificate=found, by_id=current_user.account_id) or found
        except NotAllowed as refusal:
            form.form_errors = [gettext(f"certificates.refused.{refusal.reason}")]
        except UnprintableText:
            form.form_errors = [gettext("certificates.refused.unprintable")]
        else:
            flash(gettext(f"certificates.done.{act}", label=found.label, new=made.label), "success")
            return redirect(url_for("certificates.certificate", certificate_id=made.id))
    page = render_template("certificates/act.html", act=act, certificate=found, form=form, **shown)
    return page, 422 if form.errors else 200
