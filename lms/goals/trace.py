"""The reason behind a number, in words: a judgement told as sentences of the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from lms.goals.rules import HUNDREDTHS, Demand, Judgement, Status
from lms.language import format_iso_date, format_number, gettext, role_words


def sentence(demand: Demand, due: int) -> str:
    """«120 ngày đầu mối × 24/365 + 245 ngày chuyên trách × 40/365 = 34,74 → 35 tiết»."""
    slices = [(part.days, part.base, part.role) for part in demand.slices]
    return _sentence(slices, demand.days_in_year, demand.is_proportional, demand.due, due, demand.effective_days)


def stored_sentence(detail: Mapping[str, Any], due: int, effective_days: int) -> str:
    """The same sentence, from what `data` stored."""
    slices = [(days, base, role) for days, base, role in detail["slices"]]
    return _sentence(slices, detail["days_in_year"], detail["is_proportional"], detail["demanded"], due, effective_days)


def _sentence(
    slices: Sequence[tuple[int, int, str]], length: int, is_proportional: bool, demanded: int, due: int, days: int
) -> str:
    if not slices:
        return gettext("trace.no-service")
    if not is_proportional:
        return gettext("trace.whole", due=due)
    parts = " + ".join(
        gettext("trace.slice", days=served, role=role_words(role), base=base, length=length)
        for served, base, role in slices
    )
    exact = shortened(Fraction(sum(served * base for served, base, _ in slices), length))
    rounded = gettext("trace.sum", parts=parts, exact=exact, due=demanded)
    return rounded if due == demanded else gettext("trace.short", sum=rounded, days=days)


def data(judgement: Judgement) -> dict[str, Any]:
    """What a page needs to tell the reason again, as stored beside a standing."""
    demand = judgement.demand
    return {
        "slices": [[part.days, part.base, part.role] for part in demand.slices],
        "days_in_year": demand.days_in_year,
        "is_proportional": demand.is_proportional,
        "demanded": demand.due,
        "minima": [list(floor) for floor in judgement.minima],
        "missing": [[duty.module, date.fromordinal(duty.by_day).isoformat()] for duty in judgement.missing],
        "duplicates": [credit.activity for credit in judgement.ledger.duplicates],
        "over": [[cut.credit.activity, cut.credit.source, cut.periods] for cut in judgement.ledger.overflow],
    }


def missing(details: Iterable[Mapping[str, Any]]) -> tuple[list[tuple[str, str]], set[str]]:
    """What standings still lack, from what `data` stored: modules as (ISO day, slug), the most urgent first; categories."""
    kept = list(details)
    modules = sorted({(day, module) for detail in kept for module, day in detail["missing"]})
    return modules, {c for detail in kept for c, earned, floor in detail["minima"] if earned < floor * HUNDREDTHS}


class Told(NamedTuple):
    """What of a standing is told: a row of the table, or the judgement that would become one."""

    status: str
    due: int
    earned: int
    effective_days: int
    detail: Mapping[str, Any]


def told(judgement: Judgement) -> Told:
    """What is told of a judgement."""
    days = judgement.demand.effective_days
    return Told(judgement.status, judgement.due, judgement.earned, days, data(judgement))


def reasons(standing: Told | Any, titles: Mapping[str, str]) -> list[str]:
    """Why the status is what it is, one sentence each, on pages and in exports; `titles` are those of courses, by slug."""
    detail = standing.detail
    found = [stored_sentence(detail, standing.due, standing.effective_days)]
    found.append(gettext("trace.earned", earned=periods(standing.earned), due=standing.due))
    for category, earned, floor in detail["minima"]:
        words = {"category": gettext(f"category.{category}"), "earned": periods(earned), "floor": floor}
        found.append(gettext("trace.floor-met" if earned >= floor * HUNDREDTHS else "trace.floor-missing", **words))
    for module, day in detail["missing"]:
        found.append(gettext("trace.module-missing", module=titles.get(module, module), day=format_iso_date(day)))
    found += [gettext("trace.duplicate", activity=titles.get(activity, activity)) for activity in detail["duplicates"]]
    found += [_over(titles.get(activity, activity), source, cut) for activity, source, cut in detail["over"]]
    if standing.status == Status.EXEMPT:
        found.append(gettext("trace.exempt"))
    return found


def overflow(judgement: Judgement) -> list[str]:
    """«10 tiết vượt trần», once for each credit that a cap cut."""
    return [_over(cut.credit.activity, cut.credit.source, cut.periods) for cut in judgement.ledger.overflow]


def _over(activity: str, source: str, cut: int) -> str:
    return gettext("trace.over", activity=activity, over=periods(cut), source=gettext(f"source.{source}"))


def periods(hundredths: int) -> str:
    """Periods from hundredths: `36,5`."""
    return format_number(Fraction(hundredths, HUNDREDTHS))


def shortened(value: Fraction) -> str:
    """At most three places, as in `12,099` and `34,74`."""
    text = format_number(value, 3).rstrip("0")
    return text.rstrip(",.")
