"""When mail may leave, how often it is tried, and whether it still works. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720))
ATTEMPTS = len(PAUSES) + 1
OLDEST = timedelta(days=3)
WAITS_TOO_LONG = timedelta(hours=1)
DELIVERIES = 5


class State(StrEnum):
    """`sending`: its bytes may be on the way. `unsure`: nobody knows whether it left. `held`: it grew too old to leave."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    HELD = "held"


class Reason(StrEnum):
    """Why a message has not left, or may not have left."""

    AWAY = "away"
    INSECURE = "insecure"
    SIGN_IN = "sign-in"
    SENDER = "sender"
    BUSY = "busy"
    REFUSED = "refused"
    ADDRESS = "address"
    CUT_OFF = "cut-off"
    OLD = "old"


OF_SERVER = frozenset({Reason.AWAY, Reason.INSECURE, Reason.SIGN_IN, Reason.SENDER})
"""Troubles that the next message would meet as well."""

FINAL = frozenset({Reason.REFUSED, Reason.ADDRESS})
"""Troubles that stay however often one tries."""

STUCK = frozenset({State.FAILED, State.UNSURE, State.HELD})
"""What a human may send again."""


class Trouble(StrEnum):
    WAITING = "waiting"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Hours:
    """The quiet hours: nothing leaves on `[start, end)` of a day, which may go over midnight, nor on the ISO weekdays."""

    start: time
    end: time
    days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the outbox: since when the oldest message has been due, and whether each of the last deliveries was done."""

    oldest_due: datetime | None
    last: Sequence[bool] = ()


def hours(text: str, days: Collection[int]) -> Hours:
    """Quiet hours from a setting such as `21:00-07:00`; no text, no quiet hours."""
    start, _, end = (text or "00:00-00:00").partition("-")
    return Hours(time.fromisoformat(start), time.fromisoformat(end), frozenset(days))


def next_open(at: datetime, hours: Hours) -> datetime:
    """`at` itself when mail may leave then, else the next instant at which it may. Some weekday must not be quiet."""
    local = at.astimezone(VIETNAM)
    while (end := _quiet_until(local, hours)) is not None:
        local = end
    return local.astimezone(UTC)


def is_quiet(at: datetime, hours: Hours) -> bool:
    """Whether nothing may leave now."""
    return _quiet_until(at.astimezone(VIETNAM), hours) is not None


def _quiet_until(local: datetime, hours: Hours) -> datetime | None:
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if local.isoweekday() in hours.days:
        return midnight + DAY
    now, start, end = local.time(), hours.start, hours.end
    goes_over = start > end
    if now < end and (goes_over or now >= start):
        return datetime.combine(local, end, VIETNAM)
    return datetime.combine(local + DAY, end, VIETNAM) if goes_over and now >= start else None


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def state_after(reason: Reason, attempts: int) -> State:
    """What a message is that certainly has not left."""
    return State.FAILED if reason in FINAL or attempts >= ATTEMPTS else State.QUEUED


def trouble(figures: Figures, now: datetime, hours: Hours) -> Trouble | None:
    """Whether mail has stopped: the last deliveries all failed, or something waits for over an hour of open time."""
    if len(figures.last) >= DELIVERIES and not any(figures.last[:DELIVERIES]):
        return Trouble.FAILING
    an_hour_ago = now - WAITS_TOO_LONG
    was_open = not is_quiet(now, hours) and not is_quiet(an_hour_ago, hours)
    is_late = figures.oldest_due is not None and figures.oldest_due < an_hour_ago
    return Trouble.WAITING if was_open and is_late else None
