"""Reading the values of a TOML text, for frames and pathways alike."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from lms import text
from lms.language import gettext

CODE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
LONGEST = 2_000


class BadDocument(ValueError):
    """A text that is no frame, or no pathway; `key` is the message that says why."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values

    def __str__(self) -> str:
        return gettext(f"competencies.wrong.{self.key}", **self.values)


def toml(source: str) -> dict[str, Any]:
    """The values of a TOML text. Raises `BadDocument`."""
    try:
        return tomllib.loads(text.normal(source))
    except (ValueError, RecursionError) as error:
        raise BadDocument("bad-toml", detail=str(error)) from error


def only(data: Mapping[str, Any], known: set[str]) -> None:
    """Raises `BadDocument` when there is a key that nobody reads."""
    if unknown := set(data) - known:
        raise BadDocument("unknown-key", name=", ".join(sorted(unknown)))


def line(data: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    """A clean text. Raises `BadDocument`."""
    found = data.get(name, "")
    if not isinstance(found, str) or len(found) > LONGEST:
        raise BadDocument("wrong-kind", name=name)
    if needed and not text.clean(found):
        raise BadDocument("missing", name=name)
    return text.clean(found)


def code(data: Mapping[str, Any]) -> str:
    """The code of a document or a part of it. Raises `BadDocument`."""
    found = line(data, "code")
    if not CODE.fullmatch(found):
        raise BadDocument("bad-code", code=found)
    return found


def texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts. Raises `BadDocument`."""
    found = data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, str) and text.clean(each) for each in found):
        raise BadDocument("wrong-kind", name=name)
    return tuple(map(text.clean, found))


def tables(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of tables. Raises `BadDocument`."""
    found = data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadDocument("wrong-kind", name=name)
    return found
