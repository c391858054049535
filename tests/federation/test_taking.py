"""What is taken counts once, apart from one's own; what is not believed leaves nothing behind."""

import json
import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import archives, clock
from lms.audit import AuditEntry
from lms.db import db
from lms.federation import actions, board, checking, package, packing, queries, rules
from lms.federation.board import Board
from lms.federation.models import ReportedFigure, ReportedPerson, ReportedYear
from lms.federation.rules import Faulty, Package, Refused
from lms.goals.models import Standing
from lms.network.actions import rebuild_tree
from lms.network.models import Succession, UnitCode, UnitVersion
from lms.trust import keys
from lms.yearbooks import queries as yearbooks
from lms.yearbooks.rules import FIGURES
from tests import people
from tests.federation.conftest import Stage
from tests.yearbooks import story

NAMES = ["Nguyễn", "Nguoi-", "nguoi-", "Phan Quang"]


def taken(content: bytes, *, day: date = date(2027, 2, 1)) -> ReportedYear:
    with clock.stopped(story.noon(day)):
        report, _ = actions.receive(found=checking.checked(content), content=content, by_id=None)
        actions.take(report=report, by_id=None)
        db.session.commit()
    return report


def problems(content: bytes, *, day: date = date(2027, 2, 1)) -> list[str]:
    """Why a package is refused; nothing of it stays."""
    with clock.stopped(story.noon(day)), pytest.raises(Faulty) as refused:
        checking.checked(content)
    db.session.rollback()
    return [problem.key for problem in refused.value.problems]


def resealed(content: bytes, change: Any) -> bytes:
    """A package of other content, signed as it should be: by a sender who errs."""
    said: Package = change(package.read(package.opened(content)))
    return package.sealed(said, keys.signing_key(packing.PURPOSE), packing.own_public())


def with_head(**values: Any) -> Any:
    return lambda said: replace(said, manifest=replace(said.manifest, **values))


def stored() -> int:
    return sum(db.session.scalar(sa.select(sa.func.count(model.id))) or 0 for model in (ReportedYear, ReportedFigure))


def test_what_was_closed_there_is_what_is_reported_here(stage: Stage) -> None:
    version = packing.official(story.fresh(stage.commune))
    report = taken(stage.packed())
    assert board.figures_of(report) == {name: getattr(version, name) for name in FIGURES}
    lines = {line.code: line for line in yearbooks.lines(version.id, kind="unit")}
    said = {one.code: one for one in queries.figures(report.id)}
    assert said.keys() == lines.keys()
    for code, line in lines.items():
        figures = json.loads(line.content)
        assert board.figures_of(said[code]) == {name: figures[name] for name in FIGURES}
        assert said[code].unit_id == line.subject_id
    assert (
        db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1)).one()
        == "federation.take"
    )


def test_no_name_leaves_unless_it_is_allowed(stage: Stage) -> None:
    content = stage.packed()
    unpacked = b"".join(archives.unzip(content).values()).decode()
    assert not [name for name in NAMES if name.encode() in content or name in unpacked]
    assert "Phường Một" in unpacked
    assert problems(stage.packed(with_names=True)) == ["names-not-allowed"]
    stage.sender.takes_names = True
    db.session.commit()
    report = taken(stage.packed(with_names=True))
    assert {person.code for person in queries.people(report.id)} == {f"nguoi-{n}" for n in range(1, 6)}


def test_the_same_again_changes_nothing_and_a_newer_one_replaces(stage: Stage) -> None:
    content = stage.packed()
    first, before = taken(content), stored()
    assert taken(content).id == first.id and stored() == before
    story.reopen(story.fresh(stage.commune))
    with pytest.raises(Refused):
        packing.official(story.fresh(stage.commune))
    story.close(stage.commune, day=date(2027, 4, 2))
    newer = taken(stage.packed(), day=date(2027, 4, 3))
    db.session.expire_all()
    assert (queries.report(first.id).state, newer.state, newer.version) == ("replaced", "taken", 2)
    assert len(queries.figures(first.id)) == len(queries.figures(newer.id)) == 2
    assert problems(content, day=date(2027, 4, 3)) == ["older"]
    assert actions.take(report=queries.report(first.id), by_id=None) is False


@pytest.mark.parametrize(
    ("change", "keys_"),
    [
        (with_head(year=2025), ["other-year"]),
        (with_head(year=2027), ["year-runs"]),
        (with_head(kind="provisional"), ["not-final"]),
        (with_head(policy="khac"), ["unknown-policy"]),
        (with_head(unit_code="99"), ["unknown-unit"]),
        (with_head(unit_code="48-Hai"), ["unknown-sender"]),
        (with_head(totals={"met": 1}), ["totals"]),
        (lambda said: replace(said, units=[said.units[0], said.units[1]._replace(code="99-1")]), ["unknown-unit"]),
        (lambda said: replace(said, units=[said.units[0], said.units[1]._replace(code="48-Hai")]), ["foreign-unit"]),
    ],
)
def test_what_is_signed_but_wrong_is_refused_whole(stage: Stage, change: Any, keys_: list[str]) -> None:
    assert problems(resealed(stage.packed(), change)) == keys_
    assert stored() == 0


def test_only_a_known_key_is_believed_and_only_on_its_days(stage: Stage, app: Flask) -> None:
    content = stage.packed()
    assert problems(content, day=date(2027, 1, 30)) == ["expired-key"]
    with story.on(2027, 2, 1):
        actions.end_key(key=stage.sender.keys[0])
        db.session.commit()
    assert problems(content) == ["expired-key"]
    keys.rotate(packing.PURPOSE)
    assert problems(stage.packed()) == ["unknown-key"]
    with story.on(2027, 2, 1):
        actions.add_key(sender=stage.sender, public=packing.own_public(), from_on=clock.today())
        db.session.commit()
    assert taken(stage.packed()).state == "taken"


def test_a_signature_of_other_content_is_not_believed(stage: Stage) -> None:
    content = stage.packed()
    other = archives.unzip(resealed(content, with_head(lines=1)))
    forged = archives.unzip(content) | {rules.SIGNATURE: other[rules.SIGNATURE]}
    assert problems(archives.zipped(forged)) == ["bad-signature"]


def test_a_book_that_was_restored_and_closed_otherwise_is_noticed(stage: Stage) -> None:
    taken(stage.packed())
    forked = resealed(stage.packed(), with_head(last_hash="f" * 64, chain=[(1, "f" * 64)]))
    assert problems(forked) == ["forked"]


def test_of_two_who_take_at_once_one_does(stage: Stage, app: Flask) -> None:
    content = stage.packed()
    with story.on(2027, 2, 1):
        report, _ = actions.receive(found=checking.checked(content), content=content, by_id=None)
        db.session.commit()
        ready, said = threading.Barrier(2), []
        at = clock.now()

    def take() -> None:
        with app.app_context(), clock.stopped(at):
            found = queries.report(report_id)
            db.session.rollback()
            ready.wait()
            said.append(actions.take(report=found, by_id=None))
            db.session.commit()

    report_id = report.id
    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [False, True]
    assert db.session.scalar(sa.select(sa.func.count(ReportedFigure.id))) == 2


def test_what_was_refused_can_still_be_taken(stage: Stage) -> None:
    content = stage.packed()
    with story.on(2027, 2, 1):
        report, _ = actions.receive(found=checking.checked(content), content=content, by_id=None)
        assert actions.refuse(report=report, reason="Thiếu một tổ", by_id=None)
        assert not actions.refuse(report=report, reason="Hai lần", by_id=None)
        db.session.commit()
    assert queries.taken(stage.commune, "dx", 2026) is None
    assert taken(content).state == "taken"


def test_own_and_reported_are_added_and_nobody_twice(stage: Stage) -> None:
    before = db.session.scalars(sa.select(Standing.status).order_by(Standing.id)).all()
    with story.on(2027, 2, 1):
        empty = Board(stage.province, "dx", 2026, is_hidden=False)
        assert (empty.sent, [part.is_late for part in empty.parts]) == (0, [True])
        assert (empty.own["people"], empty.total["people"]) == (6, 6)
    taken(stage.packed())
    with story.on(2027, 2, 1):
        full = Board(stage.province, "dx", 2026, is_hidden=False)
        assert (full.own["people"], full.reported["people"], full.total["people"]) == (1, 5, 6)
        assert (full.known_twice["people"], full.sent, full.parts[0].is_late) == (5, 1, False)
        assert Board(stage.other, "dx", 2026, is_hidden=False).parts == []
    assert db.session.scalars(sa.select(Standing.status).order_by(Standing.id)).all() == before


def test_a_package_inside_another_one_is_counted_there(stage: Stage) -> None:
    taken(stage.packed())
    story.close(stage.province, day=date(2027, 2, 1))
    with story.on(2027, 2, 2):
        actions.register(
            unit_id=stage.province, takes_names=False, first_year=2026, public=packing.own_public(),
            from_on=date(2027, 2, 1),
        )  # fmt: skip
        db.session.commit()
        content = packing.packed(packing.official(story.fresh(stage.province)), with_names=False)
    taken(content, day=date(2027, 2, 2))
    with story.on(2027, 2, 2):
        full = Board(stage.province, "dx", 2026, is_hidden=False)
        assert [(part.unit, part.within) for part in full.parts] == [
            ("Thành phố Đà Nẵng", ""), ("Phường Một", "Thành phố Đà Nẵng"),
        ]  # fmt: skip
        assert (full.reported["people"], full.own["people"]) == (6, 0)


def test_small_groups_are_not_told_to_who_may_not_see_names(stage: Stage) -> None:
    taken(stage.packed())
    with story.on(2027, 2, 1):
        hidden = Board(stage.province, "dx", 2026, is_hidden=True)
        assert (hidden.told, hidden.is_own_told) == (set(), False)


def test_a_unit_is_known_by_its_code_of_that_day_and_by_who_carries_it_now(stage: Stage) -> None:
    content = stage.packed()
    merged = date(2027, 7, 1)
    heir = people.unit("Phường Mới", story.Level.COMMUNE, "48-Moi", stage.province, merged)
    for model in (UnitVersion, UnitCode):
        db.session.execute(sa.update(model).where(model.unit_id == stage.commune).values(to_on=merged))
    db.session.add(Succession(from_unit_id=stage.commune, to_unit_id=heir, type="merge", on=merged, legal_basis="x"))
    stage.sender.unit_id = heir
    with story.on(2027, 8, 1):
        rebuild_tree()
        db.session.commit()
    assert taken(content, day=date(2027, 8, 1)).unit_id == stage.commune
    with story.on(2027, 8, 1):
        assert Board(heir, "dx", 2026, is_hidden=False).reported["people"] == 5


def test_the_book_is_proved_before_it_is_signed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    version = packing.official(story.fresh(stage.commune))
    version.__dict__["last_hash"] = "0" * 64
    with pytest.raises(Refused):
        packing.packed(version, with_names=False)
    assert not db.session.scalar(sa.select(sa.func.count(ReportedPerson.id)))
