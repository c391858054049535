"""Certificates out of the house: ten thousand papers as ZIP and as a book, the register of a nation; each in a process of its own.

Beside them: bare copying of the same files into a ZIP, and bare rows into a workbook, in the same run.

    BENCH_PAPERS=10000 BENCH_LINES=600000 python -m bench exports
"""

import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.certificates import everyone
from bench.databases import Database
from bench.memory import Cost, watched
from bench.report import Row, row, show
from lms import clock, text, workbooks
from lms.certificates.models import Certificate, Issuer
from lms.certificates.texts import Paper
from lms.certificates.wording import as_data
from lms.config import ROOT
from lms.db import OPEN_END, db, insert_many
from lms.exports import actions
from lms.exports.rules import Form, Wanted
from lms.network.models import Assignment, Person
from tests.certificates.designs import WORDING
from tests.people import Cast

PAPERS, LINES = int(os.environ.get("BENCH_PAPERS", "10000")), int(os.environ.get("BENCH_LINES", "600000"))
AIM_MEGABYTES, AIM_SECONDS, FULL = 256, 120, 600_000
AT_ONCE = 10_000


def run() -> list[Row]:
    """Rows for SQLite: the two sizes have a database each."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as folder:
        few, many = (_filled(Path(folder) / str(number), number) for number in (PAPERS, LINES))
        return [*_archives(few), *_registers(many)]


def _archives(database: Database) -> Iterator[Row]:
    name = f"{PAPERS:,} certificates"
    printed = _made(database, Form.ARCHIVE)
    copied = _made(database, Form.ARCHIVE)
    bare = _copying(database)
    book = _made(database, Form.BOOK)
    yield row(f"{name}: printed, signed and packed as ZIP", printed.seconds, "s", bare)
    yield row(f"{name}: memory", printed.megabytes, "MB", aim=f"< {AIM_MEGABYTES}")
    yield row(f"{name}: packed once more, all printed", copied.seconds, "s", bare)
    yield row(f"{name}: one PDF for a printer", book.seconds, "s", bare)
    yield row(f"{name}: one PDF: memory", book.megabytes, "MB", aim=f"< {AIM_MEGABYTES}")


def _registers(database: Database) -> Iterator[Row]:
    bare = _bare_rows()
    for form in (Form.WORKBOOK, Form.TABLE):
        cost = _made(database, form)
        aim = f"≤ {AIM_SECONDS * LINES / FULL:,.0f}"
        yield row(f"register of {LINES:,} lines, {form}", cost.seconds, "s", bare, aim)
        yield row(f"register of {LINES:,} lines, {form}: memory", cost.megabytes, "MB", aim=f"< {AIM_MEGABYTES}")


def _made(database: Database, form: Form) -> Cost:
    """What a worker costs that makes an export, with its start."""
    with database.app().app_context():
        today, last = clock.today(), db.session.scalar(sa.select(sa.func.max(Certificate.id)))
        wanted = Wanted(1, date(today.year, 1, 1), date(today.year + 1, 1, 1), last_id=last).as_data()
        export = actions.ask(
            unit_id=1, form=form, wanted=wanted, total=0, name="any", language="vi", account_id=1, actor="bench"
        )
        db.session.commit()
        export_id = export.id
    begin = f"from lms.exports.tasks import make; make(lambda done, total: None, {export_id})"
    code = f"from wsgi import app\nwith app.app_context():\n    {begin}\n"
    process = subprocess.Popen([sys.executable, "-c", code], env=database.env, cwd=ROOT)
    return watched(process)


def _copying(database: Database) -> float:
    """Seconds in which a first program copies the same files into a ZIP."""
    started = time.perf_counter()
    with zipfile.ZipFile(Path(database.folder) / "bare.zip", "w") as archive:
        for path in (Path(database.folder) / "files").rglob("*"):
            if path.is_file() and len(path.name) == 64:
                archive.write(path, path.name)
    return time.perf_counter() - started


def _bare_rows() -> float:
    """Seconds in which as many rows of the same number of short texts are written."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as target:
        workbooks.xlsx(target, "x", ["x"] * 14, (["một ô chữ"] * 14 for _ in range(LINES)))
    return time.perf_counter() - started


def _filled(folder: Path, number: int) -> Database:
    """A register of so many papers that nobody has printed yet, each of somebody else."""
    folder.mkdir()
    url = f"sqlite:///{folder}/register.sqlite"
    database = Database("sqlite", number, url, str(folder), 0.0)
    app = database.app()
    app.test_cli_runner(catch_exceptions=False).invoke(args=["migrate"])
    with app.app_context():
        assert Cast.arrive().nation == 1
        db.session.add(
            Issuer(code="X", name=WORDING.issuer, superior="", place="", signatory_title="", signatory_name="")
        )
        db.session.flush()
        _register(number)
        db.session.commit()
        db.engine.dispose()
    return database


def _register(number: int) -> None:
    today, papers = clock.today(), everyone()
    first = (db.session.scalar(sa.select(sa.func.max(Person.id))) or 0) + 1
    for start in range(0, number, AT_ONCE):
        turns = range(start, min(start + AT_ONCE, number))
        printed = [next(papers) for _ in turns]
        insert_many(
            Person.__table__, [_person(first + turn, paper.name) for turn, paper in zip(turns, printed, strict=True)]
        )
        insert_many(Assignment.__table__, [_post(first + turn, today) for turn in turns])
        lines = (_paper(first + turn, turn + 1, today, paper) for turn, paper in zip(turns, printed, strict=True))
        insert_many(Certificate.__table__, list(lines))


def _person(number: int, name: str) -> dict[str, Any]:
    who = {"id": number, "code": f"B-{number}", "full_name": name, "employment": "civil-servant"}
    return who | {"fold": text.fold(name), "sort_key": f"{number:09}"}


def _post(number: int, today: date) -> dict[str, Any]:
    served = {"person_id": number, "unit_id": 2, "role": "dedicated", "nature": "full-time", "is_primary": True}
    return served | {"from_on": date(today.year - 1, 1, 1), "to_on": OPEN_END, "recorded_at": clock.now()}


def _paper(person_id: int, number: int, today: date, paper: Paper) -> dict[str, Any]:
    line = {"person_id": person_id, "issuer_id": 1, "kind": "course", "subject": f"bench:{number}", "year": today.year}
    line |= {"number": number, "label": paper.number, "code": paper.code, "issued_on": today, "fold": ""}
    return line | {"printed": as_data(WORDING, paper)}


if __name__ == "__main__":
    show(run())
