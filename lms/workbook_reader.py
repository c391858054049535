"""A program of its own: a workbook in through standard input, its sheets out as JSON.

A hostile workbook of a few kilobytes can ask for more memory than there is, so `lms.tables` opens workbooks in this
child process, which has bounds and may die. It imports nothing of ours.
"""

import json
import resource
import sys
from datetime import date, datetime, time
from io import BytesIO

from python_calamine import CalamineWorkbook, SheetVisibleEnum

MEMORY_BYTES = 3 << 30
SECONDS = 60


def main(is_detailed: bool) -> None:
    """Write `[[title, [[cell, …], …]], …]`: every sheet from its first row, every cell as text.

    In detail a sheet is its title, `[number, row]` for each row that holds something, whether it is hidden, and its merged
    cells `[[top, left], [bottom, right]]`; cells tell a fraction (`1,5`) and a truth (`true`) from text that was typed.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    workbook = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    written = []
    for about in workbook.sheets_metadata:
        sheet = workbook.get_sheet_by_name(about.name)
        rows = sheet.to_python(skip_empty_area=False)
        if is_detailed:
            filled = [
                (number, list(map(as_shown, row))) for number, row in enumerate(rows) if any(cell != "" for cell in row)
            ]
            is_hidden = about.visible is not SheetVisibleEnum.Visible
            written.append([about.name, filled, is_hidden, sheet.merged_cell_ranges or []])
        else:
            written.append([about.name, [list(map(as_text, row)) for row in rows]])
    json.dump(written, sys.stdout)


def as_shown(cell: object) -> str:
    """A cell as `as_text`, but what Excel knows to be a fraction or a truth stays one in every language."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return as_text(cell).replace(".", ",") if isinstance(cell, float) else as_text(cell)


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
    main("--detailed" in sys.argv)
