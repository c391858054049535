"""Inline Markdown, as questions are written, to and from HTML and plain text; what has no place in it is told.

Pure. `html` and `from_html` are inverse to each other but for spellings (`__a__` for `**a**`): `is_exact` says so.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from lms import text

Picture = Callable[[str], str]
"""Where a picture that the HTML names will lie (`media/…`); empty when it is not there."""

_inline = MarkdownIt("commonmark", {"html": False, "breaks": True, "xhtmlOut": True}).disable(["link", "autolink"])
KEPT = 1 << 10
PLAIN = re.compile(r"[^\\`*_\[\]<>&!\n]*")
SIGNS = re.compile(r"([\\`*_\[\]<>&!])")
MARKED_UP = re.compile(r"</?[A-Za-z][^<>]*>|&(#?\w+);")
PICTURE = re.compile(r"!\[([^\]]*)\]\((media/[^)\s]+)[^)]*\)")
SPACES = re.compile(r"[ \t\r\n\f]+")
FORMULA = re.compile(r"\\\(.+?\\\)|\\\[.+?\\\]|\$\$.+?\$\$", re.DOTALL)

MARKS = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code", "tt": "code", "kbd": "code"}
SIGN_OF = {"strong": "**", "em": "*", "code": "`"}
PARAGRAPHS = frozenset(
    [
        "p",
        "div",
        "ul",
        "ol",
        "dl",
        "table",
        "blockquote",
        "pre",
        "section",
        "article",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
LINES = {"br", "li", "tr", "dt", "dd", "hr"}
CELLS = {"td", "th"}
PASSED = frozenset(
    [
        "html",
        "head",
        "body",
        "tbody",
        "thead",
        "span",
        "a",
        "itembody",
        "contentbody",
        "prompt",
        "figure",
        "figcaption",
        "label",
        "abbr",
        "q",
        "cite",
        "small",
        "big",
        "font",
        "center",
    ]
)
SILENT = {"script", "style", "title", "template"}
PLAYED = frozenset(
    ["audio", "video", "object", "iframe", "embed", "applet", "svg", "math", "canvas", "form", "input", "select"]
)
RAISED = {"sup": str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"), "sub": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")}


@dataclass
class Found:
    """Markdown that was made of HTML. `losses` are (key, values) of what it could not hold."""

    text: str
    losses: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)


@lru_cache(KEPT)
def html(markdown: str) -> str:
    """A question's text as well-formed XHTML without blocks."""
    if PLAIN.fullmatch(markdown):
        return escapeHtml(markdown)
    rendered: str = _inline.renderInline(markdown)
    return rendered


@lru_cache(KEPT)
def is_exact(markdown: str) -> bool:
    """Whether `from_html(html(…))` gives back this very text."""
    return bool(PLAIN.fullmatch(markdown)) or from_html(html(markdown), picture=str).text == markdown


@lru_cache(KEPT)
def plain(markdown: str) -> str:
    """A question's text without its marks."""
    if PLAIN.fullmatch(markdown):
        return markdown
    return "".join(_words(_inline.parseInline(markdown)))


def escaped(words: str) -> str:
    """Plain text as Markdown that shows it: signs are escaped only where they would mean something."""
    return words if plain(words) == words else SIGNS.sub(r"\\\1", words)


def from_html(source: str, *, picture: Picture | None = None) -> Found:
    """HTML, however broken, as inline Markdown."""
    if not MARKED_UP.search(source) and "<" not in source:
        return _from_words(source)
    making = _Making(picture)
    parser = _Parser(making)
    parser.feed(source)
    parser.close()
    return making.found()


def from_tree(element: Element, *, picture: Picture | None = None, skip: Iterable[str] = ()) -> Found:
    """What stands inside an element as inline Markdown, but the elements called as in `skip`."""
    if not len(element):
        return _from_words(element.text or "")
    making = _Making(picture)
    _walk(element, making, frozenset(skip))
    return making.found()


def _from_words(source: str) -> Found:
    words = text.clean_lines(SPACES.sub(" ", source))
    return Found(escaped(words), _formulas(words))


def pictures(markdown: str) -> list[tuple[str, str]]:
    """(words, path) of the pictures of a text."""
    return PICTURE.findall(markdown) if "](media/" in markdown else []


def _words(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif token.children:
            yield from _words(token.children)
        else:
            yield token.content


def _walk(element: Element, making: "_Making", skip: frozenset[str]) -> None:
    making.words(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and child.tag not in skip:
            making.open(child.tag, child.attrib)
            _walk(child, making, skip)
            making.close(child.tag)
        making.words(child.tail or "")


def _formulas(words: str) -> list[tuple[str, Mapping[str, str]]]:
    if "\\" not in words and "$$" not in words:
        return []
    return [("lost-formula", {"formula": found[0][:60]}) for found in FORMULA.finditer(words)]


class _Parser(HTMLParser):
    def __init__(self, making: "_Making") -> None:
        super().__init__(convert_charrefs=True)
        self.making = making

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.making.open(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self.making.close(tag)

    def handle_data(self, data: str) -> None:
        self.making.words(data)


class _Making:
    """Collects pieces: words, breaks, and marks that open and close; the HTML they should give is made beside them."""

    def __init__(self, picture: Picture | None) -> None:
        self.picture = picture
        self.pieces: list[tuple[str, str]] = []
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

    def found(self) -> Found:
        """The Markdown, with as few escapes as show the same; marks that Markdown cannot place are lost."""
        pieces = _tidy(self.pieces)
        wanted = _as_html(pieces)
        words = "".join(value for kind, value in pieces if kind == "words")
        losses = self.losses + _formulas(words)
        for escape in (str, _escape):
            made = _as_markdown(pieces, escape)
            if html(made) == wanted:
                return Found(text.clean_lines(made), losses)
        bare = [piece for piece in pieces if piece[0] not in ("open", "close")]
        return Found(text.clean_lines(_as_markdown(bare, _escape)), [*losses, ("lost-styling", {"tag": "b, i, code"})])

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


def _escape(words: str) -> str:
    return SIGNS.sub(r"\\\1", words)


def _tidy(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Breaks joined to the longest, none at the ends; spaces outside of marks; no empty marks."""
    kept: list[tuple[str, str]] = []
    for kind, value in _balanced(pieces):
        if kind == "cell":
            kind, value = "words", " | " if kept and kept[-1][0] != "break" else ""
        if kind == "break":
            _strip_end(kept)
            if kept and kept[-1][0] == "break":
                value = max(kept.pop()[1], value) if "\n\n" in (value, kept[-1][1]) else kept.pop()[1] + value
            if kept:
                kept.append((kind, value))
        elif kind == "words":
            at_start = not kept or kept[-1][0] == "break" or (kept[-1][0] == "words" and kept[-1][1].endswith(" "))
            if value := value.lstrip(" ") if at_start else value:
                kept.append((kind, value))
        else:
            kept.append((kind, value))
    kept = _spaces_out(kept)
    while kept and kept[-1][0] == "break":
        kept.pop()
    _strip_end(kept)
    while kept and kept[0][0] == "break":
        kept.pop(0)
    return [(kind, value) for kind, value in kept if value]


def _balanced(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Marks closed in their order and before a break; a mark within itself or never opened is dropped."""
    kept: list[tuple[str, str]] = []
    opened: list[str] = []
    for kind, value in pieces:
        if kind == "open" and (value in opened or "code" in opened):
            continue
        if kind == "close" and value not in opened:
            continue
        if kind == "close":
            while opened and opened[-1] != value:
                kept.append(("close", opened.pop()))
            opened.pop()
        elif kind == "open":
            opened.append(value)
        elif kind == "break" and value == "\n\n":
            kept += [("close", mark) for mark in reversed(opened)]
            opened.clear()
        kept.append((kind, value))
    return kept + [("close", mark) for mark in reversed(opened)]


def _spaces_out(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Spaces at the inner edge of a mark moved outside, empty marks dropped."""
    kept: list[tuple[str, str]] = []
    waiting = ""
    for kind, value in pieces:
        if kind == "words" and kept and kept[-1][0] == "open" and value.startswith(" "):
            place = len(kept) - 1
            while place and kept[place - 1][0] == "open":
                place -= 1
            kept.insert(place, ("words", " "))
            value = value.lstrip(" ")
            if not value:
                continue
        if kind == "close":
            if kept and kept[-1][0] == "words" and kept[-1][1].endswith(" "):
                waiting = " "
                kept[-1] = ("words", kept[-1][1].rstrip(" "))
                if not kept[-1][1]:
                    kept.pop()
            if kept and kept[-1] == ("open", value):
                kept.pop()
            else:
                kept.append((kind, value))
            continue
        if waiting:
            kept.append(("words", waiting))
            value = value.lstrip(" ") if kind == "words" else value
            waiting = ""
        kept.append((kind, value))
    return kept


def _strip_end(pieces: list[tuple[str, str]]) -> None:
    while pieces and pieces[-1][0] == "words":
        value = pieces[-1][1].rstrip(" ")
        if value:
            pieces[-1] = ("words", value)
            return
        pieces.pop()


def _as_html(pieces: list[tuple[str, str]]) -> str:
    made = []
    for kind, value in pieces:
        if kind == "words":
            made.append(escapeHtml(value))
        elif kind == "break":
            made.append("<br />\n" * value.count("\n"))
        elif kind == "raw":
            made.append(html(value))
        else:
            made.append(f"<{'/' if kind == 'close' else ''}{value}>")
    return "".join(made)


def _as_markdown(pieces: list[tuple[str, str]], escape: Callable[[str], str]) -> str:
    made, is_code = [], False
    for kind, value in pieces:
        if kind in ("open", "close"):
            is_code = kind == "open" if value == "code" else is_code
            made.append(SIGN_OF[value])
        else:
            made.append(escape(value) if kind == "words" and not is_code else value)
    return "".join(made)
