"""Reading Moodle XML: a `quiz` of `question` elements, categories among them.

Specification: docs.moodle.org, «Moodle XML format». A remark's place is the question's name.
"""

import re
from xml.etree.ElementTree import Element

from lms.exchange import encodings, moodle_answers
from lms.exchange.carried import Carried, Source
from lms.exchange.gathering import Gathering, blank, feedbacks
from lms.exchange.gift import category_title
from lms.exchange.moodle_texts import Item
from lms.exchange.xml import UnreadableXml, parse, said

LOOKS_SO = re.compile(rb"<quiz[\s>/]")
NAME_LETTERS = 60


def recognises(name: str, content: bytes) -> bool:
    """Whether XML whose root is `quiz`."""
    return bool(LOOKS_SO.search(encodings.head(content)))


def read(name: str, content: bytes) -> Carried:
    """The questions of a Moodle XML file."""
    gathering = Gathering()
    try:
        root = parse(content)
    except UnreadableXml as error:
        gathering.remark(str(error.line), error.key, is_error=True)
        return gathering.carried()
    for position, element in enumerate(root.findall("question"), start=1):
        if element.get("type") == "category":
            gathering.topic(category_title(said(element, "category/text")), said(element, "idnumber"))
        else:
            _read_question(gathering, element, position)
    return gathering.carried()


def _read_question(gathering: Gathering, element: Element, position: int) -> None:
    place = f"{position}. {said(element, 'name/text')[:NAME_LETTERS]}".rstrip(". ")
    item = Item(gathering, element, place)
    kind = element.get("type", "")
    if kind == "description":
        item.say("not-a-question", words=item.words("questiontext")[:80])
        return
    fields = moodle_answers.read(item)
    if fields is None:
        gathering.remark(place, "type-not-taken", is_error=True, type=kind)
        return
    _add(item, fields)


def _add(item: Item, fields: moodle_answers.Fields) -> None:
    fields.setdefault("text", None)
    words = item.words("questiontext") if fields["text"] is None else fields["text"]
    if hints := item.element.findall("hint"):
        item.say("lost-hints", count=len(hints))
    comments = feedbacks(
        fields.pop("right_feedback", ""), fields.pop("wrong_feedback", ""), item.words("generalfeedback")
    )
    points = item.number("defaultgrade", 1) or 1
    question = blank(**{**fields, **comments, "text": words, "points": points, "id": item.said("idnumber")})
    item.gathering.source.append(Source(item.place, words))
    item.gathering.add(item.place, question, [said(tag) for tag in item.element.findall("tags/tag")])
