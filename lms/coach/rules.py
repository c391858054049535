"""Hints before publishing. Pure: a course and a day in, advice out, the same each time."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from lms.catalogue.content import Content
from lms.coach import law, lessons, quiz
from lms.coach.hint import Hint, hint

__all__ = ["Hint", "hints"]

HEAD = "course.toml"


def hints(content: Content, media: Collection[str], day: date) -> list[Hint]:
    """All that could be better in a course: head, lessons, quiz. `media` are the paths of its files (`media/…`)."""
    found = [*_outcomes(content), *_bases(content, day), *lessons.hints(content, media, day), *quiz.hints(content)]
    return list({one.code: one for one in reversed(found)}.values())[::-1]


def _outcomes(content: Content) -> Iterator[Hint]:
    taught = {outcome for lesson in content.lessons for outcome in lesson.outcomes}
    asked = {question.outcome for question in content.quiz.questions}
    for outcome in content.outcomes:
        if outcome.id not in taught:
            yield hint(HEAD, "outcome-without-lesson", outcome.id, outcome.text, outcome=outcome.id)
        if outcome.id not in asked:
            yield hint(HEAD, "outcome-without-question", outcome.id, outcome.text, outcome=outcome.id)


def _bases(content: Content, day: date) -> Iterator[Hint]:
    """Documents that a course rests on and that have ended, unless what came instead is named beside them."""
    named = {basis.number for basis in content.legal_basis}
    for basis in content.legal_basis:
        document = law.documents([basis])[basis.number]
        if not document.in_force_to:
            document = law.known().get(basis.number, document)
        if document.is_past(day.isoformat()) and not named & document.heirs:
            about: dict[str, Any] = {"number": basis.number, "until": document.in_force_to, "instead": document.heir}
            yield hint(HEAD, "basis-past-its-end", basis.number, document.in_force_to, **about)
