"""`flask courses coach`"""

import re
from collections.abc import Mapping
from pathlib import Path

import click
from flask import current_app

from lms import clock
from lms.catalogue.cli import courses, folders, shipped
from lms.catalogue.package import read
from lms.coach.hint import Hint
from lms.coach.rules import hints
from lms.coach.words import sentence
from lms.language import speaking


@courses.command()
@folders
@click.option("--strict", is_flag=True, help="Exit status 1 when there is a hint.")
def coach(folders: tuple[Path, ...], strict: bool) -> None:
    """Say what could be better in packages (all of courses/ by default): FILE:LINE: sentence."""
    found = False
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        for folder in folders or shipped():
            package = read(folder)
            if package.content is None:
                raise click.ClickException(f"{folder}: {package.errors[0]}")
            texts = {path.name: path.read_text("utf-8-sig") for path in folder.glob("*.*") if path.is_file()}
            for one in hints(package.content, package.media, clock.today()):
                click.echo(f"{folder}/{one.file}:{line_of(one, texts)}: {sentence(one)}")
                found = True
    raise SystemExit(1 if found and strict else 0)


def line_of(one: Hint, texts: Mapping[str, str]) -> int:
    """The line of a file that a hint means: lessons have a head before their text, questions lie where their id does."""
    source = texts.get(one.file, "")
    if question := one.values.get("question"):
        found = re.search(rf'^\s*id\s*=\s*"{re.escape(question)}"', source, re.MULTILINE)
        return source.count("\n", 0, found.start()) + 1 if found else 1
    if not one.line:
        return 1
    head = re.match(r"\A\+\+\+\n.*?\n\+\+\+\n\n*", source, re.DOTALL)
    return one.line + (head[0].count("\n") if head else 0)
