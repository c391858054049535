"""Never two questions of an excluding pair in one attempt, and yet a full draw wherever there is one."""

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue.content import Draw, Question, Quiz
from lms.catalogue.filling import exclusions, fill
from lms.catalogue.package import read_files
from lms.quizzes.rules import draw
from tests.quizzes.bank import bank, question, quiz

seeds = st.text(max_size=8)
PAIRS = {"q00": ("q01", "q02"), "q01": ("q02",), "q05": ("q06",), "q30": ("q31", "q32", "q33")}


def excluding(questions: tuple[Question, ...], pairs: dict[str, tuple[str, ...]]) -> tuple[Question, ...]:
    return tuple(replace(q, excludes=pairs.get(q.id, ())) for q in questions)


def clashes(chosen: set[str], questions: tuple[Question, ...]) -> list[tuple[str, str]]:
    apart = exclusions(questions)
    return [(a, b) for a, b in combinations(sorted(chosen), 2) if b in apart.get(a, frozenset())]


@given(seeds)
@settings(max_examples=40)
def test_what_excludes_each_other_never_meets(seed: str) -> None:
    test = quiz(Draw(3, "law"), Draw(4, "", "hard"), Draw(5), questions=excluding(bank(), PAIRS))
    found = [shown.question.id for shown in draw(test, seed)]
    assert len(found) == 12
    assert not clashes(set(found), test.questions)


def test_a_question_that_excludes_the_others_gives_way_to_a_full_draw() -> None:
    easy = tuple(question("true-false", f"q{n}", answer=True) for n in range(4))
    questions = excluding(easy, {"q0": ("q1", "q2", "q3")})
    for seed in range(30):
        assert len(draw(quiz(Draw(3), questions=questions), str(seed))) == 3


def test_of_groups_of_the_same_kind_one_of_each_is_drawn() -> None:
    groups = {f"q{n:02}": tuple(f"q{m:02}" for m in range(n // 4 * 4, n // 4 * 4 + 4) if m > n) for n in range(36)}
    for seed in range(10):
        found = [shown.question.id for shown in draw(quiz(Draw(9), questions=excluding(bank(), groups)), str(seed))]
        assert sorted(int(id_[1:]) // 4 for id_ in found) == list(range(9))


kinds = st.tuples(st.sampled_from(("law", "data")), st.sampled_from(("easy", "hard")))
banks = st.lists(kinds, min_size=1, max_size=7)
edges = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=8)
rules = st.lists(
    st.builds(Draw, st.integers(1, 2), st.sampled_from(("", "law")), st.sampled_from(("", "easy", "hard"))), min_size=1, max_size=3
)  # fmt: skip


@given(banks, edges, rules)
@settings(max_examples=60)
def test_as_many_are_found_as_trying_everything_finds(
    made: list[tuple[str, str]], pairs: list[tuple[int, int]], draws: list[Draw]
) -> None:
    plain = tuple(question("true-false", f"q{n}", topic, hard, answer=True) for n, (topic, hard) in enumerate(made))
    others: dict[str, tuple[str, ...]] = {}
    for a, b in pairs:
        others[f"q{a}"] = (*others.get(f"q{a}", ()), f"q{b}")
    questions = excluding(plain, others)
    found = fill(draws, questions)
    assert not clashes(set(found), questions)
    assert all(rule.admits(next(q for q in questions if q.id == id_)) for id_, rule in found.items())
    most = max(
        len(fill(draws, [replace(q, excludes=()) for q in chosen]))
        for size in range(len(questions) + 1)
        for chosen in combinations(questions, size)
        if not clashes({q.id for q in chosen}, questions)
    )
    assert len(found) == most


def test_the_check_tells_when_exclusions_leave_too_few() -> None:
    told = problems('excludes = ["q2"]')
    assert ("draw-excluded", 2) in [(p.key, p.values.get("count")) for p in told]
    assert not [p for p in problems("") if p.key.startswith("draw-")]


def problems(extra: str) -> list[object]:
    """What the check says of a quiz of two questions that asks both."""
    asked = (
        '[[question]]\nid = "{}"\ntype = "true-false"\ntopic = "t"\noutcome = "o1"\ndifficulty = "easy"\n'
        'text = "?"\nanswer = true\n{}\n'
    )
    text = '[quiz]\npass = 0.5\n[[topic]]\nid = "t"\ntitle = "T"\n[[draw]]\ncount = 2\n' + asked.format("q1", extra)
    files = {"course.toml": b'title = "x"\n', "quiz.toml": (text + asked.format("q2", "")).encode()}
    return list(read_files("x", files).problems)


def test_a_bank_without_exclusions_is_drawn_as_before() -> None:
    test: Quiz = quiz(Draw(2, "law"), Draw(3), questions=bank())
    again = replace(test, questions=excluding(test.questions, {"q00": ("q00",)}))  # itself is nobody
    assert [s.question.id for s in draw(test, "x")] == [s.question.id for s in draw(again, "x")]
