"""Writes of the annual goal: publishing policies, crediting, and keeping the standings true."""

from collections.abc import Collection
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from lms import audit, clock
from lms.catalogue.queries import Published
from lms.db import db, insert
from lms.goals import policy, queries, rules, trace
from lms.goals.models import Credit, PolicyVersion, Standing
from lms.goals.rules import HUNDREDTHS, CreditState, Judgement, Source
from lms.learning.models import Completion


def publish(*, source: str, by_id: int | None) -> PolicyVersion:
    """Publish a policy's text as its next version; the version before is superseded. Raises `policy.BadPolicy`.

    The text that is in force already is the version that is there.
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
        published_at=clock.now(),
        published_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.record("goals.publish", new, code=new.code, number=new.number)
    return new


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
        "entry": 0,
    }
    added = db.session.execute(insert(Credit).values(new).on_conflict_do_nothing().returning(Credit.id)).scalar()
    if added:
        audit.record("goals.credit", f"credit:{added}", person=completion.person_id, activity=content.slug)
        refresh(person_ids=[completion.person_id])


def refresh(*, person_ids: Collection[int] | None, years: Collection[int] | None = None) -> int:
    """Judge these people (all, when None) anew as of today, for every kept year; the number of standings written."""
    day = clock.today()
    written = 0
    for year in years or queries.years():
        for goal in queries.policies():
            as_of = min(day.toordinal(), rules.last_day(year))
            rows = [
                _standing(goal.code, year, person_id, judgement)
                for person_id, judgement in queries.judge(goal, person_ids, year, day.fromordinal(as_of))
            ]
            _replace(goal.code, year, person_ids, rows)
            written += len(rows)
    return written


def _standing(code: str, year: int, person_id: int, judgement: Judgement) -> dict[str, Any]:
    day = clock.today()
    return {
        "person_id": person_id,
        "policy": code,
        "year": year,
        "unit_id": judgement.unit_id,
        "reference_on": day.fromordinal(judgement.reference_day),
        "status": judgement.status.value,
        "due": judgement.due,
        "earned": judgement.earned,
        "effective_days": judgement.demand.effective_days,
        "detail": trace.data(judgement),
        "judged_on": day,
    }


def _replace(code: str, year: int, person_ids: Collection[int] | None, rows: list[dict[str, Any]]) -> None:
    old = sa.delete(Standing).where(Standing.policy == code, Standing.year == year)
    if person_ids is None:
        db.session.execute(old)
    else:
        wanted = sorted(person_ids)
        for start in range(0, len(wanted), queries.CHUNK):
            db.session.execute(old.where(Standing.person_id.in_(wanted[start : start + queries.CHUNK])))
    if rows:
        db.session.execute(sa.insert(Standing), rows)
