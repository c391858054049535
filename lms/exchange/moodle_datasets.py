"""Moodle's calculated questions: datasets that fill a text and a formula, as variants and back."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from lms import text
from lms.catalogue.content import Question, Variant
from lms.catalogue.variants import NUMBER, PARAMETER
from lms.exchange.formulas import NAME, BadFormula, names, value
from lms.exchange.gathering import number
from lms.exchange.moodle_texts import Item, raw_text
from lms.exchange.xml import add

Fields = dict[str, Any]
NO_NAME = re.compile(r"[^a-z0-9]+")
RESULT = "ket_qua"
NOMINAL = "2"
"""The kind of tolerance that is a number; others are a share of the answer."""


def calculated(item: Item, fields: Fields) -> Fields:
    """A numeric question with variants: the rows of its data; a formula that is more than a name is worked out for each."""
    answer = next((each for each in item.element.findall("answer") if number(each.get("fraction", "0")) == 100), None)
    formula = text.clean(raw_text(answer)) if answer is not None else ""
    given, columns = _columns(item)
    own = {name: NO_NAME.sub("_", text.fold(name)).strip("_").lstrip("0123456789_") or "so" for name in given}
    stem = NAME.sub(
        lambda found: f"{{{{{own[found[1]]}}}}}" if found[1] in own else found[0], item.words("questiontext")
    )
    rows = [dict(zip(given, row, strict=True)) for row in zip(*columns, strict=False)]
    result = own.get(formula.strip("{}"), RESULT) if names(formula) else ""
    variants = [_variant(item, row, own, formula, result, stem) for row in rows]
    fields |= {"text": stem, "answer": f"{{{{{result}}}}}" if result else number(formula)}
    if not rows or len(set(own.values())) < len(own) or any(not words for variant in variants for _, words in variant):
        item.say("no-dataset")
        return {**fields, "answer": None}
    if answer is not None and fields["tolerance"] and item.said("tolerancetype", answer) != NOMINAL:
        of = number(dict(variants[0]).get(result, "") or formula) or 0
        fields["tolerance"] = abs(fields["tolerance"] * of)
        item.say("relative-tolerance", tolerance=f"{fields['tolerance']:g}")
    return {**fields, "variants": tuple(variants) if any(variants) else ()}


def _variant(
    item: Item, row: Mapping[str, str], own: Mapping[str, str], formula: str, result: str, stem: str
) -> tuple[tuple[str, str], ...]:
    """What a row fills: the names in the text, and the answer."""
    values = {own[name]: words for name, words in row.items()}
    if result == RESULT and result not in values:
        values[result] = _worked_out(item, formula, {name: number(words) or 0 for name, words in row.items()})
    return tuple((name, words) for name, words in values.items() if name == result or f"{{{{{name}}}}}" in stem)


def _columns(item: Item) -> tuple[list[str], list[list[str]]]:
    """The names of the datasets, and the values of each in their order."""
    definitions = item.element.findall("dataset_definitions/dataset_definition")
    columns = []
    for definition in definitions:
        entries = definition.findall("dataset_items/dataset_item")
        entries.sort(key=lambda entry: number(item.said("number", entry)) or 0)
        columns.append([item.said("value", entry) for entry in entries])
    return [item.said("name", definition) for definition in definitions], columns


def _worked_out(item: Item, formula: str, values: Mapping[str, float]) -> str:
    try:
        found = round(value(formula, values), 6)
    except BadFormula:
        item.say("bad-formula", formula=formula[:80])
        return ""
    return str(int(found)) if found == int(found) else str(found)


def has_datasets(question: Question) -> bool:
    """Whether a question's variants are numbers that fill its text and its answer, as Moodle's datasets do."""
    texts = (question.right_feedback, question.wrong_feedback, question.unit)
    return (
        question.type == "numeric"
        and bool(question.variants)
        and len({tuple(name for name, _ in variant) for variant in question.variants}) == 1
        and all(NUMBER.fullmatch(value) and "," not in value for variant in question.variants for _, value in variant)
        and not any(PARAMETER.search(words) for words in texts)
        and "{" not in PARAMETER.sub("", question.text)
    )


def write(question: Element, answer: Element, variants: Sequence[Variant]) -> None:
    """Variants as the datasets of a question."""
    for tag, words in (("tolerancetype", NOMINAL), ("correctanswerformat", "1"), ("correctanswerlength", "2")):
        add(answer, tag, words)
    definitions = add(question, "dataset_definitions")
    for column, (name, _) in enumerate(variants[0]):
        _define(add(definitions, "dataset_definition"), name, [variant[column][1] for variant in variants])


def _define(definition: Element, name: str, values: Sequence[str]) -> None:
    numbers = [float(words) for words in values]
    about = {
        "status": "private",
        "name": name,
        "distribution": "uniform",
        "minimum": str(min(numbers)),
        "maximum": str(max(numbers)),
        "decimals": str(max(len(words.partition(".")[2]) for words in values)),
    }
    add(definition, "type", "calculated")
    for tag, words in about.items():
        add(add(definition, tag), "text", words)
    add(definition, "itemcount", str(len(values)))
    items = add(definition, "dataset_items")
    for place, words in enumerate(values, start=1):
        item = add(items, "dataset_item")
        add(item, "number", str(place))
        add(item, "value", words)
    add(definition, "number_of_items", str(len(values)))
