"""Reads for the annual goal: policies, judgements and standings."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased

from lms import clock, history
from lms.db import AnyRow, AnySelect, db, rows
from lms.goals import facts, rules
from lms.goals import policy as policy_text
from lms.goals.models import Credit, Exemption, KeptYear, PolicyVersion, Standing
from lms.goals.rules import Judgement, Policy
from lms.network.models import Absence, Person, UnitAncestor, UnitVersion

SLICE = 1_000
"""People looked at in one go."""

FIRST_YEARS: list[Callable[[str], int]] = []
"""What closes years: each gives the first year of a policy that it leaves open, 0 when it has closed none."""


def policies(year: int | None = None, known_at: datetime | None = None) -> list[Policy]:
    """The policies that judge a year (the present one unless told), one per code, as they were known at an instant."""
    asked = clock.today().year if year is None else year
    return [policy for policy, _ in by_year([asked], known_at)]


def by_year(years: Iterable[int] | None = None, known_at: datetime | None = None) -> list[tuple[Policy, int]]:
    """Each policy with each of some years (of all for which people are judged, when None) that it judges.

    Of its versions the last whose first year has come.
    """
    found: Iterable[tuple[Any, ...]]
    if years is None and known_at is None:
        found = rows(_judging)
    else:
        asked = list(db.session.scalars(sa.select(KeptYear.year)) if years is None else years)
        found = ((*version, year) for version in rows(_in_force(known_at)) for year in asked)
    judging = {(year, code): source for code, source, first_year, year in found if first_year <= year}
    return [(_parsed(source), year) for (year, _), source in sorted(judging.items())]


def policy(code: str, year: int | None = None, known_at: datetime | None = None) -> Policy:
    """The policy of this code that judges a year. Raises NoResultFound."""
    found = next((policy for policy in policies(year, known_at) if policy.code == code), None)
    if found is None:
        raise NoResultFound(code)
    return found


def published_version(code: str) -> PolicyVersion | None:
    """The version of a policy that judges open years."""
    published = sa.select(PolicyVersion).where(PolicyVersion.code == code, PolicyVersion.state == "published")
    return db.session.scalars(published).one_or_none()


def first_open_year(code: str) -> int:
    """The first year of a policy that a new version may judge; 0 when no year is closed."""
    return max((first_year(code) for first_year in FIRST_YEARS), default=0)


def versions(code: str) -> Sequence[PolicyVersion]:
    """All versions of a policy, newest first."""
    found = sa.select(PolicyVersion).where(PolicyVersion.code == code)
    return db.session.scalars(found.order_by(PolicyVersion.number.desc())).all()


def judge(
    policy: Policy, person_ids: Collection[int] | None, year: int, as_of: date, known_at: datetime | None = None
) -> Iterator[tuple[int, Judgement]]:
    """The judgements on these people (on all, when None) under a policy; people whom it does not concern are left out."""
    with_units = facts.needs_units([policy])
    for person_id, known in facts.of(person_ids, with_units=with_units, known_at=known_at):
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


def people_of(
    unit_id: int, policy_code: str, year: int, *, statuses: Collection[str] = (),
    division: tuple[str, str] | None = None, after: tuple[str, int] | None = None, limit: int | None = None,
) -> Sequence[AnyRow]:  # fmt: skip
    """The people counted in a unit or below it, by given name: standing's columns, code, full_name, phone, unit.

    `division` is a dimension of `figures.DIVISIONS` and its value. For units whose people can be sorted for each page.
    """
    found = _counted_people(Person, unit_id, policy_code, year, statuses, division).limit(limit)
    return db.session.execute(_later(found, Person, after)).all()


def people_in_order(
    unit_id: int, policy_code: str, year: int, *, statuses: Collection[str] = (),
    division: tuple[str, str] | None = None, after: tuple[str, int] | None = None, limit: int,
) -> Sequence[AnyRow]:  # fmt: skip
    """The same for a unit of very many people: goes through everybody in the order of names until enough are found."""
    found: list[AnyRow] = []
    while len(found) < limit:
        everybody = sa.select(Person).order_by(Person.sort_key, Person.id).limit(SLICE)
        ends = sa.select(Person.sort_key, Person.id).order_by(Person.sort_key, Person.id).offset(SLICE - 1).limit(1)
        some = aliased(Person, _later(everybody, Person, after).subquery())
        found += db.session.execute(_counted_people(some, unit_id, policy_code, year, statuses, division)).all()
        end = db.session.execute(_later(ends, Person, after)).first()
        if end is None:
            break
        after = (end.sort_key, end.id)
    return found[:limit]


def _counted_people(
    person: Any, unit_id: int, policy_code: str, year: int, statuses: Collection[str], division: tuple[str, str] | None
) -> AnySelect:
    found: AnySelect = (
        sa.select(
            Standing.person_id, Standing.status, Standing.due, Standing.earned, Standing.effective_days, Standing.detail,
            Standing.unit_id, person.code, person.full_name, person.phone, person.sort_key, person.employment,
            UnitVersion.name.label("unit"),
        )
        .select_from(Standing)
        .join(UnitAncestor, _above())
        .join(person, person.id == Standing.person_id)
        .join(UnitVersion, sa.and_(UnitVersion.unit_id == Standing.unit_id, UnitVersion.on(Standing.reference_on)))
        .where(UnitAncestor.ancestor_id == unit_id, Standing.policy == policy_code, Standing.year == year)
        .order_by(person.sort_key, person.id)
    )  # fmt: skip
    if division:
        found = found.where(getattr(Standing, division[0]) == division[1])
    return found.where(Standing.status.in_(statuses)) if statuses else found


def _later(found: AnySelect, person: Any, after: tuple[str, int] | None) -> AnySelect:
    """What comes after a key in the order of names."""
    if after is None:
        return found
    return found.where(sa.tuple_(person.sort_key, person.id) > sa.tuple_(*map(sa.literal, after)))


def years() -> Sequence[int]:
    """The years for which people are judged, newest first; the present one always."""
    return sorted({*db.session.scalars(sa.select(KeptYear.year)), clock.today().year}, reverse=True)


def credits(person_id: int, year: int, known_at: datetime | None = None) -> Sequence[Credit]:
    """A person's ledger entries of a year, by day, as they were known at an instant."""
    if known_at is not None:
        known = [Credit(**row) for row in history.known(Credit.__table__, [person_id], known_at)]
        return sorted((c for c in known if c.completed_on.year == year), key=lambda c: (c.completed_on, c.id))
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    mine = sa.select(Credit).where(
        Credit.person_id == person_id, Credit.completed_on >= start, Credit.completed_on < end
    )
    return db.session.scalars(mine.order_by(Credit.completed_on, Credit.id)).all()


def absence_types(person_id: int) -> dict[tuple[int, int], str]:
    """The type of each absence of a person, by its first day and the day after its last, as ordinals."""
    mine = sa.select(Absence.from_on, Absence.to_on, Absence.type).where(Absence.person_id == person_id)
    return {(start.toordinal(), end.toordinal()): kind for start, end, kind in db.session.execute(mine)}


def exemptions(
    person_id: int, policy_code: str, year: int, known_at: datetime | None = None
) -> Sequence[Exemption]:  # fmt: skip
    """A person's exemptions from a year of a policy, in whatever state, as they were known at an instant."""
    if known_at is not None:
        known = [Exemption(**row) for row in history.known(Exemption.__table__, [person_id], known_at)]
        return [e for e in known if (e.policy, e.year) == (policy_code, year)]
    mine = sa.select(Exemption).where(Exemption.person_id == person_id, Exemption.year == year)
    return db.session.scalars(mine.where(Exemption.policy == policy_code).order_by(Exemption.id)).all()


def _above() -> sa.ColumnElement[bool]:
    return sa.and_(UnitAncestor.unit_id == Standing.unit_id, UnitAncestor.on(Standing.reference_on))


def _in_force(known_at: datetime | None) -> sa.Select[str, str, int]:
    """Code, source and first year of the versions that are or were published, the oldest first."""
    columns = PolicyVersion.code, PolicyVersion.source, PolicyVersion.first_year
    found = sa.select(*columns).order_by(PolicyVersion.number)
    if known_at is None:
        return found.where(PolicyVersion.state.in_(("published", "superseded")))
    was_there = sa.or_(PolicyVersion.withdrawn_at.is_(None), PolicyVersion.withdrawn_at > known_at)
    return found.where(PolicyVersion.published_at <= known_at, was_there)


_judging = _in_force(None).add_columns(KeptYear.year).join(KeptYear, sa.true())


@lru_cache(maxsize=64)
def _parsed(source: str) -> Policy:
    return policy_text.parse(source)
