"""Every number of the report is the number of the page, or that of the closed book; the same in all its files."""

import re
from io import BytesIO

import docx
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from lms import files
from lms.db import db
from lms.goals import figures, queries
from lms.goals.dashboard import Dashboard
from lms.yearend import actions, annexes, producing
from lms.yearend import queries as yearend
from lms.yearend.models import YearEndIssue
from tests.yearbooks import story
from tests.yearend.conftest import Stage

YEAR = story.YEAR


def produced(unit_id: int) -> YearEndIssue:
    report = actions.begin(unit_id=unit_id, policy="dx", year=YEAR)
    db.session.commit()
    latest = yearend.issues(report.id)
    return producing.carry_out(report.id, len(latest) + 1, lambda done, total: None)


def pdf_text(issue: YearEndIssue) -> str:
    pages = PdfReader(BytesIO(files.read(issue.files["pdf"]))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def docx_tables(issue: YearEndIssue) -> list[list[list[str]]]:
    made = docx.Document(BytesIO(files.read(issue.files["docx"])))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in made.tables]


def sheets_of(issue: YearEndIssue) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(files.read(issue.files["xlsx"])))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_whole_is_that_of_the_units_page(stage: Stage) -> None:
    issue = produced(stage.province)
    counts = figures.of_unit(stage.province, "dx", YEAR)
    shown = Dashboard(stage.province, "dx", YEAR, story.CLOSED_ON).now
    assert issue.source == "live"
    assert issue.figures == {"all": sum(counts.values()), "counted": shown.counted, "met": shown.met, "rate": 50.0}
    told = re.search(
        r"danh sách có (\d+) người, trong đó (\d+) người được tính; (\d+) người đạt, bằng ([\d,]+) %", pdf_text(issue)
    )
    assert told is not None
    assert told.groups() == (str(shown.all), str(shown.counted), str(shown.met), "50,0")


def test_units_roles_and_employment_are_those_of_the_page(stage: Stage) -> None:
    issue = produced(stage.province)
    tables = docx_tables(issue)
    units = next(table for table in tables if table[0][1] == "Đơn vị")
    for name, unit_id in (("Phường Một", stage.commune), ("Phường Hai", stage.other)):
        counts = figures.of_unit(unit_id, "dx", YEAR)
        [line] = [row for row in units if row[1] == name]
        assert [line[2], line[4], line[6]] == [
            str(sum(counts.values())),
            str(counts.get("met", 0)),
            str(counts.get("exempt", 0)),
        ]
    roles = next(table for table in tables if table[0][1] == "Vai trò")
    by_role = figures.divided(stage.province, "dx", YEAR, "role")
    assert sorted(int(row[2]) for row in roles[1:-1]) == sorted(sum(counts.values()) for counts in by_role.values())
    assert roles[-1][1:3] == ["Cộng", str(sum(figures.of_unit(stage.province, "dx", YEAR).values()))]


def test_who_lacks_what_is_counted_as_the_plan_counts_it(stage: Stage) -> None:
    lacking = next(table for table in docx_tables(produced(stage.province)) if table[0][0] == "Còn thiếu")
    found = figures.divided(stage.province, "dx", YEAR, figures.LACKING)
    assert sum(int(row[1]) for row in lacking[1:]) == sum(sum(counts.values()) for counts in found.values()) == 1


def test_the_annexes_list_everybody_as_the_page_does(stage: Stage) -> None:
    issue = produced(stage.province)
    tables = sheets_of(issue)
    people = list(tables.values())[-1]
    page = queries.people_of(stage.province, "dx", YEAR)
    assert [row[2] for row in people[1:]] == [row.full_name for row in page]
    assert [row[5] for row in people[1:]] == [row.earned / 100 for row in page]
    assert all(row[7] for row in people[1:]), "everybody has a reason"
    by_unit = next(iter(tables.values()))
    assert by_unit[-1][2:] == [3, 2, 1, 1, 1, 0, 50]


@pytest.mark.parametrize("place", ["province", "commune"])
def test_a_closed_year_is_told_as_it_was_closed(stage: Stage, place: str) -> None:
    unit_id = getattr(stage, place)
    before = produced(unit_id)
    book = story.close(stage.province)
    story.learn_late(db.session.get_one(story.Person, stage.behind), 8)
    after = produced(unit_id)
    assert after.source == "final"
    assert after.figures == before.figures, "what came after the close is not in the report"
    text = pdf_text(after)
    assert book.shown is not None
    assert "sổ năm đã chốt" in text
    assert book.shown.last_hash[:16] in text
    live, closed = docx_tables(before), docx_tables(after)
    named = [table for table in live if table[0][1] in ("Vai trò", "Đối tượng", "Đơn vị")]
    assert named == [table for table in closed if table[0][1] in ("Vai trò", "Đối tượng", "Đơn vị")]


def test_what_was_produced_never_changes(stage: Stage) -> None:
    first = produced(stage.province)
    kept = {form: files.read(sha256) for form, sha256 in first.files.items()}
    actions.set_terms(unit_id=stage.province, values={"body": "SỞ KHÁC", "place": "Huế"})
    db.session.commit()
    again = producing.carry_out(first.report_id, first.number, lambda done, total: None)
    assert again.files == first.files
    second = produced(stage.province)
    assert second.number == 2 and second.files["pdf"] != first.files["pdf"]
    assert "SỞ KHÁC" in pdf_text(second)
    assert {form: files.read(sha256) for form, sha256 in first.files.items()} == kept


def test_all_files_say_the_same(stage: Stage) -> None:
    issue = produced(stage.province)
    tables = docx_tables(issue)
    text = pdf_text(issue)
    for table in tables[1:]:
        for row in table[1:]:
            assert all(cell in text for cell in " ".join(row).split())
    workbook = sheets_of(issue)
    for label, rows in list(workbook.items())[:-1]:
        [same] = [table for table in tables if table[0][1] == rows[0][1]]
        numbers = [
            [annexes.words(float(str(cell)) if cell != "" else None).removesuffix(",0") for cell in row[2:]]
            for row in rows[1:]
        ]
        assert numbers == [[cell.removesuffix(",0") for cell in row[2:]] for row in same[1:]], label
