"""Reads of the policy desk."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lms import clock, jobs
from lms.access import Permission, reach
from lms.accounts.models import Account
from lms.catalogue import queries as catalogue
from lms.catalogue.content import CATEGORIES
from lms.db import AnyRow, db, is_among
from lms.goals import facts
from lms.goals import queries as goals
from lms.goals.models import PolicyVersion
from lms.goals.rules import Policy
from lms.jobs import Job
from lms.network.models import (
    NetworkRole,
    Person,
    Post,
    UnitAncestor,
    UnitCode,
    UnitVersion,
)
from lms.policies import rules
from lms.policies.comparing import Pair
from lms.policies.models import DryRun, PolicyDraft, PolicyEffect
from lms.policies.rules import Refusal, Stage

MARGIN = timedelta(hours=1)
"""How long a fact may be under way between being recorded and being seen by others."""


def histories() -> list[tuple[str, list[PolicyVersion]]]:
    """All versions by policy, newest first."""
    found = db.session.scalars(sa.select(PolicyVersion).order_by(PolicyVersion.code, PolicyVersion.number.desc()))
    return [(code, list(versions)) for code, versions in groupby(found, lambda version: version.code)]


def open_drafts() -> Sequence[AnyRow]:
    """Drafts that are being written, the latest change first: PolicyDraft, name of who changed it."""
    found = sa.select(PolicyDraft, Person.full_name).where(PolicyDraft.state == "open")
    who = found.outerjoin(Account, Account.id == PolicyDraft.changed_by_id).outerjoin(
        Person, Person.id == Account.person_id
    )
    return db.session.execute(who.order_by(PolicyDraft.changed_at.desc())).all()


def version(version_id: int) -> PolicyVersion:
    """A version. Raises NoResultFound."""
    return db.session.get_one(PolicyVersion, version_id)


def draft(draft_id: int, *, lock: bool = False) -> PolicyDraft:
    """A draft. Raises NoResultFound."""
    return db.session.get_one(PolicyDraft, draft_id, with_for_update=lock or None, populate_existing=lock)


def dry_run(dry_run_id: int, *, lock: bool = False) -> DryRun:
    """A dry run. Raises NoResultFound."""
    return db.session.get_one(DryRun, dry_run_id, with_for_update=lock or None, populate_existing=lock)


def job_of(found: DryRun) -> Job | None:
    """The job that works on a dry run, or did last."""
    task = "apply" if found.applied_at else "dry-run"
    return jobs.by_key(f"policies.{task}:{found.id}")


def dry_runs(*, draft_id: int, limit: int = 10) -> Sequence[DryRun]:
    """The dry runs of a draft, newest first."""
    found = sa.select(DryRun).where(DryRun.draft_id == draft_id)
    return db.session.scalars(found.order_by(DryRun.id.desc()).limit(limit)).all()


def may_be_withdrawn(version: PolicyVersion) -> bool:
    """Whether a version is in force and judges open years only."""
    return version.state == "published" and version.first_year >= goals.first_open_year(version.code)


def years(code: str) -> list[int]:
    """The years that a new version of a policy would judge."""
    first = goals.first_open_year(code)
    return sorted(year for year in goals.years() if year >= first)


def pairs(found: DryRun) -> list[Pair]:
    """What is compared: by year, the text that judges it now, and the one that would."""
    versions = goals.versions(found.code)
    return [Pair(year, judging(versions, year), _after(found, versions, year)) for year in found.years]


def judging(versions: Iterable[PolicyVersion], year: int, without: int | None = None) -> str:
    """The text that judges a year, of versions with the newest first; "" when none does."""
    held = (
        version.source
        for version in versions
        if version.state in ("published", "superseded") and version.first_year <= year and version.id != without
    )
    return next(held, "")


def _after(found: DryRun, versions: Iterable[PolicyVersion], year: int) -> str:
    if found.kind == rules.Purpose.WITHDRAW:
        return judging(versions, year, without=found.base_version_id)
    return found.source


def stamp() -> str:
    """A text that changes whenever the tree, the levels or the codes of units do."""
    parts: list[AnyRow] = []
    for table in (UnitVersion, UnitAncestor, UnitCode):
        ends = sa.func.count(sa.distinct(table.to_on)), sa.func.max(table.from_on)
        parts.append(db.session.execute(sa.select(sa.func.count(), sa.func.max(table.id), *ends)).one())
    levels = sa.select(UnitVersion.level, sa.func.count()).group_by(UnitVersion.level).order_by(UnitVersion.level)
    parts += db.session.execute(levels).all()
    return "/".join(str(value) for row in parts for value in row)


def affected(dry_run_id: int) -> Sequence[int]:
    """The people whom a dry run names."""
    found = sa.select(PolicyEffect.person_id).where(PolicyEffect.dry_run_id == dry_run_id).distinct()
    return db.session.scalars(found.order_by(PolicyEffect.person_id)).all()


def changed_since(found: DryRun, margin: timedelta = MARGIN) -> set[int]:
    """The people about whom something was recorded since a dry run began, or shortly before."""
    assert found.started_at
    return facts.recorded_after(found.started_at - margin)


def effects(
    dry_run_id: int, *, kind: str, after_id: int = 0, limit: int | None = None
) -> Sequence[AnyRow]:  # fmt: skip
    """The people of one list of a dry run: PolicyEffect, code, full_name, unit. The lists are kinds and `LISTS`."""
    place, newer = aliased(UnitVersion), aliased(UnitVersion)
    last = sa.select(sa.func.max(newer.from_on)).where(newer.unit_id == place.unit_id).scalar_subquery()
    found = (
        sa.select(PolicyEffect, Person.code, Person.full_name, place.name.label("unit"))
        .join(Person, Person.id == PolicyEffect.person_id)
        .join(place, sa.and_(place.unit_id == PolicyEffect.unit_id, place.from_on == last))
        .where(PolicyEffect.dry_run_id == dry_run_id, PolicyEffect.id > after_id, LISTS[kind])
    )
    return db.session.execute(found.order_by(PolicyEffect.id).limit(limit)).all()


LISTS: dict[str, sa.ColumnElement[bool]] = {
    **{kind.value: PolicyEffect.kind == kind.value for kind in rules.Kind},
    "behind": PolicyEffect.is_behind.is_(True),
    "conflict": PolicyEffect.has_conflict.is_(True),
    "otherwise": PolicyEffect.came_otherwise.is_(True),
}


def people(person_ids: Collection[int]) -> Sequence[Person]:
    """These people, by given name."""
    found = sa.select(Person).where(is_among(Person.id, person_ids))
    return db.session.scalars(found.order_by(Person.sort_key, Person.id)).all() if person_ids else []


def unknown_codes(policy: Policy) -> list[tuple[str, str]]:
    """What a policy names that is not there (kind, code): a warning, because it may come later."""
    parts = [part for rule in policy.rules for part in rule.who.parts()]
    asked = {
        name: sorted({code for part in parts for code in getattr(part, name)})
        for name in ("role", "position", "title", "unit")
    }
    asked["module"] = sorted({module for rule in policy.rules for module in rule.modules})
    asked["category"] = sorted({category for rule in policy.rules for category, _ in rule.minima})
    known = {
        "role": db.session.scalars(sa.select(NetworkRole.code)).all(),
        "position": _posts("position", asked["position"]),
        "title": _posts("title", asked["title"]),
        "unit": db.session.scalars(sa.select(UnitCode.value).where(is_among(UnitCode.value, asked["unit"]))).all(),
        "module": [course.content.slug for course in catalogue.offered()],
        "category": CATEGORIES,
    }
    return [(name, code) for name, codes in asked.items() for code in rules.unknown(codes, known[name])]


def _posts(kind: str, codes: Sequence[str]) -> Sequence[str]:
    return db.session.scalars(sa.select(Post.code).where(Post.kind == kind, is_among(Post.code, codes))).all()


def courses() -> dict[str, str]:
    """The titles of the courses on offer, by slug."""
    return catalogue.titles(catalogue.offered())


def obstacle(found: DryRun) -> Refusal | None:
    """Why a finished dry run may not be applied."""
    present = goals.published_version(found.code)
    written = draft(found.draft_id) if found.draft_id else None
    reasons = {
        Refusal.NOT_DONE: found.state != Stage.DONE,
        Refusal.OTHER_VERSION: (present.id if present else None) != found.base_version_id,
        Refusal.OTHER_TEXT: written is not None and written.sha256 != found.sha256,
        Refusal.NOT_OPEN: written is not None and written.state != "open",
        Refusal.SAME_TEXT: written is not None and present is not None and present.sha256 == found.sha256,
        Refusal.YEAR_CLOSED: written is None and present is not None and not may_be_withdrawn(present),
        Refusal.OTHER_YEARS: found.years != years(found.code),
        Refusal.OTHER_DAY: found.on != clock.today(),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


@reach("draft_id")
def _reaches_draft(_permission: Permission, draft_id: int) -> bool:
    """Whoever writes policies writes all of them."""
    return db.session.get(PolicyDraft, draft_id) is not None


@reach("dry_run_id")
def _reaches_dry_run(_permission: Permission, dry_run_id: int) -> bool:
    return db.session.get(DryRun, dry_run_id) is not None


@reach("version_id")
def _reaches_version(_permission: Permission, version_id: int) -> bool:
    """What was published is there for everybody to read."""
    return db.session.get(PolicyVersion, version_id) is not None
