"""`flask competencies …`"""

from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import NoResultFound

from lms import tables
from lms.catalogue import queries as catalogue
from lms.competencies import actions, frame, frame_views, pathway, queries, sheet
from lms.competencies.document import BadDocument
from lms.competencies.frame import Frame
from lms.competencies.pathway import Pathway
from lms.db import db
from lms.language import gettext, speaking

competencies = AppGroup("competencies", help="Frames of competencies and pathways: load, check, import.")


@competencies.command()
def check() -> None:
    """Check the frames and pathways beside the courses: FILE: sentence, exit status 1 when there is a problem."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        problems = [f"{path}: {found}" for path, found in _documents() if isinstance(found, BadDocument)]
        problems += [
            f"{path}: {line}" for path, found in _documents() if isinstance(found, Pathway) for line in _unknown(found)
        ]
    for line in problems:
        click.echo(line, err=True)
    raise SystemExit(1 if problems else 0)


@competencies.command()
def load() -> None:
    """Load what has changed of the frames and pathways beside the courses, as their next versions."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        for path, found in _documents():
            try:
                number = load_document(found)
            except BadDocument as error:
                raise click.ClickException(f"{path}: {error}") from error
            if number:
                click.echo(gettext("competencies.loaded", code=path.stem, number=number))
        db.session.commit()


@competencies.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--frame", "code", required=True, help="The frame whose components the file brings, such as qd757-2025.")
@click.option("--apply", is_flag=True, help="Write; without it the file is only tried.")
def import_(path: Path, code: str, apply: bool) -> None:
    """The components of a frame from a table: FILE:LINE: sentence, or what would change."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        try:
            found, read = queries.frame(code), sheet.read(path.name, path.read_bytes())
        except NoResultFound as error:
            raise click.ClickException(gettext("competencies.no-frame", code=code)) from error
        except tables.UnreadableTable as error:
            raise click.ClickException(gettext(error.key, **error.values)) from error
        for problem in read.problems:
            click.echo(f"{path}: {frame_views.words(problem)}", err=True)
        if read.problems:
            raise SystemExit(1)
        after = sheet.difference(found, read.areas)
        for kind in ("new", "changed", "gone"):
            click.echo(gettext(f"competencies.difference.{kind}", codes=", ".join(getattr(after, kind)) or "–"))
        if apply:
            _take(found, read.areas)


def load_document(found: Frame | Pathway | BadDocument) -> int | None:
    """Load one document; the number of the version that it makes, None when nothing has changed. Raises `BadDocument`."""
    if isinstance(found, BadDocument):
        raise found
    if isinstance(found, Frame):
        version = actions.load_frame(frame=found, by_id=None)
        return version.number if version else None
    made = actions.load_pathway(pathway=found, by_id=None)
    return made.number if made else None


def load_all() -> None:
    """Load all documents beside the courses. Raises `BadDocument`."""
    for _, found in _documents():
        load_document(found)


def _take(before: Frame, areas: tuple[frame.Area, ...]) -> None:
    try:
        version = actions.load_frame(frame=before.with_areas(areas), by_id=None)
    except BadDocument as error:
        raise click.ClickException(str(error)) from error
    db.session.commit()
    click.echo(gettext("competencies.taken", number=version.number) if version else gettext("competencies.same"))


def _documents() -> Iterator[tuple[Path, Frame | Pathway | BadDocument]]:
    """What lies beside the courses, or why it cannot be read."""
    folder = Path(current_app.config["COURSES_PATH"])
    for name, parse in (("competencies", frame.parse), ("paths", pathway.parse)):
        for path in sorted(folder.glob(f"{name}/*.toml")):
            try:
                found: Frame | Pathway | BadDocument = parse(path.read_text("utf-8"))
                if not isinstance(found, BadDocument) and found.code != path.stem:
                    found = BadDocument("other-name", code=found.code)
            except BadDocument as error:
                found = error
            except UnicodeDecodeError as error:
                found = BadDocument("bad-toml", detail=str(error))
            yield path, found


def _unknown(found: Pathway) -> list[str]:
    """The courses of a pathway that are neither beside it nor published."""
    folder = Path(current_app.config["COURSES_PATH"])
    missing = [slug for slug in found.courses if not (folder / slug / "course.toml").exists()]
    published = catalogue.by_slug(missing) if missing else {}
    return [str(BadDocument("unknown-course", course=slug)) for slug in missing if slug not in published]
