"""A bank leaves a course by one command and enters another by the next."""

from pathlib import Path

from flask import Flask

from lms.catalogue.package import read
from tests.catalogue.packages import GOOD, publish


def test_a_bank_goes_from_course_to_course(app: Flask, tmp_path: Path) -> None:
    publish()
    run = app.test_cli_runner().invoke
    file, folder = tmp_path / "bank.xml", tmp_path / "khoa-hai"
    out = run(args=["courses", "export-bank", "khoa-thu", str(file), "--format", "moodle"])
    assert out.exit_code == 0 and "1 câu hỏi" in out.output
    folder.mkdir()
    for path, content in GOOD.items():
        (folder / path).write_text(content, "utf-8")
    taken = run(args=["courses", "import-bank", str(file), str(folder)])
    assert taken.exit_code == 0, taken.output
    content = read(folder).content
    assert content and len(content.quiz.questions) == 2
    assert len({question.id for question in content.quiz.questions}) == 2


def test_a_file_with_faults_is_taken_only_when_told_so(app: Flask, tmp_path: Path) -> None:
    file, folder = tmp_path / "bank.gift", tmp_path / "khoa-hai"
    file.write_text("Một?{=a ~b}\n\nHai?{~a ~b}\n", "utf-8")
    folder.mkdir()
    for path, content in GOOD.items():
        (folder / path).write_text(content, "utf-8")
    run = app.test_cli_runner().invoke
    assert run(args=["courses", "import-bank", str(file), str(folder)]).exit_code == 1
    assert run(args=["courses", "import-bank", str(file), str(folder), "--skip-errors"]).exit_code == 0
    content = read(folder).content
    assert content and len(content.quiz.questions) == 2
