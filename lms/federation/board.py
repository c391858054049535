"""A unit's year as others report it: who has sent, who is late, and own + reported = total. Nothing here is a standing.

Nobody is counted twice. Where an installation reports a unit, its people who are known here, too, are not added once more;
a package inside the unit of another package is shown, and counted in that one.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from lms import clock
from lms.federation import queries, rules
from lms.federation.models import FederationSender, ReportedFigure, ReportedYear
from lms.federation.rules import State
from lms.goals import dashboard, figures, hiding
from lms.goals.figures import TODAY, WHOLE, Place
from lms.network import queries as network
from lms.yearbooks.rules import FIGURES, added

Figures = Mapping[str, int]


class Part(NamedTuple):
    """A sender in a year. `taken` is what counts, one package for each unit; `within` names the sender that includes it."""

    sender: FederationSender
    unit_id: int
    unit: str
    taken: Sequence[ReportedYear]
    waiting: Sequence[ReportedYear]
    is_late: bool
    within: str = ""

    @property
    def figures(self) -> dict[str, int]:
        """What was reported."""
        return added([figures_of(report) for report in self.taken])


class Board:
    """The page of a unit. `is_hidden`: the reader may not see names here, and so no small groups either."""

    def __init__(self, unit_id: int, policy: str, year: int, *, is_hidden: bool) -> None:
        self.unit_id, self.policy, self.year, self.is_hidden = unit_id, policy, year, is_hidden
        self.due_on = rules.due_on(year, queries.setting().due_days)
        self.parts = self._parts()

    @property
    def counted(self) -> list[Part]:
        """The parts that are added up."""
        return [part for part in self.parts if part.taken and not part.within]

    @property
    def sent(self) -> int:
        """How many senders have reported, themselves or within another one's package."""
        return sum(bool(part.taken or part.within) for part in self.parts)

    @cached_property
    def reported(self) -> dict[str, int]:
        return added([part.figures for part in self.counted])

    @cached_property
    def known_twice(self) -> dict[str, int]:
        """People of units that are reported, who are known here, too: not added once more."""
        return added([self._here[part.unit_id] for part in self.counted])

    @cached_property
    def own(self) -> dict[str, int]:
        """The people of this installation, without those of units that are reported."""
        return rules.without(self._here[self.unit_id], [self.known_twice])

    @property
    def total(self) -> dict[str, int]:
        return added([self.own, self.reported])

    @cached_property
    def told(self) -> set[int]:
        """The senders whose figures the reader may see; of a reader without names 0 stands for the sum of all."""
        if not self.is_hidden:
            return {0, *(part.sender.id for part in self.parts)}
        groups = {part.sender.id: _group(part.figures) for part in self.counted}
        if not hiding.is_safe(_group(self.reported)):
            return set()
        # What is counted within another package is no sister of it: told apart it could give the rest away.
        return {0, *hiding.told(groups)}

    @cached_property
    def is_own_told(self) -> bool:
        """Whether the reader may see the own figures, and so the total."""
        if not self.is_hidden:
            return True
        way = [*(above.unit_id for above in network.path(self.unit_id, clock.today())), self.unit_id]
        told = dashboard.told_on(way, self.policy, self.year, min(clock.today(), date(self.year, 12, 31)))
        return self.unit_id in told and hiding.is_safe(_group(self.own)) and hiding.is_safe(_group(self.known_twice))

    @cached_property
    def _here(self) -> dict[int, dict[str, int]]:
        wanted = {self.unit_id, *(part.unit_id for part in self.counted)}
        found = figures.of_units(wanted, self.policy, [self.year])
        return {one: rules.figures(found.get(Place(one, self.year, TODAY, WHOLE, ""), {})) for one in wanted}

    def _parts(self) -> list[Part]:
        senders = queries.senders_below(self.unit_id, self.year)
        arrived = queries.reports_from([row.FederationSender.id for row in senders], self.policy, self.year)
        above = queries.above_each_other([row.heir_id for row in senders])
        has_sent = {one.sender_id for one in arrived if one.state == State.TAKEN}
        names = {row.heir_id: row.unit for row in senders if row.FederationSender.id in has_sent}
        is_over, found = clock.today() > self.due_on, []
        for row in senders:
            mine = [one for one in arrived if one.sender_id == row.FederationSender.id]
            taken = [one for one in mine if one.state == State.TAKEN]
            waiting = [one for one in mine if one.state == State.WAITING]
            within = next((name for unit_id, name in names.items() if (row.heir_id, unit_id) in above), "")
            is_late = is_over and not taken and not within
            found.append(Part(row.FederationSender, row.heir_id, row.unit, taken, waiting, is_late, within))
        return found


def beside(
    sent: Collection[tuple[str, str, Figures]], here: Collection[tuple[str, str, Figures]]
) -> list[rules.Difference]:
    """The units of a package beside those that are known, each as (code, name, figures); lines of one code are added up."""
    return rules.differences(_by_code(here), _by_code(sent))


def known_here(
    unit_ids: Mapping[str, int], names: Mapping[str, str], policy: str, year: int
) -> list[tuple[str, str, Figures]]:
    """The figures that this installation has itself of some units, by their codes; nothing where it knows nobody."""
    found = figures.of_units(set(unit_ids.values()), policy, [year])
    counts = {code: found.get(Place(unit_id, year, TODAY, WHOLE, "")) for code, unit_id in unit_ids.items()}
    return [(code, names[code], rules.figures(each)) for code, each in counts.items() if each]


def _by_code(lines: Collection[tuple[str, str, Figures]]) -> dict[str, tuple[str, dict[str, int]]]:
    found: dict[str, tuple[str, dict[str, int]]] = {}
    for code, name, said in lines:
        before = [found[code][1]] if code in found else []
        found[code] = name, added([*before, {each: said[each] for each in FIGURES}])
    return found


def figures_of(report: ReportedYear | ReportedFigure) -> dict[str, int]:
    """The figures that a row holds."""
    return {name: getattr(report, name) for name in FIGURES}


def _group(said: Figures) -> hiding.Group:
    return said["met"], said["not_met"]
