"""What of a ledger counts: duplicates of a class, caps of a source, states and reversals."""

import pytest
from flask import Flask

from lms.goals.rules import Credit, Facts, Ledger, count, months_after, standing
from lms.network.actions import rebuild_tree
from lms.network.models import Level
from tests.goals.facts import (
    DX,
    YEAR_END,
    day,
    finished_module,
    learns,
    publish,
    reverses,
    serves,
    store,
    told,
    with_caps,
)
from tests.people import unit


def counted(*entries: Credit, due: int = 40, year: int = 2026) -> Ledger:
    return count(DX, standing(entries, day(f"{year}-12-31")), year, due)


def class_on(*days: str) -> list[Credit]:
    """Entries of one class of 4 periods, on these days."""
    return [learns(4, on=on, activity=f"Lớp {on}", equivalence="an-toan") for on in days]


@pytest.mark.parametrize(
    ("days", "earned", "repeated"),
    [
        (["2026-03-01", "2026-09-01"], 4, ["Lớp 2026-09-01"]),
        (["2024-06-15", "2026-06-14"], 0, ["Lớp 2026-06-14"]),  # the day before 24 months have passed
        (["2024-06-15", "2026-06-15"], 4, []),
        (["2023-06-15", "2025-03-01", "2026-01-10"], 4, []),  # the one of 2025 was a duplicate and did not count
        (["2025-03-01", "2026-01-10", "2026-12-01"], 0, ["Lớp 2026-01-10", "Lớp 2026-12-01"]),
        (["2024-02-29", "2026-02-28"], 4, []),  # there is no 29 February 2026
    ],
)
def test_a_class_counts_once_in_24_months(days: list[str], earned: int, repeated: list[str]) -> None:
    found = counted(*class_on(*days))
    assert (found.earned, [credit.activity for credit in found.duplicates]) == (earned * 100, repeated)


def test_of_a_class_on_one_day_the_first_source_counts() -> None:
    outside = learns(8, on="2026-05-05", source="external", equivalence="an-toan")
    inside = learns(4, on="2026-05-05", equivalence="an-toan")
    assert counted(outside, inside).duplicates == [outside]


def test_other_classes_and_entries_without_a_class_are_no_duplicates() -> None:
    entries = [learns(2), learns(2), learns(2, equivalence="a"), learns(2, equivalence="b")]
    assert counted(*entries).earned == 800


@pytest.mark.parametrize(
    ("source", "periods", "earned"),
    [
        ("internal", 100, 100),
        ("equivalence", 100, 100),
        ("teaching", 100, 20),
        ("event", 100, 10),
        ("external", 100, 20),
        ("external", 19.5, 19.5),
        ("adjustment", 100, 100),
    ],
)
def test_of_forty_periods_a_source_may_bring(source: str, periods: float, earned: float) -> None:
    assert counted(learns(periods, source=source)).earned == earned * 100


def test_a_cap_is_a_share_of_what_is_due_and_kept_exact() -> None:
    assert counted(learns(30, source="event"), due=35).earned == 875
    assert counted(learns(30, source="external"), due=35).earned == 1750
    assert count(with_caps("{ external = 0.1 }"), [learns(30, source="external")], 2026, 7).earned == 70


def test_caps_do_not_share_room_and_the_earlier_entry_counts_first() -> None:
    late, early = learns(15, on="2026-09-01", source="external"), learns(15, on="2026-02-01", source="external")
    event = learns(12, on="2026-01-01", source="event")
    found = counted(late, early, event)
    assert [(cut.credit, cut.periods) for cut in found.overflow] == [(event, 200), (late, 1000)]
    assert found.earned == 3000


def test_what_is_over_a_cap_does_not_count_for_a_minimum() -> None:
    found = counted(learns(30, "security", source="external"), learns(3, "security"))
    assert found.by_category == {"security": 2300}


@pytest.mark.parametrize("state", ["pending", "rejected", "reversed"])
def test_only_approved_entries_count(state: str) -> None:
    assert counted(learns(8, state=state)).earned == 0


def test_only_the_year_counts() -> None:
    entries = [learns(periods, on=on) for periods, on in ((1, "2025-12-31"), (2, "2026-01-01"), (4, "2026-12-31"))]
    assert counted(*entries, learns(8, on="2027-01-01")).earned == 600


def test_a_reversed_entry_frees_its_class_and_its_room() -> None:
    first, second = class_on("2026-03-01", "2026-09-01")
    assert not counted(first, second, reverses(first)).duplicates
    assert counted(first, second, reverses(first)).earned == 400


def test_twenty_four_months_end_on_the_last_of_a_shorter_month() -> None:
    assert months_after(day("2024-02-29"), 12) == day("2025-02-28")
    assert months_after(day("2024-08-31"), 6) == day("2025-02-28")
    assert months_after(day("2024-12-31"), 2) == day("2025-02-28")
    assert months_after(day("2024-11-30"), 13) == day("2025-12-30")
    assert months_after(day("2026-05-05"), 0) == day("2026-05-05")


def test_duplicates_stand_in_their_column(app: Flask) -> None:
    here = unit("Phường Hải Châu", Level.COMMUNE, "20242")
    rebuild_tree()
    publish()
    first, second = class_on("2025-03-01", "2026-09-01")
    undone = learns(2.5)
    entries = (finished_module(), first, second, undone, reverses(undone), learns(1.5))
    store("an", Facts((serves("dedicated"),), credits=entries), {1: here})
    (row,) = told(app, "evaluate", policy="dx", year=2026, as_of=YEAR_END)
    assert (row["duplicates"], row["earned"]) == ("Lớp 2026-09-01", "1.5")
