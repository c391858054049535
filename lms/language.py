"""Words for people: Vietnamese first, English second, through gettext.

In templates a message is its Vietnamese text; in Python it is a key such as `import.unknown-unit`. Both catalogues lie in
`lms/translations/<locale>/messages.po` and are read at start, so there is nothing to compile.
"""

import gettext as stdlib_gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from string import Template
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from lms.clock import VIETNAM

TRANSLATIONS = Path(__file__).parent / "translations"
LOCALES = ("vi", "en")

_locale: ContextVar[str] = ContextVar("locale", default="vi")


class Lazy:
    """A message that is looked up when it is shown: for form labels and other things made at import."""

    def __init__(self, key: str, **values: Any) -> None:
        self.key, self.values = key, values

    def __str__(self) -> str:
        return gettext(self.key, **self.values)

    def __html__(self) -> str:
        from markupsafe import escape

        return str(escape(str(self)))


@cache
def catalogue(locale: str) -> stdlib_gettext.NullTranslations:
    """All messages of a locale."""
    with (TRANSLATIONS / locale / "messages.po").open("rb") as source:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return stdlib_gettext.GNUTranslations(compiled)


def locale() -> str:
    """The locale of the present reader."""
    return _locale.get()


def speak(chosen: str) -> None:
    """From here on, in this context, answer in `chosen`."""
    _locale.set(chosen)


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Inside the block, answer in `chosen`."""
    token = _locale.set(chosen)
    try:
        yield
    finally:
        _locale.reset(token)


def gettext(message: str, **values: Any) -> str:
    """The message in the reader's language, `%(name)s` filled in."""
    text = catalogue(_locale.get()).gettext(message)
    return text % values if values else text


def role_words(role: str) -> str:
    """A role of the network in words; a role that an organisation added is its code."""
    key = f"role.{role}"
    words = gettext(key)
    return role if words == key else words


def format_date(value: date | datetime | None) -> str:
    """05/09/2026, in Viet Nam's time."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM)
    return f"{value:%d/%m/%Y}"


@lru_cache(maxsize=64)
def official_date(pattern: str, day: date) -> str:
    """A pattern with $day, $month and $year filled in as Decree 30/2020/NĐ-CP has it.

    Days below 10 and the months 1 and 2 take a leading 0; other months do not.
    """
    month = f"{day.month:02}" if day.month <= 2 else f"{day.month}"
    return Template(pattern).substitute(day=f"{day.day:02}", month=month, year=day.year)


def format_iso_date(value: str) -> str:
    """05/09/2026 from 2026-09-05."""
    return format_date(date.fromisoformat(value))


def format_instant(value: datetime | None) -> str:
    """05/09/2026 08:30, in Viet Nam's time."""
    return f"{value.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if value else ""


def format_number(value: int | float | Fraction | Decimal | None, places: int | None = None) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; at most two places unless told, trailing zeros dropped."""
    if value is None:
        return ""
    number = (
        Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(str(value))
    )
    text = f"{number:,.{2 if places is None else places}f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(SWAP_SEPARATORS) if _locale.get() == "vi" else text


def format_percent(share: float | Fraction | None) -> str:
    """75,0 % from 0.75, with a space that does not break."""
    return "–" if share is None else f"{format_number(Fraction(share) * 100, 1)}\u00a0%"


SWAP_SEPARATORS = str.maketrans(",.", ".,")
