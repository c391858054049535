"""Pages of a dry run: how far it is, whom it names, and the act that follows."""

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.accounts import queries as accounts
from lms.goals import policy as policy_text
from lms.language import gettext
from lms.pages import asked_id, page_of
from lms.policies import actions, queries, rules, sentences
from lms.policies.actions import Refused
from lms.policies.forms import ReasonForm
from lms.policies.models import DryRun
from lms.policies.rules import Stage
from lms.policies.views import Page, policies

LISTED = 50
REFRESH_SECONDS = "2"
RUNNING = {Stage.JUDGING.value, Stage.APPLYING.value}


@policies.post("/policies/versions/<int:version_id>/withdrawal")
@allow(Permission.WRITE_POLICIES)
def try_withdrawal(version_id: int) -> Response:
    """Find out whom taking a version back would concern."""
    version = queries.version(version_id)
    if not queries.may_be_withdrawn(version):
        return redirect(url_for("policies.version", version_id=version_id))
    run = actions.try_withdrawal(version=version, by_id=current_user.account_id, actor=current_user.login)
    return _to(run)


@policies.get("/policies/dry-runs/<int:dry_run_id>")
@allow(Permission.WRITE_POLICIES)
def dry_run(dry_run_id: int) -> Page:
    """How far a dry run is, what it found, what came of it."""
    return _dry_run_page(queries.dry_run(dry_run_id), ReasonForm(formdata=None))


@policies.get("/policies/dry-runs/<int:dry_run_id>/people")
@allow(Permission.WRITE_POLICIES)
def dry_run_people(dry_run_id: int) -> Page:
    """The people of one list of a dry run, by page."""
    run, kind = queries.dry_run(dry_run_id), request.args.get("list", rules.Kind.LOSE.value)
    if kind not in queries.LISTS:
        abort(404)
    found = queries.effects(run.id, kind=kind, after_id=asked_id("after") or 0, limit=LISTED + 1)
    shown, more = page_of(found, LISTED)
    return render_template(
        "policies/dry_run_people.html",
        run=run,
        kind=kind,
        lists=list(queries.LISTS),
        effects=shown,
        more=more and more.PolicyEffect.id,
        courses=queries.courses(),
    )


@policies.post("/policies/dry-runs/<int:dry_run_id>/publish")
@allow(Permission.WRITE_POLICIES)
def publish(dry_run_id: int) -> Response:
    """Let what was shown come into force."""
    run = queries.dry_run(dry_run_id, lock=True)
    if run.kind == rules.Purpose.PUBLISH and run.applied_at is None:
        try:
            actions.publish(dry_run=run, by_id=current_user.account_id, actor=current_user.login)
        except Refused as refused:
            flash(gettext(f"policies.refused.{refused.reason}"), "danger")
    return _to(run)


@policies.post("/policies/dry-runs/<int:dry_run_id>/withdraw")
@allow(Permission.WRITE_POLICIES)
def withdraw(dry_run_id: int) -> Page:
    """Take the version in force back."""
    run, form = queries.dry_run(dry_run_id, lock=True), ReasonForm()
    if run.kind != rules.Purpose.WITHDRAW or run.applied_at is not None:
        return _to(run)
    if not form.validate_on_submit():
        refused = _dry_run_page(run, form)
        refused.status_code = 422
        return refused
    try:
        actions.withdraw(dry_run=run, reason=form.reason.data, by_id=current_user.account_id, actor=current_user.login)
    except Refused as refused:
        flash(gettext(f"policies.refused.{refused.reason}"), "danger")
    return _to(run)


def _dry_run_page(run: DryRun, form: ReasonForm) -> Response:
    job = queries.job_of(run)
    has_failed = run.state in RUNNING and job is not None and job.state == "failed"
    policy = policy_text.parse(run.source) if run.source else None
    page = render_template(
        "policies/dry_run.html",
        run=run,
        job=job,
        state="failed" if has_failed else run.state,
        policy=policy,
        obstacle=queries.obstacle(run) if run.state == Stage.DONE else None,
        clashes=list(map(sentences.clash, rules.clashes(policy))) if policy else [],
        others=queries.people(run.outcome.get("named", ())),
        names=accounts.names([run.created_by_id, run.applied_by_id]),
        form=form,
    )
    response = make_response(page)
    if run.state in RUNNING and not has_failed:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


def _to(run: DryRun) -> Response:
    return redirect(url_for("policies.dry_run", dry_run_id=run.id))
