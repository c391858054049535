"""`flask accounts …`: how the first administrator comes in."""

import click
from flask import current_app
from flask.cli import AppGroup

from lms.access import Role
from lms.accounts import actions, queries
from lms.clock import today
from lms.db import OPEN_END, db
from lms.language import gettext, speaking
from lms.network import queries as network

accounts = AppGroup("accounts", help="Accounts and roles.")


@accounts.command()
@click.argument("code")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--unit", "unit_code", help="Code of the unit over which the role is held; everywhere without it.")
@click.option("--reason", required=True)
def grant(code: str, role: str, unit_code: str | None, reason: str) -> None:
    """Give the person with staff code CODE a ROLE, with an account and a first-sign-in code if they have none."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        person = network.person_by_code(code)
        unit_id = network.unit_id_by_code(unit_code, today()) if unit_code else None
        if person is None or (unit_code and unit_id is None):
            raise click.ClickException(gettext("accounts.unknown-login" if person is None else "accounts.unknown-unit"))
        if person.id not in queries.accounts_of([person.id]):
            for _, first_code in actions.issue_codes(people=[person], unit_id=unit_id or 0):
                click.echo(gettext("accounts.first-code", login=person.code, code=first_code))
        account = queries.accounts_of([person.id])[person.id]
        actions.grant(
            account=account,
            role=Role(role),
            unit_id=unit_id,
            from_on=today(),
            to_on=OPEN_END,
            reason=reason,
            by_id=None,
        )
        db.session.commit()
        click.echo(gettext("accounts.granted"))
