"""The network as it comes into the system: as the files that an organisation would import."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from lms.accounts import actions as accounts
from lms.accounts.models import Account
from lms.db import OPEN_END, db
from lms.demo import data, people
from lms.demo.cast import DIEU_PHOI, PASSWORD, PLAYERS, Player
from lms.network import imports, queries, reorganisation_files, reorganisations
from lms.network.models import Person

AS_THEY_ARE = ("units.csv", "successions.csv", "absences.csv", "exemptions.csv")
LONG_AGO = date(2020, 1, 1)


class BadData(Exception):
    """The demo's own files do not pass the import."""


def settle(today: date) -> None:
    """Units, people and their posts are there."""
    everybody = people.members(today)
    take_in(
        {name: data.source(name, today).encode() for name in AS_THEY_ARE}
        | {
            "people.csv": data.sheet(people.people_rows(everybody)),
            "assignments.csv": data.sheet(people.assignment_rows(everybody)),
        }
    )


def take_in(files: Mapping[str, bytes]) -> None:
    """Import these files, or say why not. Raises `BadData`."""
    found = imports.plan(files)
    if not found.is_clean:
        raise BadData("\n".join(problem.words() for problem in found.errors))
    imports.apply(found, batch=imports.store(files))


def open_accounts(today: date, reason: str) -> None:
    """Everybody may sign in once they have their code; the players have a password and their roles."""
    by_code = {player.code: player for player in PLAYERS}
    for person in db.session.scalars(sa.select(Person).order_by(Person.id)):
        player = by_code.get(person.code)
        account = accounts.create_account(person=person, password=PASSWORD if player else None)
        if player and player.access != "learner":
            db.session.flush()
            accounts.grant(
                account=account, role=player.access, unit_id=_reach(player, today), from_on=LONG_AGO, to_on=OPEN_END,
                reason=reason, by_id=None,
            )  # fmt: skip
    db.session.flush()


def draft_reorganisation(today: date) -> None:
    """The coordinator has drafted the merging of some teams: to be looked at, carried out, and undone."""
    name = "reorganisation.csv"
    read = reorganisation_files.read({name: data.source(name, today).encode()})
    if read.problems:
        raise BadData("\n".join(problem.words() for problem in read.problems))
    coordinator = sa.select(Account.id).join(Person).where(Person.code == DIEU_PHOI.code)
    reach = queries.unit_id_by_code(DIEU_PHOI.reach, today)
    reorganisations.start(
        act=read.act(), scope=frozenset({reach}) if reach else None, account_id=db.session.scalars(coordinator).one()
    )


def _reach(player: Player, today: date) -> int | None:
    return queries.unit_id_by_code(player.reach, today) if player.reach else None
