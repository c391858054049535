"""`flask courses offline`: a course to be read with no network."""

from pathlib import Path

import click
from flask import current_app
from sqlalchemy.exc import NoResultFound

from lms.catalogue import queries
from lms.catalogue.cli import courses
from lms.discovery import offline
from lms.language import gettext, speaking


@courses.command("offline")
@click.argument("slug")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def write_offline(slug: str, folder: Path) -> None:
    """Write a published course as pages that are read with no network into FOLDER/SLUG."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        try:
            published = queries.current(slug)
        except NoResultFound:
            raise click.ClickException(gettext("courses.unknown", course=slug)) from None
        target = folder / slug
        if target.exists() and any(target.iterdir()):
            raise click.ClickException(gettext("courses.not-empty", folder=target))
        target.mkdir(parents=True, exist_ok=True)
        offline.write(published, target)
        click.echo(gettext("courses.exported", course=slug, number=published.number, folder=target))
