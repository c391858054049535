"""One QTI item on its way: its words, its pictures, what it declares as right."""

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from lms import text
from lms.exchange import markup
from lms.exchange.gathering import Gathering
from lms.exchange.html_pieces import Picture
from lms.exchange.qti_scoring import Scoring

Fields = dict[str, Any]
NOT_TEXT = {
    "rubricblock",
    "feedbackblock",
    "feedbackinline",
    "templateblock",
    "templateinline",
    "stylesheet",
    "cataloginfo",
}


@dataclass
class Item:
    """An item on its way; `picture` says where one that it names will lie."""

    gathering: Gathering
    element: Element
    place: str
    picture: Picture
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
