"""A closing that is killed at any point and taken up again gives byte for byte the book of one that was not."""

import json
import random
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.db import db
from lms.goals import actions as goals
from lms.yearbooks import closing
from lms.yearbooks.models import BookLine, BookVersion
from lms.yearbooks.rules import Line, chained
from tests.mortal import Mother
from tests.yearbooks import story

PROCESS = "tests.yearbooks.closing_process"
PEOPLE, KILLS = 40, 2


@pytest.fixture
def version(app: Flask) -> BookVersion:
    """A province of sixty people whose year is about to be closed, half of them known only by what was superseded."""
    province, commune, other = story.place()
    story.publish()
    for number in range(PEOPLE):
        story.serve(f"nguoi-{number:02}", (commune, other)[number % 2], 30 + number % 15)
    return story.begin(province)


@pytest.mark.slow
def test_killed_at_any_point_and_taken_up_again_it_is_the_same_book(
    app: Flask, version: BookVersion, database: str, tmp_path: Path, mother: Mother
) -> None:
    version_id, unit_id, expected = version.id, version.book.unit_id, uninterrupted(version)
    db.session.rollback()
    chance = random.Random(version_id)
    for number in range(KILLS):
        kill_one(mother, chance, database, tmp_path, version_id)
        if number == 0:
            changed_meanwhile()
    assert mother.begin(PROCESS, database, tmp_path, version_id, "over cores").end() == 0
    stored = sa.select(BookLine.hash).where(BookLine.version_id == version_id).order_by(BookLine.number)
    assert list(db.session.scalars(stored)) == expected
    book = story.fresh(unit_id)
    assert (book.state, book.latest.lines) == ("closed", len(expected))
    assert story.flaws(book) == []


def test_the_chunks_of_processes_are_written_in_one_order() -> None:
    chunks = [([1, 2], ["a"]), ([3, 9], ["b"]), ([11], ["c"])]
    for order in ([2, 0, 1], [1, 2, 0], [0, 2, 1]):
        found = closing.in_order([1, 2, 3, 9, 11], [chunks[place] for place in order])  # type: ignore[misc]
        assert list(found) == [["a"], ["b"], ["c"]]


def test_whoever_is_overtaken_leaves_the_book_to_the_other(app: Flask, version: BookVersion) -> None:
    chain = closing._Chain(version)
    story.carry_out(version)
    with pytest.raises(closing.Overtaken):
        chain.write([Line(0, "person", 1, "", "", 1, "", "", "2026-12-31", "met", 0, 0, json.dumps({}))])


def uninterrupted(version: BookVersion) -> list[str]:
    """The hashes of the lines, had nobody killed the process."""
    hashed, found = version.previous_hash, []
    people = closing.judged(closing.prepare(version.id), closing.candidates(version))
    for number, line in enumerate(people, start=1):
        hashed = chained(hashed, line._replace(number=number))
        found.append(hashed)
    return [*found, *units_after(version, hashed, len(found), people)]


def units_after(version: BookVersion, hashed: str, number: int, people: list[Line]) -> list[str]:
    """The hashes of the three units: the communes with their people, the province with all."""
    places = closing.Places(version.book.unit_id)
    found = []
    for unit_id in places.below(version.as_of.toordinal()):
        day = version.as_of.toordinal()
        step = places.way(unit_id, day)[0]
        statuses: dict[str, int] = {}
        for line in people:
            if unit_id in {above.unit_id for above in places.way(line.unit_id or 0, day)}:
                statuses[line.status] = statuses.get(line.status, 0) + 1
        number += 1
        hashed = chained(hashed, closing._unit_line(places, step, day, statuses)._replace(number=number))
        found.append(hashed)
    return found


def kill_one(mother: Mother, chance: random.Random, *words: object) -> None:
    """Begin to close, and end the process without mercy after some transaction."""
    process = mother.begin(PROCESS, *words)
    for _ in range(chance.randrange(1, 6)):
        process.written.readline()
    time.sleep(chance.random() / 100)
    assert process.kill() == -9, "it was killed before its end"


def changed_meanwhile() -> None:
    """Between two tries somebody records a credit: it came after the closing had begun, and does not count."""
    with story.on(2027, 2, 1):
        who = db.session.scalars(sa.select(story.Person).order_by(story.Person.id.desc()).limit(1)).one()
        story.learn(who, 30, category="state", day=story.date(2026, 11, 1))
        goals.refresh(person_ids=[who.id])
        db.session.commit()
