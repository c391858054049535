"""Pieces of a text on their way from HTML to Markdown: words, breaks, and marks that open and close. Pure."""

from collections.abc import Callable
from html import escape

Piece = tuple[str, str]
"""(kind, value): words · break (`\n` or `\n\n`) · cell · raw (a picture in Markdown) · open and close (a mark)."""

SIGN_OF = {"strong": "**", "em": "*", "code": "`"}


def tidy(pieces: list[Piece]) -> list[Piece]:
    """Breaks joined to the longest, none at the ends; spaces outside of marks; no empty marks."""
    kept: list[Piece] = []
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


def _balanced(pieces: list[Piece]) -> list[Piece]:
    """Marks closed in their order and before a break; a mark within itself or never opened is dropped."""
    kept: list[Piece] = []
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


def _spaces_out(pieces: list[Piece]) -> list[Piece]:
    """Spaces at the inner edge of a mark moved outside, empty marks dropped."""
    kept: list[Piece] = []
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


def _strip_end(pieces: list[Piece]) -> None:
    while pieces and pieces[-1][0] == "words":
        value = pieces[-1][1].rstrip(" ")
        if value:
            pieces[-1] = ("words", value)
            return
        pieces.pop()


def as_text(words: str) -> str:
    """Words as HTML that shows them."""
    return escape(words, quote=False).replace('"', "&quot;")


def as_html(pieces: list[Piece], raw: Callable[[str], str]) -> str:
    """The HTML that the Markdown of pieces should give; `raw` makes it of what is Markdown already."""
    made = []
    for kind, value in pieces:
        if kind == "words":
            made.append(as_text(value))
        elif kind == "break":
            made.append("<br />\n" * value.count("\n"))
        elif kind == "raw":
            made.append(raw(value))
        else:
            made.append(f"<{'/' if kind == 'close' else ''}{value}>")
    return "".join(made)


def as_markdown(pieces: list[Piece], escape: Callable[[str], str]) -> str:
    """The Markdown of pieces, its words as `escape` writes them."""
    made, is_code = [], False
    for kind, value in pieces:
        if kind in ("open", "close"):
            is_code = kind == "open" if value == "code" else is_code
            made.append(SIGN_OF[value])
        else:
            made.append(escape(value) if kind == "words" and not is_code else value)
    return "".join(made)
