"""Inline Markdown, as questions are written, to and from HTML and plain text; what has no place in it is told.

Pure. `html` and `from_html` are inverse to each other but for spellings (`__a__` for `**a**`): `is_exact` says so.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.etree.ElementTree import Element

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lms import text
from lms.exchange.html_pieces import SPACES, Collected, Parser, Picture, walk
from lms.exchange.pieces import as_html, as_markdown, as_text, tidy

_inline = MarkdownIt("commonmark", {"html": False, "breaks": True, "xhtmlOut": True}).disable(["link", "autolink"])
KEPT = 1 << 10
PLAIN = re.compile(r"[^\\`*_\[\]<>&!\n]*")
SIGNS = re.compile(r"([\\`*_\[\]<>&!])")
MARKED_UP = re.compile(r"</?[A-Za-z][^<>]*>|&(#?\w+);")
FORMULA = re.compile(r"\\\(.+?\\\)|\\\[.+?\\\]|\$\$.+?\$\$", re.DOTALL)


@dataclass
class Found:
    """Markdown that was made of HTML. `losses` are (key, values) of what it could not hold."""

    text: str
    losses: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)


@lru_cache(KEPT)
def html(markdown: str) -> str:
    """A question's text as well-formed XHTML without blocks."""
    if PLAIN.fullmatch(markdown):
        return as_text(markdown)
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
    making = Collected(picture)
    parser = Parser(making)
    parser.feed(source)
    parser.close()
    return _found(making)


def from_tree(element: Element, *, picture: Picture | None = None, skip: Iterable[str] = ()) -> Found:
    """What stands inside an element as inline Markdown, but the elements called as in `skip`."""
    if not len(element):
        return _from_words(element.text or "")
    making = Collected(picture)
    walk(element, making, frozenset(skip))
    return _found(making)


def _from_words(source: str) -> Found:
    words = text.clean_lines(SPACES.sub(" ", source))
    return Found(escaped(words), _formulas(words))


def _words(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif token.children:
            yield from _words(token.children)
        else:
            yield token.content


def _formulas(words: str) -> list[tuple[str, Mapping[str, str]]]:
    if "\\" not in words and "$$" not in words:
        return []
    return [("lost-formula", {"formula": found[0][:60]}) for found in FORMULA.finditer(words)]


def _escape(words: str) -> str:
    return SIGNS.sub(r"\\\1", words)


def _found(collected: Collected) -> Found:
    """The Markdown, with as few escapes as show the same; marks that Markdown cannot place are lost."""
    pieces = tidy(collected.pieces)
    wanted = as_html(pieces, raw=html)
    words = "".join(value for kind, value in pieces if kind == "words")
    losses = collected.losses + _formulas(words)
    for escape in (str, _escape):
        made = as_markdown(pieces, escape)
        if html(made) == wanted:
            return Found(text.clean_lines(made), losses)
    bare = [piece for piece in pieces if piece[0] not in ("open", "close")]
    return Found(text.clean_lines(as_markdown(bare, _escape)), [*losses, ("lost-styling", {"tag": "b, i, code"})])
