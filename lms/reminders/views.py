"""Pages of reminders: the delivery log, a unit's reminders, and one's own choice."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock, jobs
from lms.access import Permission, allow
from lms.db import db
from lms.language import format_instant, gettext
from lms.mail import queries as mail
from lms.mail import rules as mail_rules
from lms.mail.models import Message
from lms.mail.rules import State, Trouble
from lms.network import queries as network
from lms.pages import asked_id, page_of
from lms.reminders import actions, letters, queries, rules

reminders = Blueprint("reminders", __name__)
reminders.add_app_template_filter(rules.masked)

CARING = (Permission.CHANGE_SETTINGS, Permission.REORGANISE)
"""Who sees on the start page that mail has stopped: administrators and coordinators."""


@reminders.get("/reminders")
@allow(Permission.CHANGE_SETTINGS)
def log() -> str:
    """What left, what waits, what failed, and how mail is set up."""
    before = asked_id("before")
    messages, more = page_of(mail.messages(before=before, limit=mail.PAGE + 1), mail.PAGE)
    return render_template(
        "reminders/log.html",
        counts=mail.counts(),
        states=list(State),
        stuck=mail.stuck() if before is None else (),
        messages=messages,
        more=more,
        trouble=mail.health(),
        hours=mail.quiet_hours(),
        config=current_app.config,
    )


@reminders.post("/reminders/<int:message_id>/send-again")
@allow(Permission.CHANGE_SETTINGS)
def send_again(message_id: int) -> Response:
    """Try a message again that was given up."""
    if actions.send_again(message=db.session.get_one(Message, message_id)):
        flash(gettext("reminders.queued-again", at=_opening()), "success")
    return redirect(url_for("reminders.log"))


@reminders.post("/reminders/test")
@allow(Permission.CHANGE_SETTINGS)
def send_test() -> Response:
    """A message to oneself."""
    person = network.person(current_user.person_id)
    if person.email is None:
        flash(gettext("reminders.no-address"), "warning")
    else:
        actions.send_test(person_id=person.id, address=person.email)
        flash(gettext("reminders.test-queued", at=_opening()), "success")
    return redirect(url_for("reminders.log"))


@reminders.get("/units/<int:unit_id>/reminders")
@allow(Permission.READ_PEOPLE)
def unit(unit_id: int) -> str:
    """Who of a unit would be reminded now, and what they would read."""
    found = queries.call_list(unit_id)
    reachable = [person for person in found.people if person.email]
    example = letters.digests(queries.told(reachable[:1]), "")[0] if reachable else None
    return render_template(
        "reminders/unit.html",
        unit=network.unit(unit_id, clock.today()),
        found=found,
        example=example,
        job=jobs.by_key(actions.send_key(unit_id)),
        may_send=current_user.reaches_unit(Permission.REMIND, unit_id),
    )


@reminders.post("/units/<int:unit_id>/reminders")
@allow(Permission.REMIND)
def send(unit_id: int) -> Response:
    """Remind now those who are behind, once a day."""
    actions.ask(unit_id=unit_id, account_id=current_user.account_id, login=current_user.login)
    flash(gettext("reminders.asked", at=_opening()), "success")
    return redirect(url_for("reminders.unit", unit_id=unit_id))


@reminders.post("/my/reminders")
@allow(Permission.OWN)
def choose() -> Response:
    """Whether one wants reminders."""
    if (choice := request.form.get("wants")) not in ("yes", "no"):
        abort(400)
    wants = choice == "yes"
    actions.choose(person_id=current_user.person_id, wants=wants)
    flash(gettext("reminders.wanted" if wants else "reminders.not-wanted"), "success")
    return redirect(url_for("accounts.mine"))


@reminders.app_template_global()
def wants_reminders() -> bool:
    """Whether the reader gets reminders: for the page of their account."""
    return queries.wants_reminders(current_user.person_id)


@reminders.app_template_global()
def mail_trouble() -> Trouble | None:
    """What those who look after the installation are told on their start page, when mail has stopped."""
    return mail.health() if any(current_user.holds(permission) for permission in CARING) else None


def _opening() -> str:
    """When a message of this moment can leave."""
    return format_instant(mail_rules.next_open(clock.now(), mail.quiet_hours()))
