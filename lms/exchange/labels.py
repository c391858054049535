"""What a question says beside its text, as short labels `name:value`: the tags and keywords that other systems keep.

Pure. Each format names the labels that it needs, because it has no place of its own for what they say.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from lms import text
from lms.catalogue.content import DIFFICULTIES, Question
from lms.exchange import notation

EVERYWHERE = ("difficulty", "outcome", "author", "licence", "source", "excludes")
"""What no format of others knows."""

NONE = "none"
FORGIVEN_BY_OTHERS = ("case",)
"""How other systems compare a typed answer when nothing is said."""


def labels(question: Question, *names: str) -> list[str]:
    """The labels of a question called `names`, but those that say what holds anyway."""
    return [f"{name}:{value}" for name in names for value in _values(question, name)]


def labelled(question: Question, said: Iterable[str]) -> tuple[Question, list[str]]:
    """The question as its labels say, and the labels that mean nothing here."""
    strangers = []
    for label in said:
        name, _, value = (part.strip() for part in label.partition(":"))
        read = READERS.get(name) or READERS.get(notation.meaning("field", name))
        if name.startswith("forgive-"):
            question = _with_gap_forgiving(question, name.removeprefix("forgive-"), _words(value))
        elif read and (value or name in MAY_BE_EMPTY):
            question = read(question, value)
        elif difficulty := notation.meaning("difficulty", label):
            question = replace(question, difficulty=difficulty)
        else:
            strangers.append(label)
    return question, strangers


def _values(question: Question, name: str) -> Iterable[str]:
    if name == "gaps":
        ids = [gap.id for gap in question.gaps]
        return [",".join(ids)] if ids != gap_ids(len(ids)) else []
    if name == "points":
        return [str(question.points)] if question.points != 1 else []
    if name == "forgive":
        return [",".join(question.forgive) or NONE] if question.forgive != FORGIVEN_BY_OTHERS else []
    if name == "most-words":
        return [str(question.most_words)] if question.most_words else []
    if name == "excludes":
        return [",".join(question.excludes)] if question.excludes else []
    value = getattr(question, name)
    return [value] if value else []


def gap_labels(question: Question) -> list[str]:
    """How the typed gaps of a cloze forgive, where it is not as others do."""
    return [
        f"forgive-{gap.id}:{','.join(gap.forgive) or NONE}"
        for gap in question.gaps
        if not gap.options and gap.forgive != FORGIVEN_BY_OTHERS
    ]


def gap_ids(count: int) -> list[str]:
    """The names of gaps that have none: a … z, then g27 …"""
    return [chr(ord("a") + n) if n < 26 else f"g{n + 1}" for n in range(count)]


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip() not in ("", NONE))


def _with_difficulty(question: Question, value: str) -> Question:
    known = value if value in DIFFICULTIES else notation.meaning("difficulty", value)
    return replace(question, difficulty=known or question.difficulty)


def _with_points(question: Question, value: str) -> Question:
    if not re.fullmatch(r"\d{1,4}(\.\d{1,17})?", value):
        return question
    return replace(question, points=float(value) if "." in value else int(value))


def _with_most_words(question: Question, value: str) -> Question:
    return replace(question, most_words=int(value)) if re.fullmatch(r"[0-9]{1,6}", value) else question


def _with_gaps(question: Question, value: str) -> Question:
    """Gaps renamed, in the text too."""
    names = dict(zip([gap.id for gap in question.gaps], _words(value), strict=False))
    if len(names) != len(question.gaps) or len(set(names.values())) != len(names):
        return question
    gaps = tuple(replace(gap, id=names[gap.id]) for gap in question.gaps)
    renamed = re.sub(r"\[\[([a-z0-9]+)\]\]", lambda m: f"[[{names.get(m[1], m[1])}]]", question.text)
    return replace(question, gaps=gaps, text=renamed)


def _with_gap_forgiving(question: Question, id: str, forgive: tuple[str, ...]) -> Question:
    gaps = tuple(replace(gap, forgive=forgive) if gap.id == id else gap for gap in question.gaps)
    return replace(question, gaps=gaps)


READERS: Mapping[str, Callable[[Question, str], Question]] = {
    "author": lambda q, value: replace(q, author=text.clean(value)),
    "difficulty": _with_difficulty,
    "excludes": lambda q, value: replace(q, excludes=_words(value)),
    "forgive": lambda q, value: replace(q, forgive=_words(value)),
    "gaps": _with_gaps,
    "licence": lambda q, value: replace(q, licence=text.clean(value)),
    "most-words": _with_most_words,
    "outcome": lambda q, value: replace(q, outcome=text.clean(value)),
    "points": _with_points,
    "source": lambda q, value: replace(q, source=text.clean(value)),
    "unit": lambda q, value: replace(q, unit=text.clean(value)),
}
MAY_BE_EMPTY = ("forgive",)
