"""What is told of answers: groups that are large enough, and never one that can be worked out."""

from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.surveys import document
from lms.surveys.results import REST, Results, bounds, unordered
from lms.surveys.rules import told
from tests.surveys.conftest import SOURCE

FEWEST = 5
QUESTIONNAIRE = document.parse(SOURCE)
sizes = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12), max_size=8)
responses = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "3"]),
        st.fixed_dictionaries({}, optional={"way": st.integers(0, 1), "hours": st.integers(0, 60).map(float)}),
    ),
    max_size=40,
)


def results(found: list[Any], fewest: int = FEWEST, **options: Any) -> Results:
    return Results(QUESTIONNAIRE, found, fewest, **options)


@settings(max_examples=60, deadline=None)
@given(sizes)
def test_what_is_left_out_is_nobody_or_large_enough_and_never_one_group(groups: dict[str, int]) -> None:
    shown = told(groups, FEWEST)
    left = [people for key, people in groups.items() if key not in shown and people]
    assert all(groups[key] >= FEWEST for key in shown)
    assert not shown or not left or (len(left) > 1 and sum(left) >= FEWEST)


@settings(max_examples=60, deadline=None)
@given(responses)
def test_no_number_nor_difference_of_numbers_tells_of_few_people(found: list[Any]) -> None:
    for line in results(found, is_divided=True).lines:
        if line.whole is None:
            assert line.people < FEWEST
            assert not line.groups
            continue
        parts = [counted.people for counted in line.groups.values()]
        assert sum(parts) in (0, line.whole.people)
        for size in range(len(parts)):
            for some in combinations(parts, size):
                assert line.whole.people - sum(some) >= FEWEST
        for counted in line.groups.values():
            assert sum(counted.counts) == counted.people or line.measure.item.id == "skills"


def test_a_small_group_takes_another_with_it() -> None:
    found = [("1", {"way": 0})] * 6 + [("2", {"way": 1})] * 8 + [("3", {"way": 1})] * 2
    [line] = [line for line in results(found, is_divided=True).lines if line.measure.item.id == "way"]
    assert line.whole is not None
    assert line.whole.counts == (6, 10)
    assert {group: counted.counts for group, counted in line.groups.items()} == {"2": (0, 8), REST: (6, 2)}


def test_nothing_is_told_below_the_least_number_and_everything_of_a_named_survey() -> None:
    found = [("1", {"way": 0, "other": "Một ý"})] * 4
    assert not results(found).is_told
    assert all(line.whole is None and not line.texts for line in results(found).lines)
    assert results(found, fewest=1).lines[0].whole is not None


def test_a_question_that_few_answered_is_not_told_though_the_survey_is() -> None:
    found = [("", {"way": 0})] * 9 + [("", {"way": 1, "other": "Chỉ mình tôi", "hours": 3.0})]
    lines = {line.measure.item.id: line for line in results(found).lines}
    assert lines["way"].whole is not None
    assert lines["other"].whole is None
    assert not lines["other"].texts
    assert lines["hours"].whole is None


def test_the_run_before_is_matched_by_its_words() -> None:
    before = results([("", {"way": 1, "skills": [5, None]})] * 6).counted()
    lines = results([("", {"way": 0, "skills": [1, 1]})] * 6, before=before).lines
    told_before = [line.before.counts if line.before else None for line in lines[:3]]
    assert told_before == [(0, 6), (0, 0, 0, 0, 6), None]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=30))
def test_bars_of_numbers_hold_each_once_between_round_bounds(values: list[float]) -> None:
    bars = bounds(values)
    assert len(bars) <= 12
    assert all(sum(start <= value < end for start, end in bars) == 1 for value in values)


def test_texts_come_in_an_order_of_their_own() -> None:
    texts = [f"Ý kiến {number}" for number in range(9)]
    assert unordered(texts) == unordered(reversed(texts)) != texts
