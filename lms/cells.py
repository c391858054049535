"""What one cell of a table says: readers that take clean text and return a value, or raise `BadCell`. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from lms import text
from lms.clock import parse_day

KEPT = 1 << 14
EXCEL_ZERO = date(1899, 12, 30)
SERIAL = re.compile(r"\d{5}(?:\.0+)?")
YEAR = re.compile(r"\d{4}")
YEARS = range(1900, 2200)

TRUE, FALSE = frozenset({"1", "co", "x", "true", "yes", "dung"}), frozenset({"0", "khong", "false", "no", "sai", ""})
CODE = re.compile(r"[0-9A-Za-zĐđ][0-9A-Za-zĐđ ._/\-]{0,49}")
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")
PERIODS = re.compile(r"(\d{1,4})(?:[.,](\d{1,2})0*)?")
PHONE_SIGNS = re.compile(r"[\s.\-()]")
PHONE = re.compile(r"0\d{9,10}")
PREFIX = re.compile(r"(?:\+|00)?84(?=\d{9,10}$)")

VIETNAMESE = "a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
OF_OTHER_PEOPLES = "čƀĭŏŭ\u0306"
NAME = re.compile(f"[{VIETNAMESE}{OF_OTHER_PEOPLES} '’.\\-]+", re.IGNORECASE)
ACCENTED = "àáâãèéêìíòóôõùúýăơư"
OLD_FONT = re.compile(f"[a-zà-ỹ][{ACCENTED.upper()}]|(?i:[ae][{ACCENTED}])")


class BadCell(ValueError):
    """A cell says nothing that its column understands; `key` is the message that says why."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key, values)
        self.key, self.values = key, values


@lru_cache(KEPT)
def day(cell: str) -> date:
    """A day written 05/09/2026, 5-9-2026 or 2026-09-05, or as the serial number that Excel makes of it."""
    found = parse_day(cell)
    if found is None and SERIAL.fullmatch(cell):
        found = EXCEL_ZERO + timedelta(days=int(float(cell)))
    if found is None or found.year not in YEARS:
        raise BadCell("import.bad-date", value=cell)
    return found


@lru_cache(KEPT)
def end(cell: str) -> date:
    """The day on which something no longer holds; 9999-12-31, as other systems write it, is an open end."""
    return date.max if parse_day(cell) == date.max else day(cell)


@lru_cache(KEPT)
def truth(cell: str) -> bool:
    """Có or không, x or nothing, 1 or 0."""
    word = text.slug(cell)
    if word not in TRUE | FALSE:
        raise BadCell("import.bad-truth", value=cell)
    return word in TRUE


@lru_cache(KEPT)
def hundredths(cell: str) -> int:
    """Periods written 8, 1.5 or 1,5, in hundredths."""
    match = PERIODS.fullmatch(cell)
    if not match:
        raise BadCell("import.bad-periods", value=cell)
    whole, part = match.groups()
    return int(whole) * 100 + int((part or "").ljust(2, "0"))


@lru_cache(KEPT)
def year(cell: str) -> int:
    """A calendar year."""
    if not YEAR.fullmatch(cell) or int(cell) not in YEARS:
        raise BadCell("import.bad-year", value=cell)
    return int(cell)


def code(cell: str) -> str:
    """A code: letters, digits and a few signs."""
    if not CODE.fullmatch(cell):
        raise BadCell("import.bad-code", value=cell)
    return cell


def phone(cell: str) -> str:
    """A phone number as 0905123456, also from +84 905 123 456 and from a number whose 0 a spreadsheet has eaten."""
    digits = PREFIX.sub("0", PHONE_SIGNS.sub("", cell))
    if len(digits) == 9 and digits[0] != "0":
        digits = f"0{digits}"
    if not (digits.isascii() and PHONE.fullmatch(digits)):
        raise BadCell("import.bad-phone", value=cell)
    return digits


def email(cell: str) -> str:
    """An e-mail address in small letters."""
    if len(cell) > 254 or not EMAIL.fullmatch(cell):
        raise BadCell("import.bad-email", value=cell)
    return cell.lower()


def name(cell: str) -> str:
    """A person's name. Refuses letters that betray a text of the old TCVN3 and VNI fonts."""
    if len(cell) > 100 or not NAME.fullmatch(cell) or OLD_FONT.search(cell):
        raise BadCell("import.bad-name", value=cell)
    return cell


def line(limit: int = 300) -> Callable[[str], str]:
    """A reader of any text up to a length."""

    def read(cell: str) -> str:
        if len(cell) > limit:
            raise BadCell("import.too-much-text", limit=limit)
        return cell

    return read


def choice(spellings: Mapping[str, str], *, is_open: bool = False) -> Callable[[str], str]:
    """A reader of codes, each with its other spellings as slugs. An open choice takes other codes as they are."""
    meanings = {word: code for code, words in spellings.items() for word in (code, *words.split())}

    @lru_cache(KEPT)
    def read(cell: str) -> str:
        word = text.slug(cell)
        if word not in meanings and not is_open:
            raise BadCell("import.bad-choice", value=cell, allowed=", ".join(spellings))
        return meanings.get(word, word)

    return read
