"""Answers that are files: tables as XLSX or CSV, and what streams; names may have any letters."""

from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any, cast
from urllib.parse import quote

from flask import send_file, stream_with_context
from werkzeug.wrappers import Response

from lms import text, workbooks
from lms.language import gettext

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(
    ending: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, titles: Sequence[str] = ()
) -> Response:
    """A table as `xlsx` or `csv`; over its columns stand `titles`, or else the messages `column.<column>`."""
    titles = titles or [gettext(f"column.{column}") for column in columns]
    if ending == "csv":
        return attachment(stream_with_context(workbooks.csv_lines(titles, rows)), "text/csv; charset=utf-8", name)
    target = TemporaryFile()
    workbooks.xlsx(cast(Any, target), gettext("export.sheet"), titles, rows)
    target.seek(0)
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=name)


def attachment(stream: Iterator[Any], mimetype: str, name: str) -> Response:
    """A file that is made while it is sent."""
    plain = text.unaccented(name).encode("ascii", "ignore").decode()
    response = Response(stream, content_type=mimetype)
    full = f"UTF-8''{quote(name, safe='')}"
    response.headers.set("Content-Disposition", "attachment", filename=plain, **{"filename*": full})
    return response
