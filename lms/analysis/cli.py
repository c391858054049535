"""`flask analysis rebuild`."""

import click
from flask.cli import AppGroup

from lms.analysis import actions
from lms.analysis.tasks import keep
from lms.db import db
from lms.language import gettext

analysis = AppGroup("analysis", help="Statistics of questions.")


@analysis.command("rebuild")
def rebuild() -> None:
    """Write all sheets anew, and find again what they say."""
    actions.forget_sheets()
    db.session.commit()
    done = keep(progress=lambda _done, _total: None)
    db.session.commit()
    click.echo(gettext("analysis.rebuilt", **done))
