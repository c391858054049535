"""A program of its own: a workbook in through standard input, its sheets out as JSON.

A hostile workbook of a few kilobytes can ask for more memory than there is, so `lms.tables` opens workbooks in this
child process, which has bounds and may die. It imports nothing of ours.
"""

import json
import resource
import sys
from datetime import date, datetime, time
from io import BytesIO

from python_calamine import CalamineWorkbook

MEMORY_BYTES = 3 << 30
SECONDS = 60


def main() -> None:
    """Write `[[title, [[cell, …], …]], …]`: every sheet from its first row, every cell as text."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    workbook = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    sheets = [(title, workbook.get_sheet_by_name(title)) for title in workbook.sheet_names]
    rows = [(title, sheet.to_python(skip_empty_area=False)) for title, sheet in sheets]
    json.dump([[title, [list(map(as_text, row)) for row in sheet]] for title, sheet in rows], sys.stdout)


def as_text(cell: object) -> str:
    """A cell as a person would type it: whole numbers without a point, days as ISO, truth as 1 or 0."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


if __name__ == "__main__":
    main()
