"""One ZIP carries a course: plain pages, relative links to what is there, no script; and a table of all courses."""

import io
import json
import re
import zipfile
from pathlib import Path

from flask import Flask

from lms.catalogue import queries
from lms.discovery import offline
from tests.catalogue.packages import GOOD
from tests.discovery.packages import publish_with_kit

LINK = re.compile(r'(?:href|src)="([^"#]+)"')


def packed() -> bytes:
    return offline.archive(queries.current("khoa-thu"))


def unpacked() -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(packed())) as zipped:
        return {name.removeprefix("khoa-thu/"): zipped.read(name).decode() for name in zipped.namelist()}


def test_every_link_leads_to_a_file_that_is_there(app: Flask) -> None:
    publish_with_kit()
    files = unpacked()
    pages = {name: text for name, text in files.items() if name.endswith(".html")}
    assert {"index.html", "01-bai-mot.html", "kit-slides.html", "summaries.html"} <= set(pages)
    assert {"style.css", "media/so-do.svg", "media/nut.svg"} <= set(files), "also what questions show"
    for name, text in pages.items():
        assert not [link for link in LINK.findall(text) if link not in files], name
        assert "<script" not in text and "<form" not in text, name


def test_questions_have_their_answers_folded_and_packages_are_left_out(app: Flask) -> None:
    publish_with_kit()
    files = unpacked()
    lesson = files["01-bai-mot.html"]
    assert re.search(r"<details class=\"answer\">.*Câu này.*Vì thế\.", lesson, re.DOTALL)
    assert "media/goi.zip" not in files
    assert "Trò chơi ghép thẻ" in lesson and "Ghép từng thẻ" in lesson and "Gói tương tác không có" in lesson


def test_the_same_version_is_the_same_file(app: Flask) -> None:
    publish_with_kit()
    assert packed() == packed()


def test_the_command_writes_the_same_as_a_folder(app: Flask, tmp_path: Path) -> None:
    publish_with_kit()
    run = app.test_cli_runner()
    assert run.invoke(args=["courses", "offline", "khoa-thu", str(tmp_path)]).exit_code == 0
    written = {p.relative_to(tmp_path / "khoa-thu").as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert written == set(unpacked())
    assert run.invoke(args=["courses", "offline", "khoa-thu", str(tmp_path)]).exit_code == 1
    assert run.invoke(args=["courses", "offline", "khac", str(tmp_path)]).exit_code == 1


def test_a_table_tells_how_much_there_is(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "khoa-thu"
    folder.mkdir()
    for name, content in GOOD.items():
        (folder / name).write_text(content, "utf-8")
    run = app.test_cli_runner()
    (row,) = json.loads(run.invoke(args=["courses", "table", "--json", str(folder)]).output)
    assert row | {"words": 0} == {
        "course": "khoa-thu", "level": "basic", "periods": 1.5, "minutes": 5, "lessons": 1, "words": 0, "outcomes": 1,
        "items": 1, "types": 1, "kit": 0, "wants": 0,
    }  # fmt: skip
    assert row["words"] > 300
    lines = run.invoke(args=["courses", "table", str(folder)]).output.splitlines()
    assert lines[0].startswith("Khóa học") and lines[1].startswith("khoa-thu")
