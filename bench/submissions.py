"""Attempts of ten questions handed in a second, beside a route of the same server that inserts a single row.

Each is scored, completed, credited and certified in one transaction; one after the other, on one server process.
"""

import time
from dataclasses import dataclass
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from bench.databases import KINDS, Database, unjudged
from bench.pages import ask, server
from bench.report import Row, row, show
from lms import clock
from lms.accounts import actions as accounts
from lms.accounts.models import Account
from lms.catalogue import actions as courses
from lms.catalogue import queries as catalogue
from lms.catalogue.package import read
from lms.catalogue.queries import Published
from lms.certificates import actions as certificates
from lms.config import ROOT
from lms.db import db
from lms.learning import actions as learning
from lms.network.models import Person
from lms.quizzes import actions as quizzes
from lms.quizzes import rules
from lms.quizzes.rules import Shown

PEOPLE = 2000
SUBMISSIONS = 200
WARM = 20
COURSE = "dich-vu-cong-truc-tuyen"
AIM = "≥ 0.25"


@dataclass(frozen=True)
class Waiting:
    """An open attempt with all its answers saved: where to hand it in, and its owner's cookie and form token."""

    path: str
    cookie: str
    token: str


def run() -> list[Row]:
    """Rows for SQLite, then for PostgreSQL."""
    return [found for kind in KINDS for found in measure(unjudged(kind, PEOPLE))]


def measure(database: Database) -> list[Row]:
    """Submissions a second of one database, beside the bare insert."""
    waiting = prepare(database, SUBMISSIONS + WARM)
    with server("bench.bare:app", database.env) as port:
        bare = _posts(port, [Waiting("/rows", "", "")] * (SUBMISSIONS + WARM), 200)
    with server("wsgi:app", database.env) as port:
        handed_in = _posts(port, waiting, 302)
    return [
        row(f"{database.kind}: bare single-row insert", bare, "rows/s"),
        row(f"{database.kind}: quiz hand-in to certificate", handed_in, "submissions/s", bare, AIM),
    ]


def prepare(database: Database, number: int) -> list[Waiting]:
    """Open attempts of people who have finished all lessons; rightly answered."""
    app = database.app()
    with app.app_context():
        published = publish(COURSE)
        people = db.session.scalars(sa.select(Person).order_by(Person.id).limit(number)).all()
        found = [_open_attempt(published, person.id) for person in people]
        db.session.commit()
        db.engine.dispose()
    return [Waiting(path, *signed_in(app, token)) for path, token in found]


def publish(course: str) -> Published:
    """A shipped course with an issuer for its certificates."""
    courses.publish(package=read(ROOT / "courses" / course), by_id=None)
    certificates.set_issuer(
        code="BENCH", name="SỞ KHOA HỌC VÀ CÔNG NGHỆ", superior="", place="Đà Nẵng", signatory_title="GIÁM ĐỐC",
        signatory_name="",
    )  # fmt: skip
    return catalogue.current(course)


def session_of(person_id: int) -> str:
    """The token of a new session of somebody, who gets an account where they have none."""
    account = accounts.queries.accounts_of([person_id]).get(person_id)
    if account is None:
        account = Account(person_id=person_id, created_at=clock.now())
        db.session.add(account)
    account.password_hash = account.password_hash or "bench"
    db.session.flush()
    return accounts.open_session(account=account, device="bench")


def signed_in(app: Flask, session_token: str) -> tuple[str, str]:
    """The cookie of a session of an account, and the token that its forms need."""
    with app.test_request_context():
        session["_user_id"], session["_fresh"] = session_token, True
        form_token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}", form_token


def _open_attempt(published: Published, person_id: int) -> tuple[str, str]:
    enrolment_id = learning.enrol(person_id=person_id, published=published)
    for lesson in published.content.lessons:
        learning.finish_lesson(enrolment_id=enrolment_id, lesson=lesson.slug)
    attempt = quizzes.start(person_id=person_id, published=published)
    for shown in rules.draw(published.content.quiz, attempt.seed):
        quizzes.save(attempt=attempt, shown=shown, values=_right(shown))
    return f"/courses/{published.content.slug}/quiz/{attempt.number}/hand-in", session_of(person_id)


def _right(shown: Shown) -> list[str]:
    """The right answer, as a page would send it."""
    question = shown.question
    right = [str(n) for n, option in enumerate(question.options) if option.right]
    simple = [str(question.answer).lower()] if question.answer is not None else list(question.answers[:1])
    ordered = [str(n) for n in range(len(question.pairs))] or [str(n + 1) for n in range(len(question.items))]
    gaps = ["0" if gap.options else gap.answers[0] for gap in question.gaps]
    return rules.as_shown(shown, right or simple or ordered or gaps)


def _posts(port: int, waiting: list[Waiting], status: int) -> float:
    """Answers a second, after the first ones."""
    for number, one in enumerate(waiting):
        if number == WARM:
            start = time.perf_counter()
        answer = ask(port, "POST", one.path, one.cookie, urlencode({"csrf_token": one.token}))
        assert answer.status == status, f"{one.path}: {answer.status}"
    return (len(waiting) - WARM) / (time.perf_counter() - start)


if __name__ == "__main__":
    show(run())
