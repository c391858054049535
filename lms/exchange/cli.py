"""`flask courses export-bank` and `import-bank`: question banks to and from files of every format."""

from pathlib import Path

import click
from flask import current_app
from sqlalchemy.exc import NoResultFound

from lms import files
from lms.catalogue import package, queries, writing
from lms.catalogue.cli import courses
from lms.exchange import fitting, formats
from lms.exchange.carried import Carried, Remark
from lms.language import gettext, speaking


@courses.command("export-bank")
@click.argument("slug")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "code", type=click.Choice([format.code for format in formats.writable()]), required=True)
def export_bank(slug: str, target: Path, code: str) -> None:
    """Write the questions of a published course to TARGET; what the format cannot hold is listed."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        try:
            published = queries.current(slug)
        except NoResultFound:
            raise click.ClickException(gettext("courses.unknown", course=slug)) from None
        quiz = published.content.quiz
        media = {path: files.read(digest) for path, digest in published.media.items()}
        writer = formats.by_code(code)
        if writer is None or writer.write is None:
            raise click.ClickException(gettext("exchange.file-unknown"))
        content, remarks = writer.write(Carried(quiz.questions, (), published.content.title, quiz.topics, media))
        target.write_bytes(content)
        _say(target, remarks)
        written = len(quiz.questions) - sum(remark.is_error for remark in remarks)
        click.echo(gettext("courses.bank-exported", count=written, target=target))


@courses.command("import-bank")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--skip-errors", is_flag=True, help="Take the questions that are right, leave out the others.")
def import_bank(source: Path, folder: Path, skip_errors: bool) -> None:
    """Add the questions of SOURCE to the course package in FOLDER, under names of their own."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        present = package.read(folder).content
        if present is None:
            raise click.ClickException(gettext("courses.no-package", folder=folder))
        carried = formats.read(source.name, source.read_bytes())[1]
        _say(source, carried.remarks)
        if not carried.questions or (carried.errors and not skip_errors):
            raise SystemExit(1)
        carried.lessons = ()
        fitted = fitting.into(present, carried)
        (folder / "quiz.toml").write_text(writing.quiz(fitted.content.quiz), encoding="utf-8")
        for path, content in fitted.media.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(content)
        click.echo(gettext("courses.bank-imported", count=len(carried.questions), folder=folder))


def _say(file: Path, remarks: list[Remark]) -> None:
    for remark in remarks:
        click.echo(f"{file}:{remark}", err=remark.is_error)
