"""`flask courses export` writes a published course as the package that it was."""

from pathlib import Path

from flask import Flask

from lms.catalogue import queries
from lms.catalogue.package import read
from tests.catalogue.packages import publish

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><title>a</title></svg>'


def test_what_is_exported_is_the_same_course(app: Flask, tmp_path: Path) -> None:
    publish(title="Khóa có hình", **{"media/so-do.svg": SVG})
    publish(title="Tên khác", **{"media/so-do.svg": SVG})
    run = app.test_cli_runner()
    result = run.invoke(args=["courses", "export", "khoa-thu", str(tmp_path), "--version", "1"])
    assert result.exit_code == 0, result.output
    package = read(tmp_path / "khoa-thu")
    assert package.content == queries.numbered("khoa-thu", 1).content
    assert package.media == {"media/so-do.svg": SVG}
    assert run.invoke(args=["courses", "export", "khoa-thu", str(tmp_path)]).exit_code == 1
    assert run.invoke(args=["courses", "export", "khac", str(tmp_path)]).exit_code == 1
