"""Reads of marking: what waits, who is at work, and one answer to be marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_login import current_user

from lms import clock
from lms.access import Permission, reach
from lms.accounts.user import SignedIn
from lms.catalogue import queries as catalogue
from lms.catalogue.models import Course
from lms.catalogue.queries import Published
from lms.db import AnyRow, AnySelect, db
from lms.marking.models import Mark, MarkingLease
from lms.marking.rules import Marked
from lms.quizzes import rules as quizzes
from lms.quizzes.models import Answer, Attempt
from lms.quizzes.rules import Shown

SHOWN = 50


@dataclass(frozen=True)
class Work:
    """An answer to be marked: the question as its learner saw it, and the lease and mark of the reader, if any."""

    answer: Answer
    attempt: Attempt
    published: Published
    shown: Shown
    until: datetime | None
    own: Marked | None

    @property
    def is_open(self) -> bool:
        """Whether its result is not out yet."""
        return self.answer.points is None


def queue(user: SignedIn, course: str = "") -> Sequence[AnyRow]:
    """What waits for the reader, oldest first: answer_id, submitted_at, title, slug, marks_wanted, done."""
    return db.session.execute(_oldest_first(_waiting(user, course)).limit(SHOWN)).all()


def number_waiting(user: SignedIn, course: str = "") -> int:
    """How many answers wait for the reader."""
    waiting = _waiting(user, course).subquery()
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(waiting)) or 0)


def beside(user: SignedIn, course: str, answer_id: int | None, *, is_back: bool = False) -> int | None:
    """The next answer that waits after one, or the one before it; the oldest of all when none is named."""
    waiting = _waiting(user, course)
    if answer_id is not None:
        at = sa.select(Attempt.submitted_at).join(Answer, Answer.attempt_id == Attempt.id).where(Answer.id == answer_id)
        place, here = sa.tuple_(Attempt.submitted_at, Answer.id), sa.tuple_(at.scalar_subquery(), sa.literal(answer_id))
        waiting = waiting.where(place < here if is_back else place > here)
    found = db.session.execute((_oldest_first(waiting, is_back=is_back)).limit(1)).first()
    return int(found.answer_id) if found else None


def in_hand(user: SignedIn) -> Sequence[AnyRow]:
    """What the reader is at work on, or has marked and may still change: answer_id, title, slug, submitted_at, until."""
    leased = sa.and_(MarkingLease.answer_id == Answer.id, _is_mine(user), MarkingLease.until > clock.now())
    own = sa.exists().where(Mark.answer_id == Answer.id, Mark.marker_id == user.person_id)
    columns = (
        sa.select(Answer.id.label("answer_id"), Course.title, Course.slug, Attempt.submitted_at, MarkingLease.until)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Course, Course.id == Attempt.course_id)
        .outerjoin(MarkingLease, leased)
        .where(*TO_BE_MARKED, sa.or_(MarkingLease.id.is_not(None), own), *_reached(user))
    )
    return db.session.execute(columns.order_by(Attempt.submitted_at, Answer.id).limit(SHOWN)).all()


def courses_waiting(user: SignedIn) -> Sequence[AnyRow]:
    """The courses with answers that wait for the reader: slug, title, number."""
    waiting = _waiting(user, "").subquery()
    columns = sa.select(waiting.c.slug, waiting.c.title, sa.func.count().label("number"))
    return db.session.execute(columns.group_by(waiting.c.slug, waiting.c.title).order_by(waiting.c.title)).all()


def work(answer_id: int, marker_id: int) -> Work:
    """One answer, as a marker sees it. Raises NoResultFound."""
    answer = db.session.get_one(Answer, answer_id)
    attempt = db.session.get_one(Attempt, answer.attempt_id)
    published = catalogue.version(attempt.version_id)
    shown = quizzes.shown(published.content.quiz.by_id[answer.question], attempt.seed)
    leased = sa.select(MarkingLease.until).where(
        MarkingLease.answer_id == answer_id, MarkingLease.marker_id == marker_id, MarkingLease.until > clock.now()
    )
    own = marks(answer_id).get(marker_id)
    return Work(answer, attempt, published, shown, db.session.scalar(leased), own)


def marks(answer_id: int) -> dict[int, Marked]:
    """The marks of an answer that count, by marker, in the order in which the markers first came."""
    found = sa.select(Mark).where(Mark.answer_id == answer_id).order_by(Mark.id)
    counted: dict[int, Marked] = {}
    for mark in db.session.scalars(found):
        counted[mark.marker_id] = Marked(tuple(mark.points), tuple(mark.comments), mark.comment)
    return counted


def others_at_work(answer_id: int, marker_id: int) -> int:
    """How many others hold a lease of an answer now."""
    held = MarkingLease.answer_id == answer_id, MarkingLease.marker_id != marker_id, MarkingLease.until > clock.now()
    return int(db.session.scalar(sa.select(sa.func.count()).where(*held)) or 0)


TO_BE_MARKED = (Answer.marks_wanted.is_not(None), Answer.points.is_(None))


def _waiting(user: SignedIn, course: str) -> AnySelect:
    done = sa.select(sa.func.count(Mark.marker_id.distinct())).where(Mark.answer_id == Answer.id).scalar_subquery()
    busy = sa.select(sa.func.count()).where(
        MarkingLease.answer_id == Answer.id, sa.not_(_is_mine(user)), MarkingLease.until > clock.now()
    )
    is_marked = sa.exists().where(Mark.answer_id == Answer.id, Mark.marker_id == user.person_id)
    columns: tuple[Any, ...] = (
        Answer.id.label("answer_id"), Attempt.submitted_at, Course.title, Course.slug, Answer.marks_wanted,
        done.label("done"),
    )  # fmt: skip
    waiting = (
        sa.select(*columns)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Course, Course.id == Attempt.course_id)
        .where(*TO_BE_MARKED, sa.not_(is_marked), done + busy.scalar_subquery() < Answer.marks_wanted, *_reached(user))
    )
    return waiting.where(Course.slug == course) if course else waiting


def _reached(user: SignedIn) -> tuple[sa.ColumnElement[bool], ...]:
    """Nobody marks themself, nor people whom they do not teach."""
    return Attempt.person_id != user.person_id, user.within_reach(Permission.TEACH, Attempt.person_id)


def _is_mine(user: SignedIn) -> sa.ColumnElement[bool]:
    return MarkingLease.marker_id == user.person_id


def _oldest_first(waiting: AnySelect, *, is_back: bool = False) -> AnySelect:
    order = (Attempt.submitted_at, Answer.id)
    return waiting.order_by(*(column.desc() if is_back else column for column in order))


@reach("answer_id")
def reaches_answer(permission: Permission, answer_id: int) -> bool:
    """To be marked by hand, of a person within reach, and not one's own."""
    of_answer = sa.select(Attempt.person_id).join(Answer, Answer.attempt_id == Attempt.id)
    whose = db.session.scalar(of_answer.where(Answer.id == answer_id, Answer.marks_wanted.is_not(None)))
    return whose not in (None, current_user.person_id) and bool(current_user.reaches_person(permission, whose))
