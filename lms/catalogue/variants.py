"""A question's variants: `{{name}}` in its texts is filled from one of them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from lms.catalogue.content import Question, Variant

PARAMETER = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,9})?")

T = TypeVar("T")


def filled(question: Question, variant: Variant) -> Question:
    """The question that one variant gives: all its texts filled, the answer of a `numeric` as a number when it is one."""
    whole = _filled(replace(question, variants=()), dict(variant))
    is_numeric = question.type == "numeric" and isinstance(whole.answer, str)
    return replace(whole, answer=_number(str(whole.answer))) if is_numeric else whole


def _filled(value: T, values: Mapping[str, str]) -> T:
    found: Any = value
    if isinstance(found, str):
        found = PARAMETER.sub(lambda place: values.get(place[1], place[0]), found)
    elif isinstance(found, tuple):
        found = tuple(_filled(part, values) for part in found)
    elif is_dataclass(found) and not isinstance(found, type):
        found = replace(found, **{f.name: _filled(getattr(found, f.name), values) for f in fields(found)})
    result: T = found
    return result


def _number(text: str) -> float | str:
    """`184` and `34,74` as numbers; what is none stays a text, which the check refuses."""
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) else text
