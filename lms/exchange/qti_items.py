"""Reading one QTI item, of any version: its body with one interaction, or with several inside a text, as a question."""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from lms.catalogue.content import Criterion, Option
from lms.exchange.gathering import Gathering, blank, even_weights, feedbacks, number
from lms.exchange.html_pieces import Picture
from lms.exchange.qti_gaps import INLINE, gap_match, inline
from lms.exchange.qti_scoring import scoring
from lms.exchange.qti_texts import Fields, Item

RIGHT, WRONG = {"right", "correct", "true", "dung"}, {"wrong", "incorrect", "false", "sai"}


def read(gathering: Gathering, element: Element, place: str, picture: Picture, labels: list[str]) -> None:
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
        return inline
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
    return {"kind": "matching", "pairs": tuple(pairs), "extra": tuple(extra)}


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
    "gapmatchinteraction": gap_match,
    "extendedtextinteraction": _by_hand("essay"),
    "uploadinteraction": _by_hand("file"),
}
