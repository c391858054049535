"""Word files for tests, built by python-docx, which knows nothing of our reader."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.shared import RGBColor

Line = str | Sequence[Sequence[str]]


def document(*lines: Line) -> Document:
    """Paragraphs and tables: `# ` makes a heading, `^` a bold line, `!A. ` a choice in red, a list of rows a table."""
    made = docx.Document()
    for line in lines:
        if not isinstance(line, str):
            add_table(made, line)
        elif line.startswith("#"):
            made.add_heading(line.lstrip("# "), len(line) - len(line.lstrip("#")))
        elif line.startswith("^"):
            made.add_paragraph().add_run(line[1:]).bold = True
        elif line.startswith("!"):
            paragraph = made.add_paragraph(line[1:4])
            paragraph.add_run(line[4:]).font.color.rgb = RGBColor(255, 0, 0)
        else:
            made.add_paragraph(line)
    return made


def add_table(made: Any, rows: Sequence[Sequence[str]]) -> Any:
    """A table of words."""
    table = made.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    return table


def saved(made: Document) -> bytes:
    """The bytes of a document."""
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def word(*lines: Line) -> bytes:
    """The bytes of a document of lines."""
    return saved(document(*lines))
