"""What waits for a trainer, counted: each kind of work by one statement."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask import url_for

from lms import clock
from lms.access import Permission
from lms.accounts.user import SignedIn
from lms.analysis import queries as analysis
from lms.authoring.models import Draft, ReviewComment
from lms.catalogue import queries as catalogue
from lms.catalogue.models import Course
from lms.catalogue.queries import Published
from lms.coach import law
from lms.db import AnyRow, db
from lms.learning.models import Completion, Enrolment
from lms.marking import queries as marking
from lms.quizzes.models import Attempt
from lms.surveys import queries as surveys
from lms.surveys.rules import Purpose

STUCK_DAYS = 30
LAW_DAYS = 60
SURVEY_DAYS = 7
PUBLICATION_DAYS = 14
NAMED = 3


class Kind(StrEnum):
    """What waits, the most urgent first; words: messages `teaching.task.<kind>` and `teaching.act.<kind>`."""

    MARKING = "marking"
    OBSTACLE = "obstacle"
    REVIEW = "review"
    COMMENTS = "comments"
    QUESTIONS = "questions"
    LAW = "law"
    DRAFTS = "drafts"
    SURVEYS = "surveys"
    PUBLICATIONS = "publications"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Task:
    """One line: what waits, how much of it, of what, and where it is done."""

    kind: Kind
    count: int
    about: str
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """A course with the numbers of its learners; `stuck` of them began long ago and have not finished."""

    course: Course
    started: int
    completed: int
    handed_in: int
    passed: int
    stuck: int


def courses(user: SignedIn) -> list[Line]:
    """The courses that a trainer teaches, those of nobody included, in Vietnamese order."""
    started = _count(Enrolment.course_id)
    completed = _count(Completion.course_id, Completion.withdrawn_at.is_(None))
    handed_in = _count(Attempt.course_id, Attempt.submitted_at.is_not(None))
    passed = _count(Attempt.course_id, Attempt.is_passed.is_(True))
    columns: list[Any] = [Course, started, completed, handed_in, passed, _count(Enrolment.course_id, *_is_stuck(user))]
    found = sa.select(*columns).where(sa.or_(Course.unit_id.is_(None), user.covers(Permission.TEACH, Course.unit_id)))
    return [Line(*row) for row in db.session.execute(found.order_by(Course.sort_key))]


def tasks(user: SignedIn, taught: Sequence[Line]) -> list[Task]:
    """What needs a trainer today, the most urgent first."""
    offered = {line.course.id for line in taught if not line.course.is_retired}
    published = [course for course in catalogue.offered() if course.course_id in offered]
    working = [*_marking(user), *_drafting(user), *_surveys(user)]
    found = [*working, *_questions(published), *_law(published), *_stuck(taught)]
    return sorted(found, key=lambda task: list(Kind).index(task.kind))


def _marking(user: SignedIn) -> Iterator[Task]:
    """Essays and files that wait for the reader's mark."""
    found = marking.courses_waiting(user)
    if found:
        about = _named([course.title for course in found])
        yield Task(Kind.MARKING, sum(course.number for course in found), about, url_for("marking.queue"))


def _drafting(user: SignedIn) -> Iterator[Task]:
    """Drafts to finish, reviews, publications to come, and those that could not be published on their day."""
    drafts = _open_drafts(user)
    today = clock.today()
    mine = [d for d in drafts if d.state == "draft" and user.account_id in (d.created_by_id, d.changed_by_id)]
    asked = [d for d in drafts if d.state == "in-review" and d.sent_by_id != user.account_id]
    soon = [
        d for d in drafts if d.publish_on and not d.obstacle and d.publish_on <= today + timedelta(PUBLICATION_DAYS)
    ]
    stopped = [d for d in drafts if d.obstacle]
    yield from _of_drafts(Kind.DRAFTS, mine)
    yield from _of_drafts(Kind.REVIEW, asked)
    yield from _of_drafts(Kind.PUBLICATIONS, soon)
    yield from _of_drafts(Kind.OBSTACLE, stopped)
    yield from _of_drafts(Kind.COMMENTS, [d for d in drafts if d.comments])


def _open_drafts(user: SignedIn) -> Sequence[AnyRow]:
    """Open drafts within reach, the one that changed last first, each with the comments on it that others wait to see answered."""
    waiting = sa.select(sa.func.count()).where(
        ReviewComment.draft_id == Draft.id,
        ReviewComment.parent_id.is_(None),
        ReviewComment.resolved_at.is_(None),
        ReviewComment.by_id != user.account_id,
    )
    is_mine = sa.or_(Draft.created_by_id == user.account_id, Draft.sent_by_id == user.account_id)
    columns = (
        Draft.id, Draft.title, Draft.state, Draft.publish_on, Draft.obstacle, Draft.created_by_id, Draft.changed_by_id,
        Draft.sent_by_id,
    )  # fmt: skip
    comments = sa.case((is_mine, waiting.correlate(Draft).scalar_subquery()), else_=0).label("comments")
    found = sa.select(*columns, comments).where(Draft.closed_at.is_(None), user.covers(Permission.TEACH, Draft.unit_id))
    return db.session.execute(found.order_by(Draft.changed_at.desc(), Draft.id)).all()


def _of_drafts(kind: Kind, drafts: Sequence[AnyRow]) -> Iterator[Task]:
    """One line for all of them; the button leads to the only one, or to the list."""
    if drafts:
        page = "authoring.review_draft" if kind in (Kind.REVIEW, Kind.COMMENTS) else "authoring.draft"
        href = url_for(page, draft_id=drafts[0].id) if len(drafts) == 1 else url_for("authoring.drafts")
        yield Task(kind, len(drafts), _named([draft.title for draft in drafts]), href)


def _questions(published: Sequence[Published]) -> Iterator[Task]:
    """Questions that misbehave, course by course."""
    titles = {course.content.slug: course.content.title for course in published}
    found = Counter(need.course for need in analysis.needs(list(titles)))
    for slug, number in found.most_common():
        yield Task(Kind.QUESTIONS, number, titles[slug], url_for("analysis.course", course=slug))


def _law(published: Sequence[Published]) -> Iterator[Task]:
    """Courses that rest on documents which end soon or have ended, and name nothing that came instead."""
    last = (clock.today() + timedelta(LAW_DAYS)).isoformat()
    for course in published:
        if numbers := [document.number for document in law.ended(course.content.legal_basis, last)]:
            about = f"{course.content.title}: {_named(numbers)}"
            yield Task(Kind.LAW, len(numbers), about, url_for("authoring.course", course=course.content.slug))


def _surveys(user: SignedIn) -> Iterator[Task]:
    """Course surveys that end within a week."""
    found = surveys.ending(user, Purpose.COURSE, _in(SURVEY_DAYS))
    if found:
        href = url_for("surveys.survey", survey_id=found[0].id) if len(found) == 1 else url_for("surveys.index")
        yield Task(Kind.SURVEYS, len(found), _named([survey.title for survey in found]), href)


def _stuck(taught: Sequence[Line]) -> Iterator[Task]:
    """Learners who began long ago, in the courses where they are most."""
    lines = sorted((line for line in taught if line.stuck), key=lambda line: -line.stuck)
    if lines:
        about = _named([line.course.title for line in lines])
        yield Task(Kind.STUCK, sum(line.stuck for line in lines), about, url_for("teaching.home", _anchor="courses"))


def _named(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" (+{rest})" if rest > 0 else "")


def _in(days: int) -> date:
    return clock.today() + timedelta(days)


def _count(course_id: Any, *conditions: Any) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(course_id == Course.id, *conditions).correlate(Course).scalar_subquery()


def _is_stuck(user: SignedIn) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions that a learner of one's reach began long ago and has not finished."""
    finished = sa.exists().where(
        Completion.person_id == Enrolment.person_id,
        Completion.course_id == Enrolment.course_id,
        Completion.withdrawn_at.is_(None),
    )
    since = clock.at(clock.today() - timedelta(STUCK_DAYS))
    return Enrolment.started_at < since, ~finished, user.within_reach(Permission.TEACH, Enrolment.person_id)
