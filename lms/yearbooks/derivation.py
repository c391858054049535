"""A person's line: everything from which the outcome follows, as it was known when closing began, and the reasons in words.

The words are Vietnamese whoever closes, so that the same facts give the same line.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from lms.goals import rules as goals
from lms.goals import trace
from lms.goals.rules import Credit, Facts, Judgement, Policy, Service
from lms.yearbooks.places import Places

Content = dict[str, Any]

TOLD = ("slices", "days_in_year", "is_proportional", "demanded", "minima", "missing")
"""What is taken over from `trace.data`."""


class Asked(NamedTuple):
    """What is closed: a year of a policy, as of a day."""

    policy: Policy
    year: int
    as_of: int


def content(asked: Asked, known: Facts, judgement: Judgement, places: Places) -> Content:
    """The inputs, what they make, and why."""
    told = trace.told(judgement)
    return {
        **{name: told.detail[name] for name in TOLD},
        "posts": [
            _post(post, asked.as_of, places) for post in _in_time(known.services) if post.from_day <= asked.as_of
        ],
        "absences": [
            {"from": _iso(away.from_day), "to": _iso(away.to_day), "suspends": away.suspends}
            for away in sorted(known.absences)
            if away.from_day <= asked.as_of
        ],
        "exemptions": list(_exemptions(asked, known)),
        "credits": list(_credits(asked, known, judgement)),
        "effective_days": told.effective_days,
        "met_on": _iso(judgement.met_day) if judgement.met_day else None,
        "trace": trace.reasons(told, {}),
    }


def _in_time(services: Iterable[Service]) -> list[Service]:
    return sorted(services, key=lambda service: (service.from_day, service.to_day, service.role, service.unit_id))


def _post(service: Service, as_of: int, places: Places) -> Content:
    day = min(service.to_day - 1, as_of)
    return {
        "from": _iso(service.from_day),
        "to": _iso(service.to_day),
        "role": service.role,
        "unit": places.name(service.unit_id, day),
        "unit_code": places.code(service.unit_id, day),
        "position": service.position,
        "title": service.title,
        "employment": service.employment,
        "level": service.level,
        "primary": service.is_primary,
    }


def _exemptions(asked: Asked, known: Facts) -> Iterator[Content]:
    for waiver in sorted(known.waivers, key=lambda w: (w.from_day, w.scope, w.target, w.policy)):
        if waiver.year == asked.year and waiver.policy in ("", asked.policy.code) and waiver.from_day <= asked.as_of:
            revoked = waiver.revoked_day if waiver.revoked_day and waiver.revoked_day <= asked.as_of else None
            yield {
                "scope": waiver.scope,
                "target": waiver.target,
                "from": _iso(waiver.from_day),
                "revoked": _iso(revoked) if revoked else None,
            }


def _credits(asked: Asked, known: Facts, judgement: Judgement) -> Iterator[Content]:
    """The standing credits of the year with what of each was counted, and the earlier ones that bear on it."""
    start = goals.bounds(asked.year)[0]
    standing = goals.standing(known.credits, min(asked.as_of, goals.last_day(asked.year)))
    duplicates = {credit.id for credit in judgement.ledger.duplicates}
    over = {cut.credit.id: cut.periods for cut in judgement.ledger.overflow}
    classes = {credit.equivalence for credit in standing if credit.day >= start and credit.equivalence}
    for credit in sorted(standing, key=lambda credit: (credit.day, credit.activity, credit.id)):
        if credit.day >= start:
            counted = 0 if credit.id in duplicates else credit.periods - over.get(credit.id, 0)
            use = "duplicate" if credit.id in duplicates else "over" if credit.id in over else "counted"
            yield _credit(credit) | {"counted": counted, "use": use}
        elif credit.module or credit.equivalence in classes:
            yield _credit(credit) | {"counted": 0, "use": "earlier"}


def _credit(credit: Credit) -> Content:
    return {
        "activity": credit.activity,
        "category": credit.category,
        "periods": credit.periods,
        "on": _iso(credit.day),
        "source": credit.source,
        "class": credit.equivalence,
        "module": credit.module,
    }


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
