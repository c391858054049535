"""The numbers of a year as the unit's page shows them now."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from lms import clock
from lms.catalogue import queries as catalogue
from lms.db import AnyRow
from lms.goals import dashboard, figures, queries, trace
from lms.goals.dashboard import Dashboard, Shown
from lms.network import queries as network
from lms.yearend.findings import Below, Divided, Listed, Told
from lms.yearend.rules import Source

SLICE = 2_000


class Live:
    """A unit's year as it is judged now."""

    def __init__(self, unit_id: int, policy: str, year: int) -> None:
        self.unit_id, self.policy, self.year = unit_id, policy, year
        self.day = min(clock.today(), date(year, 12, 31))
        self.told = Told(Source.LIVE, self.day, clock.now())

    def whole(self) -> Shown:
        """The counts of the unit and all below it."""
        return self._board().now

    def divided(self, dimension: str) -> Divided:
        """The counts by value of a dimension, the largest first."""
        return self._board(dimension).divisions

    def below(self) -> Sequence[Below]:
        """The units directly below, as the unit's page lists them."""
        units = network.below(self.unit_id, self.day)
        return [Below(line.unit.name, line.now) for line in self._board().below(units)]

    def lacking(self) -> Mapping[str, int]:
        """People by what they lack, whatever their role."""
        found: Counter[str] = Counter()
        for value, counts in figures.divided(self.unit_id, self.policy, self.year, figures.LACKING).items():
            found[value.partition(" ")[2]] += sum(counts.values())
        return found

    def people(self) -> Iterator[Listed]:
        """Everybody, by given name."""
        titles = catalogue.all_titles()
        return (_listed(row, titles) for row in standings(self.unit_id, self.policy, self.year))

    def _board(self, by: str = "") -> Dashboard:
        return Dashboard(self.unit_id, self.policy, self.year, self.day, by=by)


def standings(unit_id: int, policy: str, year: int) -> Iterator[AnyRow]:
    """The people counted in a unit or below it, by given name, some thousands at a time: as `goals.queries.people_of`."""
    if sum(figures.of_unit(unit_id, policy, year).values()) <= dashboard.LISTED:
        yield from queries.people_of(unit_id, policy, year)
        return
    after: tuple[str, int] | None = None
    while found := queries.people_in_order(unit_id, policy, year, after=after, limit=SLICE):
        yield from found
        after = found[-1].sort_key, found[-1].person_id


def _listed(row: AnyRow, titles: Mapping[str, str]) -> Listed:
    reasons = "; ".join(trace.reasons(row, titles))
    return Listed(row.code, row.full_name, row.unit, row.status, row.due, row.earned, reasons)
