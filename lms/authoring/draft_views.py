"""Pages of drafts: the list, new ones, and what one needs before learners see it."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.exc import NoResultFound
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.accounts import queries as accounts
from lms.authoring import actions, queries, review
from lms.authoring.forms import HintForm, NewDraftForm, PublishForm, ReasonForm, UploadForm
from lms.authoring.models import Draft
from lms.authoring.views import Page, authoring
from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.language import gettext
from lms.network import queries as network
from lms.clock import today


@authoring.get("/teach/drafts")
@allow(Permission.TEACH)
def drafts() -> Page:
    """What is being written, and what was written of late."""
    return drafts_page(UploadForm(formdata=None))


@authoring.get("/teach/drafts/new")
@allow(Permission.TEACH)
def new_draft() -> Page:
    """Begin a course: its title, and whose it is; with `?source=` as a copy of another one."""
    source = _source(request.args.get("source", ""))
    form = NewDraftForm(formdata=None, source=source.content.slug if source else "", title=source.content.title if source else "")
    return render_template("authoring/new_draft.html", form=form, source=source)


@authoring.post("/teach/drafts/new")
@allow(Permission.TEACH)
def begin_draft() -> Page:
    """Begin it."""
    form = NewDraftForm()
    source = _source(form.source.data or "")
    if not form.validate_on_submit():
        return render_template("authoring/new_draft.html", form=form, source=source), 422
    slug, whose = form.code.data or queries.free_slug(form.title.data), {"unit_id": form.unit_id, "by_id": current_user.account_id}
    try:
        if source:
            draft = actions.copy(published=source, slug=slug, title=form.title.data, **whose)
        else:
            draft = actions.begin(slug=slug, title=form.title.data, **whose)
    except actions.Taken:
        form.code.errors = [gettext("authoring.code-taken", code=slug)]
        return render_template("authoring/new_draft.html", form=form, source=source), 422
    return to_draft(draft)


@authoring.get("/teach/drafts/<int:draft_id>")
@allow(Permission.TEACH)
def draft(draft_id: int) -> Page:
    """A draft: what is wrong, what could be better, who read it, and the way to learners."""
    return draft_page(queries.draft(draft_id))


@authoring.post("/teach/drafts/<int:draft_id>/discard")
@allow(Permission.TEACH)
def discard_draft(draft_id: int) -> Response:
    """Write no more on it."""
    actions.discard(draft=queries.draft(draft_id, lock=True))
    flash(gettext("authoring.discarded"), "success")
    return redirect(url_for("authoring.drafts"))


def to_draft(draft: Draft) -> Response:
    """The page of a draft."""
    return redirect(url_for("authoring.draft", draft_id=draft.id))


def drafts_page(form: UploadForm) -> str:
    """The list, with a form for packages that were written elsewhere."""
    found = queries.drafts(is_open=True)
    closed = queries.drafts(is_open=False, limit=20)
    return render_template("authoring/drafts.html", drafts=found, closed=closed, form=form)


def draft_page(
    draft: Draft, *, publish: PublishForm | None = None, reason: ReasonForm | None = None, hint: HintForm | None = None
) -> str:
    """One draft, with its forms."""
    package = queries.package(draft)
    intended = queries.intended(draft.slug)
    hints = queries.hints(draft, package)
    comments = [comment for comment in queries.comments(draft) if comment.parent_id is None]
    who = (draft.changed_by_id, draft.sent_by_id, draft.reviewed_by_id, *(answer.by_id for answer in intended.values()))
    return render_template(
        "authoring/draft.html",
        draft=draft,
        content=package.content,
        problems=package.errors,
        hints=[(hint, intended.get(hint.code)) for hint in hints],
        obstacle=queries.obstacle(draft, package),
        needs_reviewer=queries.needs_reviewer(draft.unit_id),
        unit=network.unit(draft.unit_id, today()) if draft.unit_id else None,
        comments=comments,
        names=accounts.names(who),
        anchor=review.anchor,
        publish=publish or PublishForm(formdata=None, on=draft.publish_on),
        reason=reason or ReasonForm(formdata=None),
        hint_form=hint or HintForm(formdata=None),
    )


def _source(slug: str) -> Published | None:
    try:
        return catalogue.current(slug) if slug else None
    except NoResultFound:
        return None
