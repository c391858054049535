"""What a dry run does, and how it is carried out: each step is a transaction of its own and can be done again."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from orjson import Fragment

from lms import clock
from lms.cores import Progress, spread
from lms.db import AnyRow, db, insert_rows, is_among, reading
from lms.goals import actions as goals
from lms.goals import facts, rebuilding
from lms.goals import policy as policy_text
from lms.goals import queries as goal_queries
from lms.goals.models import Standing
from lms.policies import comparing, queries
from lms.policies.models import DryRun, PolicyEffect
from lms.policies.rules import Purpose, Stage

MANY = 50_000
"""So many people are judged faster together with everybody else, on all cores."""
NAMED = 200


def judge(dry_run_id: int, progress: Progress) -> dict[str, int]:
    """Judge everybody before and after; write down whom the change touches. Commits."""
    pairs, day = _begin(dry_run_id)
    with reading():
        everybody = facts.everybody()
    totals: Counter[str] = Counter(judged=0, people=0)
    compared = spread(comparing.prepare, comparing.compare, people=everybody, arguments=(pairs, day), progress=progress)
    for _, found in compared:
        rows = ((dry_run_id, *row, Fragment(detail)) for *row, detail in found.rows)
        insert_rows(PolicyEffect.__table__, ("dry_run_id", *comparing.EFFECT), rows)
        db.session.commit()
        totals.update(found.totals)
    done = queries.dry_run(dry_run_id, lock=True)
    policy = policy_text.parse(done.source) if done.source else None
    unknown = [list(code) for code in queries.unknown_codes(policy)] if policy else []
    done.totals, done.state = {**totals, "unknown": unknown}, Stage.DONE.value
    db.session.commit()
    return dict(totals)


def _begin(dry_run_id: int) -> tuple[list[comparing.Pair], date]:
    """Forget what a run that was cut off, and earlier runs that nobody applied, have written."""
    run = queries.dry_run(dry_run_id, lock=True)
    alike = DryRun.kind == run.kind, DryRun.code == run.code, DryRun.draft_id.is_not_distinct_from(run.draft_id)
    earlier = sa.update(DryRun).where(*alike, DryRun.id < run.id, DryRun.state == Stage.DONE.value)
    gone = db.session.scalars(earlier.values(state=Stage.REFUSED.value).returning(DryRun.id)).all()
    db.session.execute(sa.delete(PolicyEffect).where(PolicyEffect.dry_run_id.in_([*gone, run.id])))
    run.started_at, run.on, run.stamp = clock.now(), clock.today(), queries.stamp()
    found = queries.pairs(run), run.on
    db.session.commit()
    return found


def apply(dry_run_id: int, progress: Progress) -> dict[str, Any]:
    """Publish or take back, judge whom it concerns, and compare what came with what was shown. Commits."""
    run = queries.dry_run(dry_run_id, lock=True)
    if run.version_id is None and not _put_into_force(run):
        run.state = Stage.REFUSED.value
        db.session.commit()
        return {"refused": True}
    people = sorted({*queries.affected(run.id), *queries.changed_since(run)})
    is_certain = run.on == clock.today() and run.stamp == queries.stamp()
    db.session.commit()
    if is_certain and len(people) <= MANY:
        rebuilding.refresh(people, progress)
    else:
        rebuilding.rebuild(years=run.years, progress=progress)
    outcome = _compare(dry_run_id)
    db.session.commit()
    return outcome


def _put_into_force(run: DryRun) -> bool:
    """Whether the version in force was still the one that had been compared."""
    present = goal_queries.published_version(run.code)
    if (present.id if present else None) != run.base_version_id:
        return False
    if run.kind != Purpose.WITHDRAW and run.first_year != goal_queries.first_open_year(run.code):
        return False
    if run.kind == Purpose.WITHDRAW:
        assert present
        goals.withdraw(version=present, reason=run.reason or "", by_id=run.applied_by_id)
        run.version_id = present.id
    else:
        new = goals.publish(source=run.source, by_id=run.applied_by_id, first_year=run.first_year)
        run.version_id = new.id
        if run.draft_id:
            queries.draft(run.draft_id, lock=True).state = "published"
    db.session.commit()
    return True


def _compare(dry_run_id: int) -> dict[str, Any]:
    """Mark who came otherwise than shown; how many came as shown, and about whom something was recorded meanwhile."""
    run = queries.dry_run(dry_run_id, lock=True)
    shown, otherwise = set[int](), set[int]()
    for part in _parts(dry_run_id):
        standings = _standings(run, [effect.person_id for effect in part])
        wrong = [effect for effect in part if standings.get((effect.person_id, effect.year)) != _shown(effect)]
        marked = sa.update(PolicyEffect).where(is_among(PolicyEffect.id, [effect.id for effect in wrong]))
        db.session.execute(marked.values(came_otherwise=True))
        shown |= {effect.person_id for effect in part}
        otherwise |= {effect.person_id for effect in wrong}
    others = sorted(queries.changed_since(run, timedelta()) - shown)
    run.outcome = {
        "as_shown": len(shown - otherwise),
        "otherwise": len(otherwise),
        "others": len(others),
        "named": others[:NAMED],
    }
    run.state = Stage.APPLIED.value
    return dict(run.outcome)


def _parts(dry_run_id: int) -> Iterator[Sequence[AnyRow]]:
    """What was shown, a few thousand lines at a time."""
    columns = (
        PolicyEffect.id, PolicyEffect.person_id, PolicyEffect.year, PolicyEffect.after_status, PolicyEffect.after_due,
        PolicyEffect.after_earned, PolicyEffect.detail,
    )  # fmt: skip
    last = 0
    while part := db.session.execute(
        sa.select(*columns)
        .where(PolicyEffect.dry_run_id == dry_run_id, PolicyEffect.id > last)
        .order_by(PolicyEffect.id)
        .limit(facts.CHUNK)
    ).all():
        yield part
        last = part[-1].id


def _standings(run: DryRun, person_ids: Sequence[int]) -> dict[tuple[int, int], Any]:
    columns = Standing.person_id, Standing.year, Standing.status, Standing.due, Standing.earned, Standing.detail
    mine = sa.select(*columns).where(is_among(Standing.person_id, person_ids), Standing.policy == run.code)
    found = db.session.execute(mine.where(Standing.year.in_(run.years)))
    return {
        (person_id, year): (status, due, earned, *_compared(detail))
        for person_id, year, status, due, earned, detail in found
    }


def _shown(effect: AnyRow) -> Any:
    """What a dry run said, as `_standings` gives what came."""
    if effect.after_status is None:
        return None
    return effect.after_status, effect.after_due, effect.after_earned, *_compared(effect.detail["after"])


def _compared(detail: Mapping[str, Any]) -> tuple[Any, Any]:
    return detail["minima"], detail["missing"]
