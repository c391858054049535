"""Pages of overrides: what was granted in a course, granting more, taking it back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.catalogue import queries as catalogue
from lms.catalogue.models import Course
from lms.clock import today
from lms.db import db
from lms.language import gettext
from lms.network import queries as network
from lms.network.models import Person
from lms.quizzes import overrides as granting
from lms.quizzes import queries
from lms.quizzes.forms import OverrideForm
from lms.quizzes.models import Override

quizzes = Blueprint("quizzes", __name__)

Page = str | Response | tuple[str, int]


@quizzes.route("/teach/<course>/overrides", methods=["GET", "POST"])
@allow(Permission.TEACH)
def overrides(course: str) -> Page:
    """More time, more attempts or an end of waiting for one person."""
    published, form = catalogue.current(course), OverrideForm()
    if form.validate_on_submit() and (person := _person(form)):
        granting.grant(
            person_id=person.id,
            course_id=published.course_id,
            granted=form.granted,
            ends_cool_down=form.ends_cool_down.data,
            reason=form.reason.data,
            to_on=form.to_on.data,
            by_id=current_user.account_id,
        )
        flash(gettext("override.granted", name=person.full_name), "success")
        return redirect(url_for("quizzes.overrides", course=course))
    page = render_template(
        "quizzes/overrides.html",
        content=published.content,
        overrides=queries.overrides(current_user, published.course_id),
        form=form,
        today=today(),
    )
    return page, 422 if form.errors else 200


@quizzes.post("/overrides/<int:override_id>/end")
@allow(Permission.TEACH)
def end_override(override_id: int) -> Response:
    """Take an override back."""
    override = db.session.get_one(Override, override_id)
    granting.end(override=override)
    course = db.session.get_one(Course, override.course_id)
    return redirect(url_for("quizzes.overrides", course=course.slug))


def _person(form: OverrideForm) -> Person | None:
    """Whom the form names by staff code, within reach and not the reader; else the form says so."""
    person = network.person_by_code(form.person.data)
    if person is None or not current_user.reaches_person(Permission.TEACH, person.id):
        form.person.errors = [gettext("override.no-person")]
    elif person.id == current_user.person_id:
        form.person.errors = [gettext("override.oneself")]
    else:
        return person
    return None
