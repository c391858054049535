"""Many write at once: no credit is lost, no figure is wrong, nobody waits in a circle."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from lms import clock
from lms.db import db
from lms.goals import actions, figures
from lms.goals.models import Credit, Standing
from lms.network.models import Absence, Person
from tests.goals.facts import MODULE, publish
from tests.goals.test_figures import credit, nothing_differs
from tests.people import Cast, person, post

THREADS, PEOPLE = 50, 10


def test_fifty_at_once_in_one_province_lose_nothing(app: Flask, cast: Cast) -> None:
    publish()
    members = [person(f"Người {number}", f"n{number}") for number in range(PEOPLE)]
    for number, who in enumerate(members):
        post(who, (cast.team, cast.thanh_khe)[number % 2], "community-member")
    actions.refresh(person_ids=None)
    db.session.commit()
    ids = [who.id for who in members]

    def learn(number: int) -> None:
        with app.app_context():
            who, other = db.session.get_one(Person, ids[number % PEOPLE]), ids[(number * 7 + 3) % PEOPLE]
            credit(who, 2, activity=f"a{number}").module = MODULE
            if number % 10 == 0:
                start = clock.today() - timedelta(days=number + 1)
                db.session.add(Absence(person_id=other, type=f"t{number}", from_on=start, recorded_at=clock.now()))
            actions.refresh(person_ids={who.id, other})
            db.session.commit()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(learn, range(THREADS)))
    assert db.session.scalar(sa.select(sa.func.count(Credit.id))) == THREADS
    earned = sa.select(Standing.earned).where(Standing.person_id.in_(ids), Standing.policy == "dx")
    assert set(db.session.scalars(earned)) == {1000}
    assert figures.of_unit(cast.da_nang, "dx", clock.today().year)["met"] == PEOPLE
    assert nothing_differs()
