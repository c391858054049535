"""Pages of a draft: the form and the text, each of which rewrites the other."""

import json
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.accounts import queries as accounts
from lms.goals import policy as policy_text
from lms.goals.policy import BadPolicy
from lms.language import gettext
from lms.network import queries as network
from lms.policies import actions, document, queries, rules, sentences
from lms.policies.actions import Overtaken
from lms.policies.forms import PolicyForm, TextForm
from lms.policies.models import PolicyDraft
from lms.policies.views import Page, policies, to_draft


@policies.get("/policies/drafts/<int:draft_id>")
@allow(Permission.WRITE_POLICIES)
def draft(draft_id: int) -> Page:
    """A draft as a form, beside its text."""
    return _draft_page(queries.draft(draft_id))


@policies.post("/policies/drafts/<int:draft_id>")
@allow(Permission.WRITE_POLICIES)
def save_draft(draft_id: int) -> Page:
    """Save the form; or only change the list of rules, which saves nothing."""
    found, form = queries.draft(draft_id, lock=True), PolicyForm()
    if act := request.form.get("do"):
        return _draft_page(found, form=_changed(form, act))
    policy = form.policy(found.code)
    if policy is None:
        return _draft_page(found, form=form), 422
    return _save(found, document.rewritten(found.source, policy), form.revision.data, form=form)


@policies.post("/policies/drafts/<int:draft_id>/text")
@allow(Permission.WRITE_POLICIES)
def save_draft_text(draft_id: int) -> Page:
    """Save the text."""
    found, form = queries.draft(draft_id, lock=True), TextForm()
    if not form.validate_on_submit():
        return _draft_page(found, text_form=form), 422
    try:
        if policy_text.parse(form.source.data).code != found.code:
            raise BadPolicy("other-code", code=found.code)
    except BadPolicy as problem:
        form.source.errors = [_where(problem, form.source.data)]
        return _draft_page(found, text_form=form), 422
    return _save(found, form.source.data, form.revision.data, text_form=form)


@policies.post("/policies/drafts/<int:draft_id>/discard")
@allow(Permission.WRITE_POLICIES)
def discard_draft(draft_id: int) -> Response:
    """Write no more on a draft."""
    actions.discard_draft(draft=queries.draft(draft_id, lock=True))
    return redirect(url_for("policies.index"))


@policies.post("/policies/drafts/<int:draft_id>/dry-run")
@allow(Permission.WRITE_POLICIES)
def try_draft(draft_id: int) -> Response:
    """Find out whom a draft would concern."""
    found = queries.draft(draft_id, lock=True)
    if found.state != "open":
        return to_draft(found)
    run = actions.try_draft(draft=found, by_id=current_user.account_id, actor=current_user.login)
    return redirect(url_for("policies.dry_run", dry_run_id=run.id))


def _save(found: PolicyDraft, source: str, revision: str | None, **forms: Any) -> Page:
    """Save a text; when somebody else was faster, show theirs and what was typed."""
    number = int(revision) if revision and revision.isascii() and revision.isdigit() else 0
    try:
        actions.save_draft(draft=found, source=source, revision=number, by_id=current_user.account_id)
    except Overtaken:
        for form in forms.values():
            form.revision.raw_data, form.revision.data = None, str(found.revision)
        return _draft_page(found, mine=source, **forms), 409
    flash(gettext("policies.saved"), "success")
    return to_draft(found)


def _changed(form: PolicyForm, act: str) -> PolicyForm:
    """The form after a button that changes the list of rules: `up:2`, `add-excepts:0`, `remove-excepts:0:1`."""
    verb, *places = act.split(":")
    place, inner = [int(part) if part.isascii() and part.isdigit() else -1 for part in (*places, "", "")][:2]
    data = dict(form.data)
    data["rules"] = document.moved(data["rules"], verb, place, inner)
    return PolicyForm(formdata=None, data=data)


def _where(problem: BadPolicy, source: str) -> str:
    """What is wrong with a text, and on which line."""
    line = document.line_of(problem, source)
    lines = source.splitlines()
    if not 0 < line <= len(lines):
        return str(problem)
    return gettext("policies.on-line", line=line, text=lines[line - 1].strip()[:200], problem=str(problem))


def _draft_page(
    found: PolicyDraft, *, form: PolicyForm | None = None, text_form: TextForm | None = None, mine: str = ""
) -> str:
    courses, policy = queries.courses(), policy_text.parse(found.source)
    form = form or PolicyForm(formdata=None, data={**document.shown(policy), "revision": found.revision})
    text_form = text_form or TextForm(formdata=None, data={"source": found.source, "revision": found.revision})
    runs = queries.dry_runs(draft_id=found.id)
    return render_template(
        "policies/draft.html",
        draft=found,
        policy=policy,
        form=form.offer(network.role_codes(), courses),
        text_form=text_form,
        sentences=_sentences(found.code, form.data, courses),
        kept=[_kept_words(rule.form.kept.data) for rule in form.rules],
        clashes=list(map(sentences.clash, rules.clashes(policy))),
        has_notes=document.has_notes(found.source),
        names=accounts.names([found.changed_by_id, found.created_by_id]),
        runs=runs,
        mine=mine,
    )


def _sentences(code: str, typed: Mapping[str, Any], courses: Mapping[str, str]) -> list[str]:
    """What is typed as sentences; none while something of it is wrong."""
    try:
        return sentences.rules(document.meant(code, typed), courses)
    except (ValueError, TypeError, AttributeError, KeyError):
        return []


def _kept_words(kept: str | None) -> str:
    """The conditions for which the form has no place, as a sentence."""
    try:
        asked = {name: value for name, value in json.loads(kept or "{}").items() if name != "minima"}
        policy = policy_text.read({"code": "x", "title": "x", "rule": [{**asked, "periods": 0}]})
    except (ValueError, TypeError, AttributeError):
        return ""
    return sentences.who(policy.rules[0].who) if asked else ""
