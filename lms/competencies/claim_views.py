"""The page on which a reviewer says what an accepted claim proves."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.access import Permission, allow
from lms.competencies import actions, queries
from lms.competencies.forms import NameForm
from lms.competencies.views import Page, competencies
from lms.language import gettext
from lms.recognition import queries as recognition


@competencies.route("/claims/<int:claim_id>/competencies", methods=["GET", "POST"])
@allow(Permission.REVIEW_EVIDENCE)
def claim(claim_id: int) -> Page:
    """What an accepted claim proves; nobody says so of their own."""
    found = recognition.claim(claim_id)
    may_name = found.credit_id is not None and found.person_id != current_user.person_id
    frame, frames = queries.chosen(request.values.get("frame", ""))
    form = NameForm(frame) if frame else None
    target = url_for("competencies.claim", claim_id=claim_id, frame=frame.code if frame else None)
    if request.method == "POST" and frame and may_name and request.form.get("step") == "remove":
        actions.take_back(claim=found, frame=frame.code, component=request.form.get("component", ""))
        return redirect(target)
    if form and frame and may_name and form.validate_on_submit():
        actions.name(
            claim=found, frame=frame.code, component=form.competency.data, level=form.level.data,
            by_id=current_user.account_id,
        )  # fmt: skip
        flash(gettext("competencies.named"), "success")
        return redirect(target)
    page = render_template(
        "competencies/claim.html",
        claim=found, frame=frame, frames=frames, form=form, may_name=may_name, named=queries.named(claim_id),
        known={each.code: each for each in frames},
    )  # fmt: skip
    return page, 422 if form and form.errors else 200
