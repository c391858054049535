"""Reads for the learner's pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound

from lms.catalogue import open_reading
from lms.catalogue import queries as catalogue
from lms.catalogue.content import Content, Lesson, Quiz
from lms.catalogue.queries import Published
from lms.clock import now, today
from lms.db import AnyRow, rows
from lms.goals import queries as goals
from lms.goals import trace
from lms.learning import queries as learning
from lms.learning import rules
from lms.learning.queries import Progress
from lms.learning.rules import NextStep
from lms.network.models import Assignment
from lms.quizzes import corrections
from lms.quizzes import queries as quizzed
from lms.quizzes import rules as quiz_rules
from lms.quizzes.corrections import Change
from lms.quizzes.models import Attempt
from lms.quizzes.queries import Given
from lms.quizzes.rules import Allowance, Ended, Feedback, Refusal, Shown


@dataclass(frozen=True, slots=True)
class Home:
    """What a learner's start page shows."""

    standings: Sequence[AnyRow]
    overdue: Sequence[tuple[str, str]]
    next_step: NextStep | None
    started: Sequence[tuple[Progress, Published]]


@dataclass(frozen=True)
class Sheet:
    """One attempt with its questions as shown and its stored answers. `asked` are those not kept from the attempt before.

    `changes` are the corrections by which it is marked.
    """

    attempt: Attempt
    published: Published
    drawn: tuple[Shown, ...]
    answers: Mapping[str, Given]
    changes: Sequence[Change] = ()

    @property
    def asked(self) -> tuple[Shown, ...]:
        return tuple(shown for shown in self.drawn if not self.is_kept(shown))

    @property
    def answered(self) -> list[bool]:
        """Of each question that is asked, whether it has an answer."""
        return [bool(self.response_to(shown)) for shown in self.asked]

    def is_kept(self, shown: Shown) -> bool:
        given = self.answers.get(shown.question.id)
        return given is not None and given.is_kept

    def response_to(self, shown: Shown) -> list[str]:
        given = self.answers.get(shown.question.id)
        return given.response if given else []

    def share_of(self, shown: Shown) -> Fraction | None:
        """The share of a question's points that its answer earned; None while people have to mark it."""
        given, response = self.answers.get(shown.question.id), self.response_to(shown)
        points = given.points if given else None
        if quiz_rules.is_to_be_marked(shown.question, response) and points is None:
            return None
        return quiz_rules.share(shown.question, response, points, self.changes)

    def is_late(self, now: datetime) -> bool:
        return quiz_rules.is_late(self.attempt.deadline_at, now, self.published.content.quiz.grace_seconds)

    def seconds_left(self, now: datetime) -> int | None:
        """Until the deadline; None when there is none."""
        until = self.attempt.deadline_at
        return max(0, ceil((until - now).total_seconds())) if until else None


_roles = sa.select(Assignment.role).where(
    Assignment.person_id == sa.bindparam("person_id"),
    Assignment.from_on <= sa.bindparam("day"),
    Assignment.to_on > sa.bindparam("day"),
)


def home(person_id: int) -> Home:
    """A learner's year: standings, overdue modules (slug, ISO day), the next step, and the courses begun."""
    day = today()
    standings = goals.standings(person_id, day.year)
    missing, lacking = trace.missing([s.detail for s in standings])
    progress = learning.all_progress(person_id)
    versions = catalogue.versions([p.version_id for p in progress]) if progress else {}
    started = [(p, versions[p.version_id]) for p in progress]
    due = [module for _, module in missing]
    step = rules.next_step(started, catalogue.offered(), due, roles(person_id, day), lacking)
    return Home(
        standings=sorted(standings, key=lambda s: s.policy != "dx"),
        overdue=[(module, by) for by, module in missing if by < day.isoformat()],
        next_step=step,
        started=list(reversed(started)),
    )


def roles(person_id: int, day: date) -> list[str]:
    """The roles of the network that a person holds on a day."""
    return [row.role for row in rows(_roles, person_id=person_id, day=day)]


def taken(person_id: int | None, slug: str) -> tuple[Published, Progress | None]:
    """A course as a person takes it: in the version they began, else the present one; a stranger (None) has not begun.

    Raises NoResultFound, also for a retired course that they did not begin.
    """
    present = catalogue.current(slug)
    progress = learning.progress(person_id, present.course_id) if person_id else None
    if progress is None and not catalogue.is_offered(present.course_id):
        raise NoResultFound
    if progress and progress.version_id != present.version_id:
        return catalogue.version(progress.version_id), progress
    return present, progress


def following(content: Content, *, is_stranger: bool = False) -> list[Published]:
    """The courses on offer that follow from one, as its author names them; for strangers those that are open."""
    there = {one.content.slug: one for one in (open_reading.courses() if is_stranger else catalogue.offered())}
    return [there[slug] for slug in content.next if slug in there]


def attempted(person_id: int, present: Published, number: int, *, lock: bool = False) -> tuple[Attempt, Published]:
    """One of a person's attempts, and the version that it asks. Raises NoResultFound."""
    attempt = quizzed.attempt(person_id, present.course_id, number, lock=lock)
    return attempt, present if attempt.version_id == present.version_id else catalogue.version(attempt.version_id)


def sheet(person_id: int, present: Published, number: int, *, lock: bool = False) -> Sheet:
    """One of a person's attempts with questions and answers. Raises NoResultFound."""
    attempt, published = attempted(person_id, present, number, lock=lock)
    drawn = quizzed.drawn(published, attempt.seed)
    return Sheet(attempt, published, drawn, quizzed.answers(attempt.id))


def as_marked(sheet: Sheet) -> Sheet:
    """An attempt with the keys by which its questions are marked: corrected ones as they are right now."""
    changes = quizzed.changes(sheet.attempt.version_id)
    drawn = tuple(replace(s, question=corrections.marking(s.question, changes).keys[0]) for s in sheet.drawn)
    return replace(sheet, drawn=drawn, changes=changes)


def to_reread(sheet: Sheet) -> list[Lesson]:
    """The lessons of the outcomes in which an attempt was not fully right, in their order."""
    missed = {shown.question.outcome for shown in sheet.drawn if sheet.share_of(shown) != 1}
    return [lesson for lesson in sheet.published.content.lessons if missed.intersection(lesson.outcomes)]


def again_at(quiz: Quiz, ended: Sequence[Ended], granted: Allowance) -> datetime | None:
    """When the next attempt may start, while one has to wait for it."""
    if quiz_rules.refusal(quiz, ended, now(), granted) is not Refusal.COOL_DOWN:
        return None
    return max(at for at, _ in ended) + timedelta(minutes=quiz.cool_down_minutes)


def feedback(person_id: int, published: Published, attempts: Sequence[Attempt]) -> Feedback:
    """What a person may see now of all their attempts at a course."""
    granted = quizzed.allowance(person_id, published.course_id)
    return quiz_rules.feedback(published.content.quiz, quizzed.ended(attempts), granted)
