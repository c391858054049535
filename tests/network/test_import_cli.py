"""`flask network import`"""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from lms.db import db
from lms.network.models import ImportBatch, Person
from tests.network.files import EVERYTHING, PEOPLE, people


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in EVERYTHING.items():
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "ghi chú.txt").write_text("x")
    return tmp_path


def run(app: Flask, *arguments: str | Path) -> Result:
    result = app.test_cli_runner().invoke(args=["network", "import", *map(str, arguments)])
    db.session.rollback()
    return result


def number_of(model: type) -> int | None:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_folder_is_imported_and_what_it_knows_not_is_left_alone(app: Flask, folder: Path) -> None:
    result = run(app, folder)
    assert result.exit_code == 0, result.output
    assert "people: 1" in result.output
    assert number_of(Person) == 1


def test_importing_a_folder_twice_changes_nothing_and_makes_no_batch(app: Flask, folder: Path) -> None:
    run(app, folder)
    assert run(app, folder).exit_code == 0
    assert number_of(ImportBatch) == 1


def test_a_dry_run_tells_the_changes_and_makes_none(app: Flask, folder: Path) -> None:
    result = run(app, folder, "--dry-run")
    assert (result.exit_code, number_of(Person)) == (0, 0)
    assert "people.csv:2: CB1: " in result.output


def test_one_wrong_row_stops_the_whole_import_and_every_error_is_listed(app: Flask, folder: Path) -> None:
    (folder / "people.csv").write_text(PEOPLE + "CB2,Em,cc,,12\nCB3,,cc,,\n", "utf-8")
    result = run(app, folder)
    assert (result.exit_code, number_of(Person)) == (1, 0)
    assert "people.csv:3:phone: " in result.output
    assert "people.csv:4:full_name: " in result.output


def test_good_rows_can_be_taken_and_bad_ones_are_written_beside_the_file(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(people("CB1,An,cc,,", "CB2,Em,cc,,12"), "utf-8")
    result = run(app, path, "--skip-bad-rows")
    assert (result.exit_code, number_of(Person)) == (0, 1)
    assert (tmp_path / "people.bad.csv").read_text("utf-8-sig").splitlines()[1].startswith('CB2,Em,cc,,12,"phone: ')


def test_a_file_that_cannot_be_read_fails_even_when_bad_rows_are_skipped(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(b"PK\x03\x04")
    result = run(app, path, "--skip-bad-rows")
    assert result.exit_code == 1
    assert "people.xlsx:1:*: " in result.output


def test_files_of_one_name_are_not_mixed_up(app: Flask, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "people.csv"
    other.write_text(PEOPLE, "utf-8")
    result = run(app, folder, other)
    assert (result.exit_code, number_of(Person)) == (1, 0)


def test_a_folder_without_known_files_says_so(app: Flask, tmp_path: Path) -> None:
    assert run(app, tmp_path).exit_code == 1
