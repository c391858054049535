"""Writing a course package: a `Content` in, its files as text out; `package.read_files` reads the same `Content` back.

Pure. Only what differs from the format's defaults is written, so that a person can read the files. Format: courses/README.md.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lms.catalogue.content import KIT, LAW_DAYS, Content, LegalBasis, Lesson, Option, Outcome, Question, Quiz

BARE_KEY = re.compile(r"\A[A-Za-z0-9_-]+\Z")
WHOLE_NUMBER = re.compile(r"\A(0|-?[1-9][0-9]{0,15})\Z")
SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
TO_ESCAPE = re.compile('[\x00-\x1f\x7f"\\\\][\u0300-\u036f]*')
"""A sign that TOML escapes, with the combining signs after it, lest they join the last letter of its escape."""
QUESTION_NEEDS = ("id", "type", "topic", "outcome", "difficulty", "text")
INDENT = "  "


class Day(str):
    """An ISO date, which TOML writes without quotation marks."""


def files(content: Content) -> dict[str, str]:
    """All files of a package but its media, by path."""
    pages = {f"{each.slug}.md": lesson(each) for each in content.pages}
    return {"course.toml": head(content), **pages, "quiz.toml": quiz(content.quiz)}


def head(content: Content) -> str:
    """course.toml"""
    settings = {
        "title": content.title,
        "summary": content.summary,
        "topic": content.topic,
        "category": content.category,
        "periods": content.periods,
        "law_as_of": Day(content.law_as_of),
        "audience": content.audience,
        "level": content.level,
        "wants": content.wants,
        "next": content.next,
    }
    parts = [_lines(settings, keep=("title", "summary", "topic", "category", "periods", "audience", "level"))]
    parts += [_outcome(each) for each in content.outcomes]
    parts += [_legal_basis(basis) for basis in content.legal_basis]
    return "\n".join([*parts, *_english(content)])


def lesson(lesson: Lesson) -> str:
    """NN-….md, or a sheet of the kit"""
    settings = {
        "title": lesson.title,
        "minutes": lesson.minutes,
        "outcomes": None if lesson.slug in KIT else lesson.outcomes,
        "summary": lesson.summary,
    }
    kept = [name for name, value in settings.items() if value is not None]
    return f"+++\n{_lines(settings, kept)}+++\n\n{lesson.text}\n"


def quiz(quiz: Quiz) -> str:
    """quiz.toml"""
    parts = [_table("[quiz]", _settings(quiz), keep=("pass", "attempts", "cool_down_minutes", "time_limit_minutes"))]
    parts += [_table("[[topic]]", {"id": id, "title": title}, keep=("id", "title")) for id, title in quiz.topics]
    for draw in quiz.draws:
        parts.append(_table("[[draw]]", {"topic": draw.topic, "difficulty": draw.difficulty, "count": draw.count}))
    return "\n".join([*parts, *map(question, quiz.questions)])


def question(question: Question) -> str:
    """One `[[question]]` of quiz.toml."""
    answer = () if question.answer is None else ("answer",)
    return _table("[[question]]", _question(question), keep=(*QUESTION_NEEDS, *answer))


def _settings(quiz: Quiz) -> dict[str, Any]:
    return {
        "pass": quiz.passing,
        "attempts": quiz.attempts,
        "cool_down_minutes": quiz.cool_down_minutes,
        "time_limit_minutes": quiz.time_limit_minutes,
        "feedback": quiz.feedback,
        "feedback_when": _unless("at-once", quiz.feedback_when),
        "retry": _unless("all", quiz.retry),
        "grace_seconds": _unless(30, quiz.grace_seconds),
        "markers": _unless(1, quiz.markers),
    }


def _question(q: Question) -> dict[str, Any]:
    feedback = {"right": q.right_feedback, "wrong": q.wrong_feedback}
    return {
        "id": q.id,
        "type": q.type,
        "topic": q.topic,
        "outcome": q.outcome,
        "difficulty": q.difficulty,
        "points": None if q.rubric else _unless(1, q.points),
        "text": q.text,
        "feedback": {name: words for name, words in feedback.items() if words},
        "options": [_option(option) for option in q.options],
        "answer": q.answer,
        "tolerance": q.tolerance or None,
        "unit": q.unit,
        "answers": q.answers,
        "forgive": q.forgive,
        "pairs": [{"left": left, "right": right} for left, right in q.pairs],
        "extra": q.extra,
        "items": q.items,
        "gaps": {gap.id: _gap(gap.answers, gap.forgive, gap.options) for gap in q.gaps},
        "rubric": [{"text": criterion.text, "points": criterion.points} for criterion in q.rubric],
        "most_words": q.most_words or None,
        "variants": [{name: _plain(value) for name, value in variant} for variant in q.variants],
        "excludes": q.excludes,
        "author": q.author,
        "licence": q.licence,
        "source": q.source,
    }


def _option(option: Option) -> dict[str, Any]:
    right = {"right": True} if option.right else {}
    feedback = {"feedback": option.feedback} if option.feedback else {}
    return {"text": option.text, **right, **feedback}


def _gap(answers: tuple[str, ...], forgive: tuple[str, ...], options: tuple[str, ...]) -> dict[str, Any]:
    named = {"answers": answers, "forgive": forgive, "options": options}
    return {name: value for name, value in named.items() if value}


def _outcome(outcome: Outcome) -> str:
    settings = {"id": outcome.id, "text": outcome.text, "competencies": outcome.competencies}
    return _table("[[outcome]]", settings, keep=("id", "text"))


def _legal_basis(basis: LegalBasis) -> str:
    days = {name: Day(getattr(basis, name)) for name in LAW_DAYS}
    words = {"number": basis.number, "title": basis.title, "issuer": basis.issuer}
    return _table("[[legal_basis]]", {**words, **days, "replaced_by": basis.replaced_by}, keep=("number", "title"))


def _english(content: Content) -> list[str]:
    outcomes = {each.id: each.en for each in content.outcomes if each.en}
    if not (content.en_title or content.en_summary or content.en_wants or outcomes):
        return []
    english = {"title": content.en_title, "summary": content.en_summary, "wants": content.en_wants}
    settings = {**english, "outcomes": outcomes}
    return [_table("[en]", settings, keep=("title", "summary"))]


def _unless(default: Any, value: Any) -> Any:
    return None if value == default else value


def _plain(value: str) -> str | int:
    """A parameter's value without quotation marks where it is a number anyway."""
    return int(value) if WHOLE_NUMBER.match(value) else value


def _table(name: str, settings: Mapping[str, Any], keep: Iterable[str] = ()) -> str:
    return f"{name}\n{_lines(settings, keep)}"


def _lines(settings: Mapping[str, Any], keep: Iterable[str]) -> str:
    """`name = value` a line; what says nothing is left out, unless it is to be kept."""
    kept = set(keep)
    said = ((name, value) for name, value in settings.items() if name in kept or value not in (None, "", (), [], {}))
    return "".join(f"{_key(name)} = {_on_own_lines(value)}\n" for name, value in said)


def _on_own_lines(value: Any) -> str:
    return _paragraphs(value) if isinstance(value, str) and "\n" in value else _value(value)


def _value(value: Any) -> str:
    if isinstance(value, Day):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, list):
        return "[\n" + "".join(f"{INDENT}{_value(each)},\n" for each in value) + "]"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)


def _inline(table: Mapping[str, Any]) -> str:
    return f"{{ {', '.join(f'{_key(name)} = {_value(value)}' for name, value in table.items())} }}" if table else "{}"


def _key(name: str) -> str:
    return name if BARE_KEY.match(name) else _text(name)


def _text(value: str) -> str:
    """A basic string on one line."""
    return f'"{TO_ESCAPE.sub(_escaped, value)}"'


def _paragraphs(value: str) -> str:
    """A string over several lines."""
    lines = (TO_ESCAPE.sub(_escaped, line) for line in value.split("\n"))
    return '"""\n{}"""'.format("\n".join(lines))


def _escaped(match: re.Match[str]) -> str:
    return "".join(SHORT_ESCAPES.get(sign) or f"\\u{ord(sign):04x}" for sign in match[0])
