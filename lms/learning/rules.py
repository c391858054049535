"""What a learner should do next. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lms.catalogue.queries import Published
    from lms.learning.queries import Progress

NUMBER = len("00-")


class Step(StrEnum):
    LESSON = "lesson"
    QUIZ = "quiz"
    START = "start"


@dataclass(frozen=True, slots=True)
class NextStep:
    """One step in one course; `lesson` is the slug of the lesson to open, if it is one."""

    step: Step
    published: Published
    lesson: str = ""


def first_open_lesson(published: Published, done: Collection[str]) -> str | None:
    """The first lesson that is not finished."""
    return next((lesson.slug for lesson in published.content.lessons if lesson.slug not in done), None)


def step_in(published: Published, done: Collection[str]) -> NextStep:
    """The next step in a course that has been started: the first open lesson, then the quiz."""
    lesson = first_open_lesson(published, done)
    return NextStep(Step.LESSON, published, lesson) if lesson else NextStep(Step.QUIZ, published)


def next_step(
    started: Sequence[tuple[Progress, Published]],
    offered: Sequence[Published],
    due_modules: Sequence[str],
    roles: Collection[str],
    lacking: Collection[str] = (),
) -> NextStep | None:
    """The one step that counts most: a due module, then what is under way, then a course to begin.

    Of those to begin first one of a category that is `lacking`, of these first one for one's roles.
    """
    by_slug = {published.content.slug: (progress, published) for progress, published in started}
    for module in due_modules:
        if module in by_slug:
            return step_in(by_slug[module][1], by_slug[module][0].done)
        for published in offered:
            if published.content.slug == module:
                return NextStep(Step.START, published)
    for progress, published in reversed(started):
        if not progress.is_completed:
            return step_in(published, progress.done)
    fresh = [published for published in offered if published.content.slug not in by_slug]
    fresh.sort(key=lambda p: (p.content.category not in lacking, not _is_for(p, roles)))
    return NextStep(Step.START, fresh[0]) if fresh else None


def neighbours(published: Published, lesson: str) -> tuple[str | None, str | None]:
    """The slugs of the lessons before and after one."""
    slugs = [item.slug for item in published.content.lessons]
    place = slugs.index(lesson)
    return (slugs[place - 1] if place else None), (slugs[place + 1] if place + 1 < len(slugs) else None)


def successors(finished: Collection[str], there: Sequence[str]) -> dict[str, str]:
    """The lessons of another version that took the place of finished ones: of the same name under another number."""
    names = [slug[NUMBER:] for slug in there]
    by_name = {slug[NUMBER:]: slug for slug in there if names.count(slug[NUMBER:]) == 1}
    gone = [slug for slug in finished if slug not in there]
    return {slug: by_name[slug[NUMBER:]] for slug in gone if slug[NUMBER:] in by_name}


def _is_for(published: Published, roles: Collection[str]) -> bool:
    return not published.content.audience or bool(set(published.content.audience) & set(roles))
