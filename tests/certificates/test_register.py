"""The register is gapless: twenty processes at once, some of them killed, on both databases."""

import signal
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask import Flask

from lms.catalogue import queries as catalogue
from lms.certificates import actions, queries
from lms.certificates.models import Certificate, RegisterCounter
from lms.db import db
from lms.learning.models import Completion
from tests.certificates.issuing_process import POWER_CUT
from tests.certificates.papers import completed, issued, newcomer, open_school
from tests.mortal import Mother
from tests.people import Cast

PROCESS = "tests.certificates.issuing_process"
AT_ONCE, UNPRINTABLE = 20, 6
KILLED, FAILING = {2, 7, 11, 16}, {5, 17}


def issue_one(app: Flask, completion_id: int) -> str | None:
    """What a web process does for one person; the label, when there is one."""
    with app.app_context():
        completion = db.session.get_one(Completion, completion_id)
        version = catalogue.version(completion.version_id)
        certificate = actions.issue_if_possible(completion=completion, published=version)
        db.session.commit()
        return certificate.label if certificate else None


def test_twenty_processes_of_which_some_are_killed_leave_no_gap_and_no_double(
    cast: Cast, app: Flask, database: str, mother: Mother
) -> None:
    open_school()
    issued(cast.an)
    names = ["Nguyễn 字" if n == UNPRINTABLE else f"Người {'abcdefghijklmnopqrst'[n // 2]}" for n in range(2 * AT_ONCE)]
    waiting = [completed(newcomer(cast, name, number)).id for number, name in enumerate(names)]
    db.session.commit()
    told = (" ".join(map(str, sorted(numbers))) for numbers in (waiting, KILLED, FAILING))
    process = mother.begin(PROCESS, database, app.config["INSTANCE_PATH"], *told)
    ends = [int(end) for end in process.written.readline().split()]
    assert process.end() == 0
    fate = {**dict.fromkeys(KILLED, -signal.SIGKILL), **dict.fromkeys(FAILING, POWER_CUT)}
    assert ends == [fate.get(number, 0) for number in range(AT_ONCE)]

    left = 1 + len(KILLED | FAILING)
    expect_papers(1 + len(waiting) - left)
    assert len(queries.waiting_completions()) == left
    db.session.rollback()
    assert actions.issue_missing(queries.waiting_completions()) == left - 1
    db.session.commit()
    expect_papers(len(waiting))


def expect_papers(number: int) -> None:
    """So many papers, numbered from one without gap or double, each for another completion."""
    papers = db.session.execute(sa.select(Certificate.number, Certificate.subject).order_by(Certificate.number)).all()
    assert [paper.number for paper in papers] == list(range(1, number + 1))
    assert len({paper.subject for paper in papers}) == number
    assert db.session.scalars(sa.select(RegisterCounter.last_number)).one() == number


def test_one_completion_asked_for_by_many_has_one_paper(cast: Cast, app: Flask) -> None:
    open_school()
    completion = completed(cast.an).id
    db.session.commit()
    with ThreadPoolExecutor(6) as pool:
        found = [pool.submit(issue_one, app, completion) for _ in range(6)]
    labels = {future.result() for future in found if future.exception() is None}
    assert len(labels) == 1
    assert db.session.scalars(sa.select(Certificate.number)).all() == [1]
    assert db.session.scalars(sa.select(RegisterCounter.last_number)).one() == 1
