"""Which unit of a day carries a unit that has ended: pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lms.network.models import SuccessionType

ORDER = [*map(str, (
    SuccessionType.MERGE, SuccessionType.TRANSFER, SuccessionType.SPLIT, SuccessionType.ABOLISH, SuccessionType.RENAME,
))]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Life:
    """The last days of a unit, and the unit above it then."""

    unit_id: int
    parent_id: int | None
    to_on: date


@dataclass(frozen=True, slots=True)
class Succeeded:
    """One unit turned into another on a day."""

    id: int
    from_id: int
    to_id: int | None
    type: str
    on: date


def heirs(lives: Iterable[Life], acts: Iterable[Succeeded], day: date) -> dict[int, int]:
    """For every unit the one that carries it on a day: itself while it exists, else its heir.

    Acts are followed from the last day of the unit on; of several the latest counts, then the order of `ORDER`, then
    the first recorded. A unit without heir is carried by the unit that stood above it; one that had nothing above, or
    only a circle of acts, by itself.
    """
    by_unit = {life.unit_id: life for life in lives}
    follow: dict[int, list[Succeeded]] = defaultdict(list)
    for act in sorted(acts, key=lambda act: (-act.on.toordinal(), _rank(act.type), act.id)):
        if act.on <= day and act.to_id is not None and act.to_id != act.from_id:
            follow[act.from_id].append(act)
    found: dict[int, int] = {}
    for unit_id in by_unit:
        carrier = _carrier(unit_id, by_unit, follow, day, found, set())
        found[unit_id] = unit_id if carrier is None else carrier
    return found


def _carrier(
    unit_id: int,
    lives: Mapping[int, Life],
    follow: Mapping[int, list[Succeeded]],
    day: date,
    found: Mapping[int, int],
    seen: set[int],
) -> int | None:
    """The unit that carries this one; None when every way leads nowhere or back."""
    life = lives.get(unit_id)
    if life is None or unit_id in seen:
        return None
    if life.to_on > day:
        return unit_id
    if unit_id in found:
        # A unit that carries itself though it has ended is the end of a way, not a carrier.
        return found[unit_id] if found[unit_id] != unit_id else None
    seen.add(unit_id)
    ways = [act.to_id for act in follow.get(unit_id, ())] + [life.parent_id]
    for way in ways:
        if way is not None and (carrier := _carrier(way, lives, follow, day, found, seen)) is not None:
            return carrier
    return None


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)
