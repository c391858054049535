"""The one clock. Instants are UTC; days and years are those of Viet Nam."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

DAY_FIRST = re.compile(r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\s*$")
ISO = re.compile(r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?\s*$")

_stopped_at: ContextVar[datetime | None] = ContextVar("stopped_at", default=None)


def now() -> datetime:
    """The present instant, timezone-aware UTC."""
    return _stopped_at.get() or datetime.now(UTC)


def today() -> date:
    """The present day in Viet Nam."""
    return local_day(now())


def local_day(instant: datetime) -> date:
    """The Vietnamese calendar day on which a UTC instant falls."""
    return instant.astimezone(VIETNAM).date()


def at(day: date, hour: int = 0) -> datetime:
    """The instant of a full hour of a Vietnamese calendar day; its beginning, unless told."""
    return datetime.combine(day, time(hour), tzinfo=VIETNAM).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last instant of a Vietnamese calendar day."""
    return datetime.combine(day, time.max, tzinfo=VIETNAM).astimezone(UTC)


def instant(value: str) -> datetime:
    """The instant of an ISO text, in Viet Nam's time unless it says otherwise. Raises ValueError."""
    found = datetime.fromisoformat(value)
    return (found if found.tzinfo else found.replace(tzinfo=VIETNAM)).astimezone(UTC)


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """Inside the block the clock stands still at `at`: for the demo's past year and for tests."""
    token = _stopped_at.set(at)
    try:
        yield
    finally:
        _stopped_at.reset(token)


def parse_day(value: str) -> date | None:
    """A day written 05/09/2026, 5-9-2026, 5.9.2026 or 2026-09-05; None when it is none of these."""
    if match := DAY_FIRST.match(value):
        day, month, year = map(int, match.groups())
    elif match := ISO.match(value):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
