"""The page on which a unit says whether two people decide on claims."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.clock import today
from lms.language import gettext
from lms.network import queries as network
from lms.recognition import actions, queries
from lms.recognition.forms import RuleForm
from lms.recognition.views import Page, recognition


@recognition.get("/units/<int:unit_id>/recognition-rule")
@allow(Permission.DECIDE)
def rule(unit_id: int) -> Page:
    """Whether a second person must confirm what is accepted."""
    return _page(unit_id, RuleForm(formdata=None, data={"needs_second": queries.own_rule(unit_id)}))


@recognition.post("/units/<int:unit_id>/recognition-rule")
@allow(Permission.DECIDE)
def set_rule(unit_id: int) -> Response | tuple[str, int]:
    """Say so."""
    form = RuleForm()
    if not form.validate_on_submit():
        return _page(unit_id, form), 422
    actions.set_rule(unit_id=unit_id, needs_second=form.needs_second.data, by_id=current_user.account_id)
    flash(gettext("recognition.rule-set"), "success")
    return redirect(url_for("recognition.rule", unit_id=unit_id))


def _page(unit_id: int, form: RuleForm) -> str:
    unit = network.unit(unit_id, today())
    return render_template("recognition/rule.html", unit=unit, needs_second=queries.rule_of(unit_id), form=form)
