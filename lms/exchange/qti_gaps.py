"""Places inside the text of a QTI item: to type in, to choose for, to move words into."""

import re
from xml.etree.ElementTree import Element

from lms import text
from lms.catalogue.content import Gap
from lms.exchange.embedded import CLOSE, OPEN, placed
from lms.exchange.gathering import number
from lms.exchange.labels import gap_ids
from lms.exchange.qti_texts import Fields, Item

INLINE = ("textentryinteraction", "inlinechoiceinteraction")
OWN_GAP = re.compile(r"G_([a-z0-9]+)")
WITH_GAP = "_____"


def inline(item: Item, interactions: list[Element]) -> Fields:
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


def gap_match(item: Item, interactions: list[Element]) -> Fields:
    """Words moved into gaps are chosen there."""
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
