"""Two years of online learning, written in full and played up to now, in the order of time.

Everything goes through the actions that the pages call, with the clock stopped at the moment of each.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from lms import audit, clock
from lms.catalogue.content import Quiz
from lms.catalogue.queries import Published
from lms.demo import answers, chance
from lms.demo.learners import Learner
from lms.learning import actions as learning
from lms.quizzes import actions as quizzes
from lms.quizzes import rules as quiz_rules
from lms.quizzes.models import Attempt
from lms.study import actions as study

ONE_DAY = timedelta(days=1)
SETTLING_DAYS = 10
COURSE_DAYS = 75


@dataclass(frozen=True, slots=True)
class Moment:
    """Somebody does something at an instant."""

    at: datetime
    learner: Learner
    act: Callable[[], object]


def play(moments: Iterable[Moment]) -> None:
    """Do what is past, in the order of time: the register of certificates is numbered as it would have been."""
    now = clock.now()
    past = [moment for moment in moments if moment.at < now]
    for moment in sorted(past, key=lambda moment: (moment.at, moment.learner.person_id)):
        with clock.stopped(moment.at), audit.acting(moment.learner.account_id, moment.learner.code):
            moment.act()


def courses(learner: Learner, offered: Sequence[Published], today: date) -> Iterator[Moment]:
    """The courses that a person takes last year and this year, one after the other."""
    waiting, free = iter(offered), learner.since + timedelta(days=SETTLING_DAYS)
    for year, wanted in zip((today.year - 1, today.year), learner.manner["courses"], strict=True):
        day = date(year, 1, 1) + timedelta(days=learner.manner["first_day"])
        for _ in range(int(wanted + chance.share(learner.code, year))):
            published = next(waiting, None)
            start = max(day, free) + timedelta(days=chance.whole(0, COURSE_DAYS, learner.code, day))
            if published and learner.roles_on(start):
                taken = list(course(learner, published, start))
                yield from taken
                free = clock.local_day(taken[-1].at) + ONE_DAY


def course(learner: Learner, published: Published, start: date) -> Iterator[Moment]:
    """A course from its first lesson to the passed quiz, over some weeks."""
    times, day = [], start
    for lesson in published.content.lessons:
        times.append(hour(day, learner))
        day += timedelta(days=chance.whole(1, 3, learner.code, lesson.slug))
    now = clock.now()
    yield Moment(times[0], learner, partial(read, learner, published, [at for at in times if at < now]))
    for wrong in tries(learner, published):
        yield Moment(hour(day, learner), learner, partial(sit, learner, published, wrong))
        day += ONE_DAY


def read(learner: Learner, published: Published, times: Sequence[datetime]) -> None:
    """The first lessons of a course, one at each of these times."""
    enrolment_id = learning.enrol(person_id=learner.person_id, published=published)
    for lesson, at in zip(published.content.lessons, times, strict=False):
        with clock.stopped(at):
            learning.finish_lesson(enrolment_id=enrolment_id, lesson=lesson.slug)


def sit(learner: Learner, published: Published, wrong: int) -> None:
    """An attempt from its start to handing it in a while later."""
    attempt = answer(learner, published, wrong=wrong)
    minutes = chance.whole(8, 25, learner.code, published.content.slug, attempt.number)
    with clock.stopped(clock.now() + timedelta(minutes=minutes)):
        study.hand_in(attempt=attempt, published=published)


def answer(learner: Learner, published: Published, *, wrong: int, only: int | None = None) -> Attempt:
    """The open attempt, with answers to its questions (to the first `only`)."""
    attempt = quizzes.start(person_id=learner.person_id, published=published)
    drawn, at = quiz_rules.draw(published.content.quiz, attempt.seed), clock.now()
    for shown, response in list(zip(drawn, answers.given(drawn, wrong, learner.code), strict=True))[:only]:
        at += timedelta(seconds=chance.whole(15, 45, learner.code, shown.question.id))
        with clock.stopped(at):
            quizzes.save(attempt=attempt, shown=shown, values=quiz_rules.as_shown(shown, response))
    return attempt


def tries(learner: Learner, published: Published) -> Iterator[int]:
    """How many answers are wrong in each attempt, down to the one that passes."""
    quiz, about = published.content.quiz, (learner.code, published.content.slug)
    most = may_miss(quiz)
    for number in range(2):
        if chance.share(*about, "fails", number) < learner.manner["fails"]:
            yield min(most + chance.whole(1, 3, *about, number), quiz.length)
        else:
            break
    yield chance.whole(0, most, *about)


def may_miss(quiz: Quiz) -> int:
    """How many questions may be wholly wrong in a passed attempt, when all count the same."""
    return int((1 - quiz.passing) * quiz.length + 1e-9)


def hour(day: date, learner: Learner) -> datetime:
    """When a person learns on a day: volunteers in the evening, staff after work begins."""
    first = 19 if learner.employment == "volunteer" else 8
    return clock.at(day, first) + timedelta(minutes=chance.whole(0, 150, learner.code, day))
