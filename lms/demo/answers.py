"""What a learner answers: what is right, and what is wholly wrong. In the author's order. Pure."""

from collections.abc import Callable, Mapping

from lms.catalogue.content import Question
from lms.demo import chance
from lms.quizzes.rules import Shown

UNKNOWN = ""


def given(drawn: tuple[Shown, ...], wrong: int, code: str) -> list[list[str]]:
    """Responses to the questions of an attempt, of which `wrong` are wrong: the hardest ones first."""
    hardest = sorted(drawn, key=lambda s: (HARDNESS.index(s.question.difficulty), chance.share(code, s.question.id)))
    missed = {shown.question.id for shown in hardest[:wrong]}
    return [(MISSED if s.question.id in missed else RIGHT)[s.question.type](s.question) for s in drawn]


HARDNESS = ("hard", "medium", "easy")

RIGHT: Mapping[str, Callable[[Question], list[str]]] = {
    "single": lambda q: _options(q, right=True),
    "multiple": lambda q: _options(q, right=True),
    "true-false": lambda q: [str(q.answer).lower()],
    "short": lambda q: [q.answers[0]],
    "numeric": lambda q: [str(q.answer)],
    "matching": lambda q: [str(n) for n in range(len(q.pairs))],
    "ordering": lambda q: [str(n + 1) for n in range(len(q.items))],
    "cloze": lambda q: ["0" if gap.options else gap.answers[0] for gap in q.gaps],
}
MISSED: Mapping[str, Callable[[Question], list[str]]] = {
    "single": lambda q: _options(q, right=False)[:1],
    "multiple": lambda q: _options(q, right=False)[:1],
    "true-false": lambda q: [str(not q.answer).lower()],
    "short": lambda _: [UNKNOWN],
    "numeric": lambda _: [UNKNOWN],
    "matching": lambda q: [str((n + 1) % len(q.pairs)) for n in range(len(q.pairs))],
    "ordering": lambda q: [str(len(q.items) - n) for n in range(len(q.items))],
    "cloze": lambda q: ["1" if gap.options else UNKNOWN for gap in q.gaps],
}


def _options(question: Question, right: bool) -> list[str]:
    return [str(n) for n, option in enumerate(question.options) if option.right is right]
