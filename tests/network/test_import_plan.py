"""What an import finds wrong, and where."""

import pytest
from flask import Flask

from lms import clock
from lms.network import imports, sheets
from lms.network.queries import unit_id_by_code
from tests.network.files import (
    ASSIGNMENTS,
    EVERYTHING,
    PEOPLE,
    UNITS,
    assignments,
    found_in,
    people,
    plan,
    take,
    units,
)

pytestmark = pytest.mark.usefixtures("app")


def test_a_plan_writes_nothing_and_counts_everything() -> None:
    found = plan(EVERYTHING)
    assert found.is_clean
    assert {name: counts.new for name, counts in found.counts.items()} == {
        "units": 3, "people": 1, "assignments": 1, "absences": 1,
    }  # fmt: skip
    assert plan(EVERYTHING).counts["people"].new == 1


def test_the_samples_are_together_an_import_without_errors() -> None:
    found = plan({sheet.sample.name: sheet.sample.read_text("utf-8") for sheet in sheets.SHEETS})
    assert [problem.words() for problem in found.errors + found.notices] == []
    assert all(counts.new >= 2 for counts in found.counts.values())


def test_a_file_is_known_by_its_vietnamese_name_or_by_its_columns() -> None:
    assert plan({"Danh sách cán bộ.csv": PEOPLE}).counts["people"].new == 1
    assert plan({"tháng 11.csv": PEOPLE}).counts["people"].new == 1
    assert found_in({"tháng 11.csv": "a,b\n1,2\n"}) == [("tháng 11.csv", 1, "*", "import.unknown-file")]


def test_an_unreadable_file_is_an_error_of_the_plan() -> None:
    found = plan({"people.csv": b"\x00"})
    assert [problem.key for problem in found.errors] == ["import.not-a-table"]
    assert not found.is_readable


def test_a_missing_column_is_told_at_the_header_and_no_row_is_taken() -> None:
    found = plan({"people.csv": "DANH SÁCH\nMã cán bộ,Họ và tên\nCB1,An\n"})
    assert [(p.row, p.column, p.key) for p in found.errors] == [(2, "employment", "import.missing-column")]
    assert (found.counts["people"].bad, found.good_rows, found.is_readable) == (1, 0, False)


def test_an_unknown_column_is_only_worth_a_notice() -> None:
    found = plan({"people.csv": "person_id,full_name,employment,ghi chú\nCB1,An,cc,x\n"})
    assert found.is_clean
    assert [(notice.column, notice.key) for notice in found.notices] == [("ghi chú", "import.unknown-column")]


def test_each_bad_cell_is_told_by_row_and_column() -> None:
    rows = people("CB1,,công chức,,", "CB2,An,quan,x@,12", "CB3,An,cc,,,thừa")
    assert found_in({"people.csv": rows}) == [
        ("people.csv", 2, "full_name", "import.missing-value"),
        ("people.csv", 3, "employment", "import.bad-choice"),
        ("people.csv", 3, "email", "import.bad-email"),
        ("people.csv", 3, "phone", "import.bad-phone"),
        ("people.csv", 4, "*", "import.too-many-cells"),
    ]


def test_equal_rows_count_once_and_unequal_ones_with_one_key_are_both_refused() -> None:
    found = plan({"people.csv": people("CB1,An,cc,,", "CB1,An,cc,,", "CB2,Em,cc,,", "CB2,Emm,cc,,")})
    assert [(notice.row, notice.key) for notice in found.notices] == [(3, "import.same-row")]
    assert sorted((p.row, p.key) for p in found.errors) == [(4, "import.duplicate-key"), (5, "import.duplicate-key")]
    assert (found.counts["people"].new, found.counts["people"].same, found.counts["people"].bad) == (1, 1, 2)


def test_a_phone_number_is_one_persons_in_the_file_and_in_the_database() -> None:
    take({"people.csv": people("CB1,An,cc,an@x.vn,0905000001")})
    rows = people("CB2,Em,cc,AN@x.vn,905 000 001", "CB3,Chi,cc,,0905000003", "CB4,Ba,cc,,+84905000003")
    assert found_in({"people.csv": rows}) == [
        ("people.csv", 2, "phone", "import.phone-taken"),
        ("people.csv", 4, "phone", "import.phone-taken"),
        ("people.csv", 2, "email", "import.email-taken"),
    ]


def test_whose_a_phone_number_is_is_not_told_to_who_may_not_see_them() -> None:
    take({"people.csv": people("CB1,An,cc,,0905000001")})
    problem = plan({"people.csv": people("CB2,Em,cc,,0905000001")}, reach=frozenset({1})).errors[0]
    assert (problem.key, problem.values["person"]) == ("import.phone-taken", "…")


def test_two_people_may_exchange_their_phone_numbers() -> None:
    take({"people.csv": people("CB1,An,cc,,0905000001", "CB2,Em,cc,,0905000002")})
    exchanged = {"people.csv": people("CB1,An,cc,,0905000002", "CB2,Em,cc,,0905000001")}
    take(exchanged)
    assert plan(exchanged).counts["people"].unchanged == 2


def test_an_unknown_unit_person_or_role_is_told() -> None:
    rows = assignments(*(f"{who},,,,,2026-01-01,," for who in ("CB1,99,chuyên trách", "CB9,48,đầu mối", "CB1,48,vua")))
    assert found_in({"units.csv": UNITS, "people.csv": PEOPLE, "assignments.csv": rows}) == [
        ("assignments.csv", 2, "unit_code", "import.unknown-unit"),
        ("assignments.csv", 3, "person_id", "import.unknown-person"),
        ("assignments.csv", 4, "role", "import.unknown-role"),
    ]


def test_a_row_about_somebody_whose_own_row_is_bad_says_so() -> None:
    files = {**EVERYTHING, "people.csv": people("CB1,An 1,cc,,"), "absences.csv": ""}
    keys = [key for *_, key in found_in(files)]
    assert keys == ["import.empty-file", "import.bad-name", "import.person-row-bad"]


def test_a_row_about_a_unit_whose_own_row_is_bad_says_so() -> None:
    files = {"units.csv": units("48,Đà Nẵng,tp,xóm,,2020-01-01,"), "people.csv": PEOPLE}
    rows = assignments("CB1,48,đầu mối,,,,,2026-01-01,,")
    assert [key for *_, key in found_in({**files, "assignments.csv": rows})] == [
        "import.bad-choice",
        "import.unit-row-bad",
    ]


def test_zeros_that_a_spreadsheet_has_eaten_come_back_when_only_one_unit_fits() -> None:
    take({"units.csv": UNITS})
    rows = assignments("CB1,490,đầu mối,,,,,2026-01-01,,")
    assert plan({"people.csv": PEOPLE, "assignments.csv": rows}).is_clean
    take({"units.csv": units("000490,Khác,xã,xã,48,2020-01-01,")})
    assert [key for *_, key in found_in({"people.csv": PEOPLE, "assignments.csv": rows})] == ["import.unknown-unit"]


def test_a_fact_ends_after_it_begins() -> None:
    rows = assignments("CB1,48,đầu mối,,,,,2026-01-01,2026-01-01,")
    assert found_in({"units.csv": UNITS, "people.csv": PEOPLE, "assignments.csv": rows}) == [
        ("assignments.csv", 2, "to", "import.ends-before-start")
    ]


def test_nobody_has_two_primary_assignments_on_one_day() -> None:
    take(EVERYTHING)
    rows = assignments("CB1,48,đầu mối,,,,x,2026-06-01,,")
    assert found_in({"assignments.csv": rows}) == [("assignments.csv", 2, "from", "import.two-primaries")]
    ended = assignments("CB1,48,đầu mối,,,,x,2026-06-01,,", "CB1,00490,chuyên trách,,,,x,2026-01-01,2026-06-01,")
    assert found_in({"assignments.csv": ended}) == []


def test_nobody_holds_a_role_twice_in_a_unit_on_one_day() -> None:
    take(EVERYTHING)
    rows = assignments("CB1,00490,chuyên trách,,,,,2026-06-01,,")
    assert found_in({"assignments.csv": rows}) == [("assignments.csv", 2, "from", "import.assignment-overlap")]


def test_a_row_that_falls_takes_another_with_it_until_all_that_stands_agrees() -> None:
    take(EVERYTHING)
    rows = assignments(
        "CB1,00490,chuyên trách,,,,x,2026-01-01,2026-03-01,",
        "CB1,48,đầu mối,,,,x,2026-03-01,,",
        "CB1,48,lãnh đạo,,,,x,2026-02-01,2026-04-01,",
    )
    found = plan({"assignments.csv": rows})
    assert {(p.row, p.key) for p in found.errors} == {(3, "import.two-primaries"), (4, "import.two-primaries")}


def test_versions_of_a_unit_follow_one_another() -> None:
    rows = units("48,Đà Nẵng,tp,tỉnh,,2020-01-01,2025-07-01", "48,Đà Nẵng,tp,tỉnh,,2025-07-01,")
    assert found_in({"units.csv": rows}) == []
    assert found_in({"units.csv": units("48,A,tp,tỉnh,,2020-01-01,", "48,B,tp,tỉnh,,2025-07-01,")}) == [
        ("units.csv", 3, "from", "import.version-overlap")
    ]


def test_a_parent_exists_on_the_first_day_and_a_child_that_outlives_it_is_worth_a_notice() -> None:
    early = units("48,Đà Nẵng,tp,tỉnh,,2020-01-01,", "490,Hải Châu,p,xã,48,2019-01-01,")
    assert found_in({"units.csv": early}) == [("units.csv", 3, "parent_code", "import.parent-not-there")]
    late = units("48,Đà Nẵng,tp,tỉnh,,2020-01-01,2025-07-01", "490,Hải Châu,p,xã,48,2020-01-01,")
    assert [(p.row, p.key) for p in plan({"units.csv": late}).notices] == [(3, "import.outlives-parent")]


def test_units_do_not_stand_under_themselves() -> None:
    rows = units("1,A,x,tỉnh,2,2020-01-01,", "2,B,x,tỉnh,3,2020-01-01,", "3,C,x,tỉnh,1,2020-01-01,")
    assert [(row, key) for _, row, _, key in found_in({"units.csv": rows})] == [
        (2, "import.parent-cycle"), (3, "import.parent-cycle"), (4, "import.parent-cycle"),
    ]  # fmt: skip


def test_a_cycle_that_arises_only_later_is_found() -> None:
    take({"units.csv": units("1,A,x,tỉnh,,2020-01-01,", "2,B,x,tỉnh,1,2020-01-01,")})
    rows = units("1,A,x,tỉnh,,2020-01-01,2026-01-01", "1,A,x,tỉnh,2,2026-01-01,")
    assert found_in({"units.csv": rows}) == [("units.csv", 3, "parent_code", "import.parent-cycle")]


def test_a_reach_bounds_the_units_and_the_people_that_rows_may_touch() -> None:
    batch = take(EVERYTHING)
    take({"people.csv": people("CB2,Em,cc,,"), "assignments.csv": assignments("CB2,48,đầu mối,,,,,2026-01-01,,")})
    hai_chau = unit_id_by_code("00490", clock.today())
    assert hai_chau is not None
    assert batch.scope is None
    reach = imports.reach_of({hai_chau})
    assert found_in({"people.csv": people("CB1,An Mới,cc,,", "CB2,Em Mới,cc,,")}, reach=reach) == [
        ("people.csv", 3, "person_id", "import.out-of-reach")
    ]
    rows = assignments("CB1,48,đầu mối,,,,,2026-01-01,,", "CB1,00490-1,tổ trưởng,,,,,2026-01-01,,")
    assert found_in({"assignments.csv": rows}, reach=reach) == [
        ("assignments.csv", 2, "unit_code", "import.out-of-reach")
    ]
    below = units(
        "00490-2,Tổ 2,tổ,tổ,00490,2026-01-01,", "00490,Hải Châu,p,xã,48,2025-07-01,", "50,Mới,tp,tỉnh,,2026-01-01,"
    )
    assert [(row, column) for _, row, column, _ in found_in({"units.csv": below}, reach=reach)] == [
        (3, "parent_code"), (4, "parent_code"),
    ]  # fmt: skip


def test_true_progress_is_told(app: Flask) -> None:
    assert app
    steps: list[tuple[int, int]] = []
    plan(EVERYTHING, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (12, 12)
    assert steps == sorted(steps)


def test_a_thousand_bad_rows_are_all_listed_but_the_report_stays_small() -> None:
    found = plan({"people.csv": people(*(f"CB{i},An {i},cc,," for i in range(1_500)))})
    assert len(found.errors) == 1_500
    report = found.report()
    assert (report["error_count"], len(report["problems"])) == (1_500, 1_000)
    assert plan({"assignments.csv": ASSIGNMENTS}).good_rows == 0
