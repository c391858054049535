"""`flask goals …`"""

import csv
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import NoResultFound

from lms import clock
from lms.clock import today
from lms.db import db
from lms.goals import actions, answers, queries, rebuilding
from lms.goals.answers import Asked
from lms.goals.policy import BadPolicy, parse
from lms.goals.rebuilding import Difference
from lms.goals.rules import Policy, Status
from lms.language import gettext, speaking


class Instant(click.ParamType[datetime]):
    """A day, which means its end, or an instant; in Viet Nam."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return clock.end_of(date.fromisoformat(value)) if len(value) == 10 else clock.instant(value)
        except ValueError:
            self.fail(gettext("form.date-format"), param, context)


goals = AppGroup("goals", help="The annual goal: publish policies, evaluate people, roll up units.")

the_policy = click.option("--policy", "code", required=True, help="The policy's code, such as dx.")
the_year = click.option("--year", type=click.IntRange(1990, 2200), required=True)
the_day = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the question is asked.")
known_then = click.option(
    "--known-at",
    type=Instant(),
    help="What the system knew at the end of this day (2026-03-31) or at this instant (2026-03-31T12:00).",
)
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
            first_year = queries.first_open_year(policy.code)
            version = actions.publish(source=source, by_id=None, first_year=first_year)
            actions.refresh(person_ids=None)
            db.session.commit()
            click.echo(gettext("goals.published", code=version.code, number=version.number))


@goals.command()
@the_policy
@the_year
@the_day
@known_then
@the_format
def evaluate(code: str, year: int, as_of: datetime | None, known_at: datetime | None, _format: str) -> None:
    """Print one row a person: what is due, what is earned, the status and why."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        asked = Asked(_policy(code, year, known_at), year, _day(as_of, year), known_at)
        _print(answers.PERSON_COLUMNS, answers.people(asked))


@goals.command()
@the_policy
@the_year
@the_day
@known_then
@the_format
def rollup(code: str, year: int, as_of: datetime | None, known_at: datetime | None, _format: str) -> None:
    """Print one row a unit: met, not met, exempt, not applicable, and the rate in per cent."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        asked = Asked(_policy(code, year, known_at), year, _day(as_of, year), known_at)
        _print(answers.UNIT_COLUMNS, answers.units(asked))


@goals.command()
@click.option(
    "--year", "years", type=click.IntRange(1990, 2200), multiple=True, help="Only this year; may be repeated."
)
@click.option(
    "--check", is_flag=True, help="Write nothing; exit status 1 when something stored is not what it should be."
)
def rebuild(years: tuple[int, ...], check: bool) -> None:
    """Judge everybody anew from the facts, on all cores."""
    with speaking(current_app.config["DEFAULT_LOCALE"]), click.progressbar(length=1, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        work = rebuilding.check if check else rebuilding.rebuild
        found = work(years=years or None, progress=show)
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        click.echo(_told(found, check))
    if check and not found.is_nothing:
        raise SystemExit(1)


def _told(found: Difference, check: bool) -> str:
    values = found._asdict()
    if not check:
        return gettext("goals.rebuilt", **values)
    return gettext("goals.checked", **values) if found.is_nothing else gettext("goals.differs", **values)


def _policy(code: str, year: int, known_at: datetime | None) -> Policy:
    try:
        return queries.policy(code, year, known_at)
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
