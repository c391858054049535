"""Pages of the trainer's desk: a course as it was published."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.accounts import queries as accounts
from lms.authoring import queries
from lms.authoring.forms import ReasonForm
from lms.catalogue import queries as catalogue

authoring = Blueprint("authoring", __name__)

Page = str | Response | tuple[str, int]


@authoring.get("/teach/<course>")
@allow(Permission.TEACH)
def course(course: str) -> Page:
    """One course: its versions, its bank, how its quiz does."""
    return course_page(course, ReasonForm(formdata=None))


def course_page(slug: str, form: ReasonForm) -> str:
    """A course with the form that retires it."""
    published, row = catalogue.current(slug), catalogue.course(slug)
    history = catalogue.history(published.course_id)
    return render_template(
        "authoring/course.html",
        published=published,
        content=published.content,
        course=row,
        numbers=queries.numbers(row),
        history=history,
        names=accounts.names(version.published_by_id for version in history),
        draft=queries.open_draft(slug),
        may_write=queries.may_write(row.unit_id),
        form=form,
    )
