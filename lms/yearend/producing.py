"""Making the files of a report: PDF, DOCX and the workbook of annexes, from one reading of the numbers."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from lms import files
from lms.db import db, reading
from lms.documents import pdf, word
from lms.jobs import Progress
from lms.language import speaking
from lms.yearend import actions, annexes, queries, report
from lms.yearend.findings import Findings, Listed
from lms.yearend.models import YearEndIssue, YearEndReport

FORMS = ("pdf", "docx", "xlsx")
TOLD_EVERY = 1_000
PIECE = 1 << 20


def carry_out(report_id: int, number: int, progress: Progress) -> YearEndIssue:
    """Produce a report under a number; what is there already stays. Commits."""
    # Reading from the first statement on: who may write holds SQLite's one lock while the progress is told.
    with reading(), speaking(report.LANGUAGE):
        if kept := queries.issue(report_id, number):
            return kept
        values = _made(db.session.get_one(YearEndReport, report_id), progress)
    written = db.session.get_one(YearEndReport, report_id)
    made = actions.keep(report=written, number=number, values=values)
    db.session.commit()
    return made


def _made(written: YearEndReport, progress: Progress) -> dict[str, Any]:
    asked = written.unit_id, written.policy, written.year
    source = queries.counting(*asked)
    found = queries.found(source, *asked)
    document = report.document(found, queries.suggested(written.unit_id), written)
    people = _telling(source.people(), found.whole.all, progress)
    made = {
        "pdf": files.put(pdf.write(document)),
        "docx": files.put(word.write(document)),
        "xlsx": _workbook(found, people),
    }
    return {"source": found.told.source.value, "as_of": found.told.as_of, "figures": _figures(found), "files": made}


def _workbook(found: Findings, people: Iterator[Listed]) -> str:
    """The annexes, through a file: the list of a nation's people is never held in memory."""
    with TemporaryFile() as target:
        annexes.write(found, people, target)
        target.seek(0)
        return files.put(iter(lambda: target.read(PIECE), b""))


def _figures(found: Findings) -> dict[str, Any]:
    """The main numbers, to be shown beside the files."""
    whole = found.whole
    return {"all": whole.all, "counted": whole.counted, "met": whole.met, "rate": annexes.rate(whole)}


def _telling(people: Iterator[Listed], total: int, progress: Progress) -> Iterator[Listed]:
    for number, one in enumerate(people):
        if number % TOLD_EVERY == 0:
            progress(number, max(total, number))
        yield one
    progress(total, total)
