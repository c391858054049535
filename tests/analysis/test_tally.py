"""From attempts to figures: what is counted together, what apart, and that nothing depends on how it was stored."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from lms.analysis import advice, sheets, tally
from lms.analysis.sheets import Given
from lms.analysis.tally import Edition, Row, Statistics
from lms.catalogue.content import Draw, Quiz
from lms.quizzes import rules
from lms.quizzes.corrections import Change, Kind
from tests.analysis.classroom import LEARNERS, QUIZ, A, C, answers
from tests.quizzes.bank import CLOZE, MATCHING, NUMERIC, ORDERING, RIGHT, SHORT, question, quiz

START = datetime(2026, 11, 2, 1, tzinfo=UTC)


def row(
    test: Quiz,
    seed: str,
    given: dict[str, list[str]],
    version: int = 1,
    seconds: int = 30,
    changes: tuple[Change, ...] = (),
) -> Row:
    """A sheet as it would be stored."""
    drawn = rules.draw(test, seed)
    score = rules.score(test, drawn, given, changes=changes)
    stored = {
        code: Given(response, START + timedelta(seconds=n * seconds))
        for n, (code, response) in enumerate(given.items(), 1)
    }
    return Row(
        version, float(score.points), float(score.of), bool(score.is_passed), sheets.answers(test, drawn, stored),
        sheets.seconds(drawn, stored, START),
    )  # fmt: skip


def classroom(test: Quiz = QUIZ, version: int = 1) -> list[Row]:
    return [row(test, str(n), answers(n), version) for n in range(LEARNERS)]


def found(statistics: Statistics) -> dict[str, str]:
    """The most urgent advice on each question."""
    return {one.question: one.code for one in reversed(advice.advice(statistics))}


def test_a_wrong_key_is_the_first_advice() -> None:
    statistics = tally.statistics(classroom(), {1: Edition(1, QUIZ)})
    first = advice.advice(statistics)[0]
    assert (first.code, first.question, first.number) == ("key", "q3", 3)
    assert first.values == {"choice": "C", "share": 31 / 40, "right": 9 / 40}
    figures = statistics.present[2].figures
    assert figures.discrimination and figures.discrimination.interval.high < 0
    assert [choice.n for choice in figures.choices] == [9, 0, 31, 0]


def test_a_sound_question_gets_no_advice_but_on_options_that_nobody_chooses() -> None:
    assert found(tally.statistics(classroom(), {1: Edition(1, QUIZ)})).get("q2") in (None, "idle")


def test_versions_count_together_while_text_and_key_are_the_same() -> None:
    other = replace(
        QUIZ, questions=(*QUIZ.questions[:3], replace(QUIZ.questions[3], text="Câu khác?"), QUIZ.questions[4])
    )
    rows = classroom() + classroom(other, 2)
    statistics = tally.statistics(rows, {2: Edition(2, other), 1: Edition(1, QUIZ)})
    assert [form.figures.n for form in statistics.present] == [80, 80, 80, 40, 80]
    assert sorted(statistics.present[0].versions) == [1, 2]
    assert [(form.question.id, form.versions, form.figures.n) for form in statistics.earlier] == [("q4", [1], 40)]


def test_a_corrected_question_counts_with_the_version_that_has_the_right_key() -> None:
    change = Change("q3", Kind.KEY, {"right": [2]})
    options = tuple(replace(option, right=n == 2) for n, option in enumerate(QUIZ.questions[2].options))
    mended = replace(
        QUIZ, questions=(*QUIZ.questions[:2], replace(QUIZ.questions[2], options=options), *QUIZ.questions[3:])
    )
    rows = [row(QUIZ, str(n), answers(n), 1, changes=(change,)) for n in range(LEARNERS)] + classroom(mended, 2)
    statistics = tally.statistics(rows, {2: Edition(2, mended), 1: Edition(1, QUIZ, (change,))})
    assert statistics.present[2].figures.n == 80 and not statistics.earlier
    assert "q3" not in {one.question for one in advice.advice(statistics) if one.code == "key"}


def test_variants_count_together_and_apart() -> None:
    days = replace(
        question("numeric", "q1", answer="{{so}}", variants=((("so", "5"),), (("so", "7"),))), text="Bao nhiêu: {{so}}?"
    )
    test = quiz(Draw(1), questions=(days,))
    rows = [row(test, str(n), {"q1": ["5"]}) for n in range(60)]
    figures = tally.statistics(rows, {1: Edition(1, test)}).present[0].figures
    (one, n_one, five), (two, n_two, seven) = figures.variants
    assert (one, two, n_one + n_two, figures.n) == (1, 2, 60, 60)
    assert five and seven and (five.value, seven.value) == (1.0, 0.0)


def test_every_type_is_marked_as_the_quiz_marks_it() -> None:
    test = quiz(
        Draw(5),
        questions=tuple(replace(q, id=f"q{n}") for n, q in enumerate((SHORT, NUMERIC, MATCHING, ORDERING, CLOZE))),
    )
    given = {q.id: RIGHT[q.type] for q in test.questions}
    statistics = tally.statistics([row(test, str(n), given) for n in range(12)], {1: Edition(1, test)})
    assert [form.figures.facility.value for form in statistics.present if form.figures.facility] == [1.0] * 5


def test_what_people_marked_counts_by_the_points_that_they_gave() -> None:
    essay = replace(question("essay", "q1"), points=4)
    test = quiz(Draw(1), questions=(essay,))
    stored = {"q1": Given(["Một bài dài"], START, 3)}
    line = sheets.answers(test, rules.draw(test, "1"), stored)
    assert "Một bài dài" not in line
    figures = tally.statistics([Row(1, 3, 4, True, line, "60")] * 10, {1: Edition(1, test)}).present[0].figures
    assert figures.facility and figures.facility.value == 0.75


def test_an_empty_answer_and_none_at_all_are_both_left_empty() -> None:
    rows = [row(QUIZ, str(n), answers(n) | {"q1": []}) for n in range(10)]
    rows += [row(QUIZ, str(n), {code: given for code, given in answers(n).items() if code != "q1"}) for n in range(10)]
    omitted = tally.statistics(rows, {1: Edition(1, QUIZ)}).present[0].figures.omitted
    assert omitted and (omitted.value, omitted.n) == (1.0, 20)
    assert found(tally.statistics(rows, {1: Edition(1, QUIZ)}))["q1"] in ("hard", "omitted")


def test_time_is_from_one_saving_to_the_next_and_a_pause_says_nothing() -> None:
    given = {"q2": Given(A, START + timedelta(seconds=40)), "q1": Given(C, START + timedelta(hours=2))}
    drawn = tuple(rules.shown(q, "1") for q in QUIZ.questions[:3])
    assert sheets.seconds(drawn, given, START).split(" ") == ["", "40", ""]


def test_a_voided_question_counts_neither_in_the_rest_nor_in_reliability() -> None:
    change = Change("q3", Kind.OUT)
    rows = [row(QUIZ, str(n), answers(n), changes=(change,)) for n in range(LEARNERS)]
    without = replace(QUIZ, draws=(Draw(4),), questions=tuple(q for q in QUIZ.questions if q.id != "q3"))
    other = [row(without, str(n), {c: r for c, r in answers(n).items() if c != "q3"}) for n in range(LEARNERS)]
    voided = tally.statistics(rows, {1: Edition(1, QUIZ, (change,))})
    plain = tally.statistics(other, {1: Edition(1, without)})
    assert voided.quiz.reliability == pytest.approx(plain.quiz.reliability)
    assert voided.of("q3").is_void and not [a for a in advice.advice(voided) if a.question == "q3"]  # type: ignore[union-attr]
    first, same = voided.present[0].figures.discrimination, plain.present[0].figures.discrimination
    assert first and same and first.value == pytest.approx(same.value)


def test_points_are_not_lost_on_the_way() -> None:
    statistics = tally.statistics(classroom(), {1: Edition(1, QUIZ)})
    mean = sum(Fraction(s.share) * int(s.n) for form in statistics.present for s in form.sights) / 5 / LEARNERS
    assert statistics.quiz.mean == pytest.approx(float(mean))
