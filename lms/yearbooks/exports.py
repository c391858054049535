"""A version taken out as a table: its people with their reasons, or its units with their figures."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from werkzeug.wrappers import Response

from lms import downloads, text
from lms.db import db
from lms.goals.rules import HUNDREDTHS
from lms.language import gettext
from lms.yearbooks import queries, rules
from lms.yearbooks.models import BookLine, BookVersion

FORMS = ("people.csv", "people.xlsx", "units.csv", "units.xlsx")
PEOPLE_COLUMNS = (
    "number", "code", "name", "unit-code", "unit", "status", "due", "earned", "adjusted", "missing", "trace", "hash",
    "content",
)  # fmt: skip
UNIT_COLUMNS = (
    "number", "code", "name", "unit-code", "people", "met", "not-met", "exempt", "not-applicable", "rate", "hash",
)  # fmt: skip
STREAMED = 1_000

Row = Sequence[Any]


def export(version: BookVersion, form: str) -> Response:
    """A version as a file, in one of `FORMS`."""
    kind, _, ending = form.partition(".")
    columns, rows = (PEOPLE_COLUMNS, people(version)) if kind == "people" else (UNIT_COLUMNS, units(version))
    name = f"so-nam-{version.book.year}-{text.slug(version.unit_name)}-{version.number}-{kind}.{ending}"
    return downloads.table(ending, name, columns, rows, titles=[gettext(f"book.column.{column}") for column in columns])


def people(version: BookVersion) -> Iterator[Row]:
    """One row a person, with what the adjustments after the close would say."""
    for lines in _lines(version, "person"):
        adjusted = queries.last_adjustments(version.id, [line.subject_id for line in lines])
        for line in lines:
            said, later = json.loads(line.content), adjusted.get(line.subject_id)
            yield (
                line.number, line.code, line.name, line.unit_code, line.unit_name, gettext(f"status.{line.status}"),
                line.due, line.earned / HUNDREDTHS, adjusted_words(later.now_status) if later else "",
                "; ".join(module for module, _ in said["missing"]), " ".join(f"{one}." for one in said["trace"]),
                line.hash, line.content,
            )  # fmt: skip


def units(version: BookVersion) -> Iterator[Row]:
    """One row a unit."""
    for lines in _lines(version, "unit"):
        for line in lines:
            figures = json.loads(line.content)
            rate = rules.rate(figures)
            share = "" if rate is None else round(100 * rate, 1)
            yield (
                line.number,
                line.code,
                line.name,
                line.unit_code,
                *(figures[n] for n in rules.FIGURES),
                share,
                line.hash,
            )


def adjusted_words(status: str | None) -> str:
    """A status after an adjustment; None is of somebody who is no longer counted."""
    return gettext(f"status.{status}") if status else gettext("book.not-counted")


def _lines(version: BookVersion, kind: str) -> Iterator[Sequence[BookLine]]:
    found = sa.select(BookLine).where(BookLine.version_id == version.id, BookLine.kind == kind)
    streamed = db.session.scalars(found.order_by(BookLine.number).execution_options(yield_per=STREAMED))
    for lines in streamed.partitions():
        yield lines
        for line in lines:
            db.session.expunge(line)
