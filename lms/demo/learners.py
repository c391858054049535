"""Who learns in the demo, in which posts, and how diligently."""

from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, TypeVar

import sqlalchemy as sa

from lms.accounts.models import Account
from lms.db import db
from lms.demo import chance, data
from lms.demo.cast import PLAYERS
from lms.network.models import Absence, Assignment, Person

PLAYED = {player.code: player.habit for player in PLAYERS}

T = TypeVar("T", Assignment, Absence)


@dataclass(frozen=True, slots=True)
class Learner:
    """A person, their posts and absences in time, and their habit (a name of habits.toml)."""

    person_id: int
    account_id: int
    code: str
    employment: str
    posts: tuple[Assignment, ...]
    absences: tuple[Absence, ...]
    habit: str

    @property
    def since(self) -> date:
        return self.posts[0].from_on

    @property
    def manner(self) -> dict[str, Any]:
        """What the habit means."""
        return dict(data.document("habits.toml")[self.habit])

    def roles_on(self, day: date) -> set[str]:
        """The roles held on a day; none while away."""
        if any(absence.from_on <= day < absence.to_on for absence in self.absences):
            return set()
        return {post.role for post in self.posts if post.from_on <= day < post.to_on}


def learners() -> list[Learner]:
    """Everybody in the network."""
    posts, absences = _by_person(Assignment), _by_person(Absence)
    accounts = {account.person_id: account.id for account in db.session.scalars(sa.select(Account))}
    people = db.session.scalars(sa.select(Person).order_by(Person.id))
    return [
        Learner(
            person_id=person.id,
            account_id=accounts[person.id],
            code=person.code,
            employment=person.employment,
            posts=tuple(posts[person.id]),
            absences=tuple(absences.get(person.id, ())),
            habit=habit_of(person.code),
        )
        for person in people
    ]


def habit_of(code: str) -> str:
    """The habit that chance gives a person; those of the players are told."""
    if code in PLAYED:
        return PLAYED[code]
    habits: dict[str, Any] = data.document("habits.toml")
    at = chance.share(code, "habit")
    ends = accumulate(habit["share"] for habit in habits.values())
    return next((name for name, end in zip(habits, ends, strict=True) if at < end), next(iter(habits)))


def _by_person(model: type[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = {}
    for row in db.session.scalars(sa.select(model).order_by(model.person_id, model.from_on, model.id)):
        found.setdefault(row.person_id, []).append(row)
    return found
