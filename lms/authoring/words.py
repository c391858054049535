"""Two texts as one, word by word. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORD = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 3000
ALIKE = 0.4


class Kind(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True)
class Part:
    """Some words: the same in both, added, or removed."""

    kind: Kind
    text: str


def words(before: str, after: str) -> tuple[Part, ...]:
    """Two texts as one: line by line where they have as many lines, word by word; of very long ones only the whole."""
    if before == after:
        return (Part(Kind.SAME, after),)
    old, new = before.split("\n"), after.split("\n")
    if len(old) == len(new) > 1:
        return _joined(words(one, other) for one, other in zip(old, new, strict=True))
    return _words(before, after)


def _joined(lines: Iterable[tuple[Part, ...]]) -> tuple[Part, ...]:
    found: list[Part] = []
    for line in lines:
        found += [Part(Kind.SAME, "\n"), *line] if found else line
    return tuple(part for part in found if part.text)


def _words(before: str, after: str) -> tuple[Part, ...]:
    old, new = WORD.findall(before), WORD.findall(after)
    if len(old) * len(new) > MOST_WORDS**2:
        return _parts([(Kind.REMOVED, before), (Kind.ADDED, after)])
    found: list[tuple[Kind, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((Kind.SAME, "".join(new[c:d])))
        else:
            found += [(Kind.REMOVED, "".join(old[a:b])), (Kind.ADDED, "".join(new[c:d]))]
    return _parts(_smoothed(found))


def _smoothed(found: Sequence[tuple[Kind, str]]) -> Iterator[tuple[Kind, str]]:
    """A space between two changes belongs to them: whole phrases are easier to read than every second word."""
    removed, added = "", ""
    for place, (kind, text) in enumerate(found):
        is_between = kind is Kind.SAME and text.isspace() and "\n" not in text and 0 < place < len(found) - 1
        if kind is Kind.SAME and not is_between:
            yield from ((Kind.REMOVED, removed), (Kind.ADDED, added), (kind, text))
            removed = added = ""
        else:
            removed += text if kind is not Kind.ADDED else ""
            added += text if kind is not Kind.REMOVED else ""
    yield from ((Kind.REMOVED, removed), (Kind.ADDED, added))


def _parts(found: Iterable[tuple[Kind, str]]) -> tuple[Part, ...]:
    return tuple(Part(kind, text) for kind, text in found if text)


def alike(one: str, other: str) -> float:
    """How much of two texts is the same, from 0 to 1."""
    matcher = SequenceMatcher(None, WORD.findall(one), WORD.findall(other), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0
