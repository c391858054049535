"""Questionnaires: their text, their form, and what may be answered."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.surveys import document, layout
from lms.surveys.document import BadSurvey
from lms.surveys.questionnaire import Item, Questionnaire, Type, answers, unfinished
from tests.architecture.source import ROOT
from tests.surveys.conftest import SOURCE

SHIPPED = sorted((ROOT / "courses/surveys").glob("*.toml"))

words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
lines = st.lists(words, min_size=2, max_size=4).map(tuple)


@st.composite
def items(draw: Any, number: int = 0) -> Item:
    kind = draw(st.sampled_from(list(Type)))
    more: dict[str, Any] = {"hint": draw(st.just("") | words), "is_required": draw(st.booleans())}
    if kind in (Type.SINGLE, Type.MULTIPLE):
        more["options"] = draw(lines)
    if kind is Type.MATRIX:
        more["rows"] = draw(lines)
    if kind in (Type.SCALE, Type.MATRIX):
        more |= {"low": draw(words), "high": draw(words)}
    if kind is Type.NUMBER:
        more |= {"least": draw(st.none() | st.integers(-9, 0).map(float)), "most": draw(st.none() | st.just(1.5))}
    if kind is Type.SECTION:
        more["is_required"] = False
    return Item(kind, draw(words), "" if kind is Type.SECTION else f"q{number}", **more)


@st.composite
def questionnaires(draw: Any) -> Questionnaire:
    found = [draw(items(number)) for number in range(draw(st.integers(0, 6)))]
    return document.parse(document.write(Questionnaire(draw(words), tuple(found), draw(st.just("") | words))))


@settings(max_examples=60, deadline=None)
@given(questionnaires())
def test_text_and_form_give_back_what_they_show(questionnaire: Questionnaire) -> None:
    assert document.parse(document.write(questionnaire)) == questionnaire
    assert document.read(layout.meant(layout.shown(questionnaire))) == questionnaire


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_surveys_that_come_with_the_product_can_be_read_and_are_short(path: Any) -> None:
    found = document.parse(path.read_text("utf-8"))
    assert found.questions
    assert found.minutes <= 5


@pytest.mark.parametrize(
    ("spoilt", "key", "item"),
    [
        (SOURCE.replace('type = "single"', 'type = "choice"'), "unknown-type", 2),
        (SOURCE.replace(', "Lớp tập trung"', ""), "few-options", 2),
        (SOURCE.replace('id = "hours"', 'id = "way"'), "double-id", 4),
        (SOURCE.replace('id = "hours"', 'id = "Giờ"'), "bad-id", 4),
        (SOURCE.replace('high = "Thạo"', ""), "no-ends", 3),
        (SOURCE.replace("most = 60", "most = 0"), "least-above-most", 4),
        (SOURCE.replace("most = 60", "most = nan"), "wrong-kind", 4),
        (SOURCE.replace('title = "Ý kiến về lớp học"', ""), "no-title", 0),
        (SOURCE.replace("required", "requierd"), "unknown-name", 2),
        ("title = ", "bad-toml", 0),
        ("item = 3\ntitle = 'x'", "wrong-kind", 0),
    ],
)
def test_a_text_that_cannot_be_asked_is_told_by_line(spoilt: str, key: str, item: int) -> None:
    with pytest.raises(BadSurvey) as caught:
        document.parse(spoilt)
    assert (caught.value.key, caught.value.item) == (key, item)
    if item:
        line = document.line_of(caught.value, spoilt)
        assert spoilt.splitlines()[line - 1] == "[[item]]"


def test_answers_are_read_as_they_are_meant() -> None:
    sent = {"way": ["1"], "skills-0": ["5"], "hours": ["1,5"], "other": [" Dòng một \r\ndòng hai"], "nothing": ["x"]}
    found, wrong = answers(document.parse(SOURCE), sent)
    assert not wrong
    assert found == {
        "way": 1,
        "skills": [5, None],
        "hours": 1.5,
        "other": "Dòng một\ndòng hai".replace("một\n", "một \n"),
    }
    assert set(unfinished(document.parse(SOURCE), sent)) == {"way", "skills-0", "hours", "other"}


@pytest.mark.parametrize(
    ("sent", "item", "problem"),
    [
        ({}, "way", "required"),
        ({"way": ["2"]}, "way", "not-offered"),
        ({"way": ["-1"]}, "way", "not-offered"),
        ({"way": ["٣"]}, "way", "not-offered"),
        ({"skills-1": ["6"]}, "skills", "not-offered"),
        ({"hours": ["mười"]}, "hours", "not-a-number"),
        ({"hours": ["1e9"]}, "hours", "not-a-number"),
        ({"hours": ["61"]}, "hours", "out-of-range"),
        ({"other": ["x" * 3001]}, "other", "too-long"),
    ],
)
def test_what_cannot_be_an_answer_is_told(sent: dict[str, list[str]], item: str, problem: str) -> None:
    _, wrong = answers(document.parse(SOURCE), sent)
    assert wrong[item].problem == problem


def test_buttons_of_the_form_change_the_list_and_nothing_else() -> None:
    first = layout.shown(document.parse(SOURCE))["items"]
    ids = [item["id"] for item in first]
    added = layout.changed(list(first), "add:scale")
    assert [item["id"] for item in added] == [*ids, "q01"]
    assert [item["id"] for item in layout.changed(added, "up:5")] == [*ids[:4], "q01", ids[4]]
    assert layout.changed(list(first), "remove:1")[1]["id"] == "skills"
    for act in ("up:0", "down:4", "remove:99", "remove:-1", "up:x", "add:nothing", "", "x"):
        assert [item["id"] for item in layout.changed(list(first), act)] == ids
