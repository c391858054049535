"""`flask courses …`"""

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import NoResultFound

from lms import files
from lms.catalogue import actions, frames, measure, queries, search, writing
from lms.catalogue.package import Package, read
from lms.db import db
from lms.language import gettext, speaking

courses = AppGroup("courses", help="Course packages: check, publish and export.")

folders = click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))


@courses.command()
@folders
@click.option("--strict", is_flag=True, help="Hints count as problems.")
def check(folders: tuple[Path, ...], strict: bool) -> None:
    """Check packages (all of courses/ by default): FILE:LINE: sentence, exit status 1 when there is a problem."""
    found = False
    known = frames.known(Path(current_app.config["COURSES_PATH"]))
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        for folder in folders or shipped():
            package = read(folder)
            if package.content and known:
                package.problems.extend(frames.hints(package.content, known))
            found = _say(folder, package, strict) or found
    raise SystemExit(1 if found else 0)


@courses.command()
@folders
def publish(folders: tuple[Path, ...]) -> None:
    """Publish packages (all of courses/ by default) as their next versions."""
    failed = False
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        for folder in folders or shipped():
            package = read(folder)
            if _say(folder, package, strict=False):
                failed = True
                continue
            version = actions.publish(package=package, by_id=None)
            db.session.commit()
            click.echo(gettext("courses.published", course=folder.name, number=version.number))
    raise SystemExit(1 if failed else 0)


@courses.command()
@click.argument("slug")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--version", "number", type=int, help="A version by its number; the current one by default.")
def export(slug: str, folder: Path, number: int | None) -> None:
    """Write a published course as a package into FOLDER/SLUG."""
    try:
        published = queries.numbered(slug, number) if number else queries.current(slug)
    except NoResultFound:
        raise click.ClickException(gettext("courses.unknown", course=slug)) from None
    target = folder / slug
    if target.exists() and any(target.iterdir()):
        raise click.ClickException(gettext("courses.not-empty", folder=target))
    for path, content in writing.files(published.content).items():
        _write(target / path, content.encode())
    for path, digest in published.media.items():
        _write(target / path, files.read(digest))
    click.echo(gettext("courses.exported", course=slug, number=published.number, folder=target))


@courses.command()
def reindex() -> None:
    """Make the search index anew: after an upgrade whose migration says so."""
    number = search.reindex()
    db.session.commit()
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        click.echo(gettext("courses.reindexed", number=number))


@courses.command()
@folders
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def table(folders: tuple[Path, ...], as_json: bool) -> None:
    """How much there is in each package (all of courses/ by default): words, items, outcomes, periods, kit, level."""
    read_all = [read(folder) for folder in folders or shipped()]
    rows = [measure.of(package.content) for package in read_all if package.content]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        titles = [gettext(f"courses.table.{column}") for column in measure.COLUMNS]
    click.echo("\n".join(measure.lines(rows, titles)))


def shipped() -> list[Path]:
    """The packages in the courses folder."""
    return sorted(path.parent for path in Path(current_app.config["COURSES_PATH"]).glob("*/course.toml"))


def _say(folder: Path, package: Package, strict: bool) -> bool:
    for problem in package.problems:
        click.echo(f"{folder}/{problem}", err=not problem.is_hint)
    return bool(package.problems if strict else package.errors)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
