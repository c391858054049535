"""The dry run: every attempt at the versions concerned is scored with the correction, and what differs is written down."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import sqlalchemy as sa

from lms.catalogue import queries as catalogue
from lms.db import db, insert_many
from lms.quizzes import queries as quizzes
from lms.quizzes import rules as quiz_rules
from lms.quizzes.corrections import Change
from lms.quizzes.models import Attempt, Correction
from lms.regrading import queries, rules
from lms.regrading.models import CorrectionEffect
from lms.regrading.rules import Result, Stage

PEOPLE = 200


def try_out(correction: Correction) -> Iterator[int]:
    """Find whom a correction concerns; yields how many people are done after each chunk, where one may commit."""
    db.session.execute(sa.delete(CorrectionEffect).where(CorrectionEffect.correction_id == correction.id))
    correction.stamp, last, done = queries.stamp(correction.course_id), 0, 0
    while people := queries.people(correction, last, PEOPLE):
        write(correction, people)
        last, done = people[-1], done + len(people)
        yield done
    correction.totals = queries.totals(correction.id)
    db.session.flush()
    if queries.correction(correction.id, lock=True).state == Stage.TRYING:
        correction.state = Stage.TRIED.value
    db.session.flush()


def write(correction: Correction, person_ids: Sequence[int]) -> None:
    """Write down what a correction changes for these people."""
    after = scored(correction, attempts := queries.attempts(correction.course_id, person_ids))
    found = []
    for _, mine in groupby(attempts, key=lambda attempt: attempt.person_id):
        own = {attempt.id: attempt for attempt in mine}
        before = {key: stored(attempt) for key, attempt in own.items()}
        changed = rules.effects(before, {key: after[key] for key in own})
        found += [_row(correction, own[key], after[key], kind.value) for key, kind in changed.items()]
    insert_many(CorrectionEffect.__table__, found)


def scored(correction: Correction, attempts: Sequence[Attempt]) -> dict[int, Result]:
    """What attempts come to with the correction; those at other versions, or without the question, as they stand."""
    concerned = set(queries.version_ids(correction))
    versions = catalogue.versions(sorted({a.version_id for a in attempts} & concerned))
    held = quizzes.changes_of(versions)
    given = queries.answers([attempt.id for attempt in attempts if attempt.version_id in versions])
    found = {attempt.id: stored(attempt) for attempt in attempts}
    for attempt in attempts:
        if attempt.version_id in versions:
            quiz = versions[attempt.version_id].content.quiz
            changes = _with(held.get(attempt.version_id, []), correction)
            drawn = quiz_rules.draw(quiz, attempt.seed)
            if any(shown.question.id == correction.question for shown in drawn):
                score = quiz_rules.score(quiz, drawn, *given.get(attempt.id, ({}, {})), changes)
                found[attempt.id] = Result(float(score.points), float(score.of), bool(score.is_passed))
    return found


def stored(attempt: Attempt) -> Result:
    """What an attempt came to."""
    return Result(attempt.points or 0.0, attempt.points_of or 0.0, bool(attempt.is_passed))


def _with(held: Sequence[Change], correction: Correction) -> list[Change]:
    """The corrections that hold, and this one after them, if it does not hold yet."""
    return [*held] if correction.holds_from else [*held, queries.change(correction)]


def _row(correction: Correction, attempt: Attempt, after: Result, kind: str) -> dict[str, object]:
    before = stored(attempt)
    return {
        "correction_id": correction.id,
        "attempt_id": attempt.id,
        "person_id": attempt.person_id,
        "kind": kind,
        "before_points": before.points,
        "before_of": before.of,
        "before_passed": before.is_passed,
        "after_points": after.points,
        "after_of": after.of,
        "after_passed": after.is_passed,
        "applied_at": None,
    }
