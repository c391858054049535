"""Reads for the annual goal: policies, facts as the rules want them, and the figures of units."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lms import clock
from lms.db import AnyRow, AnySelect, db, rows
from lms.goals import policy as policy_text
from lms.goals import rules
from lms.goals.models import Credit, Exemption, PolicyVersion, Standing
from lms.goals.rules import Away, Facts, Judgement, Policy, Service, Waiver
from lms.network.models import Absence, Assignment, Person, Post, UnitAncestor, UnitCode, UnitVersion

CHUNK = 1000


def policies() -> list[Policy]:
    """The policies in force, one per code."""
    newest = sa.select(PolicyVersion.source).where(PolicyVersion.state == "published").order_by(PolicyVersion.code)
    return [_parsed(source) for source in db.session.scalars(newest)]


def policy(code: str) -> Policy:
    """The published policy of this code. Raises NoResultFound."""
    return _parsed(db.session.scalars(_published(code)).one().source)


def published_version(code: str) -> PolicyVersion | None:
    return db.session.scalars(_published(code)).one_or_none()


def versions(code: str) -> Sequence[PolicyVersion]:
    """All versions of a policy, newest first."""
    found = sa.select(PolicyVersion).where(PolicyVersion.code == code)
    return db.session.scalars(found.order_by(PolicyVersion.number.desc())).all()


def facts(person_ids: Collection[int] | None = None, *, with_units: bool = False) -> Iterator[tuple[int, Facts]]:
    """Everything known of these people (of all, when None), a chunk of people at a time.

    `with_units` also loads the codes of the units above each post, which only policies with unit selectors ask for.
    """
    if person_ids is None:
        person_ids = db.session.scalars(sa.select(Assignment.person_id).distinct().order_by(Assignment.person_id)).all()
    wanted = sorted(person_ids)
    for start in range(0, len(wanted), CHUNK):
        yield from _facts_of(wanted[start : start + CHUNK], with_units)


def judge(
    policy: Policy, person_ids: Collection[int] | None, year: int, as_of: date
) -> Iterator[tuple[int, Judgement]]:
    """The judgements on these people (on all, when None) under a policy; people whom it does not concern are left out."""
    with_units = any(rule.units for rule in policy.rules)
    for person_id, known in facts(person_ids, with_units=with_units):
        if judgement := rules.evaluate(policy, known, year, as_of.toordinal()):
            yield person_id, judgement


def standing(person_id: int, policy_code: str, year: int) -> Standing | None:
    mine = sa.select(Standing).where(
        Standing.person_id == person_id, Standing.policy == policy_code, Standing.year == year
    )
    return db.session.scalar(mine)


_statuses = sa.select(
    Standing.policy, Standing.status, Standing.due, Standing.earned, Standing.detail
).where(Standing.person_id == sa.bindparam("person_id"), Standing.year == sa.bindparam("year"))  # fmt: skip


def standings(person_id: int, year: int) -> Sequence[AnyRow]:
    """A person's standings of a year under all policies: policy, status, due, earned (hundredths), detail."""
    return rows(_statuses, person_id=person_id, year=year)


def figures(unit_id: int, policy_code: str, year: int) -> dict[str, int]:
    """How many people of a unit and all below it have each status. Each is counted once, where they served last."""
    counts = (
        sa.select(Standing.status, sa.func.count())
        .join(UnitAncestor, _above())
        .where(UnitAncestor.ancestor_id == unit_id, Standing.policy == policy_code, Standing.year == year)
        .group_by(Standing.status)
    )
    return dict(db.session.execute(counts).all())


def figures_below(unit_ids: Collection[int], policy_code: str, year: int) -> dict[int, dict[str, int]]:
    """`figures` of several units at once, by unit id."""
    counts = (
        sa.select(UnitAncestor.ancestor_id, Standing.status, sa.func.count())
        .join(UnitAncestor, _above())
        .where(UnitAncestor.ancestor_id.in_(unit_ids), Standing.policy == policy_code, Standing.year == year)
        .group_by(UnitAncestor.ancestor_id, Standing.status)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for unit_id, status, count in db.session.execute(counts):
        found[unit_id][status] = count
    return found


def people_of(
    unit_id: int, policy_code: str, year: int, *, statuses: Collection[str] = (), after: tuple[str, int] | None = None,
    limit: int | None = None,
) -> Sequence[AnyRow]:  # fmt: skip
    """The people counted in a unit or below it, by given name: standing's columns, code, full_name, phone, unit."""
    found = (
        sa.select(
            Standing.person_id, Standing.status, Standing.due, Standing.earned, Standing.effective_days, Standing.detail,
            Standing.unit_id, Person.code, Person.full_name, Person.phone, Person.sort_key, Person.employment,
            UnitVersion.name.label("unit"),
        )
        .select_from(Standing)
        .join(UnitAncestor, _above())
        .join(Person, Person.id == Standing.person_id)
        .join(UnitVersion, sa.and_(UnitVersion.unit_id == Standing.unit_id, UnitVersion.on(Standing.reference_on)))
        .where(UnitAncestor.ancestor_id == unit_id, Standing.policy == policy_code, Standing.year == year)
        .order_by(Person.sort_key, Person.id)
        .limit(limit)
    )  # fmt: skip
    if statuses:
        found = found.where(Standing.status.in_(statuses))
    if after:
        found = found.where(sa.tuple_(Person.sort_key, Person.id) > sa.tuple_(*map(sa.literal, after)))
    return db.session.execute(found).all()


def years() -> Sequence[int]:
    """The years for which standings are kept, newest first; the present one always."""
    kept = set(db.session.scalars(sa.select(Standing.year).distinct()))
    return sorted(kept | {clock.today().year}, reverse=True)


def credits(person_id: int, year: int) -> Sequence[Credit]:
    """A person's ledger entries of a year, by day."""
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    mine = sa.select(Credit).where(
        Credit.person_id == person_id, Credit.completed_on >= start, Credit.completed_on < end
    )
    return db.session.scalars(mine.order_by(Credit.completed_on, Credit.id)).all()


def _above() -> sa.ColumnElement[bool]:
    return sa.and_(UnitAncestor.unit_id == Standing.unit_id, UnitAncestor.on(Standing.reference_on))


def _published(code: str) -> sa.Select[PolicyVersion]:
    return sa.select(PolicyVersion).where(PolicyVersion.code == code, PolicyVersion.state == "published")


@lru_cache(maxsize=64)
def _parsed(source: str) -> Policy:
    return policy_text.parse(source)


def _facts_of(person_ids: Sequence[int], with_units: bool) -> Iterator[tuple[int, Facts]]:
    services = _services(person_ids, with_units)
    absences = _grouped(
        sa.select(Absence.person_id, Absence.from_on, Absence.to_on, Absence.suspends).where(
            Absence.person_id.in_(person_ids)
        ),
        lambda row: Away(row.from_on.toordinal(), row.to_on.toordinal(), row.suspends),
    )
    credits = _grouped(sa.select(Credit.__table__).where(Credit.person_id.in_(person_ids)), _credit)
    waivers = _grouped(sa.select(Exemption.__table__).where(Exemption.person_id.in_(person_ids)), _waiver)
    for person_id in person_ids:
        if person_id in services:
            yield (
                person_id,
                Facts(
                    tuple(services[person_id]),
                    tuple(absences.get(person_id, ())),
                    tuple(credits.get(person_id, ())),
                    tuple(waivers.get(person_id, ())),
                ),
            )


def _services(person_ids: Sequence[int], with_units: bool) -> dict[int, list[Service]]:
    position, title = aliased(Post), aliased(Post)
    rows = db.session.execute(
        sa.select(
            Assignment.person_id, Assignment.from_on, Assignment.to_on, Assignment.role, Assignment.unit_id,
            Assignment.is_primary, Person.employment, position.code.label("position"), title.code.label("title"),
        )
        .join(Person, Person.id == Assignment.person_id)
        .outerjoin(position, position.id == Assignment.position_id)
        .outerjoin(title, title.id == Assignment.title_id)
        .where(Assignment.person_id.in_(person_ids))
        .order_by(Assignment.person_id, Assignment.from_on)
    ).all()  # fmt: skip
    units = {row.unit_id for row in rows}
    levels = _levels(units)
    above = _codes_above(units) if with_units else {}
    found: dict[int, list[Service]] = {}
    for row in rows:
        for start, end, level in _pieces(row.from_on, row.to_on, levels.get(row.unit_id, ())):
            within = frozenset(code for a, b, code in above.get(row.unit_id, ()) if a < end and b > start)
            found.setdefault(row.person_id, []).append(
                Service(
                    start.toordinal(),
                    end.toordinal(),
                    row.role,
                    row.unit_id,
                    level,
                    row.employment,
                    row.position or "",
                    row.title or "",
                    within,
                    row.is_primary,
                )
            )
    return found


def _levels(unit_ids: Collection[int]) -> dict[int, list[tuple[date, date, str]]]:
    found: dict[int, list[tuple[date, date, str]]] = defaultdict(list)
    columns = sa.select(UnitVersion.unit_id, UnitVersion.from_on, UnitVersion.to_on, UnitVersion.level)
    for unit_id, start, end, level in db.session.execute(
        columns.where(UnitVersion.unit_id.in_(unit_ids)).order_by(UnitVersion.from_on)
    ):
        found[unit_id].append((start, end, level))
    return found


def _pieces(start: date, end: date, versions: Sequence[tuple[date, date, str]]) -> list[tuple[date, date, str]]:
    """A post cut where its unit changed its level; a post that outlives its unit keeps the last level."""
    overlapping = [v for v in versions if v[0] < end and v[1] > start] or list(versions[-1:])
    if len({level for _, _, level in overlapping}) < 2:
        return [(start, end, overlapping[0][2] if overlapping else "")]
    cuts = [start, *(v[0] for v in overlapping[1:]), end]
    return [(a, b, v[2]) for a, b, v in zip(cuts, cuts[1:], overlapping, strict=False)]


def _codes_above(unit_ids: Collection[int]) -> dict[int, list[tuple[date, date, str]]]:
    found: dict[int, list[tuple[date, date, str]]] = defaultdict(list)
    codes = (
        sa.select(UnitAncestor.unit_id, UnitAncestor.from_on, UnitAncestor.to_on, UnitCode.value)
        .join(UnitCode, UnitCode.unit_id == UnitAncestor.ancestor_id)
        .where(UnitAncestor.unit_id.in_(unit_ids))
    )
    for unit_id, start, end, code in db.session.execute(codes):
        found[unit_id].append((start, end, code))
    return found


def _grouped(statement: AnySelect, make: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[row.person_id].append(make(row))
    return found


def _credit(row: Any) -> rules.Credit:
    return rules.Credit(
        row.activity, row.category, row.periods, row.completed_on.toordinal(), row.source, row.equivalence, row.module,
        row.state, row.id, row.reverses_id,
    )  # fmt: skip


def _waiver(row: Any) -> Waiver:
    revoked = row.revoked_on.toordinal() if row.revoked_on else None
    return Waiver(row.year, row.scope, row.target, row.from_on.toordinal(), revoked, row.policy)
