"""The type of official documents: a face as wide as Times, which the system brings; without it the certificates' own face.

Debian's package `fonts-liberation2` has Liberation Serif; no wheel that may be used freely carries such a face.
"""

import unicodedata
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from lms import fonts

FOLDERS = tuple(
    Path("/usr/share/fonts") / folder
    for folder in ("truetype/liberation2", "truetype/liberation", "liberation-serif", "liberation-serif-fonts", "liberation")
)  # fmt: skip
STYLES = ("Regular", "Bold", "Italic", "BoldItalic")
SERIF = "LiberationSerif"

_registering = Lock()


class Faces(NamedTuple):
    """The names under which ReportLab knows the four styles."""

    regular: str
    bold: str
    italic: str
    bold_italic: str


@cache
def folder() -> Path | None:
    """Where the Times-metric face lies; None when this machine has none."""
    return next((place for place in FOLDERS if all(_path(place, style).is_file() for style in STYLES)), None)


def faces() -> Faces:
    """The four styles, known to ReportLab. May be asked from any thread."""
    found = folder()
    if found is None:
        fonts.register()
        return Faces(fonts.REGULAR, fonts.BOLD, fonts.ITALIC, fonts.ITALIC)
    names = [f"{SERIF}-{style}" for style in STYLES]
    with _registering:
        for name, style in zip(names, STYLES, strict=True):
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, str(_path(found, style))))
    return Faces(*names)


def settable(text: str) -> str:
    """A text in NFC, in which what no face has became a question mark: a job does not fail for one letter."""
    known = _coverage(faces().regular)
    return "".join(char if ord(char) in known or char == "\n" else "?" for char in unicodedata.normalize("NFC", text))


def missing(text: str) -> str:
    """The characters of a text that cannot be set, sorted."""
    known = _coverage(faces().regular)
    return "".join(
        sorted({char for char in unicodedata.normalize("NFC", text) if ord(char) not in known} - {"\n", "\r"})
    )


@cache
def _coverage(name: str) -> frozenset[int]:
    return frozenset(pdfmetrics.getFont(name).face.charToGlyph)


def _path(place: Path, style: str) -> Path:
    return place / f"{SERIF}-{style}.ttf"
