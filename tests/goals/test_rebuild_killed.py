"""A rebuild that is killed at any point leaves standings and figures that agree, and the next one does the rest."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.config import ROOT
from lms.db import db
from lms.goals import figures, rebuilding
from lms.goals.figures import TALLIED, Tallied, Tree
from lms.goals.models import Standing
from tests.goals.facts import publish
from tests.goals.test_figures import credit, nothing_differs
from tests.people import Cast, person, post

PEOPLE, KILLS = 60, 2


@pytest.mark.slow
def test_killed_at_any_point_figures_are_those_of_the_standings_that_are_there(
    app: Flask, cast: Cast, database: str, tmp_path: Path
) -> None:
    publish()
    for number in range(PEOPLE):
        who = person(f"Người {number}", f"n{number}")
        post(who, (cast.team, cast.thanh_khe, cast.hue)[number % 3], "community-member")
        credit(who, number % 10)
    db.session.commit()
    chance = random.Random(1690)
    for _ in range(KILLS):
        kill_one(database, tmp_path, chance)
        assert figures_are_those_of_the_standings()
    assert 0 < db.session.scalar(sa.select(sa.func.count(Standing.id))) < PEOPLE + 4
    rebuilding.rebuild(progress=lambda done, total: None)
    assert db.session.scalar(sa.select(sa.func.count(Standing.id))) == PEOPLE + 4
    assert nothing_differs()


def kill_one(database: str, folder: Path, chance: random.Random) -> None:
    """Begin to rebuild, and end the process without mercy after some transaction."""
    command = [sys.executable, "-m", "tests.goals.rebuilding_process", database, str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    for _ in range(chance.randrange(1, 4)):
        process.stdout.readline()
    time.sleep(chance.random() / 100)
    process.kill()
    process.communicate(timeout=60)


def figures_are_those_of_the_standings() -> bool:
    db.session.rollback()
    standings = [Tallied._make(row) for row in db.session.execute(sa.select(*TALLIED))]
    year = {one.year for one in standings}
    stored: Counter[tuple[object, ...]] = Counter()
    for *key, people in figures.stored(year):
        stored[tuple(key)] += people
    return {key: n for key, n in stored.items() if n} == dict(figures.tally(standings, Tree()))
