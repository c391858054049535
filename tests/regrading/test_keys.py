"""Keys of every type can be corrected, and what is corrected is marked and told by the new key."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from lms.catalogue.content import Question
from lms.quizzes import corrections, rules
from lms.quizzes.corrections import KEYED, Change, Kind, with_key
from lms.quizzes.drawing import Shown
from lms.regrading.forms import CorrectionForm
from tests.quizzes.bank import CLOZE, EVERY_TYPE, MATCHING, ORDERING, RIGHT

CORRECTED: tuple[tuple[Question, dict[str, Any], list[str], float], ...] = (
    (MATCHING, {"places": [1, 0, 2, 4]}, ["1", "0", "2", "4"], 1),
    (MATCHING, {"places": [1, 0, 2, 4]}, RIGHT["matching"], 1 / 4),
    (ORDERING, {"places": [2, 1, 3, 4]}, ["2", "1", "3", "4"], 1),
    (ORDERING, {"places": [4, 3, 2, 1]}, RIGHT["ordering"], 0),
    (CLOZE, {"places": [0, 1, 0], "gaps": [["sáu"], [], ["Huế"]]}, ["sáu", "1", "huế"], 1),
    (CLOZE, {"places": [0, 1, 0], "gaps": [["năm"], [], ["Đà Nẵng"]]}, RIGHT["cloze"], 2 / 3),
)


@pytest.mark.parametrize(("question", "key", "response", "share"), CORRECTED)
def test_pairs_orders_and_gaps_are_marked_by_the_new_key(
    question: Question, key: dict[str, Any], response: list[str], share: float
) -> None:
    assert float(rules.mark(with_key(question, key), response)) == pytest.approx(share)
    accepted = [Change(question.id, Kind.ALSO, key)]
    assert rules.share(question, RIGHT[question.type], changes=accepted) == 1


@given(st.sampled_from(EVERY_TYPE), st.data())
def test_a_question_with_its_own_key_is_marked_as_before(question: Question, data: st.DataObject) -> None:
    again = with_key(question, corrections.key_of(question))
    known = RIGHT[question.type]
    response = data.draw(st.sampled_from([known, known[::-1], [known[0]] * len(known), []]))
    assert rules.mark(again, response) == rules.mark(question, response)


def test_every_type_that_marks_itself_has_a_key_to_correct() -> None:
    assert {question.type for question in EVERY_TYPE} == set(KEYED)


FORMS: tuple[tuple[Question, dict[str, str], dict[str, Any] | str], ...] = (
    (MATCHING, {f"places-{n}": value for n, value in enumerate("1024")}, {"places": [1, 0, 2, 4]}),
    (MATCHING, {f"places-{n}": value for n, value in enumerate("0123")}, "giống đáp án đang dùng"),
    (ORDERING, {f"places-{n}": value for n, value in enumerate("2134")}, {"places": [2, 1, 3, 4]}),
    (ORDERING, {f"places-{n}": value for n, value in enumerate("2234")}, "không trùng nhau"),
    (
        CLOZE,
        {"places-0": "1", "gaps-0": "sáu\n 6 ", "gaps-1": "Huế"},
        {"places": [0, 1, 0], "gaps": [["sáu", "6"], [], ["Huế"]]},
    ),
    (CLOZE, {"places-0": "1", "gaps-0": " ", "gaps-1": "Huế"}, "Nhập ít nhất một câu trả lời cho mỗi chỗ trống"),
    (CLOZE, {"places-0": "1"}, "Nhập ít nhất một câu trả lời cho mỗi chỗ trống"),
)


@pytest.mark.parametrize(("question", "typed", "said"), FORMS)
def test_the_form_takes_a_key_line_by_line(
    app: Flask, question: Question, typed: dict[str, str], said: dict[str, Any] | str
) -> None:
    sent = {"kind": "key", "reason": "Sai", **typed}
    with app.test_request_context(method="POST", data=sent, headers={"Accept-Language": "vi"}):
        form = CorrectionForm(question, meta={"csrf": False})
        is_right = form.validate()
        assert form.key == said if isinstance(said, dict) else said in str(form.kind.errors)
        assert is_right == isinstance(said, dict)


def test_the_form_begins_with_the_answers_in_force(app: Flask) -> None:
    with app.test_request_context():
        form = CorrectionForm(MATCHING, [Change("q", Kind.KEY, {"places": [1, 0, 2, 4]})])
        assert [line.data for line in form.places] == ["1", "0", "2", "4"]
        assert (form.places[0].label.text, form.places[0].choices[4].label) == ("1", "năm")
        assert [gap.data for gap in CorrectionForm(CLOZE).gaps] == ["năm", "Đà Nẵng\nthành phố Đà Nẵng"]


@pytest.mark.parametrize(
    ("question", "key", "told"),
    [
        (MATCHING, {"places": [1, 0, 2, 4]}, "4 → năm (bạn chọn: bốn)"),
        (ORDERING, {"places": [2, 1, 3, 4]}, "trưa (bạn xếp thứ 2)"),
        (
            replace(CLOZE, text="[[a]], [[b]], [[c]]"),
            {"places": [0, 2, 0], "gaps": [["năm"], [], ["Huế"]]},
            "[đúng] (đáp án: có lẽ)",
        ),
    ],
)
def test_a_learner_reads_the_corrected_answer(app: Flask, question: Question, key: dict[str, Any], told: str) -> None:
    source = (
        "{% from 'study/answered.html' import answered with context %}{{ answered(shown, given, share, 1)|striptags }}"
    )
    shown, response = Shown(with_key(question, key), ()), RIGHT[question.type]
    with app.test_request_context():
        page = render_template_string(source, shown=shown, given=response, share=rules.mark(shown.question, response))
    assert told in " ".join(page.split())
