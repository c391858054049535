"""What the notation cannot say exactly: kept beside it, and used when what is said has not been changed since. Pure.

Each entry has the mark of what was understood of its item when it was written. Who reads the same again takes the
original; who reads something else, because somebody edited it, takes what is there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import chain
from math import isfinite
from typing import Any

import orjson

from lms import text
from lms.catalogue.content import Lesson, Question, question_from_data
from lms.catalogue.package import LESSON_NAME
from lms.exchange.parts import Parts

MOST_MINUTES = 10_000
UNMARKED = ("remarks", "places", "place")
WORDS = ("id", "type", "topic", "outcome", "difficulty", "text", "right_feedback", "wrong_feedback", "unit", "author",
         "licence", "source")  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """`kind`: question, lesson, topics or title; `code` names the item for people; `value` is JSON."""

    kind: str
    code: str
    value: str
    mark: str = ""


@dataclass
class Rest:
    """The entries of a file."""

    entries: list[Entry]

    def question(self, parts: Parts) -> Question | None:
        """The original of a question that still reads as it was written."""
        data = self._marked.get(("question", mark_of_parts(parts))) if self._marked else None
        return None if data is None else _question(data)

    def lesson(self, lesson: Lesson) -> Lesson:
        """The original of a lesson, or the lesson itself when it was edited."""
        changes = self._marked.get(("lesson", mark(asdict(lesson))))
        return (None if changes is None else _lesson(lesson, changes)) or lesson

    def topics(self) -> tuple[tuple[str, str], ...]:
        """The topics that were written."""
        found = next((_loaded(entry.value) for entry in self.entries if entry.kind == "topics"), None)
        pairs = found if isinstance(found, list) else []
        return tuple(
            (pair[0], pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2 and _is_clean(pair)
        )

    @property
    def title(self) -> str:
        """The title that was written, or an empty text."""
        found = next((_loaded(entry.value) for entry in self.entries if entry.kind == "title"), "")
        return found if isinstance(found, str) and _is_clean([found]) else ""

    def __post_init__(self) -> None:
        known = {(e.kind, e.mark): _loaded(e.value) for e in self.entries if e.mark}
        self._marked: dict[tuple[str, str], dict[str, Any]] = {
            key: data for key, data in known.items() if isinstance(data, dict)
        }


def entries_for_questions(
    questions: Iterable[Question], understood: Iterable[tuple[Parts, Question | None]]
) -> list[Entry]:
    """Entries for those questions that are not understood as they are."""
    return [
        Entry("question", original.id, dumped(asdict(original)), mark_of_parts(parts))
        for original, (parts, read) in zip(questions, understood, strict=True)
        if read != original
    ]


def entry_for_lesson(original: Lesson, understood: Lesson) -> Entry:
    """What to change in a lesson as it is understood, to have the original again."""
    told, meant = asdict(understood), asdict(original)
    changes = {name: value for name, value in meant.items() if value != told[name] and name != "text"}
    old, new = understood.text.split("\n"), original.text.split("\n")
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    lines = [[i, j, new[k:m]] for kind, i, j, k, m in matcher.get_opcodes() if kind != "equal"]
    return Entry("lesson", original.slug, dumped(changes | {"lines": lines}), mark(told))


def mark_of_parts(parts: Parts) -> str:
    """The mark of what is written of a question."""
    said = asdict(parts)
    choices = [{k: v for k, v in choice.items() if k != "place"} for choice in said["choices"]]
    return mark({k: v for k, v in said.items() if k not in UNMARKED} | {"choices": choices})


def mark(data: Mapping[str, Any]) -> str:
    """A short mark of data."""
    return sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


def dumped(data: Any) -> str:
    """Data as JSON in ASCII, which no program on the way thinks it must mend."""
    return json.dumps(data, separators=(",", ":"))


def _loaded(value: str) -> Any:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def _question(data: Mapping[str, Any]) -> Question | None:
    """A question from data that a stranger may have written."""
    try:
        made = question_from_data(data)
    except (KeyError, TypeError, ValueError):
        return None
    lists = (made.answers, made.forgive, made.extra, made.items, made.excludes)
    words = [getattr(made, name) for name in WORDS]
    words += [
        *(w for each in lists for w in each),
        *(w for pair in (*made.pairs, *chain(*made.variants)) for w in pair),
    ]
    words += [w for o in made.options for w in (o.text, o.feedback)] + [c.text for c in made.rubric]
    words += [w for gap in made.gaps for w in (gap.id, *gap.answers, *gap.forgive, *gap.options)]
    numbers = [made.points, made.tolerance, made.most_words, *(c.points for c in made.rubric)]
    is_answer = (
        made.answer is None or isinstance(made.answer, bool) or _is_clean([made.answer]) or _is_number(made.answer)
    )
    is_sound = (
        _is_clean(words) and all(map(_is_number, numbers)) and all(isinstance(o.right, bool) for o in made.options)
    )
    return made if is_sound and is_answer else None


def _lesson(lesson: Lesson, changes: Mapping[str, Any]) -> Lesson | None:
    """A lesson with changes that a stranger may have written."""
    try:
        lines = lesson.text.split("\n")
        for start, end, new in reversed(changes["lines"]):
            lines[start:end] = [text.NOT_TEXT.sub("", line) for line in new]
        data = asdict(lesson) | {name: value for name, value in changes.items() if name != "lines"}
        made = Lesson(**{**data, "text": text.normal("\n".join(lines)), "outcomes": tuple(data["outcomes"])})
    except (KeyError, TypeError, ValueError):
        return None
    is_named = isinstance(made.slug, str) and LESSON_NAME.match(f"{made.slug}.md")
    is_sound = is_named and isinstance(made.minutes, int) and 0 < made.minutes <= MOST_MINUTES
    return made if is_sound and _is_clean([made.title, made.summary, *made.outcomes]) else None


def _is_clean(words: Iterable[Any]) -> bool:
    return all(isinstance(word, str) and text.clean_lines(word) == word for word in words)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
