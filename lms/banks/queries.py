"""Reads of the shared bank. Nobody sees what is not theirs or shared with them: `readable` stands in every statement."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import aliased

from lms import text
from lms.access import Permission, reach
from lms.accounts.models import Account
from lms.banks import rules
from lms.banks.models import Arrival, BankItem, BankItemVersion, Pool, PoolEntry
from lms.banks.rules import Banked, Sharing
from lms.catalogue import queries as catalogue
from lms.catalogue.content import Question, Quiz
from lms.clock import today
from lms.db import AnyRow, AnySelect, db, is_among
from lms.network import queries as network
from lms.network.models import Person, UnitAncestor, UnitVersion

PAGE = 50
MOST = 5000
"""How many items are compared, exported or offered at once."""


@dataclass(frozen=True)
class Search:
    """What is looked for; empty means any. `q` is matched without accents."""

    q: str = ""
    topic: str = ""
    difficulty: str = ""
    type: str = ""
    author: str = ""
    licence: str = ""
    unit_id: int | None = None
    state: str = "active"
    pool_id: int | None = None

    def as_arguments(self) -> dict[str, Any]:
        """The search as arguments of an address."""
        said = {name: value for name, value in vars(self).items() if value and (name, value) != ("state", "active")}
        return {{"unit_id": "unit", "pool_id": "pool"}.get(name, name): value for name, value in said.items()}


@dataclass(frozen=True)
class Use:
    """A course or draft in which an item stands, and which version of it."""

    title: str
    href: str
    number: int
    kind: str


USES: list[Callable[[int], list[Use]]] = []
"""Who else can say where an item is used; those above tell themselves."""


def readable(thing: Any) -> sa.ColumnElement[bool]:
    """The condition that the reader may use an item or a pool."""
    scope = current_user.scope(Permission.TEACH)
    if scope is None:
        return sa.true()
    line = aliased(UnitAncestor)
    stands_below = sa.exists().where(line.unit_id.in_(scope), line.ancestor_id == thing.unit_id, line.on(today()))
    return sa.or_(
        current_user.covers(Permission.TEACH, thing.unit_id),
        thing.sharing == Sharing.EVERYBODY,
        sa.and_(thing.sharing == Sharing.BELOW, stands_below),
    )


def may_write(unit_id: int) -> bool:
    """Whether the reader changes what belongs to a unit."""
    return bool(current_user.reaches_unit(Permission.TEACH, unit_id))


def own_units() -> Sequence[UnitVersion]:
    """The units for which the reader may put something into the bank; of the whole country, its highest."""
    scope = current_user.scope(Permission.TEACH)
    if scope is None:
        return [row.UnitVersion for row in network.children(None, today())]
    return network.roots(scope, today())


def found(search: Search, before: int | None = None, limit: int = PAGE) -> Sequence[AnyRow]:
    """Items in their newest versions, the newest item first: BankItem, BankItemVersion; one more than `limit`."""
    items = _matching(search)
    if before is not None:
        items = items.where(BankItem.id < before)
    return db.session.execute(items.order_by(BankItem.id.desc()).limit(limit + 1)).all()


def banked(search: Search) -> list[Banked]:
    """The questions that a search finds, oldest first."""
    rows = db.session.execute(_matching(search).order_by(BankItem.id).limit(MOST)).all()
    return [_banked(row) for row in rows]


def items(item_ids: Collection[int]) -> list[Banked]:
    """The newest versions of these items, those left out that the reader may not use."""
    rows = db.session.execute(_current().where(is_among(BankItem.id, item_ids)).order_by(BankItem.id)).all()
    return [_banked(row) for row in rows]


def counts(search: Search) -> dict[tuple[str, str], int]:
    """How many items a search finds by (topic, difficulty)."""
    cell = (BankItemVersion.topic, BankItemVersion.difficulty)
    matching = _matching(search).with_only_columns(*cell, sa.func.count()).group_by(*cell).order_by(None)
    return {(topic, difficulty): count for topic, difficulty, count in db.session.execute(matching)}


def topics() -> list[str]:
    """The topics of all items that the reader may use, in Vietnamese order."""
    named = _current().where(BankItem.state == "active").with_only_columns(BankItemVersion.topic).distinct()
    return sorted(filter(None, db.session.scalars(named)), key=text.sort_key)


def item(item_id: int, *, lock: bool = False) -> BankItem:
    """An item. Raises NoResultFound."""
    return db.session.get_one(BankItem, item_id, with_for_update=lock or None, populate_existing=lock)


def same_item(unit_id: int, question: Question) -> BankItem | None:
    """The item on offer of a unit that says just what a question says."""
    says = BankItemVersion.fingerprint == rules.asks(question), BankItemVersion.sha256 == rules.digest(question)
    found_ = _versioned().where(BankItem.unit_id == unit_id, BankItem.state == "active", *says)
    return db.session.scalars(found_.order_by(BankItem.id)).first()


def history(item_id: int) -> Sequence[AnyRow]:
    """The versions of an item, newest first: BankItemVersion, who made it."""
    versions = sa.select(BankItemVersion, Person.full_name).where(BankItemVersion.item_id == item_id)
    made_by = versions.outerjoin(Account, Account.id == BankItemVersion.made_by_id)
    named = made_by.outerjoin(Person, Person.id == Account.person_id)
    return db.session.execute(named.order_by(BankItemVersion.number.desc())).all()


def version(item_id: int, number: int) -> BankItemVersion:
    """A version of an item. Raises NoResultFound."""
    wanted = sa.select(BankItemVersion).where(BankItemVersion.item_id == item_id, BankItemVersion.number == number)
    return db.session.scalars(wanted).one()


def versions(wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], Question]:
    """These versions of items the reader may use, by (item, number)."""
    found_ = sa.select(BankItemVersion).join(BankItem, BankItem.id == BankItemVersion.item_id)
    mine = found_.where(is_among(BankItem.id, {item_id for item_id, _ in wanted}), readable(BankItem))
    known = {(one.item_id, one.number): one for one in db.session.scalars(mine)} if wanted else {}
    return {key: rules.question_of(one.question) for key, one in known.items() if key in wanted}


def newer(quiz: Quiz) -> dict[str, Banked]:
    """The newest versions of the items that a quiz has older copies of, by question."""
    sources = rules.sources(quiz)
    newest = {one.item_id: one for one in items({item_id for item_id, _ in sources.values()})} if sources else {}
    return {
        question: newest[item_id]
        for question, (item_id, number) in sources.items()
        if item_id in newest and newest[item_id].number > number
    }


def uses(item_id: int) -> list[Use]:
    """The courses on offer in which an item stands, and what others tell."""
    told = [use for tell in USES for use in tell(item_id)]
    return told + [
        Use(published.content.title, f"/courses/{published.content.slug}", number, "course")
        for published in catalogue.offered()
        for found_id, number in rules.sources(published.content.quiz).values()
        if found_id == item_id
    ]


def pools() -> Sequence[AnyRow]:
    """The pools that the reader may use, in Vietnamese order: Pool, name of their unit, number of listed items."""
    listed = sa.select(sa.func.count()).where(PoolEntry.pool_id == Pool.id).scalar_subquery()
    unit = sa.and_(UnitVersion.unit_id == Pool.unit_id, UnitVersion.on(today()))
    named = sa.select(Pool, UnitVersion.name, listed.label("listed")).outerjoin(UnitVersion, unit)
    return db.session.execute(named.where(readable(Pool)).order_by(Pool.sort_key, Pool.id)).all()


def pool(pool_id: int) -> Pool:
    """A pool. Raises NoResultFound."""
    return db.session.get_one(Pool, pool_id)


def listed_in(pool_id: int) -> set[int]:
    """The items that stand in the list of a pool."""
    return set(db.session.scalars(sa.select(PoolEntry.item_id).where(PoolEntry.pool_id == pool_id)))


def arrival(arrival_id: int, *, lock: bool = False) -> Arrival:
    """Questions that wait. Raises NoResultFound."""
    return db.session.get_one(Arrival, arrival_id, with_for_update=lock or None, populate_existing=lock)


def waiting() -> Sequence[Arrival]:
    """What waits to come in, for units of the reader."""
    mine = sa.select(Arrival).where(Arrival.state == "open", current_user.covers(Permission.TEACH, Arrival.unit_id))
    return db.session.scalars(mine.order_by(Arrival.id.desc()).limit(PAGE)).all()


def writable(item_ids: Collection[int]) -> set[int]:
    """Those of some items that the reader may change."""
    own = sa.select(BankItem.id).where(is_among(BankItem.id, item_ids))
    return set(db.session.scalars(own.where(current_user.covers(Permission.TEACH, BankItem.unit_id))))


def unit_names(unit_ids: Collection[int]) -> Mapping[int, str]:
    """The names of units."""
    return network.names(unit_ids)


def _current() -> AnySelect:
    return _versioned().where(readable(BankItem))


def _versioned() -> AnySelect:
    """All items with their newest versions."""
    is_current = sa.and_(BankItemVersion.item_id == BankItem.id, BankItemVersion.number == BankItem.number)
    return sa.select(BankItem, BankItemVersion).join(BankItemVersion, is_current)


def _matching(search: Search) -> AnySelect:
    matching = _current().where(BankItem.state == search.state)
    for column in ("topic", "difficulty", "type", "licence"):
        if value := getattr(search, column):
            matching = matching.where(getattr(BankItemVersion, column) == value)
    if search.author:
        matching = matching.where(BankItemVersion.author == search.author)
    for term in text.search_terms(search.q):
        matching = matching.where(BankItemVersion.fold.contains(term, autoescape=True))
    if search.unit_id is not None:
        matching = matching.where(BankItem.unit_id.in_(network.subtree(search.unit_id, today())))
    if search.pool_id is not None:
        matching = matching.where(_in_pool(search.pool_id))
    return matching


def _in_pool(pool_id: int) -> sa.ColumnElement[bool]:
    """The condition that an item stands in a pool: in its list, or in its cell when it has one."""
    wanted = db.session.get_one(Pool, pool_id)
    listed = BankItem.id.in_(sa.select(PoolEntry.item_id).where(PoolEntry.pool_id == pool_id))
    cell = [
        getattr(BankItemVersion, name) == value for name in ("topic", "difficulty") if (value := getattr(wanted, name))
    ]
    return sa.or_(listed, sa.and_(*cell)) if cell else listed


def _banked(row: AnyRow) -> Banked:
    item, version = row.BankItem, row.BankItemVersion
    question = rules.question_of(version.question, item.code)
    return Banked(item.id, version.number, question, item.state == "active")


@reach("item_id", Permission.TEACH)
def reaches_item(_permission: Permission, item_id: int) -> bool:
    """One's own, or shared with the reader. What changes an item asks `may_write` besides."""
    return db.session.scalar(sa.select(BankItem.id).where(BankItem.id == item_id, readable(BankItem))) is not None


@reach("pool_id")
def reaches_pool(_permission: Permission, pool_id: int) -> bool:
    """One's own, or shared with the reader. What changes a pool asks `may_write` besides."""
    return db.session.scalar(sa.select(Pool.id).where(Pool.id == pool_id, readable(Pool))) is not None


@reach("arrival_id")
def reaches_arrival(_permission: Permission, arrival_id: int) -> bool:
    """For a unit of the reader."""
    found_ = db.session.get(Arrival, arrival_id)
    return found_ is not None and may_write(found_.unit_id)
