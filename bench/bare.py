"""The references: a bare Flask route that renders a small template, and one that inserts a single row."""

import os
from functools import cache

import sqlalchemy as sa
from flask import Flask, render_template_string

from lms.config import Settings
from lms.db import engine_options

app = Flask(__name__)

SMALL = """<!doctype html><html lang="vi"><title>{{ title }}</title><h1>{{ title }}</h1>
<ul>{% for number in range(10) %}<li><a href="/{{ number }}">{{ title }} {{ number }}</a></li>{% endfor %}
</ul></html>"""

ROWS = sa.Table("bare_row", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.Text))


@app.get("/")
def page() -> str:
    return render_template_string(SMALL, title="Thạo Số")


@app.post("/rows")
def insert() -> str:
    with _engine().begin() as connection:
        connection.execute(ROWS.insert().values(text="Thạo Số"))
    return "ok"


@cache
def _engine() -> sa.Engine:
    """As durable as the application's: SQLite with a write-ahead log that is on the disk before the answer."""
    options = engine_options(Settings(_env_file=None, database_url=os.environ["DATABASE_URL"]).database)  # type: ignore[call-arg]
    engine = sa.create_engine(options.pop("url"), **options)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare)
    ROWS.create(engine, checkfirst=True)
    return engine


def _prepare(connection: object, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]
    connection.execute("PRAGMA synchronous=FULL")  # type: ignore[attr-defined]
