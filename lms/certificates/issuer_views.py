"""Pages of issuers: who issues for which unit, who signs, how papers are numbered."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_login import current_user

from lms import clock, jobs
from lms.access import Permission, allow
from lms.certificates import actions, queries
from lms.certificates.forms import IssuerForm
from lms.certificates.models import Issuer
from lms.certificates.views import Page, certificates
from lms.language import gettext
from lms.network import queries as network

OWN_FIELDS = ("code", "superior", "name", "place", "signatory_title", "signatory_name", "pattern")


@certificates.get("/settings/issuers")
@allow(Permission.CHANGE_SETTINGS)
def issuers() -> str:
    """All who issue."""
    found = queries.issuers()
    names = network.names({one.unit_id for one in found if one.unit_id})
    return render_template("certificates/issuers.html", issuers=found, names=names, year=clock.today().year)


@certificates.route("/settings/issuers/new", methods=["GET", "POST"])
@allow(Permission.CHANGE_SETTINGS)
def new_issuer() -> Page:
    """One more issuer."""
    return _set(Issuer())


@certificates.route("/settings/issuers/<int:issuer_id>", methods=["GET", "POST"])
@allow(Permission.CHANGE_SETTINGS)
def issuer(issuer_id: int) -> Page:
    """Who issues, and who signs."""
    return _set(queries.issuer_by_id(issuer_id))


def _set(found: Issuer) -> Page:
    form = IssuerForm.of(found if found.id else None)
    is_valid = form.validate_on_submit()
    if is_valid:
        form.code.errors = [gettext("issuer.code-taken")] if queries.is_taken(found.id, code=form.code.data) else []
        taken = form.unit_id and queries.is_taken(found.id, unit_id=form.unit_id)
        form.unit_code.errors = [gettext("issuer.unit-taken")] if taken else []
    if not is_valid or form.errors or request.form.get("step") == "try":
        page = render_template("certificates/issuer.html", form=form, issuer=found)
        return page, 422 if form.errors else 200
    told = {name: form[name].data for name in OWN_FIELDS}
    actions.set_issuer(issuer=found, unit_id=form.unit_id, **told)
    key = f"certificates.issue-missing:{g.request_id}"
    jobs.enqueue("certificates.issue-missing", key=key, account_id=current_user.account_id, actor=current_user.login)
    flash(gettext("issuer.saved"), "success")
    return redirect(url_for("certificates.issuers"))
