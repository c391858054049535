"""A rebuild that is killed at any point leaves standings and figures that agree, and the next one does the rest."""

import random
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.db import db, reading
from lms.goals import figures, rebuilding
from lms.goals.figures import TALLIED, Tallied, Tree
from lms.goals.models import Standing
from tests.goals.facts import publish
from tests.goals.test_figures import credit, nothing_differs
from tests.mortal import Mother
from tests.people import Cast, person, post

PEOPLE, KILLS = 60, 2


@pytest.mark.slow
def test_killed_at_any_point_figures_are_those_of_the_standings_that_are_there(
    app: Flask, cast: Cast, database: str, tmp_path: Path, mother: Mother
) -> None:
    publish()
    for number in range(PEOPLE):
        who = person(f"Người {number}", f"n{number}")
        post(who, (cast.team, cast.thanh_khe, cast.hue)[number % 3], "community-member")
        credit(who, number % 10)
    db.session.commit()
    chance = random.Random(1690)
    for _ in range(KILLS):
        kill_one(mother, database, tmp_path, chance)
        assert figures_are_those_of_the_standings()
    assert 0 < db.session.scalar(sa.select(sa.func.count(Standing.id))) < PEOPLE + 4
    rebuilding.rebuild(progress=lambda done, total: None)
    assert db.session.scalar(sa.select(sa.func.count(Standing.id))) == PEOPLE + 4
    assert nothing_differs()


def kill_one(mother: Mother, database: str, folder: Path, chance: random.Random) -> None:
    """Begin to rebuild, and end the process without mercy after some transaction."""
    process = mother.begin("tests.goals.rebuilding_process", database, folder)
    for _ in range(chance.randrange(1, 4)):
        process.written.readline()
    time.sleep(chance.random() / 100)
    assert process.kill() == -9, "it was killed before its end"


def figures_are_those_of_the_standings() -> bool:
    with reading():
        standings = [Tallied._make(row) for row in db.session.execute(sa.select(*TALLIED))]
        year = {one.year for one in standings}
        stored: Counter[tuple[object, ...]] = Counter()
        for *key, people in figures.stored(year):
            stored[tuple(key)] += people
        return {key: n for key, n in stored.items() if n} == dict(figures.tally(standings, Tree()))
