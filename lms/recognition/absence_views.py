"""Pages of absences: a person's, noting one, correcting its end."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.language import gettext
from lms.network import queries as network
from lms.recognition import absences, queries
from lms.recognition.forms import AbsenceForm, EndForm
from lms.recognition.rules import Refused
from lms.recognition.views import Page, recognition, words


@recognition.route("/people/<int:person_id>/absences", methods=["GET", "POST"])
@allow(Permission.REVIEW_EVIDENCE)
def person_absences(person_id: int) -> Page:
    """A person's absences; note another."""
    form = AbsenceForm()
    if form.validate_on_submit() and _add(person_id, form):
        flash(gettext("absence.added"), "success")
        return _to_person(person_id)
    page = render_template(
        "recognition/person_absences.html",
        person=network.person(person_id),
        absences=queries.absences_of(person_id),
        form=form,
    )
    return page, 422 if form.errors else 200


@recognition.route("/absences/<int:absence_id>", methods=["GET", "POST"])
@allow(Permission.REVIEW_EVIDENCE)
def absence(absence_id: int) -> Page:
    """Correct on which day an absence ends."""
    found = queries.absence(absence_id)
    form = EndForm(found.from_on, data={"last_on": None if found.is_open else found.to_on - timedelta(days=1)})
    if form.validate_on_submit():
        try:
            absences.correct_end(absence=found, to_on=form.to_on, by_id=current_user.account_id)
            flash(gettext("absence.corrected"), "success")
            return _to_person(found.person_id)
        except Refused as refused:
            form.form_errors.append(words(refused))
    person = network.person(found.person_id)
    page = render_template("recognition/absence.html", absence=found, person=person, form=form)
    return page, 422 if form.errors else 200


def _add(person_id: int, form: AbsenceForm) -> bool:
    try:
        absences.add(
            person_id=person_id,
            type=form.type.data,
            from_on=form.from_on.data,
            to_on=form.to_on,
            suspends=form.suspends.data,
            by_id=current_user.account_id,
        )
    except Refused as refused:
        form.form_errors.append(words(refused))
        return False
    return True


def _to_person(person_id: int) -> Response:
    return redirect(url_for("recognition.person_absences", person_id=person_id))
