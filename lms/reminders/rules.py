"""When reminders are due, and who gets them. Pure."""

from datetime import date

from lms.goals.rules import Status

BEHIND = (Status.OVERDUE, Status.AT_RISK)


def week(day: date) -> str:
    """The ISO week of a day: `2026-W41`."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


def is_due(day: date, weekday: int) -> bool:
    """Whether this week's reminders are due: from their weekday on, in case no worker ran on the day itself."""
    return day.isoweekday() >= weekday


def masked(address: str) -> str:
    """`b…@example.vn`: enough to recognise an address, too little to use it."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
