"""The annexes of a report: the tables that stand in the document, and the same with every person as a workbook."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast

from lms import text, workbooks
from lms.documents.model import Column, Table
from lms.goals.dashboard import Shown
from lms.goals.rules import HUNDREDTHS, Status
from lms.language import format_number, gettext, role_words
from lms.network import queries as network
from lms.workbooks import Sheet
from lms.yearend.findings import Findings, Listed
from lms.yearend.rules import roman

Value = str | int | float | None
COUNTS = ("all", "counted", "met", "not-met", "exempt", "not-applicable", "rate")
PEOPLE = ("number", "code", "full-name", "unit", "due", "earned", "status", "reasons")
DIVIDED = ("role", "position", "title", "employment")
NAME_SHARE, NUMBER_SHARE, COUNT_SHARE = 3.2, 0.8, 1.0


@dataclass(frozen=True)
class Annexed:
    """An annex in numbers: a row for each part, the whole in the last one."""

    label: str
    title: str
    named: str
    rows: Sequence[Sequence[Value]]

    @property
    def columns(self) -> list[str]:
        """The heads: number, what a row is of, and the counts."""
        return [gettext("yearend.column.number"), self.named, *(gettext(f"yearend.column.{name}") for name in COUNTS)]

    @property
    def table(self) -> Table:
        """The annex as the document sets it."""
        shares = [NUMBER_SHARE, NAME_SHARE, *([COUNT_SHARE] * len(COUNTS))]
        columns = tuple(
            Column(title, share, n != 1) for n, (title, share) in enumerate(zip(self.columns, shares, strict=True))
        )
        return Table(columns, tuple(tuple(map(words, row)) for row in self.rows), totals=1)


def annexed(found: Findings) -> list[Annexed]:
    """The annexes that have something to say, numbered I, II, III …"""
    parts: list[tuple[str, Sequence[tuple[str, Shown]]]] = []
    if found.below:
        parts.append(("unit", [(below.name, below.shown) for below in found.below]))
    parts += [(by, _named(by, found)) for by in DIVIDED if any(value for value, _ in found.divisions[by])]
    return [_annexed(number, by, lines, found.whole) for number, (by, lines) in enumerate(parts, 1)]


def people_label(found: Findings) -> str:
    """What the list of people is called: the annex after the last."""
    return gettext("yearend.annex", number=roman(len(annexed(found)) + 1))


def write(found: Findings, people: Iterator[Listed], target: IO[bytes]) -> None:
    """All annexes as sheets of one workbook, into an open file; the people are written as they come."""
    sheets = [Sheet(one.label, one.columns, one.rows, f"{one.label}\n{one.title}") for one in annexed(found)]
    columns, label = [gettext(f"yearend.column.{name}") for name in PEOPLE], people_label(found)
    heading = f"{label}\n{gettext('yearend.annex-of.people')}"
    workbooks.sheets(cast(Any, target), [*sheets, Sheet(label, columns, _people(people), heading)])


def counts(shown: Shown) -> list[Value]:
    """What is said of some people, as `COUNTS` names it; the rate in hundredths of all, to a tenth."""
    met, counted = shown.met or 0, shown.counted or 0
    beside = [shown.counts.get(status, 0) for status in (Status.EXEMPT, Status.NOT_APPLICABLE)]
    return [shown.all, counted, met, counted - met, *beside, rate(shown)]


def rate(shown: Shown) -> float | None:
    """met ÷ counted as a number of a hundred, to a tenth; None when nobody is counted."""
    return None if shown.rate is None else round(100 * shown.rate, 1)


def words(value: Value) -> str:
    """A value as a document writes it: «1.234», «75,0», «–»."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else format_number(value, 1 if isinstance(value, float) else 0)


def _annexed(number: int, by: str, lines: Sequence[tuple[str, Shown]], whole: Shown) -> Annexed:
    rows: list[Sequence[Value]] = [[n, name, *counts(shown)] for n, (name, shown) in enumerate(lines, 1)]
    label = gettext("yearend.annex", number=roman(number))
    total: list[Value] = ["", gettext("yearend.total"), *counts(whole)]
    return Annexed(label, gettext(f"yearend.annex-of.{by}"), gettext(f"yearend.by.{by}"), [*rows, total])


def _named(by: str, found: Findings) -> list[tuple[str, Shown]]:
    divided = found.divisions[by]
    titles = network.post_titles(by) if by in ("position", "title") else {}
    return [(_words_of(by, value, titles), shown) for value, shown in divided]


def _words_of(by: str, value: str, titles: dict[str, str]) -> str:
    if not value:
        return gettext("yearend.no-value")
    if by == "role":
        return text.capitalised(role_words(value))
    if by == "employment":
        return gettext(f"employment.{value}")
    return titles.get(value, value)


def _people(people: Iterator[Listed]) -> Iterator[Sequence[Value]]:
    for number, one in enumerate(people, 1):
        status = gettext(f"status.{one.status}")
        earned = one.earned / HUNDREDTHS
        yield number, one.code, one.full_name, one.unit, one.due, earned, status, one.reasons
