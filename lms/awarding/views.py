"""Pages from which papers are issued to many at once."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock, jobs
from lms.access import Permission, allow
from lms.awarding import actions, queries
from lms.awarding.forms import AwardForm
from lms.awarding.queries import Chance
from lms.awarding.source import Source
from lms.certificates import queries as register
from lms.certificates.rules import Kind
from lms.competencies import queries as competencies
from lms.goals import queries as goals
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_id, asked_year, page_of
from lms.recognition import queries as recognition
from lms.recognition.rules import Kind as ActivityKind

awarding = Blueprint("awarding", __name__)

Page = str | Response | tuple[str, int]


@awarding.route("/units/<int:unit_id>/awards/goal", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def goal(unit_id: int) -> Page:
    """Papers for those who have met a year's goal."""
    year = asked_year()
    policies = goals.policies(year) or abort(404)
    asked = request.values.get("policy", policies[0].code)
    policy = next((policy for policy in policies if policy.code == asked), None) or abort(404)
    source = Source(Kind.GOAL, unit_id, policy.code, year)
    return _page(source, policy.title, {"unit_id": unit_id, "year": year, "policy": policy.code}, years=goals.years())


@awarding.route("/units/<int:unit_id>/awards/path", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def path(unit_id: int) -> Page:
    """Papers for those who have completed a pathway."""
    pathways = competencies.pathways()
    if not pathways:
        return render_template("awarding/no_paths.html", unit=network.unit(unit_id, clock.today()))
    asked = request.values.get("path", pathways[0].code)
    chosen = next((pathway for pathway in pathways if pathway.code == asked), None) or abort(404)
    source = Source(Kind.PATH, unit_id, chosen.code)
    return _page(source, chosen.words, {"unit_id": unit_id, "path": chosen.code}, pathways=pathways)


@awarding.route("/activities/<int:activity_id>/awards", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def attendance(activity_id: int) -> Page:
    """Papers for those who took part in an event."""
    event = recognition.activity(activity_id)
    if event.kind != ActivityKind.EVENT:
        abort(404)
    source = Source(Kind.ATTENDANCE, event.unit_id, activity_id=activity_id)
    return _page(source, event.title, {"activity_id": activity_id}, event=event)


def _page(source: Source, title: str, here: dict[str, Any], **shown: object) -> Page:
    """Who gets one, who has one, who cannot and why; and the button that issues them."""
    form, counts = AwardForm(), queries.counts(source)
    issuer = register.issuer_of_unit(source.unit_id)
    if issuer and form.validate_on_submit():
        key, account = form.key.data or "", current_user
        actions.begin(source=source, key=key, reason=form.reason.data, by_id=account.account_id, actor=account.login)
        flash(gettext("awarding.begun"), "success")
        return redirect(url_for(f"awarding.{source.kind}", **here))
    chance = _chance()
    people, more = page_of(queries.people(source, chance, asked_id("after")), queries.PAGE)
    page = render_template(
        "awarding/awards.html",
        source=source,
        unit=network.unit(source.unit_id, clock.today()),
        title=title,
        here=here,
        form=form,
        counts=counts,
        chance=chance,
        people=people,
        more=more,
        issuer=issuer,
        job=jobs.latest(source.key),
        is_closed=queries.closed(source) is not None,
        **shown,
    )
    return page, 422 if form.errors else 200


def _chance() -> Chance:
    asked = request.args.get("show", "")
    return Chance(asked) if asked in set(Chance) else Chance.READY
