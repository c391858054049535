"""Reads of corrections, of whom they concern, and of passes that were lost."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_login import current_user

from lms import jobs
from lms.access import Permission, reach
from lms.accounts.models import Account
from lms.accounts.user import SignedIn
from lms.authoring import queries as authoring
from lms.catalogue import queries as catalogue
from lms.catalogue.models import Course, CourseVersion
from lms.catalogue.queries import Published
from lms.certificates.models import Certificate
from lms.db import AnyRow, db, is_among
from lms.jobs import Job
from lms.learning.models import Completion
from lms.network.models import Person
from lms.quizzes import corrections as marking
from lms.quizzes.corrections import Change, Kind
from lms.quizzes.models import Answer, Attempt, CorrectedVersion, Correction
from lms.regrading.models import CorrectionEffect, LostPass
from lms.regrading.rules import Effect, Stage

PAGE = 50


def correction(correction_id: int, *, lock: bool = False) -> Correction:
    """A correction. Raises NoResultFound."""
    return db.session.get_one(Correction, correction_id, with_for_update=lock or None, populate_existing=lock)


def course(correction: Correction) -> Course:
    """The course that a correction is about."""
    return db.session.get_one(Course, correction.course_id)


def may_correct(slug: str) -> bool:
    """Whether the reader may correct the questions of a course: who may publish it may."""
    return authoring.may_write(db.session.scalars(sa.select(Course.unit_id).where(Course.slug == slug)).one())


def change(correction: Correction) -> Change:
    """What a correction says, for marking."""
    return Change(correction.question, Kind(correction.kind), correction.key)


def version_ids(correction: Correction) -> list[int]:
    """The versions that a correction is about, oldest first."""
    found = sa.select(CorrectedVersion.version_id).where(CorrectedVersion.correction_id == correction.id)
    return list(db.session.scalars(found.order_by(CorrectedVersion.version_id)))


def versions_alike(published: Published, question: str) -> list[Published]:
    """The versions of a course that ask a question with the same text and key as this one, oldest first."""
    ids = sa.select(CourseVersion.id).where(CourseVersion.course_id == published.course_id)
    read = catalogue.versions(db.session.scalars(ids.order_by(CourseVersion.number)).all())
    wanted = marking.bare(published.content.quiz.by_id[question])
    alike = (v for v in read.values() if question in v.content.quiz.by_id)
    return sorted((v for v in alike if marking.bare(v.content.quiz.by_id[question]) == wanted), key=lambda v: v.number)


def corrections(course_id: int) -> Sequence[AnyRow]:
    """The corrections of a course, newest first: Correction, name of who made it."""
    found = sa.select(Correction, Person.full_name).where(Correction.course_id == course_id)
    made_by = found.outerjoin(Account, Account.id == Correction.made_by_id).outerjoin(
        Person, Person.id == Account.person_id
    )
    return db.session.execute(made_by.order_by(Correction.id.desc()).limit(PAGE)).all()


def same(correction: Correction) -> Correction | None:
    """The same correction, already made and not yet applied."""
    alike = sa.select(Correction).where(
        Correction.course_id == correction.course_id,
        Correction.question == correction.question,
        Correction.kind == correction.kind,
        Correction.state.in_([Stage.TRYING, Stage.TRIED]),
    )
    found = db.session.scalars(alike.order_by(Correction.id.desc()))
    return next((one for one in found if one.key == correction.key and one.reason == correction.reason), None)


def number_of_people(correction: Correction) -> int:
    """How many people handed in an attempt at the versions concerned."""
    people = sa.select(sa.func.count(sa.distinct(Attempt.person_id)))
    return db.session.scalar(people.where(*_concerned(correction))) or 0


def people(correction: Correction, after: int, limit: int) -> Sequence[int]:
    """The next people, by id, with an attempt at the versions concerned."""
    found = sa.select(Attempt.person_id).distinct().where(*_concerned(correction), Attempt.person_id > after)
    return db.session.scalars(found.order_by(Attempt.person_id).limit(limit)).all()


def attempts(course_id: int, person_ids: Sequence[int]) -> Sequence[Attempt]:
    """What people handed in at a course, and is fully marked."""
    found = sa.select(Attempt).where(Attempt.course_id == course_id, is_among(Attempt.person_id, person_ids), _marked())
    return db.session.scalars(found.order_by(Attempt.person_id, Attempt.number)).all()


def answers(attempt_ids: Sequence[int]) -> dict[int, tuple[dict[str, list[str]], dict[str, float | None]]]:
    """The responses, and the points that people gave, of attempts."""
    columns = sa.select(Answer.attempt_id, Answer.question, Answer.response, Answer.points)
    found: dict[int, tuple[dict[str, list[str]], dict[str, float | None]]] = {}
    for attempt_id, question, response, points in db.session.execute(
        columns.where(is_among(Answer.attempt_id, attempt_ids))
    ):
        responses, by_hand = found.setdefault(attempt_id, ({}, {}))
        responses[question], by_hand[question] = response, points
    return found


def stamp(course_id: int) -> str:
    """A text that changes whenever something is handed in or rescored at a course, or another correction begins to hold."""
    points = sa.func.sum(sa.cast(sa.func.round(Attempt.points * 1000), sa.BigInteger))
    passed = sa.func.sum(sa.case((Attempt.is_passed.is_(True), 1), else_=0))
    handed_in = sa.select(sa.func.count(), sa.func.max(Attempt.id), points, passed)
    parts = db.session.execute(handed_in.where(Attempt.course_id == course_id, _marked())).one()
    held = sa.select(sa.func.count()).where(Correction.course_id == course_id, Correction.holds_from.is_not(None))
    return "/".join(str(int(part or 0)) for part in (*parts, db.session.scalar(held)))


def waiting_effects(correction_id: int, limit: int) -> Sequence[CorrectionEffect]:
    """What was shown and has not been done yet; what passes first, so that nobody loses a pass that another attempt gives."""
    found = sa.select(CorrectionEffect).where(
        CorrectionEffect.correction_id == correction_id, CorrectionEffect.applied_at.is_(None)
    )
    gains_first = CorrectionEffect.after_passed.desc(), CorrectionEffect.id
    return db.session.scalars(found.order_by(*gains_first).limit(limit)).all()


def unmarked(correction: Correction, limit: int) -> Sequence[Answer]:
    """Answers to a question, at the versions that a correction is about, that wait for those who mark."""
    found = sa.select(Answer).join(Attempt, Attempt.id == Answer.attempt_id)
    wait = Answer.question == correction.question, Answer.marks_wanted.is_not(None), Answer.points.is_(None)
    return db.session.scalars(found.where(_at_versions(correction), *wait).order_by(Answer.id).limit(limit)).all()


def totals(correction_id: int) -> dict[str, int]:
    """How many people each effect concerns, and how many in all (`people`)."""
    of_correction = CorrectionEffect.correction_id == correction_id
    number = sa.func.count(sa.distinct(CorrectionEffect.person_id))
    found = sa.select(CorrectionEffect.kind, number).where(of_correction).group_by(CorrectionEffect.kind)
    everybody = db.session.scalar(sa.select(number).where(of_correction)) or 0
    return {**dict.fromkeys(Effect, 0), **dict(db.session.execute(found).all()), "people": everybody}


def effects(user: SignedIn, correction_id: int, kind: Effect, after: int = 0) -> Sequence[AnyRow]:
    """The people of one list whom the reader teaches, a page and one more: CorrectionEffect, code, full_name."""
    found = sa.select(CorrectionEffect, Person.code, Person.full_name).join(
        Person, Person.id == CorrectionEffect.person_id
    )
    mine = found.where(
        CorrectionEffect.correction_id == correction_id,
        CorrectionEffect.kind == kind,
        CorrectionEffect.id > after,
        user.within_reach(Permission.TEACH, CorrectionEffect.person_id),
    )
    return db.session.execute(mine.order_by(CorrectionEffect.id).limit(PAGE + 1)).all()


def job_of(correction: Correction) -> Job | None:
    """The job that works on a correction."""
    return jobs.latest(f"regrading:{correction.id}:")


def has_failed(correction: Correction) -> bool:
    """Whether the job that works on a correction was given up."""
    job = job_of(correction) if correction.state in (Stage.TRYING, Stage.APPLYING) else None
    return job is not None and job.state == "failed"


def lost_pass(lost_pass_id: int, *, lock: bool = False) -> LostPass:
    """A lost pass. Raises NoResultFound."""
    return db.session.get_one(LostPass, lost_pass_id, with_for_update=lock or None, populate_existing=lock)


def lost_passes(user: SignedIn) -> Sequence[AnyRow]:
    """The lost passes that wait for the reader's decision, oldest first: LostPass, code, full_name, course.

    Who has passed again in the meantime needs none.
    """
    found = (
        sa.select(LostPass, Person.code, Person.full_name, Course.title.label("course"))
        .join(Person, Person.id == LostPass.person_id)
        .join(Completion, Completion.id == LostPass.completion_id)
        .join(Course, Course.id == Completion.course_id)
        .where(
            LostPass.decision.is_(None),
            Completion.withdrawn_at.is_(None),
            ~_passes(Completion.person_id, Completion.course_id),
            user.within_reach(Permission.REVOKE_CERTIFICATE, LostPass.person_id),
        )
    )
    return db.session.execute(found.order_by(LostPass.id).limit(PAGE)).all()


def papers(lost: LostPass) -> AnyRow:
    """What hangs on a lost pass: Completion, Certificate (or None), and its attempt before and after."""
    found = (
        sa.select(Completion, Certificate, CorrectionEffect)
        .outerjoin(Certificate, sa.and_(Certificate.completion_id == Completion.id, Certificate.successor_id.is_(None)))
        .outerjoin(
            CorrectionEffect,
            sa.and_(
                CorrectionEffect.person_id == Completion.person_id,
                CorrectionEffect.correction_id == lost.correction_id,
                CorrectionEffect.before_passed.is_(True),
            ),
        )
    )
    return db.session.execute(found.where(Completion.id == lost.completion_id).limit(1)).one()


def has_passed(person_id: int, course_id: int) -> bool:
    """Whether an attempt of a person at a course passes."""
    return bool(db.session.scalar(sa.select(_passes(person_id, course_id))))


def number_of_lost(correction_id: int) -> int:
    """How many passes a correction took from people who had completed the course."""
    lost = sa.select(sa.func.count()).select_from(LostPass)
    return db.session.scalar(lost.where(LostPass.correction_id == correction_id)) or 0


def draft_with_old_key(correction: Correction) -> int | None:
    """The open draft of the course in which the question still is as it was before the correction."""
    draft = authoring.open_draft(course(correction).slug)
    if draft is None or not draft.revision:
        return None
    content, last = authoring.package(draft).content, version_ids(correction)[-1]
    if content is None or correction.question not in content.quiz.by_id:
        return None
    before = catalogue.version(last).content.quiz.by_id[correction.question]
    is_old = marking.bare(content.quiz.by_id[correction.question]) == marking.bare(before)
    return draft.id if is_old else None


@reach("correction_id")
def _reaches_correction(_permission: Permission, correction_id: int) -> bool:
    """Whoever writes the course corrects it."""
    whose = sa.select(Course.unit_id).join(Correction, Correction.course_id == Course.id)
    found = db.session.execute(whose.where(Correction.id == correction_id)).one_or_none()
    return found is not None and authoring.may_write(found.unit_id)


@reach("lost_pass_id")
def _reaches_lost_pass(permission: Permission, lost_pass_id: int) -> bool:
    whose = db.session.scalar(sa.select(LostPass.person_id).where(LostPass.id == lost_pass_id))
    return whose is not None and bool(current_user.reaches_person(permission, whose))


def _concerned(correction: Correction) -> tuple[sa.ColumnElement[bool], ...]:
    return _at_versions(correction), _marked()


def _at_versions(correction: Correction) -> sa.ColumnElement[bool]:
    versions = sa.select(CorrectedVersion.version_id).where(CorrectedVersion.correction_id == correction.id)
    return Attempt.version_id.in_(versions)


def _passes(person_id: object, course_id: object) -> sa.Exists:
    return sa.exists().where(
        Attempt.person_id == person_id, Attempt.course_id == course_id, Attempt.is_passed.is_(True)
    )


def _marked() -> sa.ColumnElement[bool]:
    return sa.and_(Attempt.submitted_at.is_not(None), Attempt.is_passed.is_not(None))
