"""The letters: a learner's digest, a call list, a test. All in Vietnamese, the language of the network."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import current_app

from lms import clock
from lms.db import AnyRow
from lms.goals import queries as goals
from lms.goals import trace
from lms.goals.rules import HUNDREDTHS
from lms.language import format_date, format_instant, format_iso_date, format_number, gettext, speaking
from lms.learning.rules import NextStep, Step
from lms.mail.actions import Draft
from lms.network.queries import unit
from lms.reminders.queries import DIGEST, LISTED, CallList, Learner
from lms.surveys import queries as surveys
from lms.text import given_name

CALLS = "calls"
TEST = "test"
LANGUAGE = "vi"


def digests(learners: list[Learner], occasion: str) -> list[Draft]:
    """What each of these people is told, once an occasion."""
    titles = {policy.code: policy.title for policy in goals.policies()}
    with speaking(LANGUAGE):
        return [_digest(learner, titles, occasion) for learner in learners]


def call_list(person: AnyRow, found: CallList, occasion: str) -> Draft:
    """What somebody who is responsible for a unit is told, once an occasion."""
    with speaking(LANGUAGE):
        name = unit(person.unit_id, clock.today()).name if person.unit_id else gettext("reminders.everywhere")
        lines = [gettext("reminders.call", number=n, **_call(row)) for n, row in enumerate(found.people, 1)]
        rest = [gettext("reminders.more", number=format_number(found.all - LISTED))] if found.all > LISTED else []
        body = gettext(
            "reminders.calls.body",
            name=given_name(person.full_name), unit=name, day=format_date(clock.today()),
            overdue=format_number(found.overdue), risk=format_number(found.all - found.overdue),
            lines="\n".join(lines + rest), link=_list_address(person.unit_id),
        )  # fmt: skip
        subject = gettext("reminders.calls.subject", number=format_number(found.all), unit=name)
        return Draft(f"{CALLS}:{person.id}:{person.unit_id}:{occasion}", CALLS, person.email, person.id, subject, body)


def test(person_id: int, address: str) -> Draft:
    """A message by which an administrator sees that mail works; pressing twice within a minute makes one."""
    now = clock.now()
    with speaking(LANGUAGE):
        body = gettext("reminders.test.body", at=format_instant(now), address=address_of("reminders.log"))
        subject = gettext("reminders.test.subject")
        return Draft(f"{TEST}:{person_id}:{now:%Y-%m-%dT%H:%M}", TEST, address, person_id, subject, body)


def address_of(endpoint: str, **values: Any) -> str:
    """The address of a page, for readers outside; it leads to sign-in and carries no authority."""
    base: str = current_app.config["BASE_URL"]
    return base + current_app.url_map.bind("").build(endpoint, values)


def _digest(learner: Learner, titles: dict[str, str], occasion: str) -> Draft:
    year = clock.today().year
    most = max((s.due * HUNDREDTHS - s.earned for s in learner.standings), default=0)
    what, link = _step(learner.step)
    body = gettext(
        "reminders.digest.body",
        name=given_name(learner.full_name), year=year, lines="\n".join(f"- {line}" for line in _lines(learner, titles)),
        step=what, link=link, deadline=format_date(date(year, 12, 31)),
    )  # fmt: skip
    subject = (
        gettext("reminders.digest.subject", number=trace.periods(most), year=year)
        if most > 0
        else gettext("reminders.digest.subject-modules", year=year)
    )
    return Draft(f"{DIGEST}:{learner.person_id}:{occasion}", DIGEST, learner.address, learner.person_id, subject, body)


def _lines(learner: Learner, titles: dict[str, str]) -> Iterator[str]:
    for standing in learner.standings:
        left = standing.due * HUNDREDTHS - standing.earned
        if left > 0:
            words = {"policy": titles.get(standing.policy, standing.policy), "due": standing.due}
            figures = {"earned": trace.periods(standing.earned), "left": trace.periods(left)}
            yield gettext("reminders.line.periods", **words, **figures)
        for category, earned, floor in standing.detail["minima"]:
            if earned < floor * HUNDREDTHS:
                left_of = trace.periods(floor * HUNDREDTHS - earned)
                yield gettext("reminders.line.category", category=gettext(f"category.{category}"), left=left_of)
    today = clock.today().isoformat()
    for day, title in learner.missing:
        words = {"course": title, "day": format_iso_date(day)}
        yield gettext("reminders.line.module-overdue" if day < today else "reminders.line.module", **words)
    for survey in learner.surveys:
        words = {"survey": survey.title, "day": format_date(survey.to_on - timedelta(days=1))}
        yield gettext("reminders.line.survey", minutes=surveys.minutes(survey.source), **words)


def _step(step: NextStep | None) -> tuple[str, str]:
    """The next step in words, and the address of its page."""
    if step is None:
        return gettext("reminders.step.none"), address_of("study.home")
    content = step.published.content
    if step.step is Step.LESSON:
        lesson = content.lesson_by_slug[step.lesson]
        words = gettext("reminders.step.lesson", lesson=lesson.title, course=content.title, minutes=lesson.minutes)
        return words, address_of("study.lesson", course=content.slug, lesson=lesson.slug)
    if step.step is Step.QUIZ:
        return gettext("reminders.step.quiz", course=content.title), address_of("study.quiz", course=content.slug)
    words = gettext("reminders.step.start", course=content.title, periods=format_number(content.periods))
    return words, address_of("study.overview", course=content.slug)


def _call(row: AnyRow) -> dict[str, str]:
    state = gettext("status.overdue" if row.is_overdue else "status.at-risk")
    left = trace.periods(max(row.missing, 0))
    phone = row.phone or gettext("reminders.no-phone")
    return {"name": row.full_name, "unit": row.unit or "", "phone": phone, "left": left, "state": state}


def _list_address(unit_id: int | None) -> str:
    return address_of("goals.unit", unit_id=unit_id) if unit_id else address_of("network.units")
