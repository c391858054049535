"""The register is gapless: twenty at once, some of them failing, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask import Flask

from lms.catalogue import queries as catalogue
from lms.certificates import actions
from lms.certificates.models import Certificate, RegisterCounter
from lms.db import db
from lms.learning.models import Completion
from tests.certificates.papers import completed, issued, newcomer, open_school
from tests.people import Cast

AT_ONCE = 20
UNPRINTABLE, FAILING = {3, 11}, {5, 17}


class PowerCut(Exception):
    """The transaction ends before it was committed."""


def issue_one(app: Flask, completion_id: int, number: int) -> str | None:
    """What a web process does for one person; the label, when there is one."""
    with app.app_context():
        try:
            completion = db.session.get_one(Completion, completion_id)
            version = catalogue.version(completion.version_id)
            certificate = actions.issue_if_possible(completion=completion, published=version)
            if number in FAILING:
                raise PowerCut
            db.session.commit()
            return certificate.label if certificate else None
        except PowerCut:
            db.session.rollback()
            return None


def test_twenty_papers_at_once_have_numbers_without_gap(cast: Cast, app: Flask) -> None:
    open_school()
    issued(cast.an)
    names = [
        "Nguyễn 字" if number in UNPRINTABLE else f"Người thứ {'abcdefghijklmnopqrst'[number]}"
        for number in range(AT_ONCE)
    ]
    waiting = [completed(newcomer(cast, name, number)).id for number, name in enumerate(names)]
    db.session.commit()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        labels = list(pool.map(issue_one, [app] * AT_ONCE, waiting, range(AT_ONCE)))
    missing = {number for number, label in enumerate(labels) if label is None}
    assert missing == UNPRINTABLE | FAILING
    numbers = db.session.scalars(sa.select(Certificate.number).order_by(Certificate.number)).all()
    assert list(numbers) == list(range(1, AT_ONCE - len(missing) + 2))
    assert db.session.scalars(sa.select(RegisterCounter.last_number)).one() == len(numbers)


def test_one_completion_asked_for_by_many_has_one_paper(cast: Cast, app: Flask) -> None:
    open_school()
    completion = completed(cast.an).id
    db.session.commit()
    with ThreadPoolExecutor(6) as pool:
        found = [pool.submit(issue_one, app, completion, -1) for _ in range(6)]
    labels = {future.result() for future in found if future.exception() is None}
    assert len(labels) == 1
    assert db.session.scalars(sa.select(Certificate.number)).all() == [1]
    assert db.session.scalars(sa.select(RegisterCounter.last_number)).one() == 1
