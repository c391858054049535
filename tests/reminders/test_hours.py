"""When mail may leave, and when it counts as broken: tables."""

from datetime import datetime, timedelta

import pytest

from lms.clock import VIETNAM
from lms.mail import rules
from lms.mail.rules import Figures, Reason, State, Trouble
from lms.reminders import rules as reminders

USUAL = rules.hours("21:00-07:00", [7])
NONE = rules.hours("", [])


def at(text: str) -> datetime:
    """`05 09:00`: a day and an hour of October 2026, which begins on a Thursday; the 4th is a Sunday."""
    return datetime.strptime(f"2026-10-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("asked", "leaves"),
    [
        ("05 09:00", "05 09:00"),
        ("05 07:00", "05 07:00"),
        ("05 06:59", "05 07:00"),
        ("05 00:00", "05 07:00"),
        ("05 20:59", "05 20:59"),
        ("05 21:00", "06 07:00"),
        ("05 23:59", "06 07:00"),
        ("03 20:59", "03 20:59"),
        ("03 21:00", "05 07:00"),
        ("04 10:00", "05 07:00"),
    ],
)
def test_the_usual_quiet_hours(asked: str, leaves: str) -> None:
    assert rules.next_open(at(asked), USUAL) == at(leaves)
    assert rules.is_quiet(at(asked), USUAL) == (asked != leaves)


@pytest.mark.parametrize(
    ("hours", "days", "asked", "leaves"),
    [
        ("", [], "04 03:00", "04 03:00"),
        ("11:30-13:30", [], "05 11:30", "05 13:30"),
        ("11:30-13:30", [], "05 13:30", "05 13:30"),
        ("11:30-13:30", [], "05 23:00", "05 23:00"),
        ("00:00-06:00", [6, 7], "03 12:00", "05 06:00"),
        ("20:00-00:00", [], "05 21:00", "06 00:00"),
        ("", [1, 2, 3, 4, 5, 6], "05 09:00", "11 00:00"),
    ],
)
def test_other_quiet_hours(hours: str, days: list[int], asked: str, leaves: str) -> None:
    assert rules.next_open(at(asked), rules.hours(hours, days)) == at(leaves)


def test_pauses_grow_and_end() -> None:
    pauses = [rules.pause(attempts) for attempts in range(1, rules.ATTEMPTS)]
    assert pauses == sorted(set(pauses))
    assert rules.state_after(Reason.AWAY, rules.ATTEMPTS - 1) == State.QUEUED
    assert rules.state_after(Reason.AWAY, rules.ATTEMPTS) == State.FAILED
    assert rules.state_after(Reason.REFUSED, 1) == State.FAILED


@pytest.mark.parametrize(
    ("now", "waits", "last", "trouble"),
    [
        ("05 09:00", None, [True] * 5, None),
        ("05 09:00", timedelta(minutes=59), [], None),
        ("05 09:00", timedelta(minutes=61), [True], Trouble.WAITING),
        ("05 07:30", timedelta(hours=12), [], None),
        ("05 08:01", timedelta(hours=12), [], Trouble.WAITING),
        ("05 22:00", timedelta(hours=12), [], None),
        ("05 09:00", None, [False] * 4, None),
        ("05 09:00", None, [False] * 5, Trouble.FAILING),
        ("05 09:00", None, [False, False, True, False, False], None),
    ],
)
def test_when_mail_counts_as_broken(
    now: str, waits: timedelta | None, last: list[bool], trouble: Trouble | None
) -> None:
    oldest = at(now) - waits if waits else None
    assert rules.trouble(Figures(oldest, last), at(now), USUAL) == trouble


def test_a_week_has_one_name_and_its_reminders_are_due_from_their_day_on() -> None:
    assert reminders.week(at("05 09:00").date()) == reminders.week(at("11 09:00").date()) == "2026-W41"
    assert not reminders.is_due(at("06 09:00").date(), 3)
    assert reminders.is_due(at("08 09:00").date(), 3)
    assert reminders.masked("binh.le@example.vn") == "b…@example.vn"
