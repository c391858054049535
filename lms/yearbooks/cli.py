"""`flask goals close-book`, `reopen-book` and `verify-book`."""

import sys
from datetime import date, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from lms import clock
from lms.db import db, reading
from lms.goals.cli import the_policy, the_year
from lms.language import format_date, gettext, speaking
from lms.network import queries as network
from lms.yearbooks import actions, closing, queries, verification
from lms.yearbooks.closing import Overtaken
from lms.yearbooks.models import YearBook
from lms.yearbooks.rules import Kind, Refusal, Refused
from lms.yearbooks.verification import Verdict

the_unit = click.option("--unit", "unit_code", required=True, help="The unit's official code.")
a_day = click.DateTime(["%Y-%m-%d"])


@click.command("close-book")
@the_unit
@the_policy
@the_year
@click.option("--provisional", is_flag=True, help="Close for the time being, as of a day.")
@click.option("--as-of", type=a_day, help="The day of a provisional close; today unless told.")
@click.option("--reason", default="", help="Why, for the record.")
@with_appcontext
def close_book(unit_code: str, code: str, year: int, provisional: bool, as_of: datetime | None, reason: str) -> None:
    """Close a year for a unit and all below it; the same command goes on with a closing that was broken off."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        kind = Kind.PROVISIONAL if provisional else Kind.FINAL
        unit_id, day = _unit(unit_code, year), as_of.date() if as_of else None
        try:
            version = actions.begin(unit_id=unit_id, policy=code, year=year, kind=kind, as_of=day, reason=reason)
        except Refused as refused:
            raise _failure(refused) from refused
        db.session.commit()
        _carry_out(version.id)
        done = queries.book(version.book_id).versions[version.number - 1]
        words = {"number": done.number, "people": done.people, "met": done.met, "hash": done.last_hash}
        click.echo(gettext("book.written", unit=done.unit_name, year=year, **words))


@click.command("reopen-book")
@the_unit
@the_policy
@the_year
@click.option("--reason", required=True)
@click.option("--authority", required=True, help="The number of the decision.")
@click.option("--authority-on", type=a_day, required=True, help="The day of the decision.")
@with_appcontext
def reopen_book(
    unit_code: str, code: str, year: int, reason: str, authority: str, authority_on: datetime
) -> None:  # fmt: skip
    """Reopen a closed year, by a decision."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        book = queries.book_of(_unit(unit_code, year), code, year)
        if book is None:
            raise _failure(Refused(Refusal.NOT_CLOSED))
        try:
            actions.reopen(
                book=book, reason=reason, authority=authority, authority_on=authority_on.date(), by_id=None
            )  # fmt: skip
        except Refused as refused:
            raise _failure(refused) from refused
        db.session.commit()
        click.echo(gettext("book.reopened"))


@click.command("verify-book")
@click.option("--unit", "unit_code", help="Only the book of this unit.")
@click.option("--policy", "code", help="Only books of this policy.")
@click.option("--year", type=click.IntRange(1990, 2200), help="Only books of this year.")
@with_appcontext
def verify_book(unit_code: str | None, code: str | None, year: int | None) -> None:
    """Prove that books say what they said: one line for each version, and exit status 1 with the first broken line."""
    is_sound = True
    with speaking(current_app.config["DEFAULT_LOCALE"]), reading():
        unit_id = _unit(unit_code, year or clock.today().year) if unit_code else None
        for book in queries.books(unit_id, code, year):
            for verdict in verification.verdicts(book):
                click.echo(_words(book, verdict))
                is_sound = is_sound and verdict.flaw is None
    if not is_sound:
        raise SystemExit(1)


def _carry_out(version_id: int) -> None:
    with click.progressbar(length=1, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        try:
            closing.carry_out(version_id, show)
        except Overtaken as overtaken:
            raise click.ClickException(gettext("book.overtaken")) from overtaken


def _words(book: YearBook, verdict: Verdict) -> str:
    version, flaw = verdict.version, verdict.flaw
    place = {"unit": book.latest.unit_name, "policy": book.policy, "year": book.year}
    if flaw is not None:
        number = version.number if version else 0
        return gettext("book.broken", number=number, flaw=gettext(f"book.flaw.{flaw.kind}", line=flaw.line), **place)
    assert version is not None
    words = {"number": version.number, "day": format_date(version.as_of), "lines": version.lines}
    return gettext("book.sound", hash=version.last_hash, **words, **place)


def _unit(code: str, year: int) -> int:
    found = network.unit_id_by_code(code, date(year, 12, 31))
    if found is None:
        raise _failure(Refused(Refusal.NO_UNIT))
    return found


def _failure(refused: Refused) -> click.ClickException:
    return click.ClickException(gettext(f"book.refused.{refused.refusal}"))
