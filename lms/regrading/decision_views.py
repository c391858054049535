"""Pages of passes that corrections took: somebody with the right decides on each."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.access import Permission, allow
from lms.language import gettext
from lms.network import queries as network
from lms.recognition.rules import Refused
from lms.recognition.views import words
from lms.regrading import actions, queries
from lms.regrading.forms import DecisionForm
from lms.regrading.rules import Decision
from lms.regrading.views import Page, regrading


@regrading.get("/lost-passes")
@allow(Permission.REVOKE_CERTIFICATE)
def lost_passes() -> str:
    """Who has completed a course whose quiz they no longer pass."""
    return render_template("regrading/lost_passes.html", lost=queries.lost_passes(current_user))


@regrading.route("/lost-passes/<int:lost_pass_id>", methods=["GET", "POST"])
@allow(Permission.REVOKE_CERTIFICATE)
def lost_pass(lost_pass_id: int) -> Page:
    """Keep or take back, with a reason."""
    found, form = queries.lost_pass(lost_pass_id, lock=request.method == "POST"), DecisionForm()
    if form.validate_on_submit() and _decide(lost_pass_id, form):
        flash(gettext("regrading.decided"), "success")
        return redirect(url_for("regrading.lost_passes"))
    page = render_template(
        "regrading/lost_pass.html",
        lost=found,
        form=form,
        person=network.person(found.person_id),
        correction=(correction := queries.correction(found.correction_id)),
        course=queries.course(correction),
        papers=queries.papers(found),
    )
    return page, 422 if form.errors else 200


def _decide(lost_pass_id: int, form: DecisionForm) -> bool:
    try:
        actions.decide(
            lost_pass=queries.lost_pass(lost_pass_id, lock=True),
            decision=Decision(form.decision.data),
            reason=form.reason.data or "",
            by_id=current_user.account_id,
        )
    except Refused as refused:
        form.form_errors.append(words(refused))
        return False
    except actions.Refused as refused:
        form.form_errors.append(gettext(f"regrading.refused.{refused.reason}"))
        return False
    return True
