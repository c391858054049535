"""Writes of marking. Whoever writes holds the attempt's row, so that the last of several marks settles the result."""

from datetime import timedelta

import sqlalchemy as sa

from lms import audit, clock
from lms.catalogue import queries as catalogue
from lms.db import db, insert
from lms.marking import queries, rules
from lms.marking.models import Mark, MarkingLease
from lms.marking.rules import Marked
from lms.quizzes.models import Answer, Attempt
from lms.study import actions as study

LEASE = timedelta(minutes=30)


class Taken(Exception):
    """Enough others are at work on the answer, or its result is out."""


def claim(*, answer_id: int, marker_id: int) -> None:
    """Take an answer to mark it, for half an hour; again makes it another half. Raises `Taken`."""
    answer, _ = _held(answer_id)
    _refuse_if_taken(answer, marker_id)
    until = clock.now() + LEASE
    lease = insert(MarkingLease).values(answer_id=answer_id, marker_id=marker_id, until=until)
    same = [MarkingLease.answer_id, MarkingLease.marker_id]
    db.session.execute(lease.on_conflict_do_update(index_elements=same, set_={"until": until}))


def release(*, answer_id: int, marker_id: int) -> None:
    """Give an answer back to the queue."""
    mine = MarkingLease.answer_id == answer_id, MarkingLease.marker_id == marker_id
    db.session.execute(sa.delete(MarkingLease).where(*mine))


def mark(*, answer_id: int, marker_id: int, marked: Marked) -> bool:
    """Mark an answer; whether its result is out now. The last mark of an attempt settles its score and what follows.

    Raises `Taken`.
    """
    answer, attempt = _held(answer_id)
    _refuse_if_taken(answer, marker_id)
    if queries.marks(answer_id).get(marker_id) != marked:
        _enter(answer_id, marker_id, marked)
    release(answer_id=answer_id, marker_id=marker_id)
    return _judge(answer, attempt)


def _held(answer_id: int) -> tuple[Answer, Attempt]:
    """An answer and its attempt as they are now, which nobody else changes until the transaction ends."""
    of_answer = sa.select(Answer.attempt_id).where(Answer.id == answer_id).scalar_subquery()
    attempt = db.session.scalars(sa.select(Attempt).where(Attempt.id == of_answer).with_for_update()).one()
    db.session.refresh(attempt)
    return db.session.get_one(Answer, answer_id, populate_existing=True), attempt


def _refuse_if_taken(answer: Answer, marker_id: int) -> None:
    """Those who marked and those who are at work fill the places; whoever has one of them keeps it."""
    marked = queries.marks(answer.id)
    places = (answer.marks_wanted or 0) - len(marked) - queries.others_at_work(answer.id, marker_id)
    if answer.points is not None or (marker_id not in marked and places <= 0):
        raise Taken


def _enter(answer_id: int, marker_id: int, marked: Marked) -> None:
    own = sa.select(sa.func.count()).where(Mark.answer_id == answer_id, Mark.marker_id == marker_id)
    mark = Mark(
        answer_id=answer_id,
        marker_id=marker_id,
        entry=db.session.scalar(own) or 0,
        points=list(marked.points),
        comments=list(marked.comments),
        comment=marked.comment,
        total=float(marked.total),
        marked_at=clock.now(),
    )
    db.session.add(mark)
    db.session.flush()
    audit.record("marking.mark", mark, answer=answer_id, total=mark.total)


def _judge(answer: Answer, attempt: Attempt) -> bool:
    """Whether the marks so far are a result; then the attempt is scored with it."""
    published = catalogue.version(attempt.version_id)
    quiz = published.content.quiz
    question, marked = quiz.by_id[answer.question], list(queries.marks(answer.id).values())
    verdict = rules.verdict(question, marked, quiz.markers)
    answer.marks_wanted = verdict.wanted
    if verdict.points is None:
        return False
    answer.points, answer.remarks = float(verdict.points), rules.remarks(question, marked)
    db.session.flush()
    study.settle(attempt=attempt, published=published)
    return True
