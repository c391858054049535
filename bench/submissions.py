"""Prepares attempts that only wait to be handed in: so that handing in is measured, and nothing else."""

import os
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from lms import create_app
from lms.accounts import actions as accounts
from lms.accounts import passwords
from lms.catalogue import queries as catalogue
from lms.config import Settings
from lms.db import db
from lms.learning import actions as learning
from lms.learning.models import Completion
from lms.network.models import Person
from lms.quizzes import actions as quizzes
from lms.quizzes import queries as quizzed
from lms.quizzes import rules


@dataclass(frozen=True)
class Waiting:
    """An open attempt with all its answers saved: where to hand it in, and its owner's cookie and form token."""

    path: str
    cookie: str
    token: str


def prepare(course: str, number: int) -> list[Waiting]:
    """Open attempts of people who have finished all lessons but not the course; answers as they come."""
    app = create_app(Settings(database_url=os.environ["DATABASE_URL"], instance_path=os.environ["INSTANCE_PATH"]))
    with app.app_context():
        published = catalogue.current(course)
        done = sa.select(Completion.person_id).where(Completion.course_id == published.course_id)
        people = db.session.scalars(
            sa.select(Person).where(Person.id.not_in(done)).order_by(Person.id).limit(number)
        ).all()
        found = [_open_attempt(published, person) for person in people]
        db.session.commit()
    return [_waiting(app, path, session_token) for path, session_token in filter(None, found)]


def _open_attempt(published: catalogue.Published, person: Person) -> tuple[str, str] | None:
    enrolment_id = learning.enrol(person_id=person.id, published=published)
    for lesson in published.content.lessons:
        learning.finish_lesson(enrolment_id=enrolment_id, lesson=lesson.slug)
    try:
        attempt = quizzes.start(person_id=person.id, published=published)
    except quizzes.NotNow:
        return None
    for shown in rules.draw(published.content.quiz, attempt.seed):
        if not quizzed.responses(attempt.id).get(shown.question.id):
            quizzes.save(attempt=attempt, shown=shown, values=["0"])
    account = accounts.queries.accounts_of([person.id])[person.id]
    account.password_hash = account.password_hash or passwords.hash_password("bench")
    path = f"/courses/{published.content.slug}/quiz/{attempt.number}/hand-in"
    return path, accounts.open_session(account=account, device="bench")


def _waiting(app: Flask, path: str, session_token: str) -> Waiting:
    return Waiting(path, *signed_in(app, session_token))


def signed_in(app: Flask, session_token: str) -> tuple[str, str]:
    """The cookie of a session of an account, and the token that its forms need."""
    with app.test_request_context():
        session["_user_id"], session["_fresh"] = session_token, True
        form_token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}", form_token
