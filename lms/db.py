"""The database: one session a request, one transaction a session, on SQLite and PostgreSQL alike."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache, lru_cache, wraps
from inspect import iscoroutinefunction
from itertools import chain, islice
from typing import Any, Self, TypeVar, cast

import orjson
import sqlalchemy as sa
from flask import Flask, Response, g, has_request_context, request
from flask_alembic import Alembic
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.sql.functions import FunctionElement

try:
    import pysqlite3 as sqlite_driver
except ImportError:
    sqlite_driver = sqlite3

SQLITE_VERSION: str = sqlite_driver.sqlite_version
AnyRow = sa.Row[*tuple[Any, ...]]
AnySelect = sa.Select[*tuple[Any, ...]]

T = TypeVar("T")

READING_METHODS = {"GET", "HEAD", "OPTIONS"}
OPEN_END = date(9999, 12, 31)
FEW = 100

_reading: ContextVar[bool] = ContextVar("reading", default=False)


class UTCDateTime(sa.TypeDecorator[datetime]):
    """An aware UTC instant; SQLite forgets time zones, this type gives them back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Constraint names are fixed, because SQLite's batch migrations find constraints by name."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UTCDateTime, dict[str, Any]: sa.JSON, list[Any]: sa.JSON, str: sa.Text}


class Dated:
    """A fact that holds on the days `[from_on, to_on)`; an open end is 9999-12-31."""

    from_on: Mapped[date]
    to_on: Mapped[date] = mapped_column(default=OPEN_END)

    @classmethod
    def on(cls, day: date | InstrumentedAttribute[date]) -> sa.ColumnElement[bool]:
        """The condition that the fact holds on a day."""
        return sa.and_(cls.from_on <= day, cls.to_on > day)

    @classmethod
    def during(cls, start: date, end: date) -> sa.ColumnElement[bool]:
        """The condition that the fact holds on some day of `[start, end)`."""
        return sa.and_(cls.from_on < end, cls.to_on > start)

    @property
    def is_open(self: Self) -> bool:
        return self.to_on == OPEN_END


class Migrations(Alembic):
    """Alembic that lets SQLite's foreign keys rest while it works, and checks them in the end.

    SQLite changes a table by making it anew, and nothing may point to it meanwhile; within a transaction they cannot rest.
    """

    def run_migrations(self, fn: Any, **options: Any) -> None:
        connection = self.migration_context.connection
        if connection is None or connection.dialect.name != "sqlite":
            return super().run_migrations(fn, **options)
        connection.rollback()
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            super().run_migrations(fn, **options)
            if broken := driver.execute("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError(f"rows that point to nothing: {broken[:20]}")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


db = SQLAlchemy(session_options={"expire_on_commit": False})
alembic = Migrations(metadatas=Base.metadata, run_mkdir=False)


def init_app(app: Flask) -> None:
    """Attach engines, migrations and the one hook that ends each request's transaction."""
    db.init_app(app)
    # We have no async engines, yet closing their sessions would start an event loop in every request.
    app.teardown_appcontext_funcs = [f for f in app.teardown_appcontext_funcs if not iscoroutinefunction(f)]
    alembic.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _prepare_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
    app.after_request(_end_transaction)


class SchemaBehind(RuntimeError):
    """The database has not the schema of this code; `flask migrate` brings it."""


def require_schema(app: Flask) -> None:
    """Raise `SchemaBehind` when the schema is not the newest."""
    with app.app_context():
        if not has_newest_schema():
            raise SchemaBehind("flask --app wsgi migrate")


def has_newest_schema() -> bool:
    """Whether the database has the schema of this code."""
    return {script.revision for script in alembic.heads()} == {script.revision for script in alembic.current()}


def engine_options(url: str) -> dict[str, Any]:
    """Engine settings for a database URL: time-outs, and a SQLite that is young enough (see `flask doctor`)."""
    if url.startswith("sqlite"):
        driver = {"module": sqlite_driver, "connect_args": {"timeout": 10, "check_same_thread": False}}
        return {"url": url, "json_serializer": json_text, **driver}
    return {
        "url": url,
        "json_serializer": json_text,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_timeout": 5,
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": 5, "options": "-c statement_timeout=120000 -c timezone=UTC"},
    }


def json_text(value: Any) -> str:
    """A value of a JSON column as the databases take it: made an eighth as slow as the standard library makes it."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def insert(table: type[Base] | sa.Table) -> Any:
    """The dialect's INSERT, which knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def built_once(build: Callable[..., Any]) -> Callable[..., Any]:
    """What a function builds, kept for each kind of database: for statements that are asked most."""
    kept = cache(lambda _dialect, *given: build(*given))
    return wraps(build)(lambda *given: kept(db.session.get_bind().dialect.name, *given))


def hold(name: str, *, shared: bool = False) -> None:
    """Hold a lock of this name until the transaction ends: alone, or with all who share it. SQLite has one writer anyway."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        connection.exec_driver_sql(f"SELECT {function}(hashtext(%s))", (name,))


def is_among(column: Any, values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """The condition that a column holds one of some values, of which there may be very many: they go as one parameter."""
    wanted = list(values)
    if len(wanted) == 1:
        return column == wanted[0]
    if db.session.get_bind().dialect.name == "postgresql":
        return column == sa.any_(sa.literal(wanted, postgresql.ARRAY(column.type)))
    return column.in_(sa.select(sa.func.json_each(json.dumps(wanted)).table_valued("value").c.value))


def chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Parts of a sequence, each of `size` values but the last."""
    return (values[start : start + size] for start in range(0, len(values), size))


class _Ids(sa.TypeDecorator[list[int]]):
    """Ids as one parameter: an array where the database has such, a JSON text where it has not."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> str:
        return json.dumps(list(value or ()))


class among(FunctionElement[bool]):
    """The condition that a column holds one of the `ids` that a statement is asked with: so it is built only once."""

    inherit_cache = True
    name = "among"
    type = sa.Boolean()

    def __init__(self, column: Any) -> None:
        super().__init__(column, sa.bindparam("ids", type_=sa.ARRAY(sa.Integer).with_variant(_Ids(), "sqlite")))

    def self_group(self, against: Any = None) -> Self:
        """A condition as it stands: SQLite would compare it with 1, and then use no index."""
        return self


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} = ANY ({ids}))"


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({ids})))"


class ordinal(FunctionElement[int]):
    """A day as the number that `date.toordinal()` gives: the database counts faster than Python makes dates."""

    inherit_cache = True
    name = "ordinal"
    type = sa.Integer()


@compiles(ordinal, "postgresql")
def _ordinal_postgresql(element: ordinal, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} - DATE '0001-01-01' + 1)"


@compiles(ordinal, "sqlite")
def _ordinal_sqlite(element: ordinal, compiler: Any, **options: Any) -> str:
    return f"CAST(julianday({compiler.process(element.clauses, **options)}) - 1721424.5 AS INTEGER)"


Asked = tuple[AnySelect, Mapping[str, Any]]
"""A statement and its values."""


def rows(statement: AnySelect, **values: Any) -> Sequence[AnyRow]:
    """The rows of a prebuilt statement of columns, read past the ORM: half its cost, for pages that everybody opens."""
    return db.session.connection().execute(statement, values).all()


def bare_rows(statement: AnySelect, **values: Any) -> Sequence[tuple[Any, ...]]:
    """Rows as the driver gives them, for very many of them: numbers and texts, which both databases give alike."""
    found = db.session.connection().execute(statement, values).cursor
    assert found is not None
    return cast(Sequence[tuple[Any, ...]], found.fetchall())


def rows_together(*asked: Asked) -> list[Sequence[tuple[Any, ...]]]:
    """`bare_rows` of several prebuilt statements: PostgreSQL is asked all of them at once, and waited for once.

    Values are given as the driver takes them.
    """
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        return [bare_rows(statement, **values) for statement, values in asked]
    driver: Any = connection.connection.driver_connection
    ready = [(_compiled(statement, connection.dialect), values) for statement, values in asked]
    with driver.pipeline():
        cursors = [driver.execute(str(compiled), compiled.construct_params(values)) for compiled, values in ready]
        return [cursor.fetchall() for cursor in cursors]


@lru_cache(maxsize=64)
def _compiled(statement: AnySelect, dialect: Dialect) -> Any:
    return statement.compile(dialect=dialect)


def insert_many(target: sa.FromClause, records: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name the same columns."""
    if records:
        names = list(records[0])
        insert_rows(target, names, ([record[name] for name in names] for record in records))


def insert_rows(target: sa.FromClause, names: Sequence[str], values: Iterable[Iterable[Any]]) -> None:
    """Insert rows of some columns, past the ORM and its statements; many by COPY on PostgreSQL, which asks it thrice."""
    connection, table = db.session.connection(), cast(sa.Table, target)
    defaults = {
        c.name: c.default.arg
        for c in table.c
        if c.name not in names and isinstance(c.default, sa.ColumnDefault) and c.default.is_scalar
    }
    columns = ", ".join(f'"{name}"' for name in (*names, *defaults))
    into = f'"{table.name}" ({columns})'
    adapted = _adapted([table.c[name] for name in (*names, *defaults)], values, tuple(defaults.values()))
    first = list(islice(adapted, FEW + 1))
    if not first:
        return
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(first[0]))
        connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({marks})", [*first, *adapted])
    elif len(first) <= FEW:
        marks = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in first)
        connection.exec_driver_sql(f"INSERT INTO {into} VALUES {marks}", tuple(chain.from_iterable(first)))
    else:
        with connection.connection.cursor().copy(f"COPY {into} FROM STDIN") as copy:
            for row in chain(first, adapted):
                copy.write_row(row)


def _adapted(
    columns: Sequence[sa.Column[Any]], values: Iterable[Iterable[Any]], constant: tuple[Any, ...]
) -> Iterator[tuple[Any, ...]]:
    """Rows as the driver takes them. Days and instants come again and again, and are made text once."""
    dialect = db.session.connection().dialect
    turns = []
    for place, column in enumerate(columns):
        kind = column.type.dialect_impl(dialect)
        if turn := kind.bind_processor(dialect):
            is_time = kind._type_affinity in (sa.Date, sa.DateTime)
            turns.append((place, lru_cache(maxsize=4096)(turn) if is_time else turn))
    for given in values:
        row = [*given, *constant]
        for place, turn in turns:
            row[place] = turn(row[place])
        yield tuple(row)


@contextmanager
def writing() -> Iterator[Connection]:
    """A short transaction of its own, beside the session's: for a job's progress and for counting tries."""
    with db.engine.begin() as connection:
        yield connection


@contextmanager
def reading() -> Iterator[None]:
    """Inside the block, outside requests, transactions begin as readers and do not hold SQLite's one write lock."""
    token = _reading.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        _reading.reset(token)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "cache_size=-32768",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer half-way is refused by SQLite at once; whoever may write asks for the lock first. What
    # follows a request's transaction is an answer that streams: it only reads, at the speed of whoever downloads it.
    reads = _reading.get() or (has_request_context() and (request.method in READING_METHODS or "is_ended" in g))
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _end_transaction(response: Response) -> Response:
    sessions: Mapping[str, Any] = g.get("_sqlalchemy_sessions", {})
    for session in sessions.values():
        if request.method in READING_METHODS or response.status_code >= 400:
            session.rollback()
        else:
            session.commit()
    g.is_ended = True
    return response
