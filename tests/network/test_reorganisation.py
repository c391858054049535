"""The act of 01/07/2025 on the old map: districts end, Quảng Nam joins Đà Nẵng, wards are merged."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.audit import AuditEntry
from lms.db import db
from lms.history import Superseded
from lms.network import imports, queries, reorganisation_files, reorganisations, sheets
from lms.network.models import Assignment, Person, Post, ReorganisationAct, Succession, UnitVersion
from lms.network.reorganisation import propose
from tests.goals.facts import publish, told
from tests.network.files import take
from tests.network.old_map import ACT, OLD_MAP, SERVING
from tests.network.test_import_apply import content_of_the_database

DAY = date(2025, 7, 1)
BEFORE = DAY - timedelta(days=1)
LINES = "from_code,to_code,type,on,legal_basis,to_name,to_kind,to_level,to_parent_code\n"

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def old(app: Flask) -> Flask:
    take(OLD_MAP)
    return app


def carry_out(files: dict[str, bytes] = ACT) -> ReorganisationAct:
    read = reorganisation_files.read(files)
    assert not read.problems, [problem.words() for problem in read.problems]
    act = reorganisations.start(act=read.act(), scope=None, account_id=None)
    found = reorganisations.carry_out(act=act)
    assert found.is_ready, [problem.words() for problem in found.problems]
    db.session.commit()
    return act


def drafted(*lines: str, moves: str = "") -> ReorganisationAct:
    files = {"reorganisation.csv": (LINES + "\n".join(lines)).encode()}
    if moves:
        files["moves.csv"] = ("person_id,unit_code,to_code,role\n" + moves).encode()
    read = reorganisation_files.read(files)
    assert not read.problems, [problem.words() for problem in read.problems]
    return read.act()


def unit_id(code: str, day: date = DAY) -> int:
    found = queries.unit_id_by_code(code, day)
    assert found is not None, code
    return found


def serving(day: date) -> dict[str, set[tuple[str, str]]]:
    """The units and roles of everybody on a day."""
    posts = sa.select(Person.code, Assignment.unit_id, Assignment.role).join(Person).where(Assignment.on(day))
    found: dict[str, set[tuple[str, str]]] = {}
    rows = db.session.execute(posts).all()
    codes = queries.codes({row.unit_id for row in rows}, day)
    for code, unit, role in rows:
        found.setdefault(code, set()).add((codes[unit], role))
    return found


def test_everybody_goes_where_the_act_and_the_decisions_say(old: Flask) -> None:
    carry_out()
    now = serving(DAY)
    assert now.keys() == serving(BEFORE).keys() == SERVING.keys()
    assert now["QN-DB-01"] == {("48.DIENBAN", "dedicated")}
    assert now["QN-DB-02"] == {("48.DIENBAN", "focal-point")}
    assert now["QN-DB-03"] == {("48.SNV", "dedicated")}
    assert now["QN-DB-04"] == {("48.DIENBAN", "leader")}
    assert now["QN-SNV-01"] == {("48.SNV", "focal-point")}
    assert now["QN-SYT-01"] == {("49.SYT", "focal-point")}
    assert now["HC-02"] == {("48.HAICHAU", "focal-point")}
    assert now["HC-04"] == {("48.QHC.THANHBINH.01", "community-member")}
    assert now["DN-01"] == {("48.SNV", "dedicated"), ("48.SNV", "trainer")}


def test_nobody_stands_twice_and_posts_name_their_basis(old: Flask) -> None:
    carry_out()
    posts = db.session.scalars(sa.select(Assignment).where(Assignment.on(DAY))).all()
    assert len({(p.person_id, p.unit_id, p.role) for p in posts}) == len(posts)
    assert len({p.person_id for p in posts if p.is_primary}) == len(SERVING)
    begun = [p for p in posts if p.from_on == DAY]
    assert {p.decision for p in begun} == {
        "Nghị quyết 1659/NQ-UBTVQH15", "Nghị quyết 202/2025/QH15", "Nghị quyết 203/2025/QH15",
    }  # fmt: skip
    titles = {p.position_id for p in begun if p.unit_id == unit_id("48.HAICHAU")} - {None}
    organisations = db.session.scalars(sa.select(Post.unit_id).where(Post.id.in_(titles))).all()
    assert set(organisations) == {unit_id("48.HAICHAU")}, "positions stand in the catalogue of the new ward"


def test_the_tree_of_the_day_is_the_new_one_and_of_the_day_before_the_old_one(old: Flask) -> None:
    carry_out()
    names = {row.UnitVersion.name for row in queries.children(unit_id("48"), DAY)}
    assert names == {
        "Sở Nội vụ", "Phường Hải Châu", "Phường Điện Bàn", "Xã Thăng Phú", "Sở Y tế Quảng Nam",
    }  # fmt: skip
    assert [v.name for v in queries.path(unit_id("48.QHC.THANHBINH.01"), DAY)] == [
        "Việt Nam", "Thành phố Đà Nẵng", "Phường Hải Châu",
    ]  # fmt: skip
    assert [v.name for v in queries.path(unit_id("48.QHC.THANHBINH.01"), BEFORE)][-2:] == [
        "Quận Hải Châu", "Phường Thanh Bình",
    ]  # fmt: skip
    assert not db.session.scalars(
        sa.select(UnitVersion).where(UnitVersion.level == "district", UnitVersion.on(DAY))
    ).all()


def test_lineage_leads_from_the_old_map_to_that_of_today(old: Flask) -> None:
    carry_out()
    heirs = queries.heirs(DAY)
    hai_chau = unit_id("48.HAICHAU")
    for ward in ("THANHBINH", "THUANPHUOC", "THACHTHANG", "HAICHAU", "PHUOCNINH"):
        assert heirs[unit_id(f"48.QHC.{ward}", BEFORE)] == hai_chau
    assert heirs[unit_id("48.QHC", BEFORE)] == hai_chau, "where its people went"
    assert heirs[unit_id("49", BEFORE)] == unit_id("48")
    assert heirs[unit_id("49.SYT")] == unit_id("49.SYT")
    assert set(queries.heirs(BEFORE).items()) == {(n, n) for n in heirs}
    assert len(queries.successions(hai_chau)) == 6


def test_case_10_and_totals_agree_on_both_maps(old: Flask) -> None:
    publish()
    year_2024 = told(old, "evaluate", policy="dx", year=2024, as_of="2024-12-31")
    book_2024 = told(old, "rollup", policy="dx", year=2024, as_of="2024-12-31")
    carry_out()
    row = {r["person_id"]: r for r in told(old, "evaluate", policy="dx", year=2025, as_of="2025-12-31")}["QN-DB-02"]
    assert (row["unit_code"], row["due"], row["minima"]) == ("48.DIENBAN", "32", "security=0/6")
    row = {r["person_id"]: r for r in told(old, "evaluate", policy="dx", year=2025, as_of="2025-06-30")}["QN-DB-02"]
    assert row["unit_code"] == "49.DB.VHTT"
    assert told(old, "evaluate", policy="dx", year=2024, as_of="2024-12-31") == year_2024
    assert told(old, "rollup", policy="dx", year=2024, as_of="2024-12-31") == book_2024
    assert heads(old, "2025-12-31")["00"] == heads(old, "2025-06-30")["00"] == len(SERVING)
    assert heads(old, "2025-12-31")["48"] == len(SERVING)


def heads(app: Flask, as_of: str) -> dict[str, int]:
    """The people whom a report counts, by unit."""
    rows = told(app, "rollup", policy="dx", year=2025, as_of=as_of)
    counted = ("met", "not_met", "exempt", "not_applicable")
    return {row["code"]: sum(int(row.get(name) or 0) for name in counted) for row in rows}


def test_undoing_restores_every_row_and_a_second_time_changes_nothing(old: Flask) -> None:
    before = facts()
    act = carry_out()
    after = facts()
    assert not propose(reorganisation_files.read(ACT).act()).plan.good_rows
    carry_out()
    assert facts() == after
    second = db.session.scalars(sa.select(ReorganisationAct).order_by(ReorganisationAct.id.desc()).limit(1)).one()
    assert second.id != act.id
    reorganisations.undo(act=act)
    db.session.commit()
    assert facts() == before
    assert act.stage == "undone"
    assert carry_out().stage == "applied"


def facts() -> dict[str, Any]:
    """All rows but the tree, which is derived, the drafts, and what history keeps for ever."""
    left_out = {"unit_ancestor", "reorganisation_act", "superseded", "standing", "kept_year"}
    return {name: rows for name, rows in content_of_the_database().items() if name not in left_out}


def test_what_was_known_is_kept_and_the_act_is_audited(old: Flask) -> None:
    act = carry_out()
    moved = db.session.scalar(sa.select(sa.func.count()).select_from(Superseded))
    assert moved == db.session.scalar(sa.select(sa.func.count()).where(Assignment.to_on == DAY))
    assert db.session.scalars(sa.select(AuditEntry.subject).where(AuditEntry.action == "network.reorganise")).all() == [
        f"reorganisation_act:{act.id}"
    ]


def test_a_code_that_changes_hands_is_found_on_its_days(old: Flask) -> None:
    carry_out_lines("48.QHC.HAICHAU,48.QHC.HAICHAU,merge,2025-07-01,NQ,Phường Hải Châu,,,48",
                    "48.QHC.PHUOCNINH,48.QHC.HAICHAU,merge,2025-07-01,NQ,,,,")  # fmt: skip
    was, now = unit_id("48.QHC.HAICHAU", BEFORE), unit_id("48.QHC.HAICHAU", DAY)
    assert was != now
    assert queries.heirs(DAY)[was] == now


def test_a_new_official_code_is_a_second_code_of_the_same_unit(old: Flask) -> None:
    carry_out_lines("49.SYT,48.SYT2,rename,2025-07-01,NQ,Sở Y tế khu vực Nam,,,")
    assert unit_id("48.SYT2", DAY) == unit_id("49.SYT", BEFORE)
    assert queries.unit(unit_id("48.SYT2"), DAY).name == "Sở Y tế khu vực Nam"
    assert propose(drafted("49.SYT,48.SYT2,rename,2025-07-01,NQ,Sở Y tế khu vực Nam,,,")).plan.good_rows == 0


def carry_out_lines(*lines: str) -> None:
    act = reorganisations.start(act=drafted(*lines), scope=None, account_id=None)
    found = reorganisations.carry_out(act=act)
    assert act.state == "applied", [problem.words() for problem in found.problems]
    db.session.commit()


def test_a_draft_with_open_questions_or_faults_is_not_carried_out(old: Flask) -> None:
    act = reorganisations.start(act=drafted("49.DB,,abolish,2025-07-01,NQ,,,,"), scope=None, account_id=None)
    found = reorganisations.carry_out(act=act)
    assert (act.state, found.is_decided, found.problems) == ("draft", False, [])
    assert len(found.redrawn.undecided) == 4


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["99,48,merge,2025-07-01,,,,,"], "2:from_code:import.unknown-unit"),
        (["49.SYT,48.SYT,merge,2025-07-01,,,,,"], "2:to_code:import.unknown-unit"),
        (["49.SYT,,merge,2025-07-01,,Mới,,,"], "2:to_code:reorganise.code-missing"),
        (["49.SYT,48.SNV,merge,2025-07-01,,Sở khác,,,"], "2:to_code:reorganise.code-taken"),
        (["49.SYT,48.SNV,rename,2025-07-01,,Sở khác,,,"], "2:to_code:reorganise.code-taken"),
        (["49.SYT,X,merge,2025-07-01,,A,,,", "49.SNV,X,merge,2025-07-01,,B,,,"], "3:to_name:reorganise.two-names"),
        (
            ["49.SYT,48.SNV,merge,2025-07-01,,,,,", "48.SNV,48,merge,2025-07-01,,,,,"],
            "2:to_code:reorganise.target-ends",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_row_and_column(old: Flask, lines: list[str], problem: str) -> None:
    found = propose(drafted(*lines))
    assert f"{found.problems[0].row}:{found.problems[0].column}:{found.problems[0].key}" == problem
    assert found.problems[0].file == "reorganisation.csv"


def test_files_are_read_like_other_lists() -> None:
    read = reorganisation_files.read(
        {"sap-xep-don-vi.csv": "Mã cũ;Mã mới;Hình thức;Ngày hiệu lực\n1;2;lạ;01/07/2025\n".encode()}
    )
    assert [(p.file, p.row, p.column, p.key) for p in read.problems] == [
        ("sap-xep-don-vi.csv", 2, "type", "import.bad-choice")
    ]
    two_days = LINES + "1,2,merge,2025-07-01,,,,,\n3,2,merge,2025-07-02,,,,,\n"
    read = reorganisation_files.read({"reorganisation.csv": two_days.encode()})
    assert [(p.row, p.column, p.key) for p in read.problems] == [(3, "on", "reorganise.other-day")]
    read = reorganisation_files.read({"reorganisation.csv": LINES.encode()})
    assert [p.key for p in read.problems] == ["import.empty-file"]
    read = reorganisation_files.read({"moves.csv": "person_id,unit_code,to_code\nA,1,2\nA,,rời\nA,,3\n".encode()})
    assert [(p.row, p.key) for p in read.problems] == [(2, "reorganise.person-or-unit"), (4, "import.duplicate-key")]
    assert read.decisions["people"]["A"]["to"] == ""


def test_an_act_within_a_scope_cannot_reach_out_of_it(old: Flask) -> None:
    act = drafted("48.SNV,49.SNV,merge,2025-07-01,,,,,", "48.QHC,49,transfer,2025-07-01,,,,,")
    act.scope = [unit_id("48")]
    assert {(p.row, p.column, p.key) for p in propose(act).problems} == {
        (2, "to_code", "import.out-of-reach"), (3, "to_code", "import.out-of-reach"),
    }  # fmt: skip
    act = drafted("48,48.MOI,merge,2025-07-01,,Thành phố mới,,,")
    act.scope = [unit_id("48")]
    assert [p.key for p in propose(act).problems] == ["import.out-of-reach"]


def test_a_blocker_holds_every_act_back(old: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "BLOCKERS", [lambda: None, lambda: "reorganise.blocked-for-test"])
    act = reorganisations.start(act=reorganisation_files.read(ACT).act(), scope=None, account_id=None)
    reorganisations.carry_out(act=act)
    assert act.state == "draft"


def test_an_act_is_not_undone_when_something_rests_on_it(old: Flask) -> None:
    act = carry_out()
    take({"assignments.csv": "person_id,unit_code,role,from\nHC-01,48.HAICHAU,trainer,2025-08-01\n"})
    with pytest.raises(imports.UndoRefused):
        reorganisations.undo(act=act)


def run(app: Flask, *arguments: str | Path) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["network", "reorganise", *map(str, arguments)])
    db.session.rollback()
    return result.exit_code, result.output


def test_the_command_line_previews_carries_out_and_repeats_without_effect(old: Flask, tmp_path: Path) -> None:
    for name, content in ACT.items():
        (tmp_path / name).write_bytes(content)
    code, output = run(old, tmp_path, "--dry-run")
    assert (code, "Nguyễn Thị Em (QN-DB-02) → Phường Điện Bàn, đầu mối" in output) == (0, True), output
    assert "Người phục vụ hôm trước: 12; từ 01/07/2025: 12; không còn phục vụ: 0" in output
    assert not db.session.scalars(sa.select(ReorganisationAct)).all()
    assert run(old, tmp_path)[0] == 0
    assert run(old, tmp_path) == (0, "Không có gì để thay đổi: mọi điều đã được ghi.\n")
    assert len(db.session.scalars(sa.select(ReorganisationAct)).all()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Succession)) == 16


def test_the_command_line_tells_what_is_wrong_and_open(old: Flask, tmp_path: Path) -> None:
    path = tmp_path / "reorganisation.csv"
    path.write_text(LINES + "49.DB,,giải thể,01/07/2025,NQ,,,,\n", "utf-8")
    code, output = run(old, path)
    assert (code, "chưa có nơi đến" in output) == (1, True), output
    path.write_text(LINES + "49.XX,48,sáp nhập,01/07/2025,NQ,,,,\n", "utf-8")
    code, output = run(old, path)
    assert (code, output.startswith("reorganisation.csv:2:from_code: ")) == (1, True), output
    assert not db.session.scalars(sa.select(ReorganisationAct)).all()
    assert run(old, tmp_path / "..")[0] == 1
