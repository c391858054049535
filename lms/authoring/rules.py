"""Judgements of the trainer's desk. Pure."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lms import text

Files = Mapping[str, str]

SAVE = "save"
RESERVED = frozenset({"bank", "comments", "corrections", "drafts", "imports", "surveys", "upload"})
"""Pages of the desk, which no course may be called after."""
ACTS = (
    SAVE, "autosave", "begin", "upload", "restore", "catch-up", "head", "add-lesson", "remove-lesson", "order-lessons",
    "lesson-head", "lesson-text", "block", "move-block", "text", "quiz", "question", "add-question", "copy-question",
    "remove-question", "add-media", "remove-media", "take-from-bank", "take-newer", "import",
)  # fmt: skip
"""What a revision may have done, as its history tells it; anything else is a save."""


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Told:
    """A revision as a line of the history: `paths` are those that it changed."""

    number: int
    act: str
    made_at: datetime
    made_by_id: int | None
    paths: tuple[str, ...]


class Obstacle(StrEnum):
    """Why a draft cannot be published now."""

    CLOSED = "closed"
    ERRORS = "errors"
    TAKEN = "taken"
    OVERTAKEN = "overtaken"
    NEEDS_REVIEW = "needs-review"
    CHANGED = "changed"


class Refusal(StrEnum):
    """Why a review is not taken."""

    NOT_IN_REVIEW = "not-in-review"
    OVERTAKEN = "overtaken"
    OWN_WORK = "own-work"


@dataclass(frozen=True)
class Clash:
    """A file that two people changed at once: what it was, what is kept, and what the other one wanted. None: no file."""

    path: str
    before: str | None
    theirs: str | None
    mine: str | None


def changed(before: Files, after: Files) -> Iterator[str]:
    """The paths of files that were added, removed or written anew, in their order."""
    return (path for path in sorted({*before, *after}) if before.get(path) != after.get(path))


def told(revisions: Sequence[Any]) -> list[Told]:
    """Revisions, newest first, with what each of them changed."""
    found = []
    for number, each in enumerate(revisions):
        earlier = revisions[number + 1] if number + 1 < len(revisions) else None
        paths = [
            path for kept in ("files", "media") for path in changed(getattr(earlier, kept, {}), getattr(each, kept))
        ]
        found.append(
            Told(
                each.number,
                each.act if each.act in ACTS else SAVE,
                each.made_at,
                each.made_by_id,
                tuple(paths) if earlier else (),
            )
        )
    return found


def title_in(files: Files) -> str:
    """The title in course.toml; "" when it cannot be read."""
    try:
        title = tomllib.loads(files.get("course.toml", "")).get("title")
    except tomllib.TOMLDecodeError:
        return ""
    return text.clean(title) if isinstance(title, str) else ""


def obstacle(
    *, is_open: bool, has_errors: bool, is_taken: bool, is_overtaken: bool, needs_reviewer: bool, is_approved: bool
) -> Obstacle | None:
    """The first thing that keeps a draft from being published."""
    if not is_open:
        return Obstacle.CLOSED
    if has_errors:
        return Obstacle.ERRORS
    if is_taken:
        return Obstacle.TAKEN
    if is_overtaken:
        return Obstacle.OVERTAKEN
    return Obstacle.NEEDS_REVIEW if needs_reviewer and not is_approved else None


def refusal(*, is_in_review: bool, is_newest: bool, needs_reviewer: bool, is_own: bool) -> Refusal | None:
    """Why somebody may not approve a draft: where another person must, nobody approves what they wrote or sent."""
    if not is_in_review:
        return Refusal.NOT_IN_REVIEW
    if not is_newest:
        return Refusal.OVERTAKEN
    return Refusal.OWN_WORK if needs_reviewer and is_own else None
