"""`flask goals …`"""

import csv
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import NoResultFound

from lms.clock import today
from lms.db import db
from lms.goals import actions, answers, queries
from lms.goals.policy import BadPolicy, parse
from lms.goals.rules import Policy, Status
from lms.language import gettext, speaking

goals = AppGroup("goals", help="The annual goal: publish policies, evaluate people, roll up units.")

the_policy = click.option("--policy", "code", required=True, help="The policy's code, such as dx.")
the_year = click.option("--year", type=click.IntRange(1990, 2200), required=True)
the_day = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the question is asked.")
the_format = click.option("--format", "_format", type=click.Choice(["csv"]), default="csv")


@goals.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say who gains and who loses, and change nothing.")
def publish(path: Path, dry_run: bool) -> None:
    """Publish a new version of the policy in PATH."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        try:
            source = path.read_text("utf-8-sig")
            policy = parse(source)
        except (BadPolicy, UnicodeDecodeError) as problem:
            raise click.ClickException(f"{path}: {problem}") from problem
        for line in _changes(policy):
            click.echo(line)
        if not dry_run:
            version = actions.publish(source=source, by_id=None)
            actions.refresh(person_ids=None)
            db.session.commit()
            click.echo(gettext("goals.published", code=version.code, number=version.number))


@goals.command()
@the_policy
@the_year
@the_day
@the_format
def evaluate(code: str, year: int, as_of: datetime | None, _format: str) -> None:
    """Print one row a person: what is due, what is earned, the status and why."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        _print(answers.PERSON_COLUMNS, answers.people(_policy(code), year, _day(as_of, year)))


@goals.command()
@the_policy
@the_year
@the_day
@the_format
def rollup(code: str, year: int, as_of: datetime | None, _format: str) -> None:
    """Print one row a unit: met, not met, exempt, not applicable, and the rate in per cent."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        _print(answers.UNIT_COLUMNS, answers.units(_policy(code), year, _day(as_of, year)))


@goals.command()
@click.option(
    "--year", "years", type=click.IntRange(1990, 2200), multiple=True, help="Only this year; may be repeated."
)
def rebuild(years: tuple[int, ...]) -> None:
    """Compute all standings anew from the facts."""
    written = actions.refresh(person_ids=None, years=years or None)
    db.session.commit()
    click.echo(gettext("goals.rebuilt", number=written))


def _policy(code: str) -> Policy:
    try:
        return queries.policy(code)
    except NoResultFound as error:
        raise click.ClickException(gettext("goals.unknown-policy", code=code)) from error


def _day(as_of: datetime | None, year: int) -> date:
    return as_of.date() if as_of else date(year, 12, 31)


def _changes(policy: Policy) -> Iterable[str]:
    """Who gains and who loses when this policy comes into force this year, as sentences."""
    day = today()
    before_version = queries.published_version(policy.code)
    before = dict(queries.judge(parse(before_version.source), None, day.year, day)) if before_version else {}
    after = dict(queries.judge(policy, None, day.year, day))
    met_before = {person for person, judgement in before.items() if judgement.status is Status.MET}
    met_after = {person for person, judgement in after.items() if judgement.status is Status.MET}
    more = sum(person in before and judgement.due > before[person].due for person, judgement in after.items())
    less = sum(person in before and judgement.due < before[person].due for person, judgement in after.items())
    yield gettext("goals.change-people", before=len(before), after=len(after))
    yield gettext("goals.change-due", more=more, less=less)
    yield gettext("goals.change-met", gain=len(met_after - met_before), lose=len(met_before - met_after))


def _print(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
