"""Hints in the reader's language."""

from typing import Any

from lms.coach.hint import Hint
from lms.language import format_iso_date, gettext


def sentence(hint: Hint) -> str:
    """What is there, and what to do."""
    return gettext(f"coach.{hint.key}", **{name: _shown(name, value) for name, value in hint.values.items()})


def _shown(name: str, value: Any) -> Any:
    if name in ("until", "since"):
        return format_iso_date(value)
    if name in ("topic", "difficulty") and not value:
        return gettext("coach.any")
    return gettext(f"difficulty.{value}") if name == "difficulty" else value
