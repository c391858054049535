"""Questions asked outside an attempt: inside a lesson, or when a trainer tries a quiz. Nothing is stored. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from lms.catalogue.content import Question, Quiz
from lms.catalogue.parts import cut_at_questions
from lms.quizzes.drawing import Shown, shown
from lms.quizzes.responses import as_authored, as_shown
from lms.quizzes.rules import share

MOST_VALUES = 50


class Sent(Protocol):
    """What a page sent: fields with several values."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is shown, what was given (in the numbers of the page), and the share that it earns; None: unanswered."""

    shown: Shown
    given: Sequence[str]
    response: Sequence[str]
    share: Fraction | None

    @property
    def question(self) -> Question:
        return self.shown.question

    @property
    def comments(self) -> list[str]:
        """What the author says to the options that were chosen, then to the answer."""
        if self.share is None:
            return []
        options = self.question.options
        chosen = [options[int(value)].feedback for value in self.response] if options else []
        whole = self.question.right_feedback if self.share == 1 else self.question.wrong_feedback
        return [comment for comment in (*chosen, whole) if comment]


def asked(question: Question, seed: str, sent: Sent | None) -> Asked:
    """A question, and with what was sent, whether that is right. Its fields are named after the question."""
    found = shown(question, seed)
    if sent is None or question.is_marked_by_hand:
        return Asked(found, [], [], None)
    response = as_authored(found, _values(found, sent))
    return Asked(found, as_shown(found, response) if response else [], response, share(found.question, response))


def pieces(html: str, quiz: Quiz, seed: str, code: str = "", sent: Sent | None = None) -> list[str | Asked]:
    """A lesson in pieces: HTML, and its questions, each once; that of `code` with what was sent."""
    found: list[str | Asked] = []
    left = dict(quiz.by_id)
    for place, piece in enumerate(cut_at_questions(html)):
        if not place % 2:
            found.append(piece)
        elif question := left.pop(piece, None):
            found.append(asked(question, seed, sent if piece == code else None))
    return found


def fields(question: str, sent: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What was sent of one question, to be carried on in an address."""
    mine = {name: list(values) for name, values in sent.items() if name == question or name.startswith(f"{question}-")}
    return {
        name: [value[:500] for value in values[:MOST_VALUES]] for name, values in sorted(mine.items())[:MOST_VALUES]
    }


def _values(found: Shown, sent: Sent) -> list[str]:
    question = found.question
    rows = len(question.pairs or question.items or question.gaps)
    if rows:
        return [(sent.getlist(f"{question.id}-{row}") or [""])[0] for row in range(rows)]
    return sent.getlist(question.id)[:MOST_VALUES]
