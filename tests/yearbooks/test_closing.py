"""A year is closed, something arrives late, the book is reopened and closed again."""

import json
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from lms import audit, history
from lms.db import db
from lms.goals import actions as goals
from lms.goals import queries as goal_queries
from lms.network import queries as network
from lms.network import reorganisations
from lms.network.actions import rebuild_tree
from lms.network.models import Assignment, UnitVersion
from lms.yearbooks import closing, queries
from lms.yearbooks.models import Adjustment, BookLine
from lms.yearbooks.rules import FIGURES, Kind, Refused, added, chained
from tests import people
from tests.yearbooks import story
from tests.yearbooks.story import YEAR


def figures(version: object) -> dict[str, int]:
    return {name: getattr(version, name) for name in FIGURES}


def person_lines(version_id: int) -> list[BookLine]:
    return list(queries.lines(version_id, limit=None))


def test_case_11_the_snapshot_stays_and_a_numbered_adjustment_says_met(app: Flask) -> None:
    _, commune, _ = story.place()
    story.publish()
    who = story.serve("muoi-mot", commune, 36)
    story.judge()
    book = story.close(commune)
    [line] = person_lines(book.latest.id)
    assert (line.status, line.due, line.earned) == ("not-met", 40, 3600)

    story.learn_late(who, 8)
    [adjustment] = queries.adjustments(book.id)
    assert (adjustment.number, adjustment.before, adjustment.now) == (1, ("not-met", 40, 3600), ("met", 40, 4400))
    assert (adjustment.cause["kind"], adjustment.cause["periods"], adjustment.cause["on"]) == (
        "credit",
        800,
        "2026-11-20",
    )
    book = story.fresh(commune)
    assert (book.state, book.shown.met, book.shown.not_met) == ("closed", 0, 1)
    assert story.flaws(book) == []

    with pytest.raises(Refused):
        story.begin(commune, day=date(2027, 3, 20))
    story.reopen(story.fresh(commune))
    assert story.fresh(commune).shown.not_met == 1, "the official figure changes only by closing again"
    book = story.close(commune, day=date(2027, 4, 2))
    first, second = book.versions
    assert (first.met, first.not_met, second.met, second.not_met) == (0, 1, 1, 0)
    assert (second.reason, second.authority) == ("Sót một lớp", "12/QĐ-UBND")
    assert second.previous_hash == first.last_hash
    [differing] = queries.differing(first.id, second.id)
    assert (differing.old_status, differing.new_status, differing.code) == ("not-met", "met", "muoi-mot")
    assert story.flaws(book) == []
    acts = sa.select(audit.AuditEntry.action).where(audit.AuditEntry.action.startswith("yearbooks."))
    assert list(db.session.scalars(acts.order_by(audit.AuditEntry.id))) == [
        "yearbooks.begin", "yearbooks.close", "yearbooks.reopen", "yearbooks.begin", "yearbooks.close",
    ]  # fmt: skip


def test_the_line_holds_everything_from_which_the_outcome_follows(app: Flask) -> None:
    _, commune, _ = story.place()
    story.publish()
    who = story.serve("dien-giai", commune, 12)
    with story.on(2026, 3, 1):
        db.session.add_all(
            story.Credit(
                person_id=who.id, activity=f"Ngoài {n}", category="digital", periods=1500, state="approved",
                completed_on=date(2026, 7, n), source="external", recorded_at=story.clock.now(),
            )
            for n in (1, 2)
        )  # fmt: skip
        db.session.commit()
    [line] = person_lines(story.close(commune).latest.id)
    said = json.loads(line.content)
    uses = {credit["activity"]: (credit["use"], credit["counted"]) for credit in said["credits"]}
    assert uses["Ngoài 1"] == ("counted", 1500)
    assert uses["Ngoài 2"] == ("over", 500)
    assert [post["unit"] for post in said["posts"]] == ["Phường Một"]
    assert said["minima"] == [["security", 800, 8]]
    assert "365 ngày chuyên trách × 40/365" in said["trace"][0]
    assert line.earned == 3200


def test_a_book_stays_when_units_end_people_are_renamed_and_facts_are_dated_back(app: Flask) -> None:
    province, commune, other = story.place()
    story.publish()
    who, gone = story.serve("o-lai", commune, 40), story.serve("di-roi", other, 40)
    story.judge()
    book = story.close(province)
    before = [tuple(getattr(line, c.key) for c in BookLine.__table__.c) for line in all_lines(book.latest.id)]
    with story.on(2027, 5, 1):
        who.full_name, who.code = "Tên Khác", "khac"
        for version in db.session.scalars(sa.select(UnitVersion).where(UnitVersion.unit_id == commune)):
            version.name = "Phường Đổi Tên"
        posts = Assignment.person_id == gone.id
        history.keep(Assignment.__table__, posts)
        db.session.execute(sa.delete(Assignment).where(posts))
        db.session.execute(sa.update(UnitVersion).where(UnitVersion.unit_id == other).values(to_on=date(2026, 3, 1)))
        db.session.commit()
        rebuild_tree()
        goals.refresh(person_ids=[who.id, gone.id])
        db.session.commit()
    book = story.fresh(province)
    after = [tuple(getattr(line, c.key) for c in BookLine.__table__.c) for line in all_lines(book.latest.id)]
    assert after == before
    assert story.flaws(book) == []
    [adjustment] = queries.adjustments(book.id)
    assert (adjustment.code, adjustment.now) == ("di-roi", (None, None, None))
    assert adjustment.cause["kind"] == "assignment-changed"
    with story.on(2027, 5, 2):
        db.session.execute(sa.delete(story.Credit).where(story.Credit.person_id == gone.id))
        db.session.delete(gone)
        db.session.commit()
    assert story.flaws(story.fresh(province)) == []


def all_lines(version_id: int) -> list[BookLine]:
    found = sa.select(BookLine).where(BookLine.version_id == version_id).order_by(BookLine.number)
    return list(db.session.scalars(found))


def test_case_10_a_closed_year_does_not_hear_of_what_a_later_year_brings(app: Flask) -> None:
    province, commune, other = story.place()
    story.publish()
    who = story.serve("chuyen-di", commune, 44)
    story.judge()
    book = story.close(province)
    with story.on(2027, 7, 1):
        post = db.session.scalars(sa.select(Assignment).where(Assignment.person_id == who.id)).one()
        history.keep(Assignment.__table__, Assignment.id == post.id)
        post.to_on = date(2027, 7, 1)
        people.post(who, other, "focal-point", start=date(2027, 7, 1))
        goals.refresh(person_ids=[who.id])
        db.session.commit()
    assert queries.adjustments(book.id) == []
    [line] = person_lines(book.latest.id)
    assert (line.unit_name, line.status) == ("Phường Một", "met")


def test_units_are_the_sums_of_what_is_below_them_also_when_one_ended_in_the_year(app: Flask) -> None:
    province, commune, other = story.place()
    story.publish()
    story.serve("mot", commune, 40), story.serve("hai", commune, 20), story.serve("ba", other, 40)
    with story.on(2025, 12, 1):
        district = people.unit("Quận Cũ", people.Level.DISTRICT, "48-Q", province, end=date(2026, 7, 1))
        who = people.person("Lê Văn Cũ", "cu")
        people.post(who, district, "dedicated", end=date(2026, 7, 1))
        rebuild_tree()
        db.session.commit()
    book = story.close(province)
    units = {line.name: json.loads(line.content) for line in queries.lines(book.latest.id, kind="unit", limit=None)}
    assert set(units) == {"Thành phố Đà Nẵng", "Phường Một", "Phường Hai", "Quận Cũ"}
    below = [units[name] for name in ("Phường Một", "Phường Hai", "Quận Cũ")]
    whole = {name: units["Thành phố Đà Nẵng"][name] for name in FIGURES}
    assert added(below) == whole == figures(book.latest)
    assert (whole["people"], whole["met"]) == (4, 2)
    assert story.flaws(book) == []


def test_the_same_facts_give_the_same_hashes(app: Flask) -> None:
    province, commune, other = story.place()
    story.publish()
    story.serve("mot", commune, 40), story.serve("hai", other, 20)
    version = story.close(province).latest
    hashed = version.previous_hash
    again = closing.judged(closing.prepare(version.id), closing.candidates(version))
    for number, line in enumerate(again, start=1):
        hashed = chained(hashed, line._replace(number=number))
    assert hashed == person_lines(version.id)[-1].hash


def test_what_arrives_while_a_book_is_being_closed_is_adjusted_at_once(app: Flask) -> None:
    _, commune, _ = story.place()
    story.publish()
    who = story.serve("dung-luc", commune, 36)
    story.judge()
    version = story.begin(commune)
    with story.on(2027, 2, 1):
        story.learn(who, 8, day=date(2026, 11, 20))
        goals.refresh(person_ids=[who.id])
        db.session.commit()
    story.carry_out(version, date(2027, 2, 2))
    [line] = person_lines(version.id)
    assert line.earned == 3600, "the book knows what was known when closing began"
    [adjustment] = queries.adjustments(version.book_id)
    assert adjustment.now == ("met", 40, 4400)


def test_somebody_who_is_counted_only_after_the_close_is_an_adjustment(app: Flask) -> None:
    province, commune, _ = story.place()
    story.publish()
    story.serve("mot", commune, 40)
    story.judge()
    book = story.close(province)
    late = story.serve("bo-sung", commune, 40)
    with story.on(2027, 3, 1):
        goals.refresh(person_ids=[late.id])
        goals.refresh(person_ids=[late.id])
        db.session.commit()
    [adjustment] = queries.adjustments(book.id)
    assert (adjustment.code, adjustment.before, adjustment.now[0]) == ("bo-sung", (None, None, None), "met")


def test_an_outcome_that_comes_back_is_an_adjustment_too_and_the_same_one_is_not_told_twice(app: Flask) -> None:
    _, commune, _ = story.place()
    story.publish()
    who = story.serve("qua-lai", commune, 36)
    story.judge()
    book = story.close(commune)
    story.learn_late(who, 8)
    with story.on(2027, 3, 20):
        last = db.session.scalars(sa.select(story.Credit).order_by(story.Credit.id.desc()).limit(1)).one()
        values = {c.key: getattr(last, c.key) for c in story.Credit.__table__.c if c.key != "id"}
        db.session.add(story.Credit(**values | {"reverses_id": last.id, "entry": 1, "recorded_at": story.clock.now()}))
        db.session.flush()
        goals.refresh(person_ids=[who.id])
        goals.refresh(person_ids=[who.id], years=[YEAR])
        db.session.commit()
    one, two = queries.adjustments(book.id)
    assert (one.number, two.number) == (1, 2)
    assert two.now == two.before == ("not-met", 40, 3600)
    assert two.cause["kind"] == "credit-reversed"
    assert queries.after_adjustments(story.fresh(commune).shown) == {"not-met": 0}


def test_a_provisional_book_is_closed_again_and_does_not_adjust(app: Flask) -> None:
    _, commune, _ = story.place()
    story.publish()
    who = story.serve("so-bo", commune, 36)
    story.judge()
    book = story.close(commune, Kind.PROVISIONAL, date(2026, 12, 10))
    assert (book.state, book.shown.as_of, book.shown.not_met) == ("provisional", date(2026, 12, 10), 1)
    story.learn_late(who, 8, on_day=date(2027, 1, 10))
    assert queries.adjustments(book.id) == []
    book = story.close(commune)
    assert [version.kind for version in book.versions] == ["provisional", "final"]
    assert (book.state, book.shown.met) == ("closed", 1)
    assert story.flaws(book) == []


@pytest.mark.parametrize(
    ("kind", "day", "refusal"),
    [
        (Kind.PROVISIONAL, date(2026, 11, 30), "too-early"),
        (Kind.FINAL, date(2026, 12, 31), "year-runs"),
    ],
)
def test_a_year_is_not_closed_too_early(app: Flask, kind: Kind, day: date, refusal: str) -> None:
    _, commune, _ = story.place()
    story.publish()
    with pytest.raises(Refused, match=refusal):
        story.begin(commune, kind, day)


def test_below_a_closed_book_nothing_is_closed_or_reopened(app: Flask) -> None:
    province, commune, other = story.place()
    story.publish()
    story.serve("mot", commune, 40)
    lower = story.close(commune)
    story.close(province)
    with pytest.raises(Refused, match="closed-above"):
        story.begin(other)
    db.session.rollback()
    with pytest.raises(Refused, match="closed-above"):
        story.reopen(lower)
    db.session.rollback()
    assert queries.first_open_year("dx") == YEAR + 1
    assert goal_queries.first_open_year("dx") == YEAR + 1, "a new version of the policy does not touch a closed year"
    assert queries.first_open_year("legal40") == 0


def test_while_a_book_is_closing_the_map_stays(app: Flask) -> None:
    _, commune, _ = story.place()
    story.publish()
    version = story.begin(commune)
    assert reorganisations.blocked() == "reorganise.book-is-closing"
    story.carry_out(version)
    assert reorganisations.blocked() is None
    assert network.unit(commune, date(2027, 1, 1)).name == "Phường Một"


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE book_line SET status = 'met'",
        "DELETE FROM book_line",
        "INSERT INTO book_line SELECT id + 100, version_id, number + 100, kind, subject_id, code, name, fold, unit_id, "
        "unit_code, unit_name, reference_on, status, due, earned, content, hash FROM book_line",
        "UPDATE book_version SET met = 100",
        "DELETE FROM book_version",
        "UPDATE book_adjustment SET number = 5",
        "DELETE FROM book_adjustment",
    ],
)
def test_the_database_refuses_to_change_a_book(app: Flask, act: str) -> None:
    _, commune, _ = story.place()
    story.publish()
    who = story.serve("bat-bien", commune, 36)
    story.judge()
    story.close(commune)
    story.learn_late(who, 8)
    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(sa.text(act))
    assert db.session.scalar(sa.select(sa.func.count(Adjustment.id))) == 1
    assert story.flaws(story.fresh(commune)) == []
