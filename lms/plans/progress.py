"""An item as it is shown and exported: what it says in words, and how far it has come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from lms.catalogue import queries as catalogue
from lms.language import gettext, role_words
from lms.network import queries as network
from lms.plans import rules
from lms.plans.models import PlanItem, TrainingPlan
from lms.plans.queries import Reached
from lms.plans.rules import MODULE, PERIODS, Need

COLUMNS = (
    "position", "title", "competency", "audience", "place", "delivery", "owner", "from", "last", "seats", "classes",
    "reached", "share", "budget", "per-head", "budget-source", "legal-basis", "task-group",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """An item in words; `reached` people of its audience have learnt it."""

    item: PlanItem
    number: int
    competency: str
    audience: str
    place: str
    reached: int

    @property
    def share(self) -> Fraction | None:
        """How much of the seats was used."""
        return rules.share_reached([(self.item.seats, self.reached)])

    @property
    def per_head(self) -> int | None:
        """Đồng a seat."""
        return rules.per_head(self.item.budget, self.item.seats)


@dataclass(frozen=True)
class Words:
    """The names that a plan's page needs: courses by slug, units by id."""

    courses: Mapping[str, str]
    units: Mapping[int, str]

    def competency(self, code: str) -> str:
        """What people learn, in words."""
        if code == PERIODS:
            return gettext("plans.periods")
        if code.startswith(MODULE):
            slug = code.removeprefix(MODULE)
            return gettext("plans.module", course=self.courses.get(slug, slug))
        return gettext(f"category.{code}")

    def audience(self, roles: Sequence[str]) -> str:
        """Whom an item is for, in words."""
        return ", ".join(map(role_words, roles)) if roles else gettext("plans.everybody")


def words(plan: TrainingPlan, needs: Sequence[Need] = ()) -> Words:
    """The names for a plan and its needs."""
    codes = {item.competency for item in plan.items} | {need.competency for need in needs}
    slugs = sorted(code.removeprefix(MODULE) for code in codes if code.startswith(MODULE))
    courses = catalogue.titles(catalogue.by_slug(slugs).values())
    units = {plan.unit_id, *(item.unit_id for item in plan.items if item.unit_id)}
    return Words(courses, network.names(units))


def lines(plan: TrainingPlan, reached: Reached, names: Words) -> list[Line]:
    """The items of a plan in their order."""
    return [
        Line(
            item,
            number,
            names.competency(item.competency),
            names.audience(item.roles),
            names.units.get(item.unit_id or plan.unit_id, ""),
            reached.get(item.id, 0),
        )
        for number, item in enumerate(plan.items, 1)
    ]


def share(found: Sequence[Line]) -> Fraction | None:
    """How much of all planned seats was used."""
    return rules.share_reached([(line.item.seats, line.reached) for line in found])


def rows(found: Sequence[Line]) -> Iterator[Sequence[Any]]:
    """One row an item, as `COLUMNS` says."""
    for line in found:
        item = line.item
        group = f"{item.task_group}. " + gettext(f"plans.task-group.{item.task_group}") if item.task_group else ""
        yield (
            line.number, item.title, line.competency, line.audience, line.place, gettext(f"plans.delivery.{item.delivery}"),
            item.owner, item.from_on, item.to_on - timedelta(days=1), item.seats, item.classes, line.reached,
            float(line.share or 0), item.budget, line.per_head, item.budget_source, item.legal_basis, group,
        )  # fmt: skip
