"""How a published question is marked after it was corrected. Pure.

A published version never changes, so a mistake in it is set right by dated corrections beside it. The latest one that sets
the key, or voids the question, holds; those after it that accept something more add to it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from lms.catalogue.content import Question


class Kind(StrEnum):
    """What a correction does: another key; one key more; full points for everybody; out of the sum."""

    KEY = "key"
    ALSO = "also"
    FULL = "full"
    OUT = "out"


VOIDING = (Kind.FULL, Kind.OUT)
"""What takes a question out of marking, whatever its key."""

KEYED = ("single", "multiple", "true-false", "short", "numeric", "matching", "ordering", "cloze")
"""Types whose key can be corrected; of the others a question can be voided."""


@dataclass(frozen=True)
class Change:
    """A correction of a question.

    `key` are the fields that a key has: right (option numbers), answer, tolerance, answers, places (as `Question.places`),
    gaps (the answers to each, none where one chooses).
    """

    question: str
    kind: Kind
    key: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Marking:
    """The keys of a question, of which the best for the learner counts, and whether it was voided (full or out)."""

    keys: tuple[Question, ...]
    void: Kind | None = None


@dataclass(frozen=True)
class Rekeyed(Question):
    """A question of which other pairs, another order or other options are right than its author wrote."""

    places: tuple[int, ...] = ()


def marking(question: Question, changes: Iterable[Change]) -> Marking:
    """How a question is marked after these corrections, oldest first."""
    found = Marking((question,))
    for change in changes:
        if change.question == question.id:
            found = _after(found, question, change)
    return found


def with_key(question: Question, key: Mapping[str, Any]) -> Question:
    """A question with another key."""
    others: dict[str, Any] = {
        name: tuple(value) if name == "answers" else value
        for name, value in key.items()
        if name not in ("right", "gaps", "places")
    }
    if "right" in key:
        others["options"] = tuple(replace(o, right=n in key["right"]) for n, o in enumerate(question.options))
    if "gaps" in key:
        said = zip(question.gaps, key["gaps"], strict=True)
        others["gaps"] = tuple(replace(gap, answers=tuple(answers)) for gap, answers in said)
    places, changed = tuple(key.get("places", question.places)), replace(question, **others)
    if places == question.places:
        return changed
    return Rekeyed(**{f.name: getattr(changed, f.name) for f in fields(Question)}, places=places)


def key_of(question: Question) -> dict[str, Any]:
    """The key of a question in the form that `with_key` takes."""
    if question.type in ("single", "multiple"):
        return {"right": [n for n, option in enumerate(question.options) if option.right]}
    if question.type == "numeric":
        return {"answer": question.answer, "tolerance": question.tolerance}
    if question.type == "short":
        return {"answers": list(question.answers)}
    if question.type == "true-false":
        return {"answer": question.answer}
    gaps = {"gaps": [list(gap.answers) for gap in question.gaps]} if question.gaps else {}
    return {"places": list(question.places)} | gaps if question.places else {}


def bare(question: Question) -> Question:
    """A question's text and key alone: versions in which they are the same ask the same."""
    return replace(
        question,
        topic="", outcome="", difficulty="", points=1, right_feedback="", wrong_feedback="", excludes=(), author="",
        licence="", source="", options=tuple(replace(option, feedback="") for option in question.options),
    )  # fmt: skip


def _after(found: Marking, question: Question, change: Change) -> Marking:
    if change.kind in VOIDING:
        return Marking(found.keys, change.kind)
    changed = with_key(question, change.key)
    return Marking((*found.keys, changed), found.void) if change.kind == Kind.ALSO else Marking((changed,))
