"""Units in figures: each person counts once, and a parent is the sum of its children."""

from collections.abc import Iterable
from datetime import date

import pytest
from flask import Flask

from lms.db import OPEN_END, db
from lms.goals.rules import Facts
from lms.network.actions import rebuild_tree
from lms.network.models import Level
from tests.goals.facts import YEAR_END, exempt, finished_module, learns, publish, serves, store, told
from tests.people import LONG_AGO, unit

FIGURES = ("met", "not_met", "exempt", "not_applicable")
MERGER = date(2025, 7, 1)
ENOUGH = (finished_module(), learns(8, "security"), learns(40))


def rolled(app: Flask, year: int = 2026, as_of: str = YEAR_END) -> dict[str, tuple[str, ...]]:
    """Met, not met, exempt, not applicable and the rate, by the unit's code."""
    rows = told(app, "rollup", policy="dx", year=year, as_of=as_of, format="csv")
    return {row["code"]: tuple(row[name] for name in (*FIGURES, "rate")) for row in rows}


@pytest.fixture
def commune(app: Flask) -> dict[int, int]:
    """Hải Châu in Đà Nẵng, as unit 1 of the facts."""
    da_nang = unit("Thành phố Đà Nẵng", Level.PROVINCE, "48")
    hai_chau = unit("Phường Hải Châu", Level.COMMUNE, "20242", da_nang)
    unit("Phường Thanh Khê", Level.COMMUNE, "20209", da_nang)
    rebuild_tree()
    publish()
    return {1: hai_chau}


def test_case_17_a_commune_of_ten(app: Flask, commune: dict[int, int]) -> None:
    for number in range(6):
        store(f"met-{number}", Facts((serves("dedicated"),), credits=ENOUGH), commune)
    for number in range(2):
        store(f"behind-{number}", Facts((serves("dedicated"),), credits=ENOUGH[:2]), commune)
    store("exempt", Facts((serves("dedicated"),), waivers=(exempt(2026),)), commune)
    store("late", Facts((serves("dedicated", "2026-12-01"),)), commune)

    assert rolled(app) == {
        "20242": ("6", "2", "1", "1", "75.0"),
        "20209": ("0", "0", "0", "0", ""),
        "48": ("6", "2", "1", "1", "75.0"),
    }
    listed = told(app, "evaluate", policy="dx", year=2026, as_of=YEAR_END)
    assert [row["person_id"] for row in listed] == sorted(row["person_id"] for row in listed)
    assert len(listed) == 10


def test_case_5_a_person_with_two_roles_counts_once(app: Flask, commune: dict[int, int]) -> None:
    store("an", Facts((serves("focal-point"), serves("incident-response", is_primary=False))), commune)
    assert rolled(app)["48"] == ("0", "1", "0", "0", "0.0")


def test_case_20_eighty_people_of_a_province(app: Flask, commune: dict[int, int]) -> None:
    for number in range(80):
        role = "dedicated" if number < 48 else "focal-point"
        store(f"{number:02}", Facts((serves(role),), credits=ENOUGH[: 3 * (number % 2)]), commune)
    assert rolled(app)["48"] == ("40", "40", "0", "0", "50.0")
    due = [row["due"] for row in told(app, "evaluate", policy="dx", year=2026)]
    assert (len(due), due.count("40"), due.count("24")) == (80, 48, 32)


@pytest.fixture
def merged(app: Flask) -> dict[int, int]:
    """A district of Quảng Nam, as unit 1, and the commune of Đà Nẵng that its people went to on 1 July 2025, as unit 2."""
    nation = unit("Việt Nam", Level.CENTRAL, "00")
    quang_nam = unit("Tỉnh Quảng Nam", Level.PROVINCE, "49", nation, LONG_AGO, MERGER)
    da_nang = unit("Thành phố Đà Nẵng", Level.PROVINCE, "48", nation)
    district = unit("Huyện Núi Thành", Level.DISTRICT, "503", quang_nam, LONG_AGO, MERGER)
    commune = unit("Xã Núi Thành", Level.COMMUNE, "20551", da_nang, MERGER, OPEN_END)
    rebuild_tree()
    publish()
    moved = (serves("dedicated", end="2025-07-01", unit=1), serves("focal-point", "2025-07-01", unit=2))
    store(
        "moved",
        Facts(moved, credits=(finished_module(), learns(40, "security", "2024-05-05"))),
        {1: district, 2: commune},
    )
    store("left", Facts((serves("dedicated", end="2025-05-01", unit=1),)), {1: district})
    return {1: district, 2: commune}


@pytest.mark.usefixtures("merged")
class TestCase10TheMerger:
    def test_everybody_is_counted_where_they_served_last(self, app: Flask) -> None:
        figures = rolled(app, 2025, "2025-12-31")
        assert figures["20551"] == figures["48"] == ("0", "1", "0", "0", "0.0")
        assert figures["503"] == figures["49"] == ("0", "1", "0", "0", "0.0")

    def test_the_report_dated_30_june_shows_the_map_of_that_day(self, app: Flask) -> None:
        figures = rolled(app, 2025, "2025-06-30")
        assert figures["503"] == figures["49"] == ("0", "2", "0", "0", "0.0")
        assert figures["48"] == ("0", "0", "0", "0", "")

    def test_the_year_before_is_unchanged_and_does_not_know_the_commune(self, app: Flask) -> None:
        for as_of in ("2024-12-31", "2025-12-31"):
            figures = rolled(app, 2024, as_of)
            assert figures["503"] == figures["49"] == ("1", "1", "0", "0", "50.0")
            assert "20551" not in figures

    def test_a_parent_is_the_sum_of_its_children_and_everybody_stands_in_one_leaf(self, app: Flask) -> None:
        for year, as_of in ((2024, "2024-12-31"), (2025, "2025-06-30"), (2025, "2025-12-31"), (2026, YEAR_END)):
            figures = {code: [int(n) for n in row[:4]] for code, row in rolled(app, year, as_of).items()}
            for parent, children in {"49": ["503"], "48": ["20551"], "00": ["49", "48"]}.items():
                assert figures.get(parent, [0] * 4) == added(figures[code] for code in children if code in figures)
            listed = told(app, "evaluate", policy="dx", year=year, as_of=as_of)
            assert sum(figures["00"]) == len(listed) == len({row["person_id"] for row in listed})


def added(rows: Iterable[list[int]]) -> list[int]:
    """The sums of columns."""
    return [sum(column) for column in zip([0] * 4, *rows, strict=True)]


def test_an_exemption_from_one_policy_is_none_from_another(app: Flask, commune: dict[int, int]) -> None:
    store("an", Facts((serves("dedicated"),), waivers=(exempt(2026, policy="legal40"),)), commune)
    db.session.commit()
    assert rolled(app)["48"] == ("0", "1", "0", "0", "0.0")
