"""What makes a package publishable: each rule of courses/README.md is one function here."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

import orjson

from lms.catalogue import pictures
from lms.catalogue.block_check import check_blocks
from lms.catalogue.content import (
    CATEGORIES,
    DIFFICULTIES,
    FEEDBACK,
    FEEDBACK_WHEN,
    KIT,
    LEVELS,
    RETRY,
    SLUG,
    TOPICS,
    Content,
    Draw,
    Question,
    Quiz,
)
from lms.catalogue.filling import fill
from lms.catalogue.variants import PARAMETER, filled

if TYPE_CHECKING:
    from lms.catalogue.package import _Reader

GAP = re.compile(r"\[\[([a-z0-9]+)\]\]")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)")
FORGIVABLE = {"case", "accents", "spaces"}
LEAST_WORDS = 300
LONGEST_SHARE = 0.5


def check(content: Content, media: Mapping[str, bytes], report: "_Reader") -> None:
    """Report every problem of a package that could be read."""
    for file, name, value, allowed in _closed(content):
        if value and value not in allowed:
            report.problem(file, 1, "unknown-value", name=name, value=value, allowed=", ".join(allowed))
    if not content.lessons:
        report.problem("course.toml", 1, "no-lessons")
    _outcomes(content, report)
    if content.en_wants and len(content.en_wants) != len(content.wants):
        report.problem("course.toml", 1, "wants-differ")
    for slug in content.next:
        if not SLUG.match(slug) or slug == content.slug:
            report.problem("course.toml", 1, "bad-next", slug=slug)
    _lessons(content, media, report)
    check_blocks(content, media, report)
    for question, line in zip(content.quiz.questions, report.question_lines, strict=True):
        for key, values in (*_question_problems(question, content), *_picture_problems(question, media)):
            report.problem("quiz.toml", line, key, question=question.id, **values)
    _bank(content, report)


def _closed(content: Content) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Each setting that knows only some values: (file, name, value, the values)."""
    head, quiz = "course.toml", "quiz.toml"
    return [
        (head, "topic", content.topic, TOPICS),
        (head, "category", content.category, CATEGORIES),
        (head, "level", content.level, LEVELS),
        (quiz, "feedback", content.quiz.feedback, FEEDBACK),
        (quiz, "feedback_when", content.quiz.feedback_when, FEEDBACK_WHEN),
        (quiz, "retry", content.quiz.retry, RETRY),
    ]


def _outcomes(content: Content, report: "_Reader") -> None:
    taught = {outcome for lesson in content.lessons for outcome in lesson.outcomes}
    asked = {question.outcome for question in content.quiz.questions}
    for outcome in content.outcomes:
        if outcome.id not in taught:
            report.problem("course.toml", 1, "outcome-without-lesson", outcome=outcome.id)
        if outcome.id not in asked:
            report.problem("course.toml", 1, "outcome-without-question", outcome=outcome.id)
    for basis in content.legal_basis:
        if not (basis.issued_on or basis.in_force_from):
            report.problem("course.toml", 1, "law-without-date", number=basis.number)


def _lessons(content: Content, media: Mapping[str, bytes], report: "_Reader") -> None:
    known = {outcome.id for outcome in content.outcomes}
    slugs = set(content.lesson_by_slug)
    for lesson in content.pages:
        file = f"{lesson.slug}.md"
        for outcome in lesson.outcomes:
            if outcome not in known:
                report.problem(file, 1, "unknown-outcome", outcome=outcome)
        if lesson.slug not in KIT and len(lesson.text.split()) < LEAST_WORDS:
            report.problem(file, 1, "short-lesson", is_hint=True, words=len(lesson.text.split()), least=LEAST_WORDS)
        for number, line in enumerate(report.texts[file].split("\n"), start=1):
            for key, target in pictures.problems(line, media):
                report.problem(file, number, key, target=target)
            for target in LINK.findall(line):
                if not (target.startswith(("https://", "#")) or target in media or target.removesuffix(".md") in slugs):
                    report.problem(file, number, "bad-link", target=target)


def _question_problems(question: Question, content: Content) -> list[tuple[str, dict[str, Any]]]:
    problems: list[tuple[str, dict[str, Any]]] = []
    if question.topic not in {topic for topic, _ in content.quiz.topics}:
        problems.append(("unknown-topic", {"topic": question.topic}))
    if question.outcome not in {outcome.id for outcome in content.outcomes}:
        problems.append(("unknown-question-outcome", {"outcome": question.outcome}))
    if question.difficulty not in DIFFICULTIES:
        problems.append(("unknown-difficulty", {"difficulty": question.difficulty}))
    if set(question.forgive) - FORGIVABLE:
        problems.append(("unknown-forgive", {}))
    checker = CHECKS.get(question.type)
    if checker is None:
        problems.append(("unknown-type", {"type": question.type}))
    elif key := checker(question):
        problems.append((key, {}))
    if strangers := sorted(set(question.excludes) - set(content.quiz.by_id)):
        problems.append(("unknown-excluded", {"excluded": ", ".join(strangers)}))
    return problems + _variant_problems(question)


def _picture_problems(question: Question, media: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is wrong with the pictures of a question, whichever of its variants is asked; each said once."""
    asked = [filled(question, variant) for variant in question.variants] or [question]
    found = (problem for each in asked for words in pictures.texts(each) for problem in pictures.problems(words, media))
    return ((key, {"target": target}) for key, target in dict.fromkeys(found))


def _variant_problems(q: Question) -> list[tuple[str, dict[str, Any]]]:
    """Each variant gives a value to each parameter that the texts name, and to no other."""
    used = set(PARAMETER.findall(orjson.dumps(asdict(replace(q, variants=()))).decode()))
    names = [{name for name, _ in variant} for variant in q.variants]
    problems: list[tuple[str, dict[str, Any]]] = []
    if used and not names:
        problems.append(("no-variants", {"names": ", ".join(sorted(used))}))
    for number, given in enumerate(names, start=1):
        if given != used:
            problems.append(("variant-differs", {"number": number, "names": ", ".join(sorted(given ^ used))}))
        elif used and (checker := CHECKS.get(q.type)) and checker(filled(q, q.variants[number - 1])) != checker(q):
            problems.append(("variant-unfit", {"number": number}))
    return problems


def _single(q: Question) -> str | None:
    return (
        "need-one-right"
        if len(q.options) < 2 or sum(o.right for o in q.options) != 1
        else _doubles(o.text for o in q.options)
    )


def _multiple(q: Question) -> str | None:
    right = sum(o.right for o in q.options)
    return "need-some-right" if len(q.options) < 3 or right == 0 else _doubles(o.text for o in q.options)


def _true_false(q: Question) -> str | None:
    return None if isinstance(q.answer, bool) else "need-true-or-false"


def _short(q: Question) -> str | None:
    return None if q.answers and all(q.answers) else "need-answers"


def _numeric(q: Question) -> str | None:
    if isinstance(q.answer, str):
        return None if PARAMETER.fullmatch(q.answer) else "need-number"
    is_number = isinstance(q.answer, int | float) and not isinstance(q.answer, bool) and isfinite(q.answer)
    return None if is_number else "need-number"


def _matching(q: Question) -> str | None:
    if len(q.pairs) < 2:
        return "need-pairs"
    return _doubles(left for left, _ in q.pairs) or _doubles([right for _, right in q.pairs] + list(q.extra))


def _ordering(q: Question) -> str | None:
    return "need-items" if len(q.items) < 3 else _doubles(q.items)


def _cloze(q: Question) -> str | None:
    placed = GAP.findall(q.text)
    if not placed or sorted(placed) != sorted(gap.id for gap in q.gaps):
        return "gaps-differ"
    return None if all(g.answers or len(g.options) > 1 for g in q.gaps) else "need-gap-answers"


def _by_hand(q: Question) -> str | None:
    return None if q.rubric else "need-rubric"


def _doubles(texts: Any) -> str | None:
    return "double-option" if max(Counter(texts).values(), default=0) > 1 else None


CHECKS = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _by_hand,
    "file": _by_hand,
}


def _bank(content: Content, report: "_Reader") -> None:
    quiz = content.quiz
    for question, times in Counter(q.id for q in quiz.questions).items():
        if times > 1:
            report.problem("quiz.toml", 1, "double-id", question=question)
    _draws(quiz, report)
    singles = [q for q in quiz.questions if q.type == "single" and len(q.options) > 1]
    longest = sum(max(q.options, key=lambda o: len(pictures.in_words(o.text))).right for q in singles)
    if len(singles) >= 8 and longest > LONGEST_SHARE * len(singles):
        report.problem("quiz.toml", 1, "longest-is-right", is_hint=True, longest=longest, all=len(singles))


def _draws(quiz: Quiz, report: "_Reader") -> None:
    """Each draw can be filled, also where some questions exclude others."""
    free = [replace(question, excludes=()) for question in quiz.questions]
    wanted: Counter[Draw] = Counter()
    for draw in quiz.draws:
        wanted[draw] += draw.count
    without, found = Counter(fill(quiz.draws, free).values()), Counter(fill(quiz.draws, quiz.questions).values())
    for draw, count in wanted.items():
        key = "draw-too-large" if without[draw] < count else "draw-excluded"
        if found[draw] < count:
            report.problem("quiz.toml", 1, key, count=count, topic=draw.topic, difficulty=draw.difficulty)
