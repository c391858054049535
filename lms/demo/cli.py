"""`flask demo`"""

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from lms.db import db
from lms.demo import actions
from lms.demo.cast import PASSWORD, PLAYERS
from lms.language import gettext, speaking
from lms.network import queries as network
from lms.network.models import Person


@click.command()
@with_appcontext
def demo() -> None:
    """Fill an empty database with a province, its people, the courses and a year of learning."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        if db.session.scalar(sa.select(sa.exists(sa.select(Person.id)))):
            click.echo(gettext("demo.exists"))
            if network.person_by_code(PLAYERS[0].code):
                say_who_signs_in()
            return
        figures = actions.build()
        db.session.commit()
        click.echo(gettext("demo.done", people=figures.people, units=figures.units, certificates=figures.certificates))
        say_who_signs_in()


def say_who_signs_in() -> None:
    """A line for each of the cast: code, name, role."""
    click.echo(gettext("demo.sign-in", password=PASSWORD))
    for player in PLAYERS:
        click.echo(f"  {player.code:<10}{player.full_name:<20}{gettext(f'access.{player.access}')}")
