"""The personal training sheet: one page that says what a person learnt in a year. For one, or for a unit as one file to print."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO, cast

import pikepdf

from lms import clock
from lms.catalogue import queries as catalogue
from lms.db import reading
from lms.documents import pdf
from lms.documents.model import Block, Column, Document, Head, Paragraph, Recipients, Signature, Table
from lms.exports.making import Order, makes
from lms.goals import figures, trace
from lms.jobs import Progress
from lms.language import format_date, format_number, gettext, official_date, role_words, speaking
from lms.yearend import queries, records
from lms.yearend.models import YearEndSetting
from lms.yearend.records import Record

LANGUAGE = "vi"
MOST_COURSES, MOST_PAPERS = 12, 6
"""So many lines fit on the page; what is more is counted in the last."""
PRINTED_AT_ONCE = 100


def sheet(record: Record, setting: YearEndSetting) -> bytes:
    """A person's sheet as a PDF of one page."""
    with speaking(LANGUAGE):
        made = document(record, setting, catalogue.all_titles())
        return pdf.book([made], made.title)


@makes("sheets")
def write(order: Order, target: IO[bytes], tell: Progress) -> int:
    """The sheets of everybody counted in a unit, as one file."""
    goal = order.unit_id, order.wanted["policy"], order.wanted["year"]
    with reading(), speaking(LANGUAGE), pikepdf.new() as merged:
        total = sum(figures.of_unit(*goal).values())
        for part in _parts(*goal):
            with NamedTemporaryFile(suffix=".pdf") as file:
                file.write(part)
                file.flush()
                with pikepdf.open(file.name) as found:
                    merged.pages.extend(found.pages)
            tell(min(len(merged.pages), total), total)
        merged.save(cast(BinaryIO, target))
        return len(merged.pages)


def document(record: Record, setting: YearEndSetting, titles: Mapping[str, str]) -> Document:
    """A sheet as a document."""
    one, day = record.standing, official_date(gettext("certificate.dated"), clock.today())
    return Document(
        head=Head(
            superior=setting.superior.upper(),
            body=setting.body.upper(),
            number="",
            nation=gettext("certificate.nation"),
            motto=gettext("certificate.motto"),
            dated=f"{setting.place}, {day}",
        ),
        kind=gettext("yearend.sheet.kind"),
        excerpt=gettext("yearend.sheet.excerpt", year=record.year),
        bases=(),
        blocks=tuple(_blocks(record, titles)),
        signature=Signature(tuple(line for line in setting.ranks.split("\n") if line), setting.signatory),
        recipients=Recipients(gettext("yearend.sheet.person"), (one.full_name,)),
    )


def _parts(unit_id: int, policy: str, year: int) -> Iterator[bytes]:
    """The sheets as PDFs of some pages each, so that not all of them are held."""
    setting, titles = queries.letterhead(unit_id), catalogue.all_titles()
    waiting = records.of_unit(unit_id, policy, year)
    while some := list(islice(waiting, PRINTED_AT_ONCE)):
        yield pdf.book((document(record, setting, titles) for record in some), gettext("yearend.sheet.kind"))


def _blocks(record: Record, titles: Mapping[str, str]) -> Iterator[Block]:
    one = record.standing
    yield Paragraph(
        gettext(
            "yearend.sheet.who",
            name=one.full_name,
            code=one.code,
            unit=one.unit,
            role=role_words(one.role),
            employment=gettext(f"employment.{one.employment}"),
        )
    )
    yield Paragraph(
        gettext(
            "yearend.sheet.result",
            due=format_number(one.due),
            earned=trace.periods(one.earned),
            status=gettext(f"status.{one.status}"),
        )
    )
    yield _learnt(record, titles)
    yield from _papers(record)
    if record.exemptions:
        yield Paragraph(
            gettext("yearend.sheet.exempt", what="; ".join(records.scope(row.scope) for row in record.exemptions))
        )
    for row in record.absences[:2]:
        values = {"type": gettext(f"absence.type.{row.type}"), "day": format_date(row.from_on)}
        yield Paragraph(gettext("yearend.sheet.absence", **values))


def _learnt(record: Record, titles: Mapping[str, str]) -> Table:
    columns = (
        Column(gettext("yearend.column.day"), 1.2),
        Column(gettext("yearend.column.course"), 4),
        Column(gettext("yearend.column.source"), 1.8),
        Column(gettext("yearend.column.periods"), 0.8, is_number=True),
    )
    rows = [
        (
            format_date(entry.completed_on),
            _short(records.activity(entry, titles)),
            gettext(f"source.{entry.source}"),
            trace.periods(entry.periods),
        )
        for entry in record.credits[:MOST_COURSES]
    ]
    if rest := record.credits[MOST_COURSES:]:
        more = gettext("yearend.sheet.more", number=len(rest))
        rows.append(("", more, "", trace.periods(sum(entry.periods for entry in rest))))
    rows = rows or [("", gettext("yearend.nothing"), "", "")]
    return Table(columns, tuple(rows), gettext("yearend.table.learnt"))


def _papers(record: Record) -> Iterator[Block]:
    valid = [row for row in record.certificates if row.revoked_at is None]
    if not valid:
        return
    columns = (
        Column(gettext("yearend.column.paper"), 1.8),
        Column(gettext("yearend.column.course"), 4),
        Column(gettext("yearend.column.day"), 1.2),
    )
    rows: Sequence[tuple[str, ...]] = [
        (row.label, _short(row.title), format_date(row.issued_on)) for row in valid[:MOST_PAPERS]
    ]
    if len(valid) > MOST_PAPERS:
        rows = [*rows, ("", gettext("yearend.sheet.more", number=len(valid) - MOST_PAPERS), "")]
    yield Table(columns, tuple(rows), gettext("yearend.table.papers"))


def _short(text: str) -> str:
    """At most two lines of the table."""
    return text if len(text) <= 90 else f"{text[:89].rstrip()}…"
