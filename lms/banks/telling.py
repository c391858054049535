"""What a question says, thing by thing, and what differs between two. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lms.catalogue.content import Question


@dataclass(frozen=True)
class Line:
    """One thing that a question says; `key` names which."""

    key: str
    text: str


def lines(question: Question) -> list[Line]:
    """All that a question says, thing by thing, in the order in which one reads it."""
    return [line for tell in _TELL for line in tell(question) if line.text]


def changes(before: Question, after: Question) -> list[tuple[str, list[str], list[str]]]:
    """What differs between two questions: (key, what it said, what it says), things that stayed left out."""
    old, new = _by_key(lines(before)), _by_key(lines(after))
    keys = dict.fromkeys([*old, *new])
    return [(key, old.get(key, []), new.get(key, [])) for key in keys if old.get(key) != new.get(key)]


def _by_key(found: Iterable[Line]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for line in found:
        said.setdefault(line.key, []).append(line.text)
    return said


def _options(question: Question) -> Iterator[Line]:
    for option in question.options:
        note = f" ({option.feedback})" if option.feedback else ""
        yield Line("right-option" if option.right else "option", f"{option.text}{note}")


def _answers(question: Question) -> Iterator[Line]:
    if isinstance(question.answer, bool):
        yield Line("answer-true" if question.answer else "answer-false", "✓")
    elif question.answer is not None:
        spread = f" ± {question.tolerance:g}" if question.tolerance else ""
        yield Line("answer", f"{question.answer}{spread} {question.unit}".strip())
    yield from (Line("answer", answer) for answer in question.answers)


def _structure(question: Question) -> Iterator[Line]:
    yield from (Line("pair", f"{left} → {right}") for left, right in question.pairs)
    yield from (Line("extra", right) for right in question.extra)
    yield from (Line("item", f"{number}. {item}") for number, item in enumerate(question.items, start=1))
    yield from (Line("gap", f"[[{gap.id}]] {' | '.join(gap.options or gap.answers)}") for gap in question.gaps)
    yield from (Line("criterion", f"{criterion.text} ({criterion.points:g})") for criterion in question.rubric)
    for variant in question.variants:
        yield Line("variant", ", ".join(f"{name} = {value}" for name, value in variant))


def _notes(question: Question) -> Iterator[Line]:
    yield Line("forgive", ", ".join(question.forgive))
    yield Line("most-words", str(question.most_words) if question.most_words else "")
    yield Line("points", f"{question.points:g}" if question.points != 1 else "")
    yield Line("right-feedback", question.right_feedback)
    yield Line("wrong-feedback", question.wrong_feedback)


def _head(question: Question) -> Iterator[Line]:
    yield Line("type", question.type)
    for key in ("topic", "difficulty", "outcome", "author", "licence"):
        yield Line(key, getattr(question, key))


_TELL: tuple[Callable[[Question], Iterator[Line]], ...] = (
    lambda question: iter([Line("text", question.text)]), _options, _answers, _structure, _notes, _head,
)  # fmt: skip
