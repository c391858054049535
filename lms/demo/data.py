"""What the demo tells: CSV files in the form of an import, and TOML files."""

import csv
import tomllib
from datetime import date, timedelta
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("data")

Row = dict[str, str]


def source(name: str, today: date) -> str:
    """The text of a file, the days that hang on today filled in."""
    return filled((FOLDER / name).read_text(encoding="utf-8"), today)


def filled(text: str, today: date) -> str:
    """`{year}-03-01` as 2026-03-01."""
    return text.format(
        year=today.year,
        last_year=today.year - 1,
        this_week=today - timedelta(days=4),
        last_month=today - timedelta(days=25),
        next_month=(today.replace(day=1) + timedelta(days=32)).replace(day=1),
    )


def rows(name: str, today: date) -> list[Row]:
    """The rows of a CSV file by column."""
    return list(csv.DictReader(source(name, today).splitlines()))


@cache
def document(name: str) -> dict[str, Any]:
    """A TOML file."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def sheet(rows: list[Row]) -> bytes:
    """Rows as a CSV file, as an organisation would send it; the columns are those of the first row."""
    target = StringIO(newline="")
    writer = csv.DictWriter(target, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue().encode()
