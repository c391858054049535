"""Why a person's year is judged as it is: every fact that was looked at, and what became of it. Pure.

The words are `trace`'s; the drawing is templates/components/timeline.html.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from lms.goals.rules import CreditState, Facts, Judgement, Policy, Service, Span, bounds, last_day, merged


class Stretch(NamedTuple):
    """Days `[from_on, to_on)` of the year, and where they lie on a line of it, in per cent. `kind` chooses the pattern."""

    from_on: date
    to_on: date
    x: float
    width: float
    kind: str
    what: Any

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days


class Dot(NamedTuple):
    """A credit on the line of the year."""

    on: date
    x: float
    is_counted: bool
    what: Any


class Verdict(NamedTuple):
    """What became of an entry of the ledger: hundredths counted, and why, as the last part of a message key."""

    entry: Any
    counted: int
    reason: str
    over: int = 0


@dataclass(frozen=True)
class Derivation:
    """One person's year under one policy, as of a day. `entries` are the rows of the year's ledger."""

    policy: Policy
    facts: Facts
    judgement: Judgement
    entries: Sequence[Any]
    year: int
    as_of: int

    @property
    def asked(self) -> list[Stretch]:
        """The effective days by what was asked on them: the rule that asked for the most, and the role."""
        return [self._stretch((part.from_day, part.to_day), "asked", part) for part in self.judgement.demand.parts]

    @property
    def posts(self) -> list[Stretch]:
        """The posts held in the year."""
        return list(self._within(((s.from_day, s.to_day), "post", s) for s in joined(self.facts.services, self.as_of)))

    @property
    def absences(self) -> list[Stretch]:
        """The absences of the year; `kind` says whether their days were left out."""
        suspended = self.judgement.demand.suspended
        known = [away for away in self.facts.absences if away.from_day <= self.as_of]
        return list(
            self._within(
                ((a.from_day, a.to_day), "suspended" if a.suspends and _lies_in(a.from_day, suspended) else "served", a)
                for a in known
            )
        )

    @property
    def verdicts(self) -> list[Verdict]:
        """Every entry of the year's ledger, counted or not."""
        over = {cut.credit.id: cut.periods for cut in self.judgement.ledger.overflow}
        repeated = {credit.id for credit in self.judgement.ledger.duplicates}
        undone = {entry.reverses_id for entry in self.entries if entry.reverses_id}
        return [self._verdict(entry, over, repeated, undone) for entry in self.entries]

    @property
    def dots(self) -> list[Dot]:
        """The entries as points of the year."""
        found = []
        for verdict in self.verdicts:
            on = verdict.entry.completed_on
            found.append(Dot(on, self._x(on.toordinal()), verdict.counted > 0, verdict))
        return found

    @property
    def today_x(self) -> float | None:
        """Where the day of asking lies, before the year's end."""
        return self._x(self.as_of) if self.as_of < last_day(self.year) else None

    def _verdict(self, entry: Any, over: Mapping[int, int], repeated: set[int], undone: set[int]) -> Verdict:
        if entry.reverses_id:
            return Verdict(entry, 0, "reversal")
        if entry.id in undone:
            return Verdict(entry, 0, "reversed")
        if entry.state != CreditState.APPROVED:
            return Verdict(entry, 0, str(entry.state))
        if entry.completed_on.toordinal() > self.as_of:
            return Verdict(entry, 0, "later")
        if entry.id in repeated:
            return Verdict(entry, 0, "duplicate")
        if entry.id in over:
            return Verdict(entry, entry.periods - over[entry.id], "over", over[entry.id])
        return Verdict(entry, entry.periods, "counted")

    def _within(self, spans: Iterable[tuple[Span, str, Any]]) -> Iterator[Stretch]:
        start, end = bounds(self.year)
        for (first, last), kind, what in spans:
            if first < end and last > start:
                yield self._stretch((max(first, start), min(last, end)), kind, what)

    def _stretch(self, span: Span, kind: str, what: Any) -> Stretch:
        first, last = span
        return Stretch(
            date.fromordinal(first), date.fromordinal(last), self._x(first), self._x(last) - self._x(first), kind, what
        )

    def _x(self, day: int) -> float:
        start, end = bounds(self.year)
        return round(100 * (min(max(day, start), end) - start) / (end - start), 2)


def joined(services: Iterable[Service], as_of: int) -> list[Service]:
    """The posts known by a day, each whole again where facts had cut it."""
    whole: dict[tuple[Any, ...], Service] = {}
    for service in sorted(services):
        if service.from_day <= as_of:
            key = service.since or service.from_day, service.role, service.unit_id
            before = whole.get(key)
            whole[key] = before._replace(to_day=service.to_day) if before else service
    return list(whole.values())


def _lies_in(day: int, spans: Iterable[Span]) -> bool:
    return any(first <= day < last for first, last in merged(spans))
