"""`flask federation key`, `pack` and `take`."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from lms.db import db
from lms.federation import actions, checking, packing, rules, words
from lms.federation.checking import Checked
from lms.federation.rules import Faulty, Refused
from lms.goals.cli import the_policy, the_year
from lms.language import gettext, speaking
from lms.network import queries as network
from lms.trust import keys
from lms.yearbooks import queries as yearbooks
from lms.yearbooks.cli import the_unit

federation = AppGroup("federation", help="Send a closed year up as a signed package; take those of others.")


@federation.command("key")
@with_appcontext
def key() -> None:
    """Print the public key with which packages are signed, and the digits to be compared by phone."""
    public = packing.own_public()
    click.echo(keys.encoded(public))
    click.echo(rules.fingerprint(public))


@federation.command("pack")
@the_unit
@the_policy
@the_year
@click.option("--output", type=click.Path(path_type=Path), help="Where to write; by default a name of its own here.")
@with_appcontext
def pack(unit_code: str, code: str, year: int, output: Path | None) -> None:
    """Write the signed package of a closed year."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        unit_id = network.unit_id_by_code(unit_code, rules.due_on(year, 0))
        book = yearbooks.book_of(unit_id, code, year) if unit_id else None
        if book is None:
            raise click.ClickException(gettext("federation.refused.not-closed", value=""))
        try:
            content, version = actions.pack(book=book)
        except Refused as refused:
            raise click.ClickException(words.of_refusal(refused)) from refused
        path = output or Path(packing.file_name(version))
        path.write_bytes(content)
        db.session.commit()
        click.echo(gettext("federation.written", path=path, size=len(content)))


@federation.command("take")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check it and say what it holds; take nothing.")
@with_appcontext
def take(path: Path, dry_run: bool) -> None:
    """Check the package in PATH, and let it count; exit status 1 with what is wrong, and nothing kept."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        content = path.read_bytes()
        try:
            found = checking.checked(content)
            click.echo(_told(found))
            if dry_run:
                return
            report, _ = actions.receive(found=found, content=content, by_id=None)
            is_new = actions.take(report=report, by_id=None)
        except Faulty as faulty:
            db.session.rollback()
            raise click.ClickException("\n".join(map(words.of_problem, faulty.problems))) from faulty
        db.session.commit()
        click.echo(gettext("federation.taken" if is_new else "federation.taken-before"))


def _told(found: Checked) -> str:
    head, said = found.sealed.manifest, rules.figures(found.package.manifest.totals)
    named = {"unit": head.unit_name, "policy": head.policy, "year": head.year, "version": head.version}
    return gettext("federation.told", people=said["people"], met=said["met"], not_met=said["not_met"], **named)
