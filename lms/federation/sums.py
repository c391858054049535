"""Whether a package adds up: each unit with those below it, all with the totals, and the people with the figures. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from lms.federation.rules import FIGURES_FILE, PEOPLE, UNITS, Package, Problem


def flaws(package: Package) -> list[Problem]:
    """Why a package does not add up."""
    return [
        *_flaws_of_units(package),
        *_flaws_of_figures(package),
        *_flaws_of_sums(package),
        *_flaws_of_people(package),
    ]


def _flaws_of_units(package: Package) -> Iterator[Problem]:
    manifest, known = package.manifest, {line.unit for line in package.units}
    if manifest.units != len(package.units):
        yield Problem("units-differ", UNITS, 0, {"said": manifest.units, "found": len(package.units)})
    seen: set[tuple[int, int | None]] = set()
    roots = {line.unit for line in package.units if line.above is None}
    for place, line in enumerate(package.units, start=2):
        if line.number != place - 1:
            yield Problem("line-number", UNITS, place, {"value": line.number})
        if line.above is not None and (line.above not in known or line.above == line.unit):
            yield Problem("unknown-above", UNITS, place, {"code": line.code})
        if (line.unit, line.above) in seen:
            yield Problem("twice", UNITS, place, {"code": line.code})
        seen.add((line.unit, line.above))
    if len(roots) != 1 or manifest.unit_code not in {line.code for line in package.units if line.above is None}:
        yield Problem("no-root", UNITS, 0, {"code": manifest.unit_code})


def _flaws_of_figures(package: Package) -> Iterator[Problem]:
    unknown = set(package.figures) - {line.number for line in package.units}
    for number in sorted(unknown):
        yield Problem("unknown-line", FIGURES_FILE, 0, {"number": number})


def _flaws_of_sums(package: Package) -> Iterator[Problem]:
    codes = {line.unit: line.code for line in package.units}
    for unit, counts in package.own().items():
        if any(people < 0 for people in counts.values()):
            yield Problem("sums", FIGURES_FILE, 0, {"code": codes.get(unit, "")})
    root: Counter[str] = Counter()
    for line in package.units:
        if line.above is None:
            root.update(package.figures.get(line.number, {}))
    if +root != +Counter(package.manifest.totals):
        yield Problem("totals", FIGURES_FILE)


def _flaws_of_people(package: Package) -> Iterator[Problem]:
    if not package.manifest.with_names:
        return
    listed: dict[int, Counter[str]] = defaultdict(Counter)
    for person in package.people:
        listed[person.unit][person.status] += 1
    own = package.own()
    codes = {line.unit: line.code for line in package.units}
    for unit in sorted({*own, *listed}):
        if +own.get(unit, Counter()) != +listed[unit]:
            yield Problem("people-differ", PEOPLE, 0, {"code": codes.get(unit, str(unit))})
