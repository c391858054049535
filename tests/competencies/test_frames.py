"""Loading and importing frames: versions, dry runs, errors by line."""

import io
from dataclasses import replace

import pytest
from flask import Flask

from lms.catalogue.queries import Published
from lms.competencies import actions, frame, queries, sheet
from lms.competencies.document import BadDocument
from lms.competencies.models import CompetencyFrame
from lms.db import db
from tests.competencies.conftest import FRAME, count
from tests.page import Visitor

HEAD = "Mã miền,Tên miền,Mã,Tên,Tiếng Anh,Mô tả\n"
LINES = "1,Thông tin,1.1,Tìm,Searching,\n1,Thông tin,1.2,Xét kỹ,,Lời khác\n2,An toàn,2.1,Giữ,,\n2,An toàn,2.2,Mới,,\n"


def test_the_same_frame_is_loaded_once_and_another_text_is_the_next_version(courses: dict[str, Published]) -> None:
    assert actions.load_frame(frame=FRAME, by_id=None) is None
    made = actions.load_frame(frame=replace(FRAME, title="Khung mới"), by_id=None)
    assert made and made.number == 2
    assert queries.frame("khung").title == "Khung mới"
    assert [version.number for version in queries.history("khung")] == [2, 1]


def test_a_version_that_drops_what_courses_build_is_refused(courses: dict[str, Published]) -> None:
    with pytest.raises(BadDocument) as told:
        actions.load_frame(frame=replace(FRAME, areas=FRAME.areas[:1]), by_id=None)
    assert (told.value.key, told.value.values) == ("drops-used", {"code": "2.1"})


@pytest.mark.parametrize(
    ("lines", "line", "key"),
    [
        ("1,A,1.1,Tìm,,\n1,A,1.1,Lại,,\n", 3, "double-line"),
        ("1,A,,Tìm,,\n", 2, "empty-cell"),
        ("1,A,1 1,Tìm,,\n", 2, "bad-line-code"),
        ("1,A,1.1,Tìm,,\n1,B,1.2,Xét,,\n", 3, "area-differs"),
        ("1,A,1,Tìm,,\n", 2, "code-is-area"),
        (f"1,A,1.1,{'x' * 2001},,\n", 2, "long-cell"),
    ],
)
def test_what_is_wrong_is_said_of_its_line(lines: str, line: int, key: str) -> None:
    [problem] = sheet.read("a.csv", (HEAD + lines).encode()).problems
    assert (problem.line, problem.key) == (line, key)


def test_a_file_without_its_columns_is_refused() -> None:
    [problem] = sheet.read("a.csv", "Mã,Tên\n1.1,Tìm\n".encode()).problems
    assert (problem.key, problem.values) == ("no-column", {"name": "area, area_name"})


def test_a_file_is_compared_with_what_is_there() -> None:
    read = sheet.read("a.csv", (HEAD + LINES).encode())
    assert not read.problems
    assert sheet.difference(FRAME, read.areas) == sheet.Difference(("2.2",), ("1.1", "1.2"), ())


def test_an_administrator_tries_a_file_and_takes_it(courses: dict[str, Published], visitor: Visitor) -> None:
    visitor.sign_in("giang")
    page = visitor.visit("/competencies").click("Nhập văn bản chính thức: Khung thử")
    wrong = page.submit("Chạy thử", sheet=(io.BytesIO(f"{HEAD}1,A,,Tìm,,\n".encode()), "a.csv"))
    assert "dòng 2: thiếu mã miền" in wrong.text
    tried = page.submit("Chạy thử", sheet=(io.BytesIO((HEAD + LINES).encode()), "a.csv"))
    assert "Mới: 2.2" in tried.text and "Sửa lời: 1.1, 1.2" in tried.text
    assert count(CompetencyFrame) == 1
    assert "Đã nhập thành bản 2" in tried.submit("Nhập thành bản mới").html
    assert "chạy thử lại" in tried.submit("Nhập thành bản mới").html
    db.session.expire_all()
    assert list(queries.frame("khung").components) == ["1.1", "1.2", "2.1", "2.2"]
    assert count(CompetencyFrame) == 2


def test_the_command_tries_and_takes_a_file(app: Flask, courses: dict[str, Published], tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "khung.csv"
    path.write_text(HEAD + LINES)
    runner = app.test_cli_runner()
    tried = runner.invoke(args=["competencies", "import", str(path), "--frame", "khung"])
    assert (tried.exit_code, count(CompetencyFrame)) == (0, 1)
    taken = runner.invoke(args=["competencies", "import", str(path), "--frame", "khung", "--apply"])
    assert "bản 2" in taken.output
    path.write_text(HEAD + "1,A,,Tìm,,\n")
    assert runner.invoke(args=["competencies", "import", str(path), "--frame", "khung"]).exit_code == 1
    assert runner.invoke(args=["competencies", "import", str(path), "--frame", "none"]).exit_code == 1


def test_the_page_of_a_frame_names_the_courses_that_build_each_component(
    courses: dict[str, Published], visitor: Visitor
) -> None:
    visitor.sign_in("an")
    page = visitor.visit("/competencies").click("Khung thử")
    assert "1.1 Tìm – Khóa an-toan (Trung cấp), Khóa tim-kiem (Cơ bản)" in page.text
    actions.load_frame(
        frame=replace(FRAME, code="thieu", status=frame.INCOMPLETE, note="Thiếu bảng", areas=()), by_id=None
    )
    db.session.commit()
    assert "Thiếu bảng" in visitor.visit("/competencies/thieu").text
    assert visitor.visit("/competencies/khong-co").status == 404
