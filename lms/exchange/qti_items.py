"""Reading one QTI item, of any version: its body with one interaction, or with several inside a text, as a question."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from lms import text
from lms.catalogue.content import Criterion, Gap, Option
from lms.exchange import markup
from lms.exchange.embedded import CLOSE, OPEN, placed
from lms.exchange.gathering import Gathering, blank, even_weights, feedbacks, lines_with_gaps, number
from lms.exchange.labels import gap_ids
from lms.exchange.qti_scoring import Scoring, scoring

Fields = dict[str, Any]
INLINE = ("textentryinteraction", "inlinechoiceinteraction")
NOT_TEXT = {
    "rubricblock",
    "feedbackblock",
    "feedbackinline",
    "templateblock",
    "templateinline",
    "stylesheet",
    "cataloginfo",
}
RIGHT, WRONG = {"right", "correct", "true", "dung"}, {"wrong", "incorrect", "false", "sai"}
OWN_GAP = re.compile(r"G_([a-z0-9]+)")
WITH_GAP = "_____"


@dataclass
class Item:
    """An item on its way; `picture` says where one that it names will lie."""

    gathering: Gathering
    element: Element
    place: str
    picture: markup.Picture
    scoring: Scoring

    def say(self, key: str, *, is_error: bool = False, **values: Any) -> None:
        """Something of this item is lost or doubtful; an error leaves it out."""
        self.gathering.remark(self.place, key, is_error=is_error, **values)

    def words(self, element: Element | None, *more: str) -> str:
        """What an element says, but for the elements called as in `more`."""
        if element is None:
            return ""
        return self.gathering.words(
            self.place, markup.from_tree(element, picture=self.picture, skip={*NOT_TEXT, *more})
        )

    def line(self, element: Element) -> str:
        """The same on one line."""
        return text.clean(self.words(element))

    def plain(self, element: Element) -> str:
        """The same without marks."""
        return text.clean(markup.plain(self.words(element)))

    @property
    def body(self) -> Element:
        body = self.element.find("itembody")
        return Element("itembody") if body is None else body


def read(gathering: Gathering, element: Element, place: str, picture: markup.Picture, labels: list[str]) -> None:
    """Take the question of an `assessmentItem`."""
    item = Item(gathering, element, place, picture, scoring(element))
    interactions = [each for each in item.body.iter() if isinstance(each.tag, str) and each.tag.endswith("interaction")]
    if not interactions:
        item.say("not-a-question", words=item.words(item.body)[:80])
    elif element.find("templatedeclaration") is not None:
        item.say("template-item", is_error=True)
    elif reader := _reader(interactions):
        _add(item, reader(item, interactions), labels)
    elif len(interactions) > 1:
        item.say("several-interactions", is_error=True, count=len(interactions))
    else:
        item.say("type-not-taken", is_error=True, type=interactions[0].tag)


def _reader(interactions: list[Element]) -> "Callable[[Item, list[Element]], Fields] | None":
    tags = {interaction.tag for interaction in interactions}
    if tags <= set(INLINE):
        return _inline
    return BLOCKS.get(interactions[0].tag) if len(interactions) == 1 else None


def _add(item: Item, fields: Fields, labels: list[str]) -> None:
    for tag in item.scoring.strange:
        item.say("unknown-processing", rule=tag)
    if any(each.tag == "assessmentstimulusref" for each in item.element):
        item.say("lost-stimulus")
    comments = _comments(item)
    fields |= {} if "text" in fields else {"text": _stem(item)}
    id = item.element.get("identifier", "").removeprefix("_")
    item.gathering.add(item.place, blank(**{"points": item.scoring.points, **comments, **fields, "id": id}), labels)


def _stem(item: Item) -> str:
    """The words around the interaction, and its prompt."""
    interaction = next(each for each in item.body.iter() if each.tag.endswith("interaction"))
    around = item.words(item.body, interaction.tag)
    return "\n\n".join(filter(None, (around, item.words(interaction.find("prompt")))))


def _comments(item: Item) -> Mapping[str, str]:
    found = {"right": "", "wrong": ""}
    for feedback in item.element.findall("modalfeedback"):
        name, words = feedback.get("identifier", "").lower(), item.words(feedback)
        kind = "right" if name in RIGHT else "wrong" if name in WRONG else ""
        if kind:
            found[kind] = "\n\n".join(filter(None, (found[kind], words)))
        elif words:
            item.say("lost-feedback", words=words[:80])
    return feedbacks(found["right"], found["wrong"], "")


def _choice(item: Item, interactions: list[Element]) -> Fields:
    interaction = interactions[0]
    name = interaction.get("responseidentifier", "")
    choices = interaction.findall("simplechoice")
    ids = [choice.get("identifier", "") for choice in choices]
    right = set(item.scoring.right(name))
    if sorted(ids) == ["false", "true"]:
        return {"kind": "true-false", "answer": right == {"true"} if len(right) == 1 else None}
    shares = item.scoring.shares(name, ids)
    is_single = item.scoring.response(name).cardinality == "single"
    best = max((share for _, share in shares), default=0)
    if is_single and any(0 < share < best for _, share in shares):
        item.say("uneven-weights")
        right = {id for id, (_, share) in zip(ids, shares, strict=True) if share == best}
    elif not is_single and not even_weights(len(right) or 1, shares or [(True, 0)]):
        item.say("uneven-weights")
    options = [
        Option(item.line(c), c.get("identifier") in right, item.words(c.find("feedbackinline"))) for c in choices
    ]
    return {"kind": "single" if is_single else "multiple", "options": tuple(options)}


def _order(item: Item, interactions: list[Element]) -> Fields:
    interaction = interactions[0]
    words = {choice.get("identifier"): item.line(choice) for choice in interaction.findall("simplechoice")}
    order = item.scoring.response(interaction.get("responseidentifier", "")).correct
    return {"kind": "ordering", "items": tuple(words[id] for id in order if id in words)}


def _match(item: Item, interactions: list[Element]) -> Fields:
    """Left sides are the first set; of an `associateInteraction`, what comes first in a right pair."""
    interaction = interactions[0]
    sets = interaction.findall("simplematchset") or [interaction]
    words = {choice.get("identifier", ""): choice for part in sets for choice in part.findall("simpleassociablechoice")}
    first = {choice.get("identifier", "") for choice in sets[0].findall("simpleassociablechoice")}
    found = [tuple(pair.split()) for pair in item.scoring.right(interaction.get("responseidentifier", ""))]
    ids = [pair if pair[0] in first else pair[::-1] for pair in found if len(pair) == 2 and {*pair} <= words.keys()]
    used = {id for pair in ids for id in pair}
    others = [id for id in words if id not in used]
    for id in others:
        if len(sets) > 1 and id in first:
            item.say("left-without-right", words=item.plain(words[id]))
    pairs = [(item.line(words[left]), item.plain(words[right])) for left, right in ids]
    extra = [item.plain(words[id]) for id in others if len(sets) == 1 or id not in first]
    if len({left for left, _ in pairs}) == len(pairs) and len({right for _, right in pairs}) < len(pairs):
        return _as_gaps(item, pairs, extra)
    return {"kind": "matching", "pairs": tuple(pairs), "extra": tuple(extra)}


def _as_gaps(item: Item, pairs: list[tuple[str, str]], extra: list[str]) -> Fields:
    item.say("matching-as-gaps")
    stem, gaps = lines_with_gaps(_stem(item), pairs, extra)
    return {"kind": "cloze", "text": stem, "gaps": gaps}


def _gap_match(item: Item, interactions: list[Element]) -> Fields:
    interaction = interactions[0]
    words = {choice.get("identifier", ""): item.plain(choice) for choice in interaction.findall("gaptext")}
    pairs = [pair.split() for pair in item.scoring.right(interaction.get("responseidentifier", ""))]
    right_of = {pair[1]: pair[0] for pair in reversed(pairs) if len(pair) == 2 and pair[0] in words}
    gaps = []
    places = list(interaction.iter("gap"))
    for id, place in zip(gap_ids(len(places)), places, strict=True):
        if right := right_of.get(place.get("identifier", "")):
            gaps.append(Gap(id, options=(words[right], *(w for key, w in words.items() if key != right))))
        place.tag, place.text = "span", f"{OPEN}{id}{CLOSE}"
    return {"kind": "cloze", "text": placed(item.words(interaction, "gaptext")), "gaps": tuple(gaps)}


def _inline(item: Item, interactions: list[Element]) -> Fields:
    """One place to type on a line of its own is a short answer or a number; all else is a text with gaps."""
    first = interactions[0]
    response = item.scoring.response(first.get("responseidentifier", ""))
    if len(interactions) == 1 and first.tag == INLINE[0] and (response.is_number or _is_alone(item.body, first)):
        return _number(item, first) if response.is_number else _short(item, first)
    gaps = []
    for id, interaction in zip(gap_ids(len(interactions)), interactions, strict=True):
        own = OWN_GAP.fullmatch(interaction.get("responseidentifier", ""))
        gaps.append(_gap(item, interaction, own[1] if own else id))
        _replace(interaction, f"{OPEN}{gaps[-1].id}{CLOSE}")
    return {"kind": "cloze", "text": placed(item.words(item.body)), "gaps": tuple(gaps)}


def _is_alone(body: Element, interaction: Element) -> bool:
    holder = next(each for each in body.iter() if interaction in list(each))
    return holder is not body and not "".join(holder.itertext()).strip()


def _replace(interaction: Element, words: str) -> None:
    for child in list(interaction):
        interaction.remove(child)
    interaction.tag, interaction.text = "span", words


def _typed(item: Item, interaction: Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
    name = interaction.get("responseidentifier", "")
    full, partly = item.scoring.full(name)
    for value, share in partly:
        item.say("lost-answer", answer=value, share=f"{share * 100:g}")
    forgive = () if item.scoring.response(name).is_case_sensitive else ("case",)
    return tuple(map(text.clean, full)), forgive


def _short(item: Item, interaction: Element) -> Fields:
    answers, forgive = _typed(item, interaction)
    return {"kind": "short", "answers": answers, "forgive": forgive}


def _number(item: Item, interaction: Element) -> Fields:
    full, _ = item.scoring.full(interaction.get("responseidentifier", ""))
    alone = _is_alone(item.body, interaction)
    for other in full[1:]:
        item.say("lost-answer", answer=other, share="100")
    answer, tolerance = number(full[0]) if full else None, item.scoring.tolerance
    if item.scoring.tolerance_is_share and answer:
        tolerance = abs(answer) * tolerance / 100
        item.say("relative-tolerance", tolerance=f"{tolerance:g}")
    _replace(interaction, "" if alone else WITH_GAP)
    return {"kind": "numeric", "answer": answer, "tolerance": tolerance, "text": item.words(item.body)}


def _gap(item: Item, interaction: Element, id: str) -> Gap:
    if interaction.tag == INLINE[0]:
        answers, forgive = _typed(item, interaction)
        return Gap(id, answers=answers, forgive=forgive)
    choices = [(choice.get("identifier"), item.plain(choice)) for choice in interaction.findall("inlinechoice")]
    right = item.scoring.right(interaction.get("responseidentifier", ""))[:1]
    return Gap(
        id, options=tuple(words for _, words in sorted(choices, key=lambda each: each[0] not in right)) if right else ()
    )


def _by_hand(kind: str) -> Callable[[Item, list[Element]], Fields]:
    def read(item: Item, interactions: list[Element]) -> Fields:
        return {"kind": kind, "rubric": _rubric(item)}

    return read


def _rubric(item: Item) -> tuple[Criterion, ...]:
    """Criteria and points that we write as a list of definitions; other notes for scorers are one criterion."""
    found: list[Criterion] = []
    for block in item.body.iter("rubricblock"):
        if "scorer" not in block.get("view", ""):
            item.say("lost-rubric-block", words=item.words(block)[:80])
        elif rows := _rows(item, block):
            found += rows
        elif words := item.line(block):
            found.append(Criterion(words, item.scoring.points))
    return tuple(found)


def _rows(item: Item, block: Element) -> list[Criterion]:
    rows = [
        (item.line(dt), number(item.plain(dd)) or 0) for dt, dd in zip(block.iter("dt"), block.iter("dd"), strict=False)
    ]
    return [Criterion(words, points) for words, points in rows] if all(points for _, points in rows) else []


BLOCKS: Mapping[str, Callable[[Item, list[Element]], Fields]] = {
    "choiceinteraction": _choice,
    "orderinteraction": _order,
    "matchinteraction": _match,
    "associateinteraction": _match,
    "gapmatchinteraction": _gap_match,
    "extendedtextinteraction": _by_hand("essay"),
    "uploadinteraction": _by_hand("file"),
}
