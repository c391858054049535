"""Writes of surveys: from draft to open to closed, answering, and gathering what was answered."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from lms import audit, clock
from lms.db import db, hold, insert, insert_many
from lms.surveys import audience, document, queries, rules
from lms.surveys.models import Answered, Survey, Turnout, Unfinished
from lms.surveys.questionnaire import Sent
from lms.surveys.questionnaire import unfinished as worth_keeping
from lms.surveys.rules import Purpose, Refusal, Refused, Stage, State

CODE_BYTES = 9
ID_BITS = 62


class Overtaken(Exception):
    """Somebody else has saved in between."""


def begin(
    *, purpose: Purpose, source: str, terms: Mapping[str, Any], by_id: int | None, before: Survey | None = None
) -> Survey:
    """A new draft; `before` is the run with which its results are compared. Raises `BadSurvey`."""
    survey = Survey(
        code=secrets.token_urlsafe(CODE_BYTES),
        purpose=purpose.value,
        title=document.parse(source).title,
        source=source,
        before_id=before.id if before and not before.is_draft else None,
        created_by_id=by_id,
        created_at=clock.now(),
        **terms,
    )
    db.session.add(survey)
    db.session.flush()
    audit.record("surveys.begin", survey, title=survey.title, unit=survey.unit_id)
    return survey


def copy(*, survey: Survey, by_id: int) -> Survey:
    """A new draft that asks the same of the same people: the next run."""
    names = ("unit_id", "role", "course_id", "is_after_completion", "is_named", "fewest", "division")
    terms = {name: getattr(survey, name) for name in names}
    return begin(purpose=Purpose(survey.purpose), source=survey.source, terms=terms, by_id=by_id, before=survey)


def save(*, survey: Survey, source: str, revision: int) -> None:
    """Save the text of a draft. Raises `Refused`, `Overtaken` when somebody else was faster, `BadSurvey`."""
    _require_draft(survey)
    if survey.revision != revision:
        raise Overtaken
    survey.title, survey.source = document.parse(source).title, source
    survey.revision += 1
    db.session.flush()
    audit.record("surveys.save", survey, revision=survey.revision)


def set_terms(*, survey: Survey, terms: Mapping[str, Any]) -> None:
    """Change whom a draft asks, and what will be told of the answers. Raises `Refused`."""
    _require_draft(survey)
    for name, value in terms.items():
        setattr(survey, name, value)
    db.session.flush()
    audit.record("surveys.set-terms", survey, **terms)


def discard(*, survey: Survey) -> None:
    """Delete a draft. Raises `Refused`."""
    _require_draft(survey)
    audit.record("surveys.discard", survey, title=survey.title)
    db.session.delete(survey)
    db.session.flush()


def release(*, survey: Survey, from_on: date, to_on: date) -> None:
    """Open a draft for answers on the days `[from_on, to_on)`. From now on its text never changes. Raises `Refused`."""
    _require_draft(survey)
    if survey.purpose == Purpose.COURSE and survey.course_id is None:
        raise Refused(Refusal.NO_COURSE)
    if not queries.questionnaire(survey).questions:
        raise Refused(Refusal.NO_QUESTIONS)
    if not (survey.is_named or survey.is_after_completion) and audience.asked(survey) < survey.fewest:
        raise Refused(Refusal.TOO_FEW)
    survey.state, survey.from_on, survey.to_on = State.OPEN, from_on, to_on
    db.session.flush()
    audit.record("surveys.release", survey, from_on=from_on.isoformat(), to_on=to_on.isoformat())


def move_end(*, survey: Survey, to_on: date) -> None:
    """Let an open survey end on another day, not before tomorrow. Raises `Refused`."""
    _require_not_over(survey)
    if survey.from_on is None or to_on <= max(survey.from_on, clock.today()):
        raise Refused(Refusal.TOO_EARLY)
    survey.to_on = to_on
    db.session.flush()
    audit.record("surveys.move-end", survey, to_on=to_on.isoformat())


def close(*, survey: Survey) -> None:
    """End a survey now, for good, and count what was answered. Raises `Refused`."""
    _require_not_over(survey)
    survey.state = State.CLOSED
    db.session.execute(sa.delete(Unfinished).where(Unfinished.survey_id == survey.id))
    audit.record("surveys.close", survey)
    gather(survey=survey)


def keep(*, survey: Survey, person_id: int, sent: Sent) -> bool:
    """Keep what somebody has answered so far, for them alone; False when they have handed in. No act of consequence."""
    _hold(survey, person_id)
    if queries.has_answered(survey.id, person_id):
        return False
    kept = worth_keeping(queries.questionnaire(survey), sent)
    row = {"survey_id": survey.id, "person_id": person_id, "sent": kept}
    same = ["survey_id", "person_id"]
    db.session.execute(insert(Unfinished).values(row).on_conflict_do_update(index_elements=same, set_={"sent": kept}))
    return True


def hand_in(*, survey: Survey, person_id: int, answers: Mapping[str, Any]) -> bool:
    """Take somebody's answers, once; False when they had answered already.

    Of an anonymous survey the audit is silent: a line with a name and a second is what could be laid beside the answers.
    """
    _hold(survey, person_id)
    turnout = insert(Turnout).values(survey_id=survey.id, person_id=person_id).on_conflict_do_nothing()
    if db.session.scalar(turnout.returning(Turnout.person_id)) is None:
        return False
    group = audience.group_of(survey, person_id)
    db.session.add(
        Answered(
            id=_by_chance(),
            survey_id=survey.id,
            person_id=person_id if survey.is_named else None,
            group=group,
            answers=dict(answers),
            round=survey.rounds if survey.is_named else None,
        )
    )
    db.session.execute(
        sa.delete(Unfinished).where(Unfinished.survey_id == survey.id, Unfinished.person_id == person_id)
    )
    db.session.flush()
    if survey.is_named:
        audit.record("surveys.hand-in", survey, person=person_id)
    return True


def gather(*, survey: Survey) -> int:
    """Let the answers that wait join the results, when they are enough; how many did.

    They are written anew, all in one transaction and under new ids drawn by chance, so that not even the database knows in
    which order they came or with which row of the turnout.
    """
    if not rules.may_gather(queries.waiting(survey.id), survey.fewest, is_named=survey.is_named):
        return 0
    survey.rounds += 1
    waiting = sa.delete(Answered).where(Answered.survey_id == survey.id, Answered.round.is_(None))
    fresh = [
        {"id": _by_chance(), "survey_id": survey.id, "group": group, "answers": answers, "round": survey.rounds}
        for group, answers in db.session.execute(waiting.returning(Answered.group, Answered.answers))
    ]
    insert_many(Answered.__table__, sorted(fresh, key=lambda row: int(row["id"])))
    db.session.flush()
    audit.record("surveys.gather", survey, round=survey.rounds, answers=len(fresh))
    return len(fresh)


def tidy() -> int:
    """Gather what waits, and forget what was left unfinished in surveys that are over; how many answers were gathered."""
    db.session.execute(sa.delete(Unfinished).where(Unfinished.survey_id.in_(queries.over(clock.today()))))
    return sum(gather(survey=survey) for survey in queries.to_gather())


def export(*, survey: Survey, form: str, rows: int) -> None:
    """The results are taken out."""
    audit.record("surveys.export", survey, form=form, rows=rows)


def _hold(survey: Survey, person_id: int) -> None:
    """One act of a person at a time: else what a script still keeps, under their name, would outlive their handing in."""
    hold(f"survey:{survey.id}:{person_id}")


def _require_draft(survey: Survey) -> None:
    if not survey.is_draft:
        raise Refused(Refusal.NOT_DRAFT)


def _require_not_over(survey: Survey) -> None:
    if survey.stage(clock.today()) not in (Stage.WAITING, Stage.OPEN):
        raise Refused(Refusal.NOT_OPEN)


def _by_chance() -> int:
    return secrets.randbits(ID_BITS)
