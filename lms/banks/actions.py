"""Writes of the shared bank: items and their versions, pools, and what arrives."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lms import audit, clock, text
from lms.banks import queries, rules
from lms.banks.models import Arrival, BankItem, BankItemVersion, Pool, PoolEntry
from lms.banks.rules import Banked, Choice, Kind, Match
from lms.catalogue.content import Question
from lms.db import db, hold, insert


def add(*, unit_id: int, sharing: str, question: Question, by_id: int | None) -> BankItem:
    """Put a question into the bank; when its unit has the very same one on offer, that is it."""
    hold(f"bank:{unit_id}")
    if same := queries.same_item(unit_id, question):
        return same
    item = _add(unit_id, sharing, question, by_id)
    audit.record("banks.add", item, unit=unit_id, sharing=sharing)
    return item


def revise(*, item: BankItem, question: Question, note: str, by_id: int | None) -> BankItemVersion:
    """Write the next version of an item; saying the same again is the version that is there."""
    item = queries.item(item.id, lock=True)
    present = queries.version(item.id, item.number)
    if present.sha256 == rules.digest(question):
        return present
    item.number += 1
    made = _version(item, question, note, by_id)
    db.session.add(made)
    db.session.flush()
    audit.record("banks.revise", item, number=item.number, note=note)
    return made


def share(*, item: BankItem, sharing: str) -> None:
    """Say who else may use an item."""
    if item.sharing != sharing:
        audit.record("banks.share", item, old=item.sharing, new=sharing)
        item.sharing = sharing


def retire(*, item: BankItem) -> None:
    """Offer an item to nobody any more; courses keep their copies."""
    if item.state == "active":
        item.state = "retired"
        audit.record("banks.retire", item)


def restore(*, item: BankItem) -> None:
    """Offer an item again."""
    if item.state == "retired":
        item.state = "active"
        audit.record("banks.restore", item)


def save_pool(*, pool: Pool | None, unit_id: int, name: str, sharing: str, topic: str, difficulty: str) -> Pool:
    """Make a pool, or change what it is called and holds."""
    if pool is None:
        pool = Pool(unit_id=unit_id, made_at=clock.now())
        db.session.add(pool)
    pool.name, pool.sort_key, pool.sharing = name, text.sort_key(name), sharing
    pool.topic, pool.difficulty = topic, difficulty
    db.session.flush()
    audit.record("banks.save-pool", pool, name=name, sharing=sharing, topic=topic, difficulty=difficulty)
    return pool


def fill_pool(*, pool: Pool, item_ids: Collection[int]) -> None:
    """Put items into the list of a pool."""
    new = sorted(set(item_ids) - queries.listed_in(pool.id))
    if new:
        entries = [{"pool_id": pool.id, "item_id": item_id} for item_id in new]
        db.session.execute(insert(PoolEntry).values(entries).on_conflict_do_nothing())
        db.session.expire(pool, ["entries"])
        audit.record("banks.fill-pool", pool, items=new)


def empty_pool(*, pool: Pool, item_ids: Collection[int]) -> None:
    """Take items out of the list of a pool."""
    gone = set(item_ids) & queries.listed_in(pool.id)
    if gone:
        pool.entries = [entry for entry in pool.entries if entry.item_id not in gone]
        db.session.flush()
        audit.record("banks.empty-pool", pool, items=sorted(gone))


def receive(
    *,
    unit_id: int,
    sharing: str,
    name: str,
    questions: Sequence[Question],
    remarks: Sequence[Sequence[Any]],
    known: Sequence[Banked],
    by_id: int,
) -> Arrival:
    """Let questions wait at the door, compared with `known`: all that their bringer may use. Nothing is in the bank yet."""
    arrival = Arrival(
        unit_id=unit_id,
        sharing=sharing,
        name=name,
        questions=[rules.data_of(question) for question in questions],
        matches=[match.as_data() for match in rules.matches(questions, known)],
        remarks=[list(remark) for remark in remarks],
        made_by_id=by_id,
        made_at=clock.now(),
    )
    db.session.add(arrival)
    db.session.flush()
    audit.record("banks.receive", arrival, name=name, questions=len(questions))
    return arrival


def accept(*, arrival: Arrival, choices: Mapping[int, Choice], own: Collection[int], by_id: int) -> dict[Choice, int]:
    """Let waiting questions in as said of each by its place, else as is usual; how many were kept, skipped and revised.

    `own` are the items that may be changed; a revision of another one is left out.
    """
    arrival = queries.arrival(arrival.id, lock=True)
    done = dict.fromkeys(Choice, 0)
    if arrival.state != "open":
        return done
    for place, data in enumerate(arrival.questions):
        match = Match.from_data(arrival.matches[place])
        choice = choices.get(place, rules.USUAL[match.kind])
        if choice is Choice.REVISE and (match.kind is Kind.TWICE or match.item_id not in own):
            choice = Choice.SKIP
        _let_in(arrival, rules.question_of(data), match, choice, by_id)
        done[choice] += 1
    arrival.state = "done"
    db.session.flush()
    audit.record("banks.accept", arrival, **{choice.value: count for choice, count in done.items()})
    return done


def discard(*, arrival: Arrival) -> None:
    """Let nothing of it in."""
    if arrival.state == "open":
        arrival.state = "discarded"
        audit.record("banks.discard", arrival)


def _let_in(arrival: Arrival, question: Question, match: Match, choice: Choice, by_id: int) -> None:
    if choice is Choice.KEEP:
        _add(arrival.unit_id, arrival.sharing, question, by_id)
    elif choice is Choice.REVISE:
        revise(item=queries.item(match.item_id), question=question, note=arrival.name, by_id=by_id)


def _add(unit_id: int, sharing: str, question: Question, by_id: int | None) -> BankItem:
    item = BankItem(code="", unit_id=unit_id, sharing=sharing, number=1)
    db.session.add(item)
    db.session.flush()
    item.code = f"b{item.id}"
    db.session.add(_version(item, question, "", by_id))
    db.session.flush()
    return item


def _version(item: BankItem, question: Question, note: str, by_id: int | None) -> BankItemVersion:
    kept = rules.bare(question)
    return BankItemVersion(
        item_id=item.id, number=item.number, question=rules.data_of(kept), type=question.type, topic=question.topic,
        difficulty=question.difficulty, outcome=question.outcome, author=question.author, licence=question.licence,
        fold=rules.searched(question), fingerprint=rules.asks(question), sha256=rules.digest(question), note=note,
        made_by_id=by_id, made_at=clock.now(),
    )  # fmt: skip
