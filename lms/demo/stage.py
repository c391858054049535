"""Where the tale of the courses of Đà Nẵng is played: who acts, for which unit, and so many days before today."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from lms import clock
from lms.demo import data
from lms.demo.cast import CHI
from lms.demo.learners import Learner
from lms.demo.year import Moment

HOUR = 9


@dataclass(frozen=True, slots=True)
class Stage:
    """The people by their codes, the unit that the trainers teach, and the day from which all is counted back."""

    today: date
    unit_id: int
    people: Mapping[str, Learner]

    @property
    def chi(self) -> Learner:
        return self.people[CHI.code]

    def moment(self, told: Mapping[str, Any], act: Callable[[Learner], object]) -> Moment:
        """What somebody (Chi, unless told) does `days_ago`, at nine unless told."""
        actor = self.people[told.get("by", CHI.code)]
        at = clock.at(self.day(told["days_ago"]), told.get("hour", HOUR))
        return Moment(at, actor, partial(act, actor))

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)


def told() -> dict[str, Any]:
    """The tale."""
    return data.document("teaching.toml")
