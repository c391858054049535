"""The questions of an attempt: by the draws of the quiz, and for ever the same from the same seed."""

from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.catalogue.content import Draw, Quiz
from lms.catalogue.package import read
from lms.config import ROOT
from lms.quizzes.rules import draw
from tests.quizzes.bank import bank, question, quiz

seeds = st.text(max_size=20)
SHIPPED = sorted(path.parent for path in (ROOT / "courses").glob("*/quiz.toml"))
LAW_AND_MORE = (Draw(3, "law", "easy"), Draw(2, "data"), Draw(2, "", "hard"), Draw(3))


def drawn(of: Quiz, seed: str) -> list[str]:
    return [shown.question.id for shown in draw(of, seed)]


@given(seeds)
def test_the_same_seed_draws_and_shows_the_same(seed: str) -> None:
    test = quiz(*LAW_AND_MORE, questions=bank())
    assert draw(test, seed) == draw(test, seed)


@given(seeds)
def test_no_question_comes_twice(seed: str) -> None:
    found = drawn(quiz(*LAW_AND_MORE, questions=bank()), seed)
    assert len(set(found)) == len(found) == 10


@given(seeds, st.permutations(LAW_AND_MORE))
def test_every_draw_is_served_in_whatever_order_they_are_written(seed: str, draws: list[Draw]) -> None:
    found = [shown.question for shown in draw(quiz(*draws, questions=bank()), seed)]
    assert sum(q.topic == "law" and q.difficulty == "easy" for q in found) >= 3
    assert sum(q.topic == "data" for q in found) >= 2
    assert sum(q.difficulty == "hard" for q in found) >= 2


@given(seeds)
def test_only_what_a_draw_admits_is_drawn(seed: str) -> None:
    found = draw(quiz(Draw(2, "law", "easy"), Draw(1, "data", "hard"), questions=bank()), seed)
    kinds = Counter((shown.question.topic, shown.question.difficulty) for shown in found)
    assert kinds == {("law", "easy"): 2, ("data", "hard"): 1}


@given(seeds)
def test_a_draw_gives_way_to_another_that_has_no_choice(seed: str) -> None:
    questions = (
        question("true-false", "a", "law", "easy", answer=True),
        question("true-false", "b", "law", "hard", answer=True),
    )
    assert sorted(drawn(quiz(Draw(1, "law"), Draw(1, "", "hard"), questions=questions), seed)) == ["a", "b"]


def test_a_bank_that_is_too_small_gives_what_it_has() -> None:
    test = quiz(Draw(20, "law", "easy"), Draw(3, "nothing"), questions=bank())
    assert sorted(drawn(test, "seed")) == ["q00", "q01", "q02", "q03"]


def test_every_question_has_its_chance_in_every_place() -> None:
    attempts = [drawn(quiz(Draw(5), questions=bank()), str(seed)) for seed in range(400)]
    assert {id_ for attempt in attempts for id_ in attempt} == {q.id for q in bank()}
    assert {attempt[0] for attempt in attempts} == {q.id for q in bank()}


def test_what_was_drawn_and_shown_once_is_so_for_ever() -> None:
    """Attempts are kept as their seeds, so this digest must never change."""
    test = quiz(*LAW_AND_MORE, questions=bank())
    told = ";".join(f"{s.question.id}{s.orders}" for seed in range(100) for s in draw(test, f"{seed:016x}"))
    assert sha256(told.encode()).hexdigest() == "24692215da0a6290260e1cb537be93cd3a132e0d0348ba656f1082faff5841e3"


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_attempts_at_shipped_courses_are_complete(folder: Path) -> None:
    content = read(folder).content
    assert content is not None
    for seed in range(50):
        found = draw(content.quiz, str(seed))
        assert len(found) == content.quiz.length
        for rule in content.quiz.draws:
            assert sum(rule.admits(shown.question) for shown in found) >= rule.count
