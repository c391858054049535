"""One way to show figures: a table for people, and a line of JSON for machines."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table

Row = dict[str, Any]


def row(name: str, value: float, unit: str, reference: float | None = None, aim: str = "") -> Row:
    """A figure beside the reference of the same run; the ratio is value ÷ reference."""
    ratio = round(value / reference, 3) if reference else None
    return {"name": name, "value": value, "unit": unit, "reference": reference, "ratio": ratio, "aim": aim}


def show(rows: list[Row]) -> None:
    """Print the table, then all rows as JSON."""
    table = Table("figure", "value", "unit", "reference", "ratio", "aim")
    for item in rows:
        cells = (item["name"], _number(item["value"]), item["unit"], _number(item["reference"]), _number(item["ratio"]))
        table.add_row(*cells, str(item["aim"] or ""))
    Console(width=140).print(table)
    print(json.dumps(rows, ensure_ascii=False))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"
