"""Reads for reminders: who is behind, what each should do next, and who is responsible for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lms import clock
from lms.access import GRANTS, Permission, reach
from lms.accounts.models import Account, RoleGrant
from lms.catalogue import queries as catalogue
from lms.db import AnyRow, AnySelect, db
from lms.goals import trace
from lms.goals.models import Standing
from lms.goals.rules import HUNDREDTHS, Status
from lms.learning import queries as learning
from lms.learning import rules as learning_rules
from lms.learning.rules import NextStep
from lms.mail.models import Message
from lms.network.models import Assignment, Person, UnitAncestor, UnitVersion
from lms.reminders.models import Refusal
from lms.reminders.rules import BEHIND
from lms.surveys import queries as surveys

CHUNK = 500
LISTED = 30
DIGEST = "digest"
RESPONSIBLE = tuple(role for role, held in GRANTS.items() if Permission.REMIND in held)


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who is behind: the standings that say so, the modules they lack as (ISO day, title), and the next step.

    `surveys` are those that ask them now: title, to_on, source.
    """

    person_id: int
    full_name: str
    address: str
    standings: Sequence[AnyRow]
    missing: Sequence[tuple[str, str]]
    step: NextStep | None
    surveys: Sequence[AnyRow] = ()


@dataclass(frozen=True, slots=True)
class CallList:
    """Who of a unit is behind, the most urgent first, and how many there are: in all, overdue, reachable by mail now."""

    people: Sequence[AnyRow]
    all: int = 0
    overdue: int = 0
    by_mail: int = 0


def call_list(unit_id: int | None) -> CallList:
    """The people of a unit and all below it (of all units, when None) who are behind and serve today.

    Of each: id, full_name, phone, email, unit, is_overdue, missing (hundredths), refuses, is_reminded (today).
    """
    found = _behind(unit_id).subquery()
    reference_on: Any = found.c.reference_on
    refuses = Refusal.id.is_not(None)
    reminded = _reminded_today(Person.id)
    can_mail = sa.and_(Person.email.is_not(None), ~refuses, ~reminded)
    listed = (
        sa.select(
            Person.id, Person.full_name, Person.phone, Person.email, UnitVersion.name.label("unit"),
            found.c.is_overdue, found.c.missing, refuses.label("refuses"), reminded.label("is_reminded"),
            sa.func.count().over().label("all"), sa.func.sum(found.c.is_overdue).over().label("overdue"),
            sa.func.sum(sa.case((can_mail, 1), else_=0)).over().label("by_mail"),
        )
        .join(found, found.c.person_id == Person.id)
        .outerjoin(Refusal, Refusal.person_id == Person.id)
        .outerjoin(UnitVersion, sa.and_(UnitVersion.unit_id == found.c.unit_id, UnitVersion.on(reference_on)))
        .order_by(found.c.is_overdue.desc(), found.c.missing.desc(), Person.sort_key, Person.id)
        .limit(LISTED)
    )  # fmt: skip
    people = db.session.execute(listed).all()
    return CallList(people, people[0].all, people[0].overdue, people[0].by_mail) if people else CallList(())


def learners(unit_id: int | None) -> Iterator[list[Learner]]:
    """Who is to be reminded now, a chunk of people at a time, by id: behind, with an address, not yet reminded today."""
    after = 0
    while rows := db.session.execute(_recipients(unit_id, after)).all():
        yield told(rows)
        after = rows[-1].id


def number_of_learners(unit_id: int | None) -> int:
    """How many people `learners` gives."""
    everybody = _recipients(unit_id, 0).order_by(None).limit(None).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(everybody)) or 0


def told(people: Sequence[AnyRow]) -> list[Learner]:
    """What a digest tells each of these people (id, full_name, email)."""
    ids = [person.id for person in people]
    standings = _grouped(sa.select(
        Standing.person_id, Standing.policy, Standing.status, Standing.due, Standing.earned, Standing.detail
    ).where(Standing.person_id.in_(ids), *_this_year()).order_by(Standing.policy))  # fmt: skip
    serving = sa.select(Assignment.person_id, Assignment.role)
    roles = _grouped(serving.where(Assignment.person_id.in_(ids), Assignment.on(clock.today())))
    progress = learning.progress_of(ids)
    versions = catalogue.versions(sorted({p.version_id for mine in progress.values() for p in mine}))
    offered = catalogue.offered()
    titles = {published.content.slug: published.content.title for published in offered}
    asked = surveys.open_for_people(ids)

    def learner(person: AnyRow) -> Learner:
        mine = standings.get(person.id, [])
        missing, lacking = trace.missing([standing.detail for standing in mine])
        started = [(p, versions[p.version_id]) for p in progress.get(person.id, [])]
        held = [row.role for row in roles.get(person.id, [])]
        step = learning_rules.next_step(started, offered, [module for _, module in missing], held, lacking)
        modules = [(day, titles.get(module, module)) for day, module in missing]
        return Learner(person.id, person.full_name, person.email, mine, modules, step, asked.get(person.id, ()))

    return [learner(person) for person in people]


def responsible() -> Sequence[AnyRow]:
    """Who is responsible for which unit today, unit by unit: id, full_name, email, unit_id (None for everywhere)."""
    found = (
        sa.select(Person.id, Person.full_name, Person.email, RoleGrant.unit_id)
        .join(Account, Account.person_id == Person.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.on(clock.today()), RoleGrant.role.in_(RESPONSIBLE), Account.is_disabled.is_(False))
        .where(Person.email.is_not(None), ~_refuses(Person.id))
        .distinct()
        .order_by(RoleGrant.unit_id, Person.id)
    )
    return db.session.execute(found).all()


def may_remind(account_id: int, unit_id: int) -> bool:
    """Whether an account may remind the people of a unit at this moment: asked again when the job runs."""
    today = clock.today()
    above = sa.select(UnitAncestor.ancestor_id).where(UnitAncestor.unit_id == unit_id, UnitAncestor.on(today))
    held = sa.exists().where(
        RoleGrant.account_id == account_id,
        RoleGrant.account_id == Account.id,
        Account.is_disabled.is_(False),
        RoleGrant.on(today),
        RoleGrant.role.in_(RESPONSIBLE),
        sa.or_(RoleGrant.unit_id.is_(None), RoleGrant.unit_id.in_(above)),
    )
    return bool(db.session.scalar(sa.select(held)))


def wants_reminders(person_id: int) -> bool:
    """Whether a person gets digests and call lists."""
    return not db.session.scalar(sa.select(_refuses(person_id)))


@reach("message_id")
def is_message(_permission: Permission, message_id: int) -> bool:
    """A message that is kept: the log is open to those who hold its permission everywhere."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Message.id == message_id))))


def _this_year() -> tuple[sa.ColumnElement[bool], ...]:
    return Standing.year == clock.today().year, Standing.status.in_(BEHIND)


def _behind(unit_id: int | None) -> AnySelect:
    """One row a person: the worst of their standings."""
    serves = sa.exists().where(Assignment.person_id == Standing.person_id, Assignment.on(clock.today()))
    overdue = sa.case((Standing.status == Status.OVERDUE, 1), else_=0)
    found = (
        sa.select(
            Standing.person_id, Standing.unit_id, Standing.reference_on, sa.func.max(overdue).label("is_overdue"),
            sa.func.max(Standing.due * HUNDREDTHS - Standing.earned).label("missing"),
        )
        .where(*_this_year(), serves)
        .group_by(Standing.person_id, Standing.unit_id, Standing.reference_on)
    )  # fmt: skip
    return found if unit_id is None else _below(found, unit_id)


def _below(standings: Any, unit_id: int) -> Any:
    counted = sa.and_(UnitAncestor.unit_id == Standing.unit_id, UnitAncestor.on(Standing.reference_on))
    return standings.join(UnitAncestor, counted).where(UnitAncestor.ancestor_id == unit_id)


def _recipients(unit_id: int | None, after: int) -> AnySelect:
    serves = sa.exists().where(Assignment.person_id == Person.id, Assignment.on(clock.today()))
    is_behind: sa.ColumnElement[bool]
    if unit_id is None:
        is_behind = sa.exists().where(Standing.person_id == Person.id, *_this_year())
    else:
        of_unit = sa.select(Standing.person_id).where(*_this_year(), Standing.person_id > after)
        is_behind = Person.id.in_(_below(of_unit, unit_id))
    people = sa.select(Person.id, Person.full_name, Person.email).where(Person.id > after, Person.email.is_not(None))
    wanted = people.where(is_behind, serves, ~_refuses(Person.id), ~_reminded_today(Person.id))
    return wanted.order_by(Person.id).limit(CHUNK)


def _refuses(person_id: Any) -> sa.Exists:
    return sa.exists().where(Refusal.person_id == person_id)


def _reminded_today(person_id: Any) -> sa.Exists:
    is_of_today = Message.created_at >= clock.at(clock.today())
    return sa.exists().where(Message.to_person_id == person_id, Message.kind == DIGEST, is_of_today)


def _grouped(statement: AnySelect) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.person_id, []).append(row)
    return found
