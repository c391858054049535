"""Small acts on small maps, for the tests of reorganisations."""

from collections.abc import Iterable
from datetime import date
from itertools import count

from lms.network.maps import OPEN_END, Act, Code, Fates, Line, Map, Move, NewUnit, Version
from lms.network.moving import Moved, Service, move
from lms.network.reorganising import Redrawn, redraw

DAY = date(2025, 7, 1)
START = date(2020, 1, 1)
TREE = {1: None, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: None, 8: 7}
"""The units of `country()` and the units above them: 1 and 7 are provinces, 4 and 5 communes of 2, 6 a team."""

_rows = count(1)


def country(tree: dict[int, int | None] = TREE, *, extra: Iterable[Version] = ()) -> Map:
    """A map on which nothing has ever changed."""
    versions = [Version(n, n, parent, f"Unit {n}", "kind", "commune", START) for n, parent in tree.items()]
    codes = [Code(100 + n, n, "official", str(n), START) for n in tree]
    return Map([*versions, *extra], codes)


def line(kind: str, from_id: int, to_id: int | None = None, **more: str) -> Line:
    return Line(kind, from_id, to_id, legal_basis="NQ", row=next(_rows), **more)


def act(
    *lines: Line,
    new: Iterable[NewUnit] = (),
    people: dict[int, int | None] | None = None,
    units: dict[int, int | None] | None = None,
    roles: dict[int, str] | None = None,
) -> Act:
    said = {n: Move(to_id, (roles or {}).get(n, "")) for n, to_id in (people or {}).items()}
    return Act(DAY, lines, tuple(new), said, {n: Move(to_id) for n, to_id in (units or {}).items()})


def redrawn(said: Act, present: Map) -> tuple[Redrawn, Map]:
    """What changes, and the map with it."""
    made = redraw(said, present, counter())
    return made, present.with_changes(made.versions)


def faults(said: Act, present: Map | None = None) -> list[str]:
    return [fault.key.removeprefix("reorganise.") for fault in redraw(said, present or country(), counter()).faults]


def post(
    number: int, person: int, unit: int, role: str = "focal-point", start: date = START, end: date = OPEN_END,
    is_primary: bool = False,
) -> Service:  # fmt: skip
    return Service(number, person, unit, role, "part-time", start, end, is_primary)


def moved(said: Act, present: Map, posts: list[Service]) -> tuple[Moved, list[Service]]:
    """What changes, and all posts with it."""
    made = move(Fates(said, present), posts, counter())
    after = {each.id: each for each in posts} | {each.id: each for each in made.posts}
    return made, list(after.values())


def counter():  # type: ignore[no-untyped-def]
    return count(-100, -1).__next__
