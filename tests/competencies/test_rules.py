"""What evidence shows, what comes next, what a pathway demands, and which courses close most gaps."""

from datetime import date

import pytest

from lms.competencies import rules
from lms.competencies.rules import Closing, Demand, Evidence, Lack, Next, Offer

DAY = date(2026, 5, 1)
OFFERS = [
    Offer("mot", 1, frozenset({"a", "b"})),
    Offer("hai", 2, frozenset({"a"})),
    Offer("ba", 2, frozenset({"a", "c"})),
]


@pytest.mark.parametrize(("levels", "shown"), [((), 0), ((1,), 1), ((1, 3, 2), 3), ((4, 1), 4)])
def test_the_highest_level_counts(levels: tuple[int, ...], shown: int) -> None:
    assert rules.shown(Evidence("a", level, DAY) for level in levels) == shown


@pytest.mark.parametrize(
    ("level", "shown"), [("basic", 1), ("intermediate", 2), ("advanced", 3), ("something else", 1)]
)
def test_a_course_shows_its_level(level: str, shown: int) -> None:
    assert rules.course_level(level) == shown


@pytest.mark.parametrize(
    ("component", "level", "following"),
    [
        ("a", 0, Next(1, ("mot",))),
        ("a", 1, Next(2, ("hai", "ba"))),
        ("a", 2, Next(0, ())),
        ("c", 0, Next(2, ("ba",))),
        ("z", 0, Next(0, ())),
    ],
)
def test_what_follows_is_the_lowest_level_above(component: str, level: int, following: Next) -> None:
    assert rules.following(component, level, OFFERS) == following


def test_a_pathway_demands_the_highest_level_that_its_courses_show() -> None:
    assert rules.demands(("mot", "hai"), OFFERS) == {Demand("a", 2), Demand("b", 1)}
    assert rules.demands((), OFFERS) == frozenset()


def test_courses_are_ordered_by_the_gaps_that_they_close_with_seats_for_who_lacks_most() -> None:
    lacks = [
        Lack("p", "leader", Demand("a", 2), 10, 4),
        Lack("p", "leader", Demand("c", 2), 10, 7),
        Lack("p", "dedicated", Demand("a", 2), 5, 2),
        Lack("q", "leader", Demand("b", 1), 5, 0),
    ]
    closings = rules.closings(lacks, OFFERS, {"p": ("hai", "ba"), "q": ("mot",)})
    assert closings == [Closing("ba", ("dedicated", "leader"), 9, 13), Closing("hai", ("dedicated", "leader"), 6, 6)]


@pytest.mark.parametrize(("done", "year"), [((), 0), (("x",), 0), (("x", "y"), 1), (("z",), 0), (("x", "y", "z"), 1)])
def test_the_present_year_is_the_first_with_a_course_left(done: tuple[str, ...], year: int) -> None:
    assert rules.present_year([("x", "y"), ("z",)], done) == year
