"""A class that starts within a minute and finishes within ten, on PostgreSQL, through the shipped server.

`BENCH_RUSH=5000 python -m bench.rush` is the whole class. Fewer people come at the same rate, in a shorter time. Each starts,
opens and saves every question, and hands in; nothing that was receipted may be missing afterwards.
"""

import contextlib
import heapq
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import sqlalchemy as sa

from bench.databases import Database, unjudged
from bench.pages import free_port
from bench.report import Row, row, show
from bench.submissions import COURSE, publish, session_of, signed_in
from lms.catalogue import queries as catalogue
from lms.config import ROOT
from lms.db import db
from lms.learning import actions as learning
from lms.network.models import Person
from lms.quizzes import queries, rules
from lms.quizzes.models import Attempt

CLASS = 5000
PEOPLE = int(os.environ.get("BENCH_RUSH", "100"))
START_SECONDS = 60 * PEOPLE / CLASS
SECONDS = 600 * PEOPLE / CLASS
QUESTIONS = 10
STEPS = QUESTIONS + 2
CLIENTS = 64
WORKERS = 2
AIM = "p95 ≤ 500"
QUIZ = f"/courses/{COURSE}/quiz"


@dataclass
class Learner:
    """Somebody of the class: how to be them, and which of their answers the server has receipted."""

    person_id: int
    cookie: str
    token: str
    saved: dict[int, str] = field(default_factory=dict)


@dataclass
class Course:
    """What was measured: milliseconds by kind of request, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)


def run() -> list[Row]:
    """Rows of PostgreSQL."""
    database = unjudged("postgresql", max(2000, PEOPLE * 2))
    learners = _class(database)
    with _serving(database) as port:
        course = _play(port, learners)
    lost = _lost(database, learners)
    for error in course.errors[:5]:
        print(error, file=sys.stderr)
    rows = [
        row(f"rush: p95 of {kind}, {PEOPLE:,} people", _p95(ms), "ms", aim=AIM) for kind, ms in course.times.items()
    ]
    rows.append(row("rush: errors", len(course.errors), "requests", aim="0"))
    rows.append(row("rush: receipted answers and attempts that are missing", lost, "answers", aim="0"))
    return rows


def _class(database: Database) -> list[Learner]:
    """People who have finished all lessons and are signed in."""
    app = database.app()
    with app.app_context():
        published = publish(COURSE)
        ids = db.session.scalars(sa.select(Person.id).order_by(Person.id).limit(PEOPLE)).all()
        for person_id in ids:
            enrolment_id = learning.enrol(person_id=person_id, published=published)
            for lesson in published.content.lessons:
                learning.finish_lesson(enrolment_id=enrolment_id, lesson=lesson.slug)
        tokens = [session_of(person_id) for person_id in ids]
        db.session.commit()
        db.engine.dispose()
    return [Learner(person_id, *signed_in(app, token)) for person_id, token in zip(ids, tokens, strict=True)]


@contextmanager
def _serving(database: Database) -> Iterator[int]:
    """`flask serve` with one process a core and its job worker; the port."""
    port = free_port()
    command = ["-m", "flask", "--app", "wsgi", "serve", "--port", str(port), "--workers", str(WORKERS)]
    server = subprocess.Popen(
        [sys.executable, *command], env=database.env, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(port)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def _play(port: int, learners: Sequence[Learner]) -> Course:
    """Everybody does their steps at their times, one after the other."""
    course, lock = Course(), threading.Lock()
    due = [(_second(person, 0, len(learners)), person, 0) for person in range(len(learners))]
    open_steps = len(due) * STEPS
    begin = time.perf_counter()

    def work() -> None:
        nonlocal open_steps
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while open_steps:
            with lock:
                at, person, step = heapq.heappop(due) if due else (0.0, -1, 0)
            if person < 0:
                time.sleep(0.05)
                continue
            time.sleep(max(0.0, begin + at - time.perf_counter()))
            _do(connection, learners[person], step, course, lock)
            with lock:
                open_steps -= 1
                if step + 1 < STEPS:
                    heapq.heappush(due, (_second(person, step + 1, len(learners)), person, step + 1))

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return course


def _second(person: int, step: int, people: int) -> float:
    """When a step is due: 0 starts, then every question is opened and saved, the last one hands in."""
    pace = (SECONDS - START_SECONDS) / STEPS
    return START_SECONDS * person / people + pace * step


def _do(
    connection: http.client.HTTPConnection, learner: Learner, step: int, course: Course, lock: threading.Lock
) -> None:
    if step == 0:
        _timed(connection, learner, "start", "POST", QUIZ, {}, course, lock)
    elif step > QUESTIONS:
        _timed(connection, learner, "hand-in", "POST", f"{QUIZ}/1/hand-in", {}, course, lock)
    else:
        _timed(connection, learner, "question page", "GET", f"{QUIZ}/1/{step}", {}, course, lock)
        value = str((learner.person_id + step) % 3)
        fields = {"base": "0", "answer": value} | {f"answer-{place}": value for place in range(8)}
        answer = _timed(connection, learner, "save", "POST", f"{QUIZ}/1/{step}", fields, course, lock)
        if answer and json.loads(answer).get("revision"):
            learner.saved[step] = value


def _timed(
    connection: http.client.HTTPConnection, learner: Learner, kind: str, method: str, path: str, fields: dict[str, str],
    course: Course, lock: threading.Lock,
) -> bytes:  # fmt: skip
    """Send a request and note how long it took; its answer, empty after an error."""
    headers = {"Cookie": learner.cookie, "Content-Type": "application/x-www-form-urlencoded"}
    headers |= {"Accept": "application/json"} if kind == "save" else {}
    body = urlencode({"csrf_token": learner.token, **fields}) if method == "POST" else None
    start = time.perf_counter()
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        with lock:
            course.errors.append(f"{method} {path}: {error}")
        return b""
    with lock:
        course.times[kind].append(1000 * (time.perf_counter() - start))
        if answer.status not in (200, 302):
            course.errors.append(f"{method} {path}: {answer.status}")
    return content if answer.status == 200 else b""


def _lost(database: Database, learners: Sequence[Learner]) -> int:
    """How many receipted answers are not stored as they were sent, and how many attempts were not handed in."""
    lost = 0
    with database.app().app_context():
        published = catalogue.current(COURSE)
        for learner in learners:
            attempts: Sequence[Attempt] = queries.attempts(learner.person_id, published.course_id)
            lost += sum(attempt.submitted_at is None for attempt in attempts) if attempts else 1
            stored = queries.responses(attempts[0].id) if attempts else {}
            drawn = rules.draw(published.content.quiz, attempts[0].seed) if attempts else ()
            for position, value in learner.saved.items():
                shown = drawn[position - 1]
                rows = len(shown.question.pairs or shown.question.items or shown.question.gaps)
                lost += stored.get(shown.question.id) != rules.as_authored(shown, [value] * (rows or 1))
        db.engine.dispose()
    return lost


def _p95(milliseconds: Sequence[float]) -> float:
    return statistics.quantiles(milliseconds, n=20)[-1]


def _wait(port: int) -> None:
    for _ in range(400):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no server on {port}")


if __name__ == "__main__":
    show(run())
