"""The message that a report is ready. It names the unit and the year, nobody and no number; its link asks to sign in."""

from collections.abc import Sequence
from datetime import date

from flask import current_app

from lms.db import AnyRow
from lms.language import format_date, gettext, speaking
from lms.mail import actions as mail
from lms.mail.actions import Draft
from lms.network import queries as network
from lms.yearend import rules
from lms.yearend.models import YearEndSchedule

KIND = "year-end"
LANGUAGE = "vi"


def post(schedule: YearEndSchedule, due_on: date, readers: Sequence[AnyRow]) -> int:
    """Put a message for each reader into the outbox; how many were new."""
    year = rules.year_told(due_on)
    unit = network.unit(schedule.unit_id, due_on).name
    values = {"unit_id": schedule.unit_id, "year": year, "policy": schedule.policy}
    base: str = current_app.config["BASE_URL"]
    link = base + current_app.url_map.bind("").build("yearend.unit", values)
    with speaking(LANGUAGE):
        subject = gettext("yearend.mail.subject", unit=unit, year=year)
        body = gettext("yearend.mail.body", unit=unit, year=year, day=format_date(due_on), link=link)
    key = f"{KIND}:{schedule.id}:{due_on}"
    drafts = [Draft(f"{key}:{one.id}", KIND, one.email, one.person_id, subject, body) for one in readers]
    return mail.post(drafts=drafts)
