"""Writes of the annual goal: publishing policies, crediting, and keeping the standings true."""

from collections.abc import Collection, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from lms import audit, clock
from lms.catalogue.queries import Published
from lms.db import built_once, chunks, db, insert
from lms.goals import facts, policy, queries, standings
from lms.goals.models import Credit, KeptYear, PolicyVersion
from lms.goals.rules import HUNDREDTHS, CreditState, Source
from lms.goals.standings import Goals
from lms.learning.models import Completion


def publish(*, source: str, by_id: int | None, first_year: int = 0) -> PolicyVersion:
    """Publish a policy's text as its next version; the version before is superseded. Raises `policy.BadPolicy`.

    It judges the years from `first_year` on. The text that is in force already is the version that is there.
    """
    parsed = policy.parse(source)
    digest = sha256(source.encode()).hexdigest()
    before = queries.versions(parsed.code)
    for version in before:
        if version.state == "published" and version.sha256 == digest:
            return version
    for version in before:
        version.state = "superseded" if version.state == "published" else version.state
    new = PolicyVersion(
        code=parsed.code,
        number=before[0].number + 1 if before else 1,
        state="published",
        source=source,
        sha256=digest,
        first_year=first_year,
        published_at=clock.now(),
        published_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.record("goals.publish", new, code=new.code, number=new.number)
    return new


def withdraw(*, version: PolicyVersion, reason: str, by_id: int | None) -> PolicyVersion | None:
    """Take the version in force back; the version that is in force again, where there was one before it."""
    version.state, version.withdrawn_at = "withdrawn", clock.now()
    version.withdraw_reason, version.withdrawn_by_id = reason, by_id
    earlier = (v for v in queries.versions(version.code) if v.state == "superseded" and v.number < version.number)
    again = next(earlier, None)
    if again:
        again.state = "published"
    db.session.flush()
    audit.record("goals.withdraw", version, code=version.code, number=version.number, reason=reason)
    return again


def credit_completion(*, completion: Completion, published: Published) -> None:
    """Write the credit of a completed course, once; its equivalence class and module are the course's slug."""
    content = published.content
    new = {
        "person_id": completion.person_id,
        "activity": content.slug,
        "category": content.category,
        "periods": int(content.periods * HUNDREDTHS),
        "completed_on": completion.completed_on,
        "source": Source.INTERNAL,
        "equivalence": content.slug,
        "module": content.slug,
        "state": CreditState.APPROVED,
        "evidence": {"completion": completion.id, "version": published.number},
        "recorded_at": clock.now(),
        "entry": _entry(completion.person_id, content.slug, completion.completed_on),
    }
    added = db.session.connection().scalar(_adding(), new)
    if added:
        audit.record("goals.credit", f"credit:{added}", person=completion.person_id, activity=content.slug)
        refresh(person_ids=[completion.person_id])


@built_once
def _adding() -> Any:
    """The statement that adds a credit unless it is there."""
    return insert(Credit).on_conflict_do_nothing().returning(Credit.id)


_last_entry = sa.select(sa.func.max(Credit.entry)).where(
    Credit.person_id == sa.bindparam("person_id"),
    Credit.activity == sa.bindparam("activity"),
    Credit.completed_on == sa.bindparam("day"),
    Credit.source == Source.INTERNAL,
    Credit.reverses_id.is_not(None),
)


def _entry(person_id: int, activity: str, day: date) -> int:
    """The number of an entry about a course completed on a day: 0, or, where an earlier one was taken back, the next."""
    last = db.session.connection().scalar(_last_entry, {"person_id": person_id, "activity": activity, "day": day})
    return 0 if last is None else int(last) + 1


def refresh(*, person_ids: Collection[int] | None, years: Collection[int] | None = None) -> int:
    """Judge these people (all, when None) anew as of today, for every kept year; the number of standings changed."""
    goals = queries.by_year() if years is None else []
    if clock.today().year not in {year for _, year in goals}:
        kept = keep_years([clock.today().year, *(years or ())])
        goals = queries.by_year(years or kept)
    wanted = sorted(facts.everybody() if person_ids is None else person_ids)
    db.session.flush()
    if len(wanted) > facts.CHUNK:  # who judges some first would wait for the others with their figures in hand
        standings.lock(wanted)
    return sum(_refresh(chunk, goals) for chunk in chunks(wanted, facts.CHUNK)) if goals else 0


def _refresh(person_ids: Sequence[int], goals: Goals) -> int:
    today = clock.today()
    tree, before, active = standings.situation(person_ids, {year for _, year in goals}, today)
    revisions = standings.revised(before, standings.judged(goals, person_ids, today, tree, active))
    return standings.store(revisions, tree, is_locked=True) if revisions else 0


def keep_years(years: Collection[int]) -> list[int]:
    """People are judged for these years from now on; all years for which they are."""
    kept = set(db.session.connection().scalars(sa.select(KeptYear.year)))
    for year in set(years) - kept:
        db.session.execute(insert(KeptYear).values(year=year).on_conflict_do_nothing())
    return sorted(kept.union(years))
