"""Adjustments are numbered without a gap, however many arrive at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from lms.db import db
from lms.network.models import Person
from lms.yearbooks import queries
from tests.yearbooks import story

THREADS = 20


def test_twenty_at_once_get_the_numbers_1_to_20(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    province, commune, _ = story.place()
    story.publish()
    people = [story.serve(f"nguoi-{number:02}", commune, 36) for number in range(THREADS)]
    story.judge()
    book = story.close(province)
    ids = [who.id for who in people]
    db.session.rollback()

    def learn_late(person_id: int) -> None:
        with app.app_context():
            story.learn_late(db.session.get_one(Person, person_id), 8)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(learn_late, ids))
    db.session.expire_all()
    found = queries.adjustments(book.id)
    assert [one.number for one in found] == list(range(1, THREADS + 1))
    assert {one.person_id for one in found} == set(ids)
    assert story.fresh(province).adjustments == THREADS
    assert story.flaws(story.fresh(province)) == []
