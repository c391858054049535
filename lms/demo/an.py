"""An's year: the network's course is done, the next one is half read, and its quiz lies open with four answers."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from lms.catalogue import queries as courses
from lms.demo import year
from lms.demo.learners import Learner
from lms.demo.year import Moment

ANSWERED = 4
COURSES = ("mang-luoi-chuyen-doi-so", "dich-vu-cong-truc-tuyen")


def moments(an: Learner, today: date) -> Iterator[Moment]:
    """In shares of the year so far, so that it is the same story on any day of the year."""
    elapsed = (today - an.since).days
    first, second = map(courses.current, COURSES)

    def at(share: float) -> datetime:
        return year.hour(an.since + timedelta(days=int(elapsed * share)), an)

    whole = [at(0.05 + number / 50) for number in range(len(first.content.lessons))]
    yield Moment(whole[0], an, partial(year.read, an, first, whole))
    yield Moment(at(0.2), an, partial(year.sit, an, first, 1))
    half = [at(0.9 + number / 50) for number in range(len(second.content.lessons) // 2)]
    yield Moment(half[0], an, partial(year.read, an, second, half))
    yield Moment(at(0.98), an, partial(year.answer, an, second, wrong=0, only=ANSWERED))
