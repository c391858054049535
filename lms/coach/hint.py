"""What a coach says about one place of a course. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

SHOWN = 80


@dataclass(frozen=True)
class Hint:
    """Advice about a place; its words are the message `coach.<key>` with `values`.

    `block` counts from 0: the block of a lesson, or the question of the quiz; None for the whole file. `line` is the
    line of the lesson's text, from 1; 0 when there is none. `code` stays the same while what the hint speaks of does,
    so that «as intended» can be remembered.
    """

    file: str
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    block: int | None = None
    line: int = 0
    code: str = ""


def hint(file: str, key: str, *about: object, block: int | None = None, line: int = 0, **values: Any) -> Hint:
    """A hint whose code is that of its kind and of what it is about."""
    name = "\0".join([key, file, *map(str, about)])
    return Hint(file, key, values, block, line, sha256(name.encode()).hexdigest()[:16])


def shortened(text: str) -> str:
    """The beginning of a text, as a message shows it."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]} …"
