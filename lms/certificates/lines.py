"""Texts as lines on a page: a text shrinks, then wraps, then shrinks on, and never leaves its width."""

from functools import lru_cache
from typing import NamedTuple

from lms.fonts import setting

LEADING, DESCENT = 1.35, 0.3
INK, GREY, PALE = "#1b1f24", "#5b6068", "#dcc9c7"


class Style(NamedTuple):
    """A face, the size in points, the smallest size to which a text may shrink before it wraps, and a colour."""

    face: str
    size: float
    smallest: float
    colour: str = INK


class Line(NamedTuple):
    """A line of text on the page: `x` is its left end and `y` its baseline, in points from the bottom left."""

    text: str
    face: str
    size: float
    colour: str
    x: float
    y: float


@lru_cache(maxsize=1024)
def block(text: str, style: Style, x: float, y: float, width: float) -> tuple[Line, ...]:
    """A text centred on `x` in one line or two, the first on baseline `y`; none for an empty text."""
    size, texts = fit(text, style, width)
    return tuple(centred(line, style, size, x, y - row * size * LEADING) for row, line in enumerate(texts) if line)


def centred(text: str, style: Style, size: float, x: float, y: float) -> Line:
    """A line with its middle at `x`."""
    return Line(text, style.face, size, style.colour, x - width_of(text, style.face, size) / 2, y)


def flush_left(text: str, style: Style, x: float, y: float, width: float) -> tuple[Line, ...]:
    """A text in one line from `x` on, however small it must be; none for an empty text."""
    return (Line(text, style.face, largest(text, style.face, style.size, width), style.colour, x, y),) if text else ()


@lru_cache(maxsize=1024)
def one_line(text: str, style: Style, x: float, y: float, width: float) -> tuple[Line, ...]:
    """A text in one line centred on `x`, however small it must be; none for an empty text."""
    return (centred(text, style, largest(text, style.face, style.size, width), x, y),) if text else ()


def width_of(text: str, face: str, size: float) -> float:
    """The width of a set text in points."""
    return setting(text, face).width * size / 1000


@lru_cache(maxsize=1024)
def fit(text: str, style: Style, width: float) -> tuple[float, tuple[str, ...]]:
    """Size and lines of a text in a width: it shrinks to the style's smallest size, then wraps, then shrinks on."""
    size = largest(text, style.face, style.size, width)
    if size >= style.smallest:
        return size, (text,)
    lines = halves(text, style.face)
    return min(largest(line, style.face, style.smallest, width) for line in lines), lines


def halves(text: str, face: str) -> tuple[str, ...]:
    """A text in two lines, cut at that space round its middle which leaves the longer line shorter."""
    middle = len(text) // 2
    cuts = {text.rfind(" ", 0, middle), text.find(" ", middle)} - {-1}
    pairs = [(text[:cut], text[cut + 1 :]) for cut in sorted(cuts)]
    return min(pairs, key=lambda pair: max(setting(line, face).width for line in pair), default=(text,))


def largest(text: str, face: str, size: float, width: float) -> float:
    """The size up to `size` at which a text fits in a width."""
    return size * width / max(width, width_of(text, face, size))
