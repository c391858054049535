"""Pages of drafts: the list, new ones, and an end to one."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.authoring import actions, beginning, queries
from lms.authoring.forms import NewDraftForm
from lms.authoring.models import Draft
from lms.authoring.views import Page, authoring
from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.language import gettext

LISTED = 20


@authoring.get("/teach/drafts")
@allow(Permission.TEACH)
def drafts() -> Page:
    """What is being written, and what was written of late."""
    found, closed = queries.drafts(is_open=True), queries.drafts(is_open=False, limit=LISTED)
    return render_template("authoring/drafts.html", drafts=found, closed=closed)


@authoring.get("/teach/drafts/new")
@allow(Permission.TEACH)
def new_draft() -> Page:
    """Begin a course: its title, and whose it is; with `?source=` as a copy of another one."""
    source = _source(request.args.get("source", ""))
    known = {"source": source.content.slug, "title": source.content.title} if source else {}
    form = NewDraftForm(formdata=None, data=known)
    return render_template("authoring/new_draft.html", form=form, source=source)


@authoring.post("/teach/drafts/new")
@allow(Permission.TEACH)
def begin_draft() -> Page:
    """Begin it."""
    form = NewDraftForm()
    source = _source(form.source.data or "")
    if not form.validate_on_submit():
        return render_template("authoring/new_draft.html", form=form, source=source), 422
    title, whose = form.title.data, {"unit_id": form.unit_id, "by_id": current_user.account_id}
    begun = queries.begun(title=title, based_on_id=source.version_id if source else None, **whose)
    slug = form.code.data or (begun.slug if begun else queries.free_slug(title))
    try:
        if source:
            draft = beginning.copy(published=source, slug=slug, title=title, **whose)
        else:
            draft = actions.begin(slug=slug, title=title, **whose)
    except actions.Taken:
        form.code.errors = [gettext("authoring.code-taken", code=slug)]
        return render_template("authoring/new_draft.html", form=form, source=source), 422
    return to_draft(draft)


@authoring.post("/teach/drafts/<int:draft_id>/discard")
@allow(Permission.TEACH)
def discard_draft(draft_id: int) -> Response:
    """Write no more on it."""
    actions.discard(draft=queries.draft(draft_id, lock=True))
    flash(gettext("authoring.discarded"), "success")
    return redirect(url_for("authoring.drafts"))


def to_draft(draft: Draft) -> Response:
    """Where a draft is written."""
    return redirect(url_for("authoring.draft", draft_id=draft.id))


def _source(slug: str) -> Published | None:
    """The course to be copied, one whose desk the reader may open; else there is none."""
    if slug and not queries.reaches_course(Permission.TEACH, slug):
        abort(404)
    return catalogue.current(slug) if slug else None
