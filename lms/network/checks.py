"""What the sheets of the network ask of their rows, alone and together, and what follows from rows that stand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from lms import text
from lms.cells import BadCell
from lms.language import format_date
from lms.network import queries
from lms.network.known import Record, covering, fetch
from lms.network.models import Nature, Person, Post, Unit, UnitCode
from lms.network.plans import Fact, Finding, Plan

Versions = dict[int, dict[date, Record]]
ONE_DAY = timedelta(days=1)


def overlaps(facts: Iterable[Fact], key: str, *same: str) -> Iterator[Finding]:
    """Facts alike in the attributes `same` that hold on the same day; told of the one that starts later."""
    groups: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[tuple([fact.record[attribute] for attribute in same])].append(fact)
    for group in groups.values():
        if len(group) > 1:
            yield from _overlaps_within(group, key)


def _overlaps_within(group: list[Fact], key: str) -> Iterator[Finding]:
    group.sort(key=lambda fact: (fact.record["from_on"], fact.number))
    longest = group[0]
    for fact in group[1:]:
        if fact.record["from_on"] < longest.record["to_on"] and (wrong := fact if fact.number else longest).number:
            other = longest if wrong is fact else fact
            yield Finding(wrong, "from", key, {"other": _place(other), "day": format_date(other.record["from_on"])})
        longest = max(longest, fact, key=lambda each: each.record["to_on"])


def _place(fact: Fact) -> str:
    return f"{fact.file}:{fact.number}" if fact.number else "–"


def meet_units(facts: Sequence[Fact], plan: Plan) -> None:
    """Codes that nobody has yet become units."""
    for fact in facts:
        code = fact.record.get("unit_id")
        if code and not plan.units.is_known(code):
            plan.units.add(code, plan.new_id())


def describe_units(facts: Sequence[Fact], plan: Plan) -> Iterator[Finding]:
    for fact in facts:
        name = fact.record["name"]
        fact.record |= {"fold": text.fold(name), "sort_key": text.sort_key(name)}
        if fact.record["parent_id"] is None and plan.reach is not None:
            yield Finding(fact, "parent_code", "import.out-of-reach")


def review_units(facts: Sequence[Fact], plan: Plan) -> Iterator[Finding]:
    """A unit is one thing on a day; what it stands under is there on its first day, and does not stand under it."""
    yield from overlaps(facts, "import.version-overlap", "unit_id")
    versions = _with_facts(plan.units.versions, facts)
    for fact in facts:
        parent_id, start = fact.record["parent_id"], fact.record["from_on"]
        if not fact.number or parent_id is None:
            continue
        if not covering(versions.get(parent_id, {}).values(), start):
            yield Finding(fact, "parent_code", "import.parent-not-there", {"day": format_date(start)})
        elif _returns(versions, fact.record["unit_id"], parent_id, start, fact.record["to_on"]):
            yield Finding(fact, "parent_code", "import.parent-cycle")


def settle_units(facts: Sequence[Fact], plan: Plan) -> None:
    """New units and the days of codes are written; later sheets see the tree as it will be."""
    plan.units.versions = _with_facts(plan.units.versions, facts)
    for unit_id in [unit_id for unit_id in plan.units.codes if unit_id < 0 and unit_id not in plan.units.versions]:
        plan.units.forget(unit_id)
    for unit_id in {fact.record["unit_id"] for fact in facts}:
        _write_code(unit_id, plan)
    for fact in facts:
        _warn_if_outliving(fact, plan)


def _write_code(unit_id: int, plan: Plan) -> None:
    """A unit's only code holds as long as the unit."""
    versions = plan.units.versions[unit_id].values()
    span = {"from_on": min(v["from_on"] for v in versions), "to_on": max(v["to_on"] for v in versions)}
    code, *others = plan.units.codes[unit_id]
    if unit_id < 0:
        plan.insert(Unit, {"id": unit_id})
        plan.insert(UnitCode, code | span | {"id": plan.new_id()})
    elif not others and (changed := {name: day for name, day in span.items() if code[name] != day}):
        plan.update(UnitCode, code, changed)


def _warn_if_outliving(fact: Fact, plan: Plan) -> None:
    parent = plan.units.versions.get(fact.record["parent_id"], {}).values()
    if fact.number and parent and not covering(parent, fact.record["to_on"] - ONE_DAY):
        plan.note(fact.file, fact.number, "to", "import.outlives-parent")


def _with_facts(versions: Versions, facts: Iterable[Fact]) -> Versions:
    known = {unit_id: dict(by_day) for unit_id, by_day in versions.items()}
    for fact in facts:
        known.setdefault(fact.record["unit_id"], {})[fact.record["from_on"]] = fact.record
    return known


def _returns(
    versions: Versions, unit_id: int, above: int, start: date, end: date, seen: frozenset[int] = frozenset()
) -> bool:
    """Whether climbing from `above` on some day of `[start, end)` comes back to the unit."""
    if above == unit_id:
        return True
    if above in seen:
        return False
    return any(
        _returns(versions, unit_id, v["parent_id"], max(start, v["from_on"]), min(end, v["to_on"]), seen | {above})
        for v in versions.get(above, {}).values()
        if v["parent_id"] is not None and v["from_on"] < end and v["to_on"] > start
    )


def review_posts(facts: Sequence[Fact], _plan: Plan) -> Iterator[Finding]:
    yield from overlaps(facts, "import.version-overlap", "unit_id", "kind", "code")


def remember_posts(facts: Sequence[Fact], plan: Plan) -> None:
    plan.posts.load({fact.record["unit_id"] for fact in facts})
    for fact in facts:
        plan.posts.add(fact.record)


def meet_people(facts: Sequence[Fact], plan: Plan) -> None:
    codes = {fact.record["code"] for fact in facts if "code" in fact.record}
    plan.people.load(codes)
    plan.people.announce(codes)


def describe_people(facts: Sequence[Fact], plan: Plan) -> Iterator[Finding]:
    for fact in facts:
        fact.record |= _name_keys(fact.record["full_name"])
        try:
            if plan.people.is_known(fact.record["code"]):
                plan.people.find(fact.record["code"])
        except BadCell as bad:
            yield Finding(fact, "person_id", bad.key, bad.values)


@lru_cache(1 << 16)
def _name_keys(full_name: str) -> Record:
    return {"fold": text.fold(full_name), "sort_key": text.name_sort_key(full_name)}


def review_people(facts: Sequence[Fact], plan: Plan) -> Iterator[Finding]:
    """A phone number and an e-mail address are one person's: people sign in by them.

    Whose they are is told only of people in the file, or to who may see everybody.
    """
    codes = {fact.record["code"] for fact in facts}
    for column in ("phone", "email"):
        given = [fact for fact in facts if fact.record[column]]
        others = fetch(Person, getattr(Person, column), (fact.record[column] for fact in given if fact.number))
        owners = {person[column]: person["code"] for person in others if person["code"] not in codes}
        for fact in sorted(given, key=lambda fact: fact.number):
            owner = owners.setdefault(fact.record[column], fact.record["code"])
            if owner != fact.record["code"]:
                told = owner if owner in codes or plan.reach is None else "…"
                yield Finding(fact, column, f"import.{column}-taken", {"value": fact.record[column], "person": told})


def remember_people(facts: Sequence[Fact], plan: Plan) -> None:
    for fact in facts:
        plan.people.add(fact.record["code"], fact.record["id"])


def describe_assignments(facts: Sequence[Fact], plan: Plan) -> Iterator[Finding]:
    """Positions and titles become posts of the catalogue of the unit's organisation."""
    roles = frozenset(queries.role_codes())
    catalogues = [plan.units.organisation(fact.record["unit_id"], fact.record["from_on"]) for fact in facts]
    plan.posts.load(catalogues)
    for fact, catalogue in zip(facts, catalogues, strict=True):
        record = fact.record
        if record["role"] not in roles:
            yield Finding(fact, "role", "import.unknown-role", {"value": record["role"]})
        if record["nature"] is None:
            record["nature"] = Nature.FULL_TIME if record["role"] == "dedicated" else Nature.PART_TIME
        for kind in ("position", "title"):
            if isinstance(wording := record[f"{kind}_id"], str):
                record[f"{kind}_id"] = plan.posts.find(catalogue, kind, wording, record["from_on"])


def review_assignments(facts: Sequence[Fact], _plan: Plan) -> Iterator[Finding]:
    yield from overlaps(facts, "import.assignment-overlap", "person_id", "unit_id", "role")
    yield from overlaps((fact for fact in facts if fact.record["is_primary"]), "import.two-primaries", "person_id")


def write_drafted_posts(facts: Sequence[Fact], plan: Plan) -> None:
    """The posts that assignments name first begin with the first of them."""
    used: dict[int, date] = {}
    for fact in facts:
        for post_id in (fact.record["position_id"], fact.record["title_id"]):
            if post_id in plan.posts.drafted:
                used[post_id] = min(used.get(post_id, date.max), fact.record["from_on"])
    for post_id, first in used.items():
        plan.insert(Post, plan.posts.drafted[post_id] | {"from_on": first})
