"""HTML, however broken, taken apart into pieces; what inline Markdown has no place for is noted."""

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

from lms.exchange.pieces import Piece

Picture = Callable[[str], str]
"""Where a picture that the HTML names will lie (`media/…`); empty when it is not there."""

MARKS = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code", "tt": "code", "kbd": "code"}
PARAGRAPHS = "p div ul ol dl table blockquote pre section article h1 h2 h3 h4 h5 h6".split()  # noqa: SIM905
LINES = ("br", "li", "tr", "dt", "dd", "hr")
CELLS = ("td", "th")
PASSED = frozenset(
    {
        *(
            "html",
            "head",
            "body",
            "tbody",
            "thead",
            "itembody",
            "contentbody",
            "prompt",
            "figure",
            "figcaption",
            "label",
        ),
        *("span", "a", "abbr", "q", "cite", "small", "big", "font", "center", "o:p"),
    }
)
SILENT = ("script", "style", "title", "template")
PLAYED = "audio video object iframe embed applet svg math canvas form input select".split()  # noqa: SIM905
RAISED = {"sup": str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"), "sub": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")}
SPACES = re.compile(r"[ \t\r\n\f]+")


class Collected:
    """Collects pieces: words, breaks, and marks that open and close."""

    def __init__(self, picture: Picture | None) -> None:
        self.picture = picture
        self.pieces: list[Piece] = []
        self.losses: list[tuple[str, Mapping[str, str]]] = []
        self.silent = 0
        self.raised: list[str] = []
        self.links: list[str] = []

    def open(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag in MARKS:
            self.pieces.append(("open", MARKS[tag]))
        elif tag in PARAGRAPHS:
            self.pieces.append(("break", "\n\n"))
        elif tag in LINES:
            self.pieces.append(("break", "\n"))
            self.pieces += [("words", "• ")] if tag == "li" else []
        elif tag in CELLS:
            self.pieces.append(("cell", ""))
        elif tag in RAISED:
            self.raised.append(tag)
        elif tag == "img":
            self._picture(attributes)
        elif tag in PLAYED:
            self._lose("lost-element", tag=tag)
        elif tag not in PASSED:
            self._lose("lost-styling", tag=tag)
        if tag == "table":
            self._lose("lost-table")
        if tag == "a":
            self.links.append(attributes.get("href", ""))

    def close(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in MARKS:
            self.pieces.append(("close", MARKS[tag]))
        elif tag in PARAGRAPHS:
            self.pieces.append(("break", "\n\n"))
        elif tag in RAISED and self.raised:
            self.raised.pop()
        elif tag == "a" and self.links and (href := self.links.pop()).startswith(("http://", "https://")):
            self.pieces.append(("words", f" ({href})"))
            self._lose("lost-link", address=href[:100])

    def words(self, data: str) -> None:
        if self.silent or not data:
            return
        if self.raised and data.strip():
            raised = data.translate(RAISED[self.raised[-1]])
            if any(a == b and a.strip() for a, b in zip(data, raised, strict=True)):
                self._lose("lost-styling", tag=self.raised[-1])
                raised = data
            data = raised
        self.pieces.append(("words", SPACES.sub(" ", data)))

    def _picture(self, attributes: Mapping[str, str]) -> None:
        source = attributes.get("src", "")
        words = re.sub(r"[\[\]\s]+", " ", attributes.get("alt", "")).strip()
        path = self.picture(source) if self.picture else ""
        if path:
            self.pieces.append(("raw", f"![{words}]({path})"))
            if not words:
                self._lose("picture-without-alt", name=path)
        else:
            self._lose("lost-picture", name=source[:100])
            self.pieces.append(("words", words))

    def _lose(self, key: str, **values: str) -> None:
        if (key, values) not in self.losses:
            self.losses.append((key, values))


class Parser(HTMLParser):
    """Gives what it parses to a collection."""

    def __init__(self, making: "Collected") -> None:
        super().__init__(convert_charrefs=True)
        self.making = making

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.making.open(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self.making.close(tag)

    def handle_data(self, data: str) -> None:
        self.making.words(data)


def walk(element: Element, making: "Collected", skip: frozenset[str]) -> None:
    """Collect what stands inside an element of a tree, but the elements called as in `skip`."""
    making.words(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and child.tag not in skip:
            making.open(child.tag, child.attrib)
            walk(child, making, skip)
            making.close(child.tag)
        making.words(child.tail or "")
