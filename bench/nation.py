"""A nation in an empty database: 34 provinces, their communes and teams, people and two years of their learning.

python -m bench.nation --people 600000 --database sqlite:////tmp/nation.sqlite
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bench import population
from bench.population import EMPLOYMENTS, FOUNDED, PROVINCES, STAFF, Ledger, Scale, Seat
from lms import clock, create_app, text
from lms.accounts.models import Account
from lms.config import ROOT, Settings
from lms.db import OPEN_END, Base, db, insert_many
from lms.goals import actions as goals
from lms.goals.models import Credit, Exemption
from lms.network.actions import rebuild_tree
from lms.network.models import Absence, Assignment, Person, Post, Unit, UnitCode, UnitVersion

Row = dict[str, Any]

AT_ONCE = 20_000
POLICIES = ("dx", "legal40")
POSITIONS, TITLES = 20, 8
KINDS = {"central": "bộ", "province": "tỉnh", "commune": "xã", "village-team": "tổ"}
NAMES = {
    "central": "Cả nước",
    "province": "Tỉnh số",
    "commune": "Xã số",
    "village-team": "Tổ công nghệ số cộng đồng số",
}
SECURE = ("khong-gian-mang", "0", "4", "8")
TAKEN_BACK = 1_000
PERSONAL = (Person, Assignment, Absence, Exemption, Account)


def build(people: int, today: date | None = None) -> Scale:
    """Fill the empty database of the present application, and commit; standings are for `flask goals rebuild`."""
    scale, day = Scale.of(people), today or clock.today()
    _write(Unit, ({"id": place.id} for place in population.places(scale)))
    _write(UnitVersion, _versions(scale))
    _write(UnitCode, _codes(scale))
    _write(Post, _posts())
    rebuild_tree()
    ledger = Ledger(scale, day)
    _settle(scale, ledger, day)
    _write(Credit, _numbered(_credits(ledger, _instants(day))))
    for code in POLICIES:
        goals.publish(source=(ROOT / f"courses/goals/{code}.toml").read_text("utf-8"), by_id=None)
    goals.keep_years([day.year - 1, day.year])
    db.session.commit()
    _tidy()
    return scale


def application(url: str, folder: str) -> Flask:
    """An application with the newest schema on a database."""
    app = create_app(Settings(_env_file=None, database_url=url, instance_path=folder, secret_key="bench"))
    app.test_cli_runner(catch_exceptions=False).invoke(args=["migrate"])
    return app


def _versions(scale: Scale) -> Iterator[Row]:
    for place in population.places(scale):
        name = f"{NAMES[place.level]} {place.number + 1}" if place.parent_id else NAMES[place.level]
        yield {
            "unit_id": place.id, "parent_id": place.parent_id, "name": name, "kind": KINDS[place.level], "level": place.level,
            "fold": text.fold(name), "sort_key": text.sort_key(name), "from_on": FOUNDED, "to_on": OPEN_END,
        }  # fmt: skip


def _codes(scale: Scale) -> Iterator[Row]:
    for place in population.places(scale):
        code = {"unit_id": place.id, "scheme": "official", "value": f"{place.level}-{place.number + 1}"}
        yield code | {"from_on": FOUNDED, "to_on": OPEN_END}


def _posts() -> Iterator[Row]:
    """Each province has its own list of job positions and titles, in the order of their ids."""
    for province in range(PROVINCES):
        for number in range(POSITIONS + TITLES):
            kind = "position" if number < POSITIONS else "title"
            code = f"{kind}-{number + 1:02}"
            post = {"unit_id": population.NATION + 1 + province, "kind": kind, "code": code, "title": code.capitalize()}
            yield post | {"from_on": FOUNDED, "to_on": OPEN_END}


def _settle(scale: Scale, ledger: Ledger, day: date) -> None:
    """People with everything about them except their credits."""
    dice = random.Random(3321)
    seats = enumerate(population.seats(scale, dice), start=1)
    while some := list(islice(seats, AT_ONCE)):
        rows: dict[type[Base], list[Row]] = {model: [] for model in PERSONAL}
        for person_id, seat in some:
            ledger.meet(seat.role)
            _add(rows, person_id, seat, dice, day)
        for model in PERSONAL:
            _write(model, rows[model])


def _add(rows: dict[type[Base], list[Row]], person_id: int, seat: Seat, dice: random.Random, day: date) -> None:
    rows[Person].append(_person(person_id, seat, dice))
    rows[Assignment] += _assignments(person_id, seat, dice, day)
    if dice.random() < 0.05:
        rows[Absence].append(_absence(person_id, dice, day))
    if dice.random() < 0.012:
        rows[Exemption].append(_exemption(person_id, dice, day))
    if dice.random() < 0.7:
        rows[Account].append(_account(person_id, dice, day))


def _person(person_id: int, seat: Seat, dice: random.Random) -> Row:
    name = population.names(dice)
    fold, sort_key = _keys(name)
    return {
        "id": person_id, "code": f"CB{person_id:06}", "full_name": name, "fold": fold, "sort_key": sort_key,
        "employment": EMPLOYMENTS.get(seat.role) or dice.choice(STAFF), "phone": f"09{person_id:08}",
        "email": f"cb{person_id:06}@example.vn" if dice.random() < 0.5 else None,
    }  # fmt: skip


@lru_cache(maxsize=1 << 14)
def _keys(name: str) -> tuple[str, str]:
    return text.fold(name), text.name_sort_key(name)


def _assignments(person_id: int, seat: Seat, dice: random.Random, day: date) -> Iterator[Row]:
    """Teams of the community have neither job positions nor titles."""
    of_office = seat.role not in EMPLOYMENTS
    catalogue = seat.province * (POSITIONS + TITLES) + 1
    position = catalogue + dice.randrange(POSITIONS) if of_office else None
    title = catalogue + POSITIONS + dice.randrange(TITLES) if of_office else None
    for served in population.posts(seat, dice, day):
        yield {
            "person_id": person_id, "position_id": position, "title_id": title, "recorded_at": _noon(served.from_on),
            "nature": "full-time" if served.role == "dedicated" else "part-time", "decision": None, **served._asdict(),
        }  # fmt: skip


def _absence(person_id: int, dice: random.Random, day: date) -> Row:
    kind = dice.choice(list(population.ABSENCES))
    start = dice.choice(population.days(date(day.year - 1, 1, 1), day))
    until = start + timedelta(days=population.ABSENCES[kind])
    absence = {"person_id": person_id, "type": kind, "suspends": True, "recorded_at": _noon(start)}
    return absence | {"from_on": start, "to_on": until}


def _exemption(person_id: int, dice: random.Random, day: date) -> Row:
    start = dice.choice(population.days(date(day.year - 1, 1, 1), day))
    exemption = {
        "person_id": person_id,
        "policy": "dx",
        "year": start.year,
        "scope": "goal",
        "target": "",
        "from_on": start,
    }
    state = "approved" if dice.random() < 0.8 else "requested"
    return exemption | {"reason": "Nghỉ chữa bệnh dài ngày", "state": state, "recorded_at": _noon(start)}


def _account(person_id: int, dice: random.Random, day: date) -> Row:
    seen = dice.choice(population.days(date(day.year - 1, 1, 1), day))
    last = _noon(seen) if dice.random() < 0.85 else None
    return {"person_id": person_id, "created_at": _noon(FOUNDED), "last_sign_in_at": last}


def _credits(ledger: Ledger, instants: Callable[[date], datetime]) -> Iterator[Row]:
    """Each is recorded at noon of its day; one of a thousand is taken back by the next entry, one still waits."""
    for number, learned in enumerate(ledger.credits(), start=1):
        course = learned.activity if learned.source == "internal" else None
        credit = {
            "person_id": learned.person_id, "activity": learned.activity, "periods": learned.periods, "entry": 0,
            "category": "security" if learned.activity.endswith(SECURE) else "digital", "completed_on": learned.on,
            "source": learned.source, "equivalence": course, "module": course, "reverses_id": None,
            "state": "pending" if number % TAKEN_BACK == 500 else "approved", "recorded_at": instants(learned.on),
        }  # fmt: skip
        yield credit
        if number % TAKEN_BACK == 0:
            yield credit | {"entry": 1, "reverses_id": number + number // TAKEN_BACK - 1}


def _numbered(rows: Iterator[Row]) -> Iterator[Row]:
    return ({"id": number, **row} for number, row in enumerate(rows, start=1))


def _instants(day: date) -> Callable[[date], datetime]:
    found = {one: _noon(one) for one in population.days(date(day.year - 1, 1, 1), day + timedelta(days=1))}
    return found.__getitem__


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(5), tzinfo=UTC)


def _write(model: type[Base], rows: Iterable[Row]) -> None:
    """In transactions of their own, so that SQLite's log stays short."""
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        insert_many(model.__table__, some)
        db.session.commit()


def _tidy() -> None:
    """On PostgreSQL: numbers go on after ours, and the planner knows what is there."""
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in (model.__tablename__ for model in chain((Unit, Credit), PERSONAL)):
            last = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            connection.execute(sa.text(last))
        connection.execute(sa.text("VACUUM ANALYZE"))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=population.PEOPLE)
    options.add_argument("--database", required=True, help="an empty database, as DATABASE_URL")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, application(asked.database, folder).app_context():
        print(build(asked.people))
        db.engine.dispose()


if __name__ == "__main__":
    main()
