"""From nothing to the models, down to nothing and up again with rows in every table, on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy.exc import DBAPIError

from lms import audit, create_app
from lms.config import Settings
from lms.db import Base, UTCDateTime, alembic, db
from lms.network.models import NetworkRole

VALUES: dict[type, Any] = {
    sa.Integer: 1,
    sa.BigInteger: 1,
    sa.Double: 1.0,
    sa.Float: 1.0,
    sa.Boolean: False,
    sa.Text: "x",
    sa.JSON: {},
    sa.Date: date(2026, 9, 5),
    UTCDateTime: datetime(2026, 9, 5, 1, 0, tzinfo=UTC),
}


BEFORE_DRAFTS = "0012"
"""From there on tables that others point to are made anew on SQLite."""


@pytest.fixture
def empty(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of its own, without any table."""
    url, drop = (
        (f"sqlite:///{tmp_path / 'own.sqlite'}", None) if database.startswith("sqlite") else _own_database(database)
    )
    app = create_app(
        Settings(_env_file=None, database_url=url, instance_path=tmp_path, secret_key="test"), TESTING=True
    )
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()
    if drop is not None:
        drop()


def _own_database(url: str) -> tuple[str, Any]:
    server = sa.create_engine(Settings(_env_file=None, database_url=url).database, isolation_level="AUTOCOMMIT")

    def run(statement: str) -> None:
        with server.connect() as connection:
            connection.execute(sa.text(statement))

    run("DROP DATABASE IF EXISTS migrated WITH (FORCE)")
    run("CREATE DATABASE migrated")

    def drop() -> None:
        run("DROP DATABASE migrated WITH (FORCE)")
        server.dispose()

    return sa.engine.make_url(url).set(database="migrated").render_as_string(hide_password=False), drop


def differences() -> list[Any]:
    """What alembic would still change."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, Base.metadata))


def fill_all_tables() -> None:
    """One row in each table, pointing to the first rows of the others."""
    with db.engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name != NetworkRole.__tablename__:
                connection.execute(
                    sa.insert(table).values({c.name: _value(c) for c in table.columns if not c.nullable})
                )


def _value(column: sa.Column[Any]) -> Any:
    if any(key.column.table.name == NetworkRole.__tablename__ for key in column.foreign_keys):
        return "dedicated"
    return VALUES[type(column.type)]


def rows() -> dict[str, int]:
    with db.engine.connect() as connection:
        count = sa.select(sa.func.count())
        return {t.name: connection.scalar(count.select_from(t)) or 0 for t in Base.metadata.sorted_tables}


def test_migrations_lead_from_nothing_to_the_models_and_back_with_rows_in_all_tables(empty: Flask) -> None:
    migrate = empty.test_cli_runner(catch_exceptions=False)
    assert migrate.invoke(args=["migrate"]).exit_code == 0
    assert differences() == []

    fill_all_tables()
    assert min(rows().values()) == 1
    alembic.downgrade(BEFORE_DRAFTS)
    alembic.upgrade()
    assert differences() == [] and rows()["completion"] == rows()["course"] == 1
    alembic.downgrade("base")
    assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}

    alembic.upgrade()
    assert differences() == []
    assert {name for name, number in rows().items() if number} == {NetworkRole.__tablename__}
    assert migrate.invoke(args=["migrate"]).exit_code == 0


def test_migrations_are_numbered_in_one_line() -> None:
    names = sorted(path.name for path in (Path(__file__).parents[2] / "migrations").glob("[0-9]*.py"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"])
def test_the_audit_can_only_be_added_to(app: Flask, act: str) -> None:
    audit.record("accounts.sign-in", "account:1")
    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(sa.text(act))
    assert db.session.scalar(sa.select(audit.AuditEntry.actor)) == "system"
