"""`flask keys …`: the keys that sign."""

import json
from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from lms.db import db
from lms.language import format_date, gettext, speaking
from lms.trust import actions, identity, keys, published
from lms.trust.keys import PublicKey

keys_group = AppGroup("keys", help="The keys that sign papers, symbols, badges and packages.")


@keys_group.command("list")
def list_keys() -> None:
    """Every key: purpose, name, first day, last day."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        for purpose in keys.PURPOSES:
            keys.signing_key(purpose)
            for key in keys.public_keys(purpose):
                _say(purpose, key.kid, key.not_before, key.distrusted_at or key.not_after, _state(key))
        for one in identity.certificates():
            _say("pdf", one.subject.rfc4514_string(), one.not_valid_before_utc, one.not_valid_after_utc, "")


@keys_group.command()
@click.argument("purpose", type=click.Choice(actions.PURPOSES))
@click.option("--distrust", is_flag=True, help="What the old keys signed counts no more: they are in other hands.")
@click.option("--name", default="", help="Of purpose pdf: the name that readers of a paper see.")
def rotate(purpose: str, distrust: bool, name: str) -> None:
    """Sign with a new key of this PURPOSE from now on."""
    if distrust and purpose == identity.PREFIX:
        raise click.UsageError("--distrust: badge, federation")
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        kid = actions.rotate(purpose=purpose, distrust=distrust, name=name)
        db.session.commit()
        click.echo(gettext("keys.rotated", kid=kid))


@keys_group.command()
def export() -> None:
    """The public keys and certificates as JSON, as they are published."""
    click.echo(json.dumps(published.key_set(), ensure_ascii=False, indent=1))


def _state(key: PublicKey) -> str:
    if key.distrusted_at:
        return gettext("keys.distrusted")
    return gettext("keys.ended") if key.not_after else gettext("keys.signs")


def _say(purpose: str, name: str, first: datetime, last: datetime | None, state: str) -> None:
    end = format_date(last) if last else ""
    click.echo("  ".join((f"{purpose:10}", f"{name:40}", format_date(first), f"{end:10}", state)).rstrip())
