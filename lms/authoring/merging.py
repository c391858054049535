"""Two changes of one text as one text, part by part: the blocks of a lesson, the tables of a TOML file. Pure."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from lms.authoring.rules import Clash, Files, changed
from lms.catalogue import blocks
from lms.catalogue.blocks import Block
from lms.catalogue.package import HEAD

TABLE = re.compile(r"^(?=\[)", re.MULTILINE)
Change = tuple[int, int, tuple[str, ...]]
"""The parts from … to … of the text before, and what stands there now."""


def merged(base: Files, theirs: Files, mine: Files) -> tuple[dict[str, str], list[Clash]]:
    """Two changes of the same files as one, and what could not be joined (`theirs` stays there)."""
    found, clashes = dict(theirs), []
    for path in changed(base, mine):
        before, kept, wanted = base.get(path), theirs.get(path), mine.get(path)
        if kept not in (before, wanted):
            both = joined(path, before, kept, wanted)
            if both is None:
                clashes.append(Clash(path, before, kept, wanted))
                continue
            wanted = both
        if wanted is None:
            found.pop(path, None)
        else:
            found[path] = wanted
    return found, clashes


def joined(path: str, before: str | None, theirs: str | None, mine: str | None) -> str | None:
    """One text with both changes; None when they touch the same part, or one takes the file away."""
    if before is None or theirs is None or mine is None:
        return None
    parts = _merged(_parts(path, before), _parts(path, theirs), _parts(path, mine))
    return None if parts is None else _whole(path, parts)


def _parts(path: str, content: str) -> list[str]:
    if not path.endswith(".md"):
        return TABLE.split(content)
    head = HEAD.match(content)
    body = head[2] if head else content
    return [content[: len(content) - len(body)], *(block.source for block in blocks.split(body))]


def _whole(path: str, parts: Sequence[str]) -> str:
    if not path.endswith(".md"):
        return "".join(parts)
    return f"{parts[0]}\n{blocks.arranged(Block('text', part) for part in parts[1:])}\n"


def _merged(before: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> list[str] | None:
    changes = sorted({*_changes(before, theirs), *_changes(before, mine)})
    for (start, end, _), (next_start, next_end, _) in pairwise(changes):
        if next_start < end or (start, end) == (next_start, next_end):
            return None
    found, place = list[str](), 0
    for start, end, now in changes:
        found += [*before[place:start], *now]
        place = end
    return [*found, *before[place:]]


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return ((a, b, tuple(after[c:d])) for tag, a, b, c, d in codes if tag != "equal")
