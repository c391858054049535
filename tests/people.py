"""The cast of six: used by all tests, and by the demo under the same names.

An (community team, Hải Châu), Bình (HR of Đà Nẵng), Chi (trainer), Dũng (another province, never to be seen by Bình),
Em (new this week), Giang (administrator).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple, Self

import sqlalchemy as sa

from lms import clock, text
from lms.access import Role
from lms.accounts import passwords
from lms.accounts.models import Account, RoleGrant
from lms.db import OPEN_END, Base, db, insert_many
from lms.network.actions import rebuild_tree
from lms.network.models import Assignment, Level, Person, Unit, UnitCode, UnitVersion

PASSWORD = "thao-so-2026"
KEPT_TABLES = {"network_role"}
LONG_AGO = date(2020, 1, 1)


@cache
def hashed() -> str:
    return passwords.hash_password(PASSWORD)


def unit(
    name: str, level: Level, code: str, parent: int | None = None, start: date = LONG_AGO, end: date = OPEN_END
) -> int:
    """A unit that exists on `[start, end)`; its id."""
    made = Unit()
    db.session.add(made)
    db.session.flush()
    version = UnitVersion(
        unit_id=made.id, parent_id=parent, name=name, kind=level.value, level=level.value, fold=text.fold(name),
        sort_key=text.sort_key(name), from_on=start, to_on=end,
    )  # fmt: skip
    db.session.add_all([version, UnitCode(unit_id=made.id, scheme="official", value=code, from_on=start, to_on=end)])
    db.session.flush()
    return made.id


def person(name: str, code: str, employment: str = "civil-servant", phone: str | None = None) -> Person:
    """A person without a post."""
    made = Person(
        code=code,
        full_name=name,
        fold=text.fold(name),
        sort_key=text.name_sort_key(name),
        employment=employment,
        phone=phone,
    )
    db.session.add(made)
    db.session.flush()
    return made


def post(
    who: Person, unit_id: int, role: str, start: date = LONG_AGO, end: date = OPEN_END, is_primary: bool = True
) -> Assignment:
    """A person serves in a unit on `[start, end)`."""
    made = Assignment(
        person_id=who.id, unit_id=unit_id, role=role, nature="full-time", is_primary=is_primary, from_on=start, to_on=end,
        recorded_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def account(who: Person, role: Role | None = None, unit_id: int | None = None) -> Account:
    """An account with the password of the cast, and a role over a unit."""
    made = Account(person_id=who.id, password_hash=hashed(), created_at=clock.now())
    db.session.add(made)
    db.session.flush()
    if role:
        grant = RoleGrant(
            account_id=made.id, role=role, unit_id=unit_id, from_on=LONG_AGO, to_on=OPEN_END, reason="test"
        )
        db.session.add(grant)
        db.session.flush()
    return made


@dataclass
class Cast:
    """The units and people, by name."""

    nation: int
    da_nang: int
    hai_chau: int
    team: int
    thanh_khe: int
    hue: int
    an: Person
    binh: Person
    chi: Person
    dung: Person
    em: Person
    giang: Person

    @classmethod
    def arrive(cls) -> Self:
        """Everybody is there, with an account and a role; committed."""
        nation = unit("Việt Nam", Level.CENTRAL, "00")
        da_nang = unit("Thành phố Đà Nẵng", Level.PROVINCE, "48", nation)
        hai_chau = unit("Phường Hải Châu", Level.COMMUNE, "20242", da_nang)
        team = unit("Tổ công nghệ số cộng đồng Thuận Phước 1", Level.VILLAGE_TEAM, "20242-01", hai_chau)
        thanh_khe = unit("Phường Thanh Khê", Level.COMMUNE, "20209", da_nang)
        hue = unit("Thành phố Huế", Level.PROVINCE, "46", nation)
        rebuild_tree()
        cast = cls(
            nation, da_nang, hai_chau, team, thanh_khe, hue,
            an=person("Trần Văn An", "an", "volunteer", "0900000001"),
            binh=person("Lê Thị Bình", "binh"),
            chi=person("Phạm Thị Chi", "chi", "public-employee"),
            dung=person("Hoàng Văn Dũng", "dung"),
            em=person("Đặng Thị Em", "em"),
            giang=person("Võ Hương Giang", "giang"),
        )  # fmt: skip
        cast._serve()
        db.session.commit()
        return cast

    def _serve(self) -> None:
        post(self.an, self.team, "community-member")
        post(self.binh, self.da_nang, "dedicated")
        post(self.chi, self.da_nang, "trainer")
        post(self.dung, self.hue, "focal-point")
        post(self.em, self.hai_chau, "focal-point", clock.today() - timedelta(days=3))
        account(self.an)
        account(self.binh, Role.UNIT_HR, self.da_nang)
        account(self.chi, Role.TRAINER, self.da_nang)
        account(self.dung)
        account(self.em)
        account(self.giang, Role.ADMINISTRATOR)


class Arrival(NamedTuple):
    """What the tables hold when the cast has arrived, to be put in again past the ORM: a tenth of the work."""

    units: dict[str, int]
    people: dict[str, int]
    rows: list[tuple[sa.Table, list[dict[str, Any]]]]

    @classmethod
    def of(cls, cast: Cast) -> Self:
        """The rows that are there now."""
        named = vars(cast).items()
        rows = [(table, [dict(row) for row in db.session.execute(sa.select(table)).mappings()]) for table in emptied()]
        db.session.rollback()
        return cls(
            {name: who for name, who in named if isinstance(who, int)},
            {name: who.id for name, who in named if isinstance(who, Person)},
            [(table, found) for table, found in rows if found],
        )

    def again(self) -> Cast:
        """Everybody is there; committed."""
        for table, rows in self.rows:
            insert_many(table, rows)
        if db.engine.dialect.name == "postgresql":
            numbered = {table.name: max(row["id"] for row in rows) for table, rows in self.rows if "id" in table.c}
            last = [f"setval(pg_get_serial_sequence('{name}', 'id'), {id_})" for name, id_ in numbered.items()]
            db.session.execute(sa.text(f"SELECT {', '.join(last)}"))
        found = {who.id: who for who in db.session.scalars(sa.select(Person))}
        db.session.commit()
        return Cast(**self.units, **{name: found[id_] for name, id_ in self.people.items()})


def emptied() -> list[sa.Table]:
    """The tables that a test finds empty, those first that others point to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in KEPT_TABLES]


def holds_any(tables: Iterable[sa.FromClause]) -> bool:
    """Whether a row lies in one of some tables."""
    there = (sa.exists(sa.select(sa.literal(1)).select_from(table)) for table in tables)
    return bool(db.session.scalar(sa.select(sa.or_(*there))))
