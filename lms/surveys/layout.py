"""A questionnaire as the form shows it, a list a line, and back; and the list of items after a button of the form."""

import re
from collections.abc import Mapping
from typing import Any

from lms.surveys.questionnaire import Item, Questionnaire, Type

Data = dict[str, Any]

_ENDS = ["low", "high"]
_EVERY = ["text", "hint"]
FIELDS: dict[str, list[str]] = {
    Type.SECTION: [*_EVERY],
    Type.SINGLE: [*_EVERY, "options", "is_required"],
    Type.MULTIPLE: [*_EVERY, "options", "is_required"],
    Type.SCALE: [*_EVERY, *_ENDS, "is_required"],
    Type.MATRIX: [*_EVERY, "rows", *_ENDS, "is_required"],
    Type.SHORT: [*_EVERY, "is_required"],
    Type.LONG: [*_EVERY, "is_required"],
    Type.NUMBER: [*_EVERY, "least", "most", "unit", "is_required"],
}
"""The fields of each type of line."""
FIELD_OF = {
    "no-text": "text",
    "few-options": "options",
    "too-many-choices": "options",
    "no-rows": "rows",
    "no-ends": "low",
    "least-above-most": "least",
    "not-a-number": "least",
}
"""The field at which a flaw is told."""
NUMBERED = re.compile(r"q([0-9]{1,4})")
NUMBER = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,6})?")


def shown(questionnaire: Questionnaire) -> Data:
    """What the form shows of a questionnaire."""
    items = [_shown_item(item) for item in questionnaire.items]
    return {"title": questionnaire.title, "intro": questionnaire.intro, "items": items}


def meant(typed: Mapping[str, Any]) -> Data:
    """What a form means, as the values of a TOML text."""
    items = [_meant_item(item) for item in typed["items"]]
    return {"title": typed["title"], "intro": typed["intro"] or "", "item": items}


def changed(items: list[Data], act: str) -> list[Data]:
    """The items after a button of the form: `add:scale`, `up:2`, `down:0`, `remove:1`."""
    verb, _, value = act.partition(":")
    if verb == "add":
        return [*items, _new(items, value)] if value in list(Type) else items
    place = int(value) if value.isascii() and value.isdigit() else len(items)
    if place >= len(items):
        return items
    if verb == "remove":
        return items[:place] + items[place + 1 :]
    other = place + {"up": -1, "down": 1}.get(verb, 0)
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
    return items


def _new(items: list[Data], kind: str) -> Data:
    taken = [int(found[1]) for item in items if (found := NUMBERED.fullmatch(item.get("id") or ""))]
    code = "" if kind == Type.SECTION else f"q{max(taken, default=0) + 1:02}"
    return _shown_item(Item(Type(kind), "", code))


def _shown_item(item: Item) -> Data:
    return {
        "type": item.type.value,
        "id": item.id,
        "text": item.text,
        "hint": item.hint,
        "is_required": item.is_required,
        "options": "\n".join(item.options),
        "rows": "\n".join(item.rows),
        "low": item.low,
        "high": item.high,
        "least": _typed(item.least),
        "most": _typed(item.most),
        "unit": item.unit,
    }


def _meant_item(typed: Mapping[str, Any]) -> Data:
    has = FIELDS.get(typed["type"], [])
    found: Data = {"type": typed["type"], "id": typed["id"] or "", "required": bool(typed["is_required"])}
    found |= {name: typed[name] or "" for name in ("text", "hint", "low", "high", "unit") if name in has}
    found |= {name: (typed[name] or "").splitlines() for name in ("options", "rows") if name in has}
    found |= {name: _number(typed[name]) for name in ("least", "most") if name in has and typed[name]}
    return found


def _typed(number: float | None) -> str:
    return "" if number is None else f"{number:.15g}".replace(".", ",")


def _number(typed: str) -> float | str:
    """A number as it is typed; what is none stays a text, which the document refuses."""
    return float(typed.replace(",", ".")) if NUMBER.fullmatch(typed.strip()) else typed
