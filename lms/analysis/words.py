"""Advice in words: what was seen, and what to do."""

from typing import Any

from lms.analysis.advice import Advice
from lms.analysis.queries import Need
from lms.language import format_number, format_percent, gettext

SHARES = ("share", "right")
ANSWERS = ("true", "false")


def seen(found: Advice | Need) -> str:
    """What was seen: «80 % chọn C, 12 % chọn đáp án»."""
    return gettext(f"advice.{found.code}.seen", **{name: _word(name, value) for name, value in found.values.items()})


def to_do(found: Advice | Need) -> str:
    """What to do about it."""
    return gettext(f"advice.{found.code}.do")


def seen_and_done(found: Advice | Need) -> str:
    """Both in one line."""
    return f"{seen(found)}: {to_do(found)}"


def _word(name: str, value: Any) -> str:
    if name in SHARES:
        return format_percent(value)
    if value in ANSWERS:
        return gettext(f"answer.{value}")
    return value if isinstance(value, str) else format_number(value)
