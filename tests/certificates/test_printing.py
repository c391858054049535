"""Papers are printed by whoever asks first, and never again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from lms import files, jobs
from lms.certificates import printing
from lms.certificates.models import Certificate
from lms.db import db, reading
from lms.network.models import Person
from tests.certificates.papers import issued, newcomer, open_school
from tests.people import Cast

AT_ONCE = 5


@pytest.fixture
def ga(cast: Cast) -> Person:
    open_school()
    return newcomer(cast, "Ngô Thị Ga", 31)


def ask(app: Flask, certificate_id: int) -> str:
    """What a web process does when somebody opens a paper."""
    with app.app_context(), reading():
        return printing.file_of(db.session.get_one(Certificate, certificate_id))


def test_many_who_open_a_paper_at_once_get_the_same_file(ga: Person, app: Flask) -> None:
    paper = issued(ga)
    assert paper.sha256 is None, "nobody has asked for it yet"
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = set(pool.map(ask, [app] * AT_ONCE, [paper.id] * AT_ONCE))
    kept = db.session.get_one(Certificate, paper.id, populate_existing=True).sha256
    assert found == {kept}
    assert files.read(str(kept)).startswith(b"%PDF-")


def test_papers_that_nobody_opens_are_printed_by_the_worker(ga: Person, cast: Cast, app: Flask) -> None:
    papers = [issued(ga), issued(cast.an)]
    opened = ask(app, papers[0].id)
    jobs.queue_regular()
    db.session.commit()
    jobs.run_pending()
    printed = [db.session.get_one(Certificate, paper.id, populate_existing=True).sha256 for paper in papers]
    assert printed[0] == opened
    assert files.read(str(printed[1])).startswith(b"%PDF-")
