"""The types of Moodle's questions as the fields of ours."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from lms import text
from lms.catalogue.content import Criterion, Gap, Option
from lms.exchange import embedded, markup, moodle_datasets
from lms.exchange.gathering import even_weights, number
from lms.exchange.labels import gap_ids
from lms.exchange.moodle_texts import Item, raw_text

Fields = dict[str, Any]
WILDCARD = re.compile(r"(?<!\\)\*")
SELECTED = re.compile(r"\[\[(\d+)\]\]")


def read(item: Item) -> Fields | None:
    """`kind` and the other fields; None for a type that is not taken."""
    reader = READERS.get(item.element.get("type", ""))
    return reader(item) if reader else None


def _share(element: Element) -> float:
    return (number(element.get("fraction", "0")) or 0) / 100


def _options(item: Item) -> tuple[list[Option], list[tuple[bool, float]]]:
    shares = [(answer, _share(answer)) for answer in item.element.findall("answer")]
    options = [Option(_line(item.words_of(a)), share > 0, item.words("feedback", a)) for a, share in shares]
    return options, [(share > 0, share) for _, share in shares]


def _line(words: str) -> str:
    """An option is one line."""
    return text.clean(words)


def _choice(item: Item) -> Fields:
    options, shares = _options(item)
    right = sum(is_right for is_right, _ in shares)
    if item.said("single") in ("true", "1", ""):
        best = max((share for _, share in shares), default=0)
        if any(is_right and share < best for is_right, share in shares):
            item.say("uneven-weights")
            options = [Option(o.text, share == best, o.feedback) for o, (_, share) in zip(options, shares, strict=True)]
        return {"kind": "single", "options": tuple(options), **_comments(item)}
    if right and not even_weights(right, shares):
        item.say("uneven-weights")
    return {"kind": "multiple", "options": tuple(options), **_comments(item)}


def _comments(item: Item) -> Fields:
    if item.words("partiallycorrectfeedback"):
        item.say("lost-partial-feedback")
    return {
        "right_feedback": item.words("correctfeedback"),
        "wrong_feedback": item.words("incorrectfeedback"),
    }


def _true_false(item: Item) -> Fields:
    answers = {item.said("text", answer).lower(): answer for answer in item.element.findall("answer")}
    truth = next((words == "true" for words, answer in answers.items() if _share(answer) == 1), None)
    comments = {(words == "true") == truth: item.words("feedback", answer) for words, answer in answers.items()}
    return {
        "kind": "true-false", "answer": truth,
        "right_feedback": comments.get(True, ""), "wrong_feedback": comments.get(False, ""),
    }  # fmt: skip


def _typed(item: Item) -> tuple[list[Element], Fields]:
    """The answers that are wholly right; the comment on `*`, worth nothing, is the one on wrong answers."""
    full, fields = [], {"right_feedback": "", "wrong_feedback": ""}
    for answer in item.element.findall("answer"):
        words = text.clean(raw_text(answer))
        if words == "*" and _share(answer) == 0:
            fields["wrong_feedback"] = item.words("feedback", answer)
        elif _share(answer) == 1:
            full.append(answer)
            fields["right_feedback"] = fields["right_feedback"] or item.words("feedback", answer)
        else:
            item.say("lost-answer", answer=words, share=f"{_share(answer) * 100:g}")
    return full, fields


def _short(item: Item) -> Fields:
    full, comments = _typed(item)
    raw = [text.clean(raw_text(answer)) for answer in full]
    for words in raw:
        if WILDCARD.search(words):
            item.say("lost-wildcard", answer=words)
    answers = tuple(words.replace("\\*", "*") for words in raw)
    return {
        "kind": "short",
        "answers": answers,
        "forgive": () if item.said("usecase") == "1" else ("case",),
        **comments,
    }


def _numeric(item: Item) -> Fields:
    full, comments = _typed(item)
    for other in full[1:]:
        item.say("lost-answer", answer=text.clean(raw_text(other)), share="100")
    answer = number(raw_text(full[0])) if full else None
    tolerance = item.number("tolerance", 0, full[0]) if full else 0
    return {"kind": "numeric", "answer": answer, "tolerance": tolerance, "unit": _unit(item), **comments}


def _calculated(item: Item) -> Fields:
    return moodle_datasets.calculated(item, _numeric(item))


def _unit(item: Item) -> str:
    units = item.element.findall("units/unit")
    for other in units[1:]:
        item.say("lost-unit", unit=item.said("unit_name", other))
    return item.said("unit_name", units[0]) if units else ""


def _matching(item: Item) -> Fields:
    pairs, extra = [], []
    for pair in item.element.findall("subquestion"):
        left, right = _line(item.words_of(pair)), item.said("answer", pair)
        if left:
            pairs.append((left, text.clean(right)))
        elif right:
            extra.append(text.clean(right))
    return {"kind": "matching", "pairs": tuple(pairs), "extra": tuple(extra), **_comments(item)}


def _ordering(item: Item) -> Fields:
    answers = sorted(item.element.findall("answer"), key=_share)
    return {"kind": "ordering", "items": tuple(_line(item.words_of(a)) for a in answers), **_comments(item)}


def _embedded(item: Item) -> Fields:
    holder = item.element.find("questiontext")
    if holder is None:
        return {"kind": "cloze"}
    made = embedded.read(raw_text(holder))
    for key, values in made.remarks:
        item.say(key, **values)
    return {"kind": "cloze", "text": embedded.placed(item.words_of(holder, made.text)), "gaps": tuple(made.gaps)}


def _selected(item: Item) -> Fields:
    """Words chosen or dragged into gaps `[[1]]`; each gap offers the words of its group."""
    choices = [*item.element.findall("selectoption"), *item.element.findall("dragbox")]
    groups = [(_line(markup.plain(item.words_of(choice))), item.said("group", choice)) for choice in choices]
    gaps = []
    holder = item.element.find("questiontext")
    source = raw_text(holder) if holder is not None else ""
    places = [int(found) for found in SELECTED.findall(source)]
    for id, place in zip(gap_ids(len(places)), places, strict=True):
        if 0 < place <= len(groups):
            right, group = groups[place - 1]
            others = [words for words, of in groups if of == group and words != right]
            gaps.append(
                Gap(id, options=tuple(dict.fromkeys([right, *others]))) if others else Gap(id, (right,), ("case",))
            )
    ids = iter(gap_ids(len(places)))
    stem = SELECTED.sub(lambda _: f"{embedded.OPEN}{next(ids)}{embedded.CLOSE}", source)
    words = embedded.placed(item.words_of(holder, stem)) if holder is not None else ""
    return {"kind": "cloze", "text": words, "gaps": tuple(gaps), **_comments(item)}


def _essay(item: Item) -> Fields:
    is_file = item.said("responseformat") == "noinline"
    most = int(item.number("maxwordlimit", 0))
    if item.words("responsetemplate"):
        item.say("lost-template")
    kind = {"kind": "file"} if is_file else {"kind": "essay", "most_words": most}
    return {**kind, "rubric": _rubric(item)}


def _rubric(item: Item) -> tuple[Criterion, ...]:
    """Criteria and points that we write as `<dl>`; other notes for markers are one criterion."""
    notes = item.element.find("graderinfo")
    source = raw_text(notes) if notes is not None else ""
    rows = re.findall(r"<dt>(.*?)</dt>\s*<dd>\s*([0-9.]+)\s*</dd>", source, re.DOTALL)
    if rows:
        return tuple(Criterion(_line(markup.from_html(words).text), number(points) or 1) for words, points in rows)
    words = _line(item.words("graderinfo"))
    return (Criterion(words, item.number("defaultgrade", 1) or 1),) if words else ()


READERS: Mapping[str, Callable[[Item], Fields]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short,
    "numerical": _numeric,
    "calculated": _calculated,
    "calculatedsimple": _calculated,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "cloze": _embedded,
    "multianswer": _embedded,
    "gapselect": _selected,
    "ddwtos": _selected,
    "essay": _essay,
}
