"""A package before anything of it is stored: who signed it, what it says, and whether the map here knows its units."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from lms import clock
from lms.db import db, is_among
from lms.federation import package, queries, rules, sums
from lms.federation.models import FederationSender, ReportedYear
from lms.federation.package import Sealed
from lms.federation.rules import FINAL, MANIFEST, PEOPLE, SIGNATURE, UNITS, Faulty, Order, Package, Problem, UnitLine
from lms.goals import queries as goals
from lms.network import queries as network
from lms.network.models import UnitCode

REFUSED = {Order.OLDER: "older", Order.FORKED: "forked"}
MOST_PROBLEMS = 50


class Checked(NamedTuple):
    """A package that may be taken; `unit_ids` are the units here, by the number of their line."""

    sealed: Sealed
    package: Package
    sender: FederationSender
    unit_id: int
    unit_ids: Mapping[int, int]
    order: Order
    former: ReportedYear | None


def checked(content: bytes) -> Checked:
    """A package of which everything holds today. Raises `Faulty`."""
    sealed = package.opened(content)
    unit_id, sender = _sender(sealed)
    _refuse(_problems_of_key(sealed, sender))
    _refuse(package.changed_files(sealed))
    _refuse(_problems_of_head(sealed, sender))
    said = package.read(sealed)
    _refuse(sums.flaws(said))
    unit_ids = _units(said, unit_id, sealed.manifest.year)
    former = queries.taken(unit_id, sealed.manifest.policy, sealed.manifest.year)
    order = order_after(sealed, former)
    return Checked(sealed, said, sender, unit_id, unit_ids, order, former)


def order_after(sealed: Sealed, former: ReportedYear | None) -> Order:
    """How a package stands to the one that was taken. Raises `Faulty`, when it is older or goes another way."""
    taken = rules.Taken(former.version, former.last_hash, former.digest) if former else None
    order = rules.order(sealed.manifest, sealed.digest, taken)
    if former and order in REFUSED:
        numbers = {"version": sealed.manifest.version, "taken": former.version}
        raise Faulty([Problem(REFUSED[order], MANIFEST, values=numbers)])
    return order


def unit_ids(said: Package) -> dict[str, int]:
    """The units here that a package means, by their codes."""
    meant = _meant(said.units)
    return {line.code: meant[line.number] for line in said.units if line.number in meant}


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Faulty(problems[:MOST_PROBLEMS])


def _sender(sealed: Sealed) -> tuple[int, FederationSender]:
    """The unit that a package says it is about, and who may report it."""
    head = sealed.manifest
    named = {"code": head.unit_code, "name": head.unit_name}
    unit_id = network.unit_id_by_code(head.unit_code, date.fromisoformat(head.as_of))
    if unit_id is None:
        raise Faulty([Problem("unknown-unit", MANIFEST, values=named)])
    sender = queries.sender_of(unit_id)
    if sender is None:
        raise Faulty([Problem("unknown-sender", MANIFEST, values=named)])
    return unit_id, sender


def _problems_of_key(sealed: Sealed, sender: FederationSender) -> list[Problem]:
    known = [key for key in sender.keys if key.public == sealed.signature.public]
    if not known:
        return [Problem("unknown-key", SIGNATURE, values={"fingerprint": rules.fingerprint(sealed.public)})]
    today = clock.today()
    if not any(key.from_on <= today < key.to_on for key in known):
        return [Problem("expired-key", SIGNATURE, values={"kid": known[0].kid})]
    return [] if sealed.is_signed else [Problem("bad-signature", SIGNATURE)]


def _problems_of_head(sealed: Sealed, sender: FederationSender) -> list[Problem]:
    head, wrong = sealed.manifest, []
    if head.kind != FINAL:
        wrong.append(Problem("not-final", MANIFEST))
    if head.year >= clock.today().year:
        wrong.append(Problem("year-runs", MANIFEST, values={"year": head.year}))
    if not sender.first_year <= head.year <= (sender.last_year or head.year):
        wrong.append(Problem("other-year", MANIFEST, values={"year": head.year}))
    if goals.published_version(head.policy) is None:
        wrong.append(Problem("unknown-policy", MANIFEST, values={"policy": head.policy}))
    if head.with_names and not sender.takes_names:
        wrong.append(Problem("names-not-allowed", PEOPLE))
    return wrong


def _units(said: Package, root_id: int, year: int) -> dict[int, int]:
    """The units here that the lines mean, all at or below the sender's in that year or since. Raises `Faulty`."""
    meant = _meant(said.units)
    below = network.subtree_during(root_id, date(year, 1, 1), clock.today() + timedelta(days=1))
    within = set(db.session.scalars(below))
    wrong = []
    for line in said.units:
        key = None if line.number not in meant else "" if meant[line.number] in within else "foreign-unit"
        if key != "":
            place = line.number + 1
            wrong.append(Problem(key or "unknown-unit", UNITS, place, {"code": line.code, "name": line.name}))
    _refuse(wrong)
    return meant


def _meant(lines: Sequence[UnitLine]) -> dict[int, int]:
    """The unit that had a line's code on its day, else the one that had it last, by the number of the line."""
    columns = UnitCode.value, UnitCode.unit_id, UnitCode.from_on, UnitCode.to_on
    official = UnitCode.scheme == network.OFFICIAL, is_among(UnitCode.value, {line.code for line in lines})
    held: dict[str, list[tuple[int, date, date]]] = defaultdict(list)
    for code, unit_id, start, end in db.session.execute(sa.select(*columns).where(*official).order_by(UnitCode.to_on)):
        held[code].append((unit_id, start, end))
    found = {}
    for line in lines:
        day, spans = date.fromisoformat(line.on), held.get(line.code)
        if spans:
            then = [unit_id for unit_id, start, end in spans if start <= day < end]
            found[line.number] = then[0] if then else spans[-1][0]
    return found
