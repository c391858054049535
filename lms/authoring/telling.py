"""What a course, its quiz, its lessons and its questions say, by field, as a person reads it."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from lms.catalogue.content import LAW_DAYS, Content, LegalBasis, Lesson, Outcome, Question, Quiz
from lms.language import format_iso_date, gettext, role_words

HEAD_FIELDS = (
    "title", "summary", "topic", "category", "periods", "law_as_of", "audience", "level", "wants", "next", "en_title",
    "en_summary", "en_wants",
)  # fmt: skip
QUIZ_FIELDS = tuple(field.name for field in fields(Quiz) if field.name not in ("topics", "draws", "questions"))
LESSON_FIELDS = ("title", "minutes", "outcomes", "summary")
UNSAID = {("tolerance", "0"), ("most_words", "0")}
QUESTION_FIELDS = tuple(field.name for field in fields(Question) if field.name != "id")
FIELDS = {*HEAD_FIELDS, "outcome", "legal_basis", *QUIZ_FIELDS, "draws", *LESSON_FIELDS, *QUESTION_FIELDS}
"""The names of fields, without the ids that follow some of them."""
HEAD_WORDS: dict[str, Callable[[Any], str]] = {
    "topic": lambda code: gettext(f"topic.{code}"),
    "category": lambda code: gettext(f"category.{code}"),
    "level": lambda code: gettext(f"course-level.{code}"),
    "law_as_of": format_iso_date,
    "audience": lambda roles: ", ".join(map(role_words, roles)),
}
QUIZ_WORDS: dict[str, Callable[[Any], str]] = {
    "feedback": lambda code: gettext(f"quiz-feedback.{code}"),
    "feedback_when": lambda code: gettext(f"quiz-when.{code}"),
    "retry": lambda code: gettext(f"quiz-retry.{code}"),
}
QUESTION_WORDS: dict[str, Callable[[Any], str]] = {
    "type": lambda code: gettext(f"question-type.{code}"),
    "difficulty": lambda code: gettext(f"difficulty.{code}"),
}
"""How a field's code is said in words."""


def head(content: Content) -> dict[str, str]:
    """What a course says of itself, by field."""
    outcomes = {f"outcome {each.id}": _outcome(each) for each in content.outcomes}
    bases = {f"legal_basis {basis.number}": _basis(basis) for basis in content.legal_basis}
    return {**{name: _value(content, name, HEAD_WORDS) for name in HEAD_FIELDS}, **outcomes, **bases}


def _outcome(outcome: Outcome) -> str:
    return "\n".join(filter(None, (outcome.text, outcome.en, ", ".join(outcome.competencies))))


def _basis(basis: LegalBasis) -> str:
    days = {name: format_iso_date(day) for name in LAW_DAYS if (day := getattr(basis, name))}
    return _said(replace(basis, **days))


def quiz(quiz: Quiz) -> dict[str, str]:
    """How a quiz is asked, by field."""
    draws = "\n".join(" · ".join(filter(None, (str(d.count), d.topic, d.difficulty))) for d in quiz.draws)
    topics = {f"topic {code}": title for code, title in quiz.topics}
    return {**{name: _value(quiz, name, QUIZ_WORDS) for name in QUIZ_FIELDS}, **topics, "draws": draws}


def lesson(lesson: Lesson) -> dict[str, str]:
    """What a lesson says of itself, by field."""
    return {name: _plain(getattr(lesson, name)) for name in LESSON_FIELDS}


def question(question: Question) -> dict[str, str]:
    """What a question says, by field, as a person reads it."""
    said = {name: _value(question, name, QUESTION_WORDS) for name in QUESTION_FIELDS}
    return {name: value for name, value in said.items() if value and (name, value) not in UNSAID}


def _value(record: Any, name: str, words: Mapping[str, Callable[[str], str]]) -> str:
    value = getattr(record, name)
    return words[name](value) if name in words and value else _plain(value)


def _plain(value: Any) -> str:
    """A value as a person reads it: a line for each of several."""
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, tuple):
        is_flat = all(isinstance(each, str) for each in value)
        return ", ".join(value) if is_flat else "\n".join(map(_said, value))
    return "" if value is None else str(value)


def _said(value: Any) -> str:
    """A record in one line."""
    if isinstance(value, tuple):
        return " — ".join(map(_said, value))
    if not hasattr(value, "__dataclass_fields__"):
        return _plain(value)
    parts = [getattr(value, field.name) for field in fields(value)]
    said = filter(None, (_plain(part) for part in parts if not isinstance(part, bool)))
    return ("✓ " if any(part is True for part in parts) else "") + " · ".join(said)
