"""Pages of policies that everybody may read, and the beginnings of drafts."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.accounts import queries as accounts
from lms.goals import policy as policy_text
from lms.goals.models import PolicyVersion
from lms.goals.policy import BadPolicy
from lms.policies import actions, document, queries, sentences
from lms.policies.forms import NewPolicyForm, SentForm
from lms.policies.models import PolicyDraft

policies = Blueprint("policies", __name__)

Page = str | Response | tuple[str, int]


@policies.get("/policies")
@allow(Permission.READ_FIGURES)
def index() -> Page:
    """Every policy: the version in force, what came before it, and drafts."""
    return _index_page(NewPolicyForm(formdata=None), SentForm(formdata=None))


@policies.post("/policies")
@allow(Permission.WRITE_POLICIES)
def start_policy() -> Page:
    """Begin a policy that is not there yet."""
    form = NewPolicyForm()
    if not form.validate_on_submit():
        return _index_page(form, SentForm(formdata=None)), 422
    source = document.first_text(form.code.data, form.title.data)
    return to_draft(actions.start_draft(source=source, by_id=current_user.account_id))


@policies.post("/policies/texts")
@allow(Permission.WRITE_POLICIES)
def send_text() -> Page:
    """Begin a draft from a text that was written elsewhere."""
    form = SentForm()
    if not form.validate_on_submit():
        return _index_page(NewPolicyForm(formdata=None), form), 422
    try:
        return to_draft(actions.start_draft(source=form.source.data, by_id=current_user.account_id))
    except BadPolicy as problem:
        form.source.errors = [str(problem)]
        return _index_page(NewPolicyForm(formdata=None), form), 422


@policies.get("/policies/versions/<int:version_id>")
@allow(Permission.READ_FIGURES)
def version(version_id: int) -> Page:
    """What a version says, as sentences beside its text."""
    found = queries.version(version_id)
    policy = policy_text.parse(found.source)
    return render_template(
        "policies/version.html",
        version=found,
        policy=policy,
        rules=sentences.rules(policy, queries.courses()),
        caps=sentences.caps(policy),
        names=accounts.names([found.published_by_id, found.withdrawn_by_id]),
        may_be_withdrawn=queries.may_be_withdrawn(found),
    )


@policies.post("/policies/versions/<int:version_id>/draft")
@allow(Permission.WRITE_POLICIES)
def start_version(version_id: int) -> Page:
    """Begin a draft with the text of a version."""
    found = queries.version(version_id)
    return to_draft(actions.start_draft(source=found.source, by_id=current_user.account_id, base=found))


def to_draft(draft: PolicyDraft) -> Response:
    """The page of a draft."""
    return redirect(url_for("policies.draft", draft_id=draft.id))


def _index_page(form: NewPolicyForm, sent: SentForm) -> str:
    is_writer = current_user.holds(Permission.WRITE_POLICIES)
    histories = queries.histories()
    everyone = [version.published_by_id for _, versions in histories for version in versions]
    return render_template(
        "policies/index.html",
        histories=[(code, _in_force(versions), versions) for code, versions in histories],
        titles={
            version.id: policy_text.parse(version.source).title for _, versions in histories for version in versions
        },
        names=accounts.names(everyone),
        drafts=queries.open_drafts() if is_writer else (),
        is_writer=is_writer,
        form=form,
        sent=sent,
    )


def _in_force(versions: list[PolicyVersion]) -> PolicyVersion | None:
    return next((version for version in versions if version.state == "published"), None)
