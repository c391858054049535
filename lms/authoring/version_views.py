"""Pages of what was published: each version, what changed between two, and whom a new one reaches."""

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.accounts import queries as accounts
from lms.authoring import beginning, comparing, packing, queries
from lms.authoring.draft_views import to_draft
from lms.authoring.forms import ReasonForm
from lms.authoring.revision_views import ZIP
from lms.authoring.views import Page, authoring, course_page
from lms.catalogue import actions as courses
from lms.catalogue import queries as catalogue
from lms.catalogue.models import Course
from lms.downloads import attachment
from lms.language import gettext
from lms.learning import actions as learning
from lms.learning import queries as learned
from lms.learning.rules import successors
from lms.pages import asked_id


@authoring.get("/teach/<course>/versions/<int:number>")
@allow(Permission.TEACH)
def version(course: str, number: int) -> Page:
    """One version, as it was published."""
    published = catalogue.numbered(course, number)
    history = catalogue.history(published.course_id)
    return render_template(
        "authoring/version.html",
        published=published,
        content=published.content,
        history=history,
        row=next(row for row in history if row.number == number),
        names=accounts.names(row.published_by_id for row in history),
        may_write=queries.may_write(catalogue.course(course).unit_id),
    )


@authoring.get("/teach/<course>/versions/<int:number>/changes")
@allow(Permission.TEACH)
def version_changes(course: str, number: int) -> Page:
    """What a version says otherwise than the one before, or than the one of `?since=`."""
    since = asked_id("since") or number - 1
    if not 0 < since != number:
        abort(404)
    before, after = catalogue.numbered(course, since), catalogue.numbered(course, number)
    sections = comparing.sections(comparing.of_version(before), comparing.of_version(after))
    history = catalogue.history(after.course_id)
    return render_template(
        "authoring/version_changes.html", after=after, since=since, sections=sections, history=history
    )


@authoring.get("/teach/<course>/versions/<int:number>/package")
@allow(Permission.TEACH)
def version_package(course: str, number: int) -> Response:
    """A version as a ZIP of plain text."""
    return attachment(iter([packing.pack_version(catalogue.numbered(course, number))]), ZIP, f"{course}-{number}.zip")


@authoring.post("/teach/<course>/versions/<int:number>/draft")
@allow(Permission.TEACH)
def begin_from_version(course: str, number: int) -> Response:
    """Write the next version: from the text of this one, or on in the draft that is open."""
    found = _writable(course)
    draft = queries.open_draft(course)
    if draft is None:
        draft = beginning.begin_from(
            course=found, published=catalogue.numbered(course, number), by_id=current_user.account_id
        )
    return to_draft(draft)


@authoring.post("/teach/<course>/retire")
@allow(Permission.TEACH)
def retire(course: str) -> Page:
    """Take a course out of the catalogue, for a reason."""
    found, form = _writable(course), ReasonForm()
    if not form.validate_on_submit():
        return course_page(course, form), 422
    courses.retire(course=found, reason=form.reason.data)
    flash(gettext("authoring.retired", title=found.title), "success")
    return redirect(url_for("authoring.course", course=course))


@authoring.post("/teach/<course>/bring-back")
@allow(Permission.TEACH)
def bring_back(course: str) -> Response:
    """Offer it again."""
    found = _writable(course)
    courses.bring_back(course=found)
    flash(gettext("authoring.brought-back", title=found.title), "success")
    return redirect(url_for("authoring.course", course=course))


@authoring.get("/teach/<course>/learners")
@allow(Permission.TEACH)
def learners(course: str) -> Page:
    """Who would move to the current version, and what of what they have finished would still count."""
    published = catalogue.current(course)
    finished = learned.lessons_under_way(published.course_id, published.version_id)
    there = published.content.lesson_by_slug
    return render_template(
        "authoring/learners.html",
        published=published,
        groups=learned.under_way(published.course_id, published.version_id),
        finished=finished,
        there=there,
        titles={slug: lesson.title for slug, lesson in there.items()},
        successors=successors([row.lesson for row in finished], list(there)),
        moves=learned.moves(published.course_id),
        may_write=queries.may_write(catalogue.course(course).unit_id),
    )


@authoring.post("/teach/<course>/learners/move")
@allow(Permission.TEACH)
def move_learners(course: str) -> Response:
    """Let them move."""
    _writable(course)
    move = learning.move(published=catalogue.current(course), by_id=current_user.account_id)
    flash(gettext("authoring.moved", number=move.moved), "success")
    return redirect(url_for("authoring.learners", course=course))


def _writable(slug: str) -> Course:
    """A course that the reader may change; else there is none."""
    found = catalogue.course(slug)
    return found if queries.may_write(found.unit_id) else abort(404)
