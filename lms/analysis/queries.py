"""Reads of statistics: sheets counted, and the advice that was last found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound

from lms.analysis import sheets, tally
from lms.analysis.models import AnswerSheet, CourseFinding
from lms.analysis.sheets import Given
from lms.analysis.tally import Edition, Row, Statistics
from lms.catalogue import queries as catalogue
from lms.catalogue.models import Course, CourseVersion
from lms.catalogue.queries import Published
from lms.db import AnyRow, bare_rows, db, is_among
from lms.quizzes import queries as quizzes
from lms.quizzes import rules
from lms.quizzes.models import Answer, Attempt, Correction

FRESH = 500
"""So many attempts that have no sheet yet are read as they are; the job of the next minutes writes the sheets of the rest."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which attempts: first ones only, unless told; of one version, or of all when None."""

    only_first: bool = True
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """Something in a course that its trainer should look at."""

    course: str
    title: str
    code: str
    question: str
    number: int
    values: dict[str, Any]


def statistics(published: Published, wanted: Wanted) -> Statistics:
    """What the attempts at a course's quiz say; the newest version's questions in their order.

    Raises NoResultFound when the course has no such version.
    """
    found = _editions(published, wanted)
    if not found:
        raise NoResultFound
    return tally.statistics(_rows(list(found), wanted), found)


def versions(course_id: int) -> Sequence[AnyRow]:
    """The versions of a course at which attempts were handed in, newest first: number, attempts."""
    numbers = sa.select(CourseVersion.number, sa.func.count().label("attempts"))
    handed_in = numbers.join(Attempt, Attempt.version_id == CourseVersion.id).where(
        Attempt.course_id == course_id, _is_marked()
    )
    return db.session.execute(handed_in.group_by(CourseVersion.number).order_by(CourseVersion.number.desc())).all()


def unit_of(course_id: int) -> int | None:
    """The unit whose trainers write a course; None when it is nobody's."""
    return db.session.scalar(sa.select(Course.unit_id).where(Course.id == course_id))


def without_sheet(limit: int, version_ids: Iterable[int] | None = None) -> Sequence[Attempt]:
    """Attempts that are fully marked and have no sheet, oldest first."""
    found = sa.select(Attempt).where(_is_marked(), ~sa.exists().where(AnswerSheet.attempt_id == Attempt.id))
    if version_ids is not None:
        found = found.where(Attempt.version_id.in_(list(version_ids)))
    return db.session.scalars(found.order_by(Attempt.id).limit(limit)).all()


def written(attempts: Sequence[Attempt]) -> list[tuple[str, str]]:
    """The lines and seconds of attempts, made from their answers."""
    quizzes_of = {key: one.content.quiz for key, one in catalogue.versions(_distinct(attempts)).items()}
    given, kept = _given([attempt.id for attempt in attempts])
    found = []
    for attempt in attempts:
        quiz, mine = quizzes_of[attempt.version_id], given.get(attempt.id, {})
        asked = [s for s in rules.draw(quiz, attempt.seed) if (attempt.id, s.question.id) not in kept]
        found.append((sheets.answers(quiz, asked, mine), sheets.seconds(asked, mine, attempt.started_at)))
    return found


def findings(course_ids: Iterable[int]) -> dict[int, CourseFinding]:
    """What was last found about courses, by course id."""
    found = db.session.scalars(sa.select(CourseFinding).where(is_among(CourseFinding.course_id, course_ids)))
    return {finding.course_id: finding for finding in found}


def needs(slugs: Sequence[str]) -> list[Need]:
    """The advice that was last found on the questions of these courses, the most urgent of each first."""
    found = sa.select(Course.slug, Course.title, CourseFinding.advice).join(
        CourseFinding, CourseFinding.course_id == Course.id
    )
    lines = db.session.execute(found.where(is_among(Course.slug, slugs)).order_by(Course.sort_key)).all()
    return [Need(slug, title, **one) for slug, title, advice in lines for one in advice]


def number_of_marked() -> dict[int, int]:
    """How many attempts at each course are fully marked."""
    found = sa.select(Attempt.course_id, sa.func.count()).where(_is_marked())
    return dict(db.session.execute(found.group_by(Attempt.course_id)).all())


def last_changes() -> dict[int, datetime]:
    """When a version of a course was published, or one of its questions corrected, for the last time, by course id."""
    published = sa.select(CourseVersion.course_id, sa.func.max(CourseVersion.published_at))
    corrected_at = sa.func.coalesce(Correction.applied_at, Correction.holds_from)
    corrected = sa.select(Correction.course_id, sa.func.max(corrected_at)).where(corrected_at.is_not(None))
    found = dict(db.session.execute(published.group_by(CourseVersion.course_id)).all())
    for course_id, at in db.session.execute(corrected.group_by(Correction.course_id)):
        found[course_id] = max(found[course_id], at)
    return found


def _editions(published: Published, wanted: Wanted) -> dict[int, Edition]:
    """The versions to count, newest first."""
    ids = sa.select(CourseVersion.id, CourseVersion.number).where(CourseVersion.course_id == published.course_id)
    if wanted.version is not None:
        ids = ids.where(CourseVersion.number == wanted.version)
    numbers = dict(db.session.execute(ids.order_by(CourseVersion.number.desc())).all())
    changes, read = quizzes.changes_of(numbers), catalogue.versions(list(numbers))
    return {
        version_id: Edition(number, read[version_id].content.quiz, tuple(changes.get(version_id, ())))
        for version_id, number in numbers.items()
    }


def _rows(version_ids: Sequence[int], wanted: Wanted) -> list[Row]:
    columns = Attempt.version_id, Attempt.points, Attempt.points_of, Attempt.is_passed
    found = (
        sa.select(*columns, AnswerSheet.answers, AnswerSheet.seconds)
        .join(AnswerSheet, AnswerSheet.attempt_id == Attempt.id)
        .where(Attempt.version_id.in_(version_ids), _is_marked())
    )
    if wanted.only_first:
        found = found.where(Attempt.number == 1)
    return [Row(*row) for row in bare_rows(found)] + _fresh(version_ids, wanted)


def _fresh(version_ids: Sequence[int], wanted: Wanted) -> list[Row]:
    attempts = [a for a in without_sheet(FRESH, version_ids) if a.number == 1 or not wanted.only_first]
    return [
        Row(a.version_id, a.points or 0.0, a.points_of or 0.0, bool(a.is_passed), answers, seconds)
        for a, (answers, seconds) in zip(attempts, written(attempts) if attempts else (), strict=True)
    ]


def _given(attempt_ids: Sequence[int]) -> tuple[dict[int, dict[str, Given]], set[tuple[int, str]]]:
    """The answers of attempts by question; and what was kept from the attempt before, and not asked again."""
    columns = Answer.attempt_id, Answer.question, Answer.response, Answer.saved_at, Answer.points, Answer.is_kept
    given: dict[int, dict[str, Given]] = {}
    kept = set()
    for attempt_id, question, response, saved_at, points, is_kept in db.session.execute(
        sa.select(*columns).where(is_among(Answer.attempt_id, attempt_ids))
    ):
        if is_kept:
            kept.add((attempt_id, question))
        else:
            given.setdefault(attempt_id, {})[question] = Given(response, saved_at, points)
    return given, kept


def _distinct(attempts: Sequence[Attempt]) -> list[int]:
    return sorted({attempt.version_id for attempt in attempts})


def _is_marked() -> sa.ColumnElement[bool]:
    return sa.and_(Attempt.submitted_at.is_not(None), Attempt.is_passed.is_not(None))
