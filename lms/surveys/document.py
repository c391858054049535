"""A questionnaire as a text that a person can read aloud (TOML), and back.

The format is described in docs/surveys.md.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from lms import text
from lms.language import gettext
from lms.surveys.questionnaire import (
    CHOSEN,
    LARGEST,
    MOST_CHOICES,
    MOST_ITEMS,
    RATED,
    Item,
    Questionnaire,
    Type,
)

HEAD = {"title", "intro", "item"}
KEYS = {"type", "id", "text", "hint", "required", "options", "rows", "low", "high", "least", "most", "unit"}
ID = re.compile(r"[a-z][a-z0-9]{0,15}")
LINE = re.compile(r"line (\d+)")
LONGEST = 2000


class BadSurvey(ValueError):
    """A text that is no questionnaire. `item` is the number of the line that is wrong, or 0 for the whole."""

    def __init__(self, key: str, item: int = 0, **values: Any) -> None:
        super().__init__(key)
        self.key, self.item, self.values = key, item, values

    def __str__(self) -> str:
        words = gettext(f"survey.{self.key}", **self.values)
        return gettext("surveys.in-item", number=self.item, problem=words) if self.item else words


def parse(source: str) -> Questionnaire:
    """The questionnaire that a TOML text describes. Raises `BadSurvey`."""
    try:
        data = tomllib.loads(text.normal(source))
    except (ValueError, RecursionError) as error:
        raise BadSurvey("bad-toml", detail=str(error)) from error
    return read(data)


def read(data: Mapping[str, Any]) -> Questionnaire:
    """The questionnaire that the values of a TOML text describe. Raises `BadSurvey`."""
    _refuse_unknown(data, HEAD, 0)
    lines = data.get("item", [])
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise BadSurvey("wrong-kind", name="item")
    if len(lines) > MOST_ITEMS:
        raise BadSurvey("too-many-items", limit=MOST_ITEMS)
    items = tuple(_item(line, number) for number, line in enumerate(lines, 1))
    title = _line(data, "title", 0)
    if not title:
        raise BadSurvey("no-title")
    seen: set[str] = set()
    for number, item in enumerate(items, 1):
        if item.id in seen:
            raise BadSurvey("double-id", number, id=item.id)
        seen.update([item.id] if item.id else [])
    return Questionnaire(title, items, _lines(data, "intro", 0))


def _item(data: Mapping[str, Any], number: int) -> Item:
    _refuse_unknown(data, KEYS, number)
    kind = data.get("type")
    if kind not in list(Type):
        raise BadSurvey("unknown-type", number, type=str(kind)[:40])
    required = data.get("required", False)
    if not isinstance(required, bool):
        raise BadSurvey("wrong-kind", number, name="required")
    item = Item(
        type=Type(kind),
        text=_line(data, "text", number),
        id=_line(data, "id", number),
        hint=_lines(data, "hint", number),
        is_required=required,
        options=_texts(data, "options", number),
        rows=_texts(data, "rows", number),
        low=_line(data, "low", number),
        high=_line(data, "high", number),
        least=_number(data, "least", number),
        most=_number(data, "most", number),
        unit=_line(data, "unit", number),
    )
    if problem := flaw(item):
        raise BadSurvey(problem, number)
    return item


def flaw(item: Item) -> str:
    """What a line lacks, as the key of a message `survey.<flaw>`; empty when it can be asked."""
    if not item.text:
        return "no-text"
    if item.is_question and not ID.fullmatch(item.id):
        return "bad-id"
    if item.type in CHOSEN and len(item.options) < 2:
        return "few-options"
    if item.type is Type.MATRIX and not item.rows:
        return "no-rows"
    if item.type in RATED and not (item.low and item.high):
        return "no-ends"
    if item.least is not None and item.most is not None and item.least >= item.most:
        return "least-above-most"
    return ""


def write(questionnaire: Questionnaire) -> str:
    """The text of a questionnaire; `parse` is its inverse."""
    head = _pairs({"title": questionnaire.title, "intro": questionnaire.intro})
    lines = [line for item in questionnaire.items for line in ("", "[[item]]", *_pairs(_values(item)))]
    return "\n".join([*head, *lines]) + "\n"


def line_of(problem: BadSurvey, source: str) -> int:
    """The number of the line on which a text is wrong, 0 when it cannot be told."""
    if found := LINE.search(str(problem.values.get("detail", ""))):
        return int(found[1])
    heads = [number for number, line in enumerate(source.splitlines(), 1) if line.strip().startswith("[[item]]")]
    return heads[problem.item - 1] if 0 < problem.item <= len(heads) else 0


def _values(item: Item) -> dict[str, Any]:
    return {
        "type": item.type.value,
        "id": item.id,
        "text": item.text,
        "hint": item.hint,
        "required": item.is_required or None,
        "options": list(item.options),
        "rows": list(item.rows),
        "low": item.low,
        "high": item.high,
        "least": _plain(item.least),
        "most": _plain(item.most),
        "unit": item.unit,
    }


def _plain(number: float | None) -> float | int | None:
    return int(number) if number is not None and number == int(number) else number


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    return (f"{name} = {_toml(value)}" for name, value in values.items() if value not in (None, "", []))


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return "[\n" + "".join(f"  {_toml(each)},\n" for each in value) + "]"
    if (
        isinstance(value, str)
        and "\n" in value
        and '"""' not in value
        and "\\" not in value
        and not value.endswith('"')
    ):
        return f'"""\n{value}"""'
    return json.dumps(value, ensure_ascii=False)


def _refuse_unknown(data: Mapping[str, Any], known: set[str], number: int) -> None:
    if unknown := sorted(set(data) - known):
        raise BadSurvey("unknown-name", number, name=unknown[0][:40])


def _line(data: Mapping[str, Any], name: str, number: int) -> str:
    return text.clean(_string(data, name, number))


def _lines(data: Mapping[str, Any], name: str, number: int) -> str:
    return text.clean_lines(_string(data, name, number))


def _string(data: Mapping[str, Any], name: str, number: int) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise BadSurvey("wrong-kind", number, name=name)
    if len(value) > LONGEST:
        raise BadSurvey("too-long", number, name=name, limit=LONGEST)
    return value


def _texts(data: Mapping[str, Any], name: str, number: int) -> tuple[str, ...]:
    values = data.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadSurvey("wrong-kind", number, name=name)
    if len(values) > MOST_CHOICES:
        raise BadSurvey("too-many-choices", number, limit=MOST_CHOICES)
    cleaned = [text.clean(value)[:LONGEST] for value in values]
    return tuple(value for value in cleaned if value)


def _number(data: Mapping[str, Any], name: str, number: int) -> float | None:
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST <= value <= LARGEST:
        raise BadSurvey("wrong-kind", number, name=name)
    return float(value)
