"""Pages on the way to learners: what is wrong, what could be better, publishing now or on a day; the rule of a unit."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock
from lms.access import Permission, allow
from lms.accounts import queries as accounts
from lms.authoring import publishing, queries, readiness, review
from lms.authoring.forms import HintForm, PublishForm, RuleForm
from lms.authoring.models import Draft
from lms.authoring.publishing import NotNow
from lms.authoring.views import Page, authoring
from lms.language import format_date, gettext
from lms.network import queries as network


@authoring.get("/teach/drafts/<int:draft_id>/publishing")
@allow(Permission.TEACH)
def ready(draft_id: int) -> Page:
    """Whether a draft can be published, and the ways to do it."""
    return _ready_page(queries.draft(draft_id))


@authoring.post("/teach/drafts/<int:draft_id>/publish")
@allow(Permission.TEACH)
def publish_draft(draft_id: int) -> Page:
    """Publish it now, or on a day."""
    draft, form = queries.draft(draft_id, lock=True), PublishForm()
    if not form.validate_on_submit():
        return _ready_page(draft, form), 422
    if form.revision.data != draft.revision:
        flash(gettext("authoring.written-meanwhile"), "warning")
        return to_publishing(draft)
    try:
        if form.on.data:
            publishing.schedule(draft=draft, on=form.on.data, by_id=current_user.account_id)
            flash(gettext("authoring.scheduled", on=format_date(form.on.data)), "success")
            return to_publishing(draft)
        version = publishing.publish(draft=draft, by_id=current_user.account_id)
    except NotNow as refused:
        flash(gettext(f"authoring.obstacle.{refused.reason}"), "warning")
        return to_publishing(draft)
    flash(gettext("courses.published", course=version.course.title, number=version.number), "success")
    return redirect(url_for("authoring.version", course=draft.slug, number=version.number))


@authoring.post("/teach/drafts/<int:draft_id>/unschedule")
@allow(Permission.TEACH)
def unschedule(draft_id: int) -> Response:
    """Publish it not by itself."""
    draft = queries.draft(draft_id, lock=True)
    publishing.unschedule(draft=draft)
    return to_publishing(draft)


@authoring.post("/teach/drafts/<int:draft_id>/hints")
@allow(Permission.TEACH)
def mean_hint(draft_id: int) -> Page:
    """A hint is meant as it stands, for a reason."""
    draft, form = queries.draft(draft_id), HintForm()
    form.reason.id = f"reason-{form.code.data}"  # each hint has a form of its own on the page
    if not form.validate_on_submit():
        return _ready_page(draft, hint=form), 422
    publishing.mean_it(
        slug=draft.slug, code=form.code.data or "", reason=form.reason.data, by_id=current_user.account_id
    )
    return redirect(url_for("authoring.ready", draft_id=draft.id, _anchor="hints"))


@authoring.post("/teach/drafts/<int:draft_id>/hints/doubt")
@allow(Permission.TEACH)
def doubt_hint(draft_id: int) -> Response:
    """After all not."""
    draft, form = queries.draft(draft_id), HintForm()
    publishing.doubt_again(slug=draft.slug, code=form.code.data or "")
    return redirect(url_for("authoring.ready", draft_id=draft.id, _anchor="hints"))


@authoring.get("/units/<int:unit_id>/authoring-rule")
@allow(Permission.DECIDE)
def rule(unit_id: int) -> Page:
    """Whether another person must approve what a unit publishes."""
    return _rule_page(unit_id, RuleForm(formdata=None, data={"needs_reviewer": readiness.own_rule(unit_id)}))


@authoring.post("/units/<int:unit_id>/authoring-rule")
@allow(Permission.DECIDE)
def set_rule(unit_id: int) -> Page:
    """Say so."""
    form = RuleForm()
    if not form.validate_on_submit():
        return _rule_page(unit_id, form), 422
    publishing.set_rule(unit_id=unit_id, needs_reviewer=form.needs_reviewer.data, by_id=current_user.account_id)
    flash(gettext("authoring.rule-set"), "success")
    return redirect(url_for("authoring.rule", unit_id=unit_id))


def to_publishing(draft: Draft) -> Response:
    """The page on which a draft is published."""
    return redirect(url_for("authoring.ready", draft_id=draft.id))


def _ready_page(draft: Draft, publish: PublishForm | None = None, hint: HintForm | None = None) -> str:
    package, intended = queries.package(draft), readiness.intended(draft.slug)
    hints = [(each, intended.get(each.code)) for each in readiness.hints(draft, package)]
    comments = queries.comments(draft)
    who = (draft.sent_by_id, draft.reviewed_by_id, draft.publish_by_id, *(answer.by_id for answer in intended.values()))
    return render_template(
        "authoring/ready.html",
        draft=draft,
        problems=package.errors,
        open_hints=[each for each, answer in hints if answer is None],
        answered_hints=[(each, answer) for each, answer in hints if answer is not None],
        obstacle=readiness.obstacle(draft, package),
        needs_reviewer=readiness.needs_reviewer(draft.unit_id),
        unsettled=sum(comment.parent_id is None and comment.resolved_at is None for comment in comments),
        names=accounts.names(who),
        anchor=review.anchor,
        publish=publish or PublishForm(formdata=None, data={"on": draft.publish_on, "revision": draft.revision}),
        hint_form=hint or HintForm(formdata=None),
    )


def _rule_page(unit_id: int, form: RuleForm) -> str:
    unit = network.unit(unit_id, clock.today())
    return render_template(
        "authoring/rule.html", unit=unit, form=form, needs_reviewer=readiness.needs_reviewer(unit_id)
    )
