"""An's year: the network's course is done, the next one is half read, and its quiz lies open with four answers."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from lms.catalogue.queries import Published
from lms.demo import year
from lms.demo.learners import Learner
from lms.demo.year import Moment

ANSWERED = 4


def moments(an: Learner, first: Published, second: Published, today: date) -> Iterator[Moment]:
    """In shares of the year so far, so that it is the same story on any day of the year."""
    elapsed = (today - an.since).days

    def day(share: float) -> date:
        return an.since + timedelta(days=int(elapsed * share))

    for number, lesson in enumerate(first.content.lessons):
        yield Moment(year.hour(day(0.05 + number / 50), an), an, partial(year.read, an, first, lesson.slug))
    yield Moment(year.hour(day(0.2), an), an, partial(year.sit, an, first, 1))
    half = second.content.lessons[: len(second.content.lessons) // 2]
    for number, lesson in enumerate(half):
        yield Moment(year.hour(day(0.9 + number / 50), an), an, partial(year.read, an, second, lesson.slug))
    yield Moment(year.hour(day(0.98), an), an, partial(year.answer, an, second, wrong=0, only=ANSWERED))
