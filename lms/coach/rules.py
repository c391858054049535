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
    for document in law.ended(content.legal_basis, day.isoformat()):
        about: dict[str, Any] = {"number": document.number, "until": document.in_force_to, "instead": document.heir}
        yield hint(HEAD, "basis-past-its-end", document.number, document.in_force_to, **about)
