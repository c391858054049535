"""Be Vietnam Pro, the one typeface: where it lies, what it can print, how its letters sit, and its subsets.

The TTF files (SIL Open Font License) come with the wheel `fontpkg-be-vietnam-pro`; nothing is fetched.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import compress, count, pairwise
from operator import add
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as ReportLabFont

REGULAR, SEMIBOLD, BOLD, ITALIC = FACES = tuple(
    f"BeVietnamPro-{style}" for style in ("Regular", "SemiBold", "Bold", "Italic")
)
WEB_WEIGHTS = {400: REGULAR, 600: SEMIBOLD, 700: BOLD}
# The font has no → and ✓: browsers take these from another one.
WEB_CHARACTERS = "".join(map(chr, [*range(0x20, 0x7F), *range(0xC0, 0x100), *range(0x1EA0, 0x1EFA)])) + (
    "ĂăĐđĨĩŨũƠơƯư «»°±²³·×–—‘’“”•…−≠≤≥\u0300\u0301\u0303\u0309\u0323"
)
BREVE, BREVES = "\u0306", {"Ĕ": "E", "ĕ": "e", "Ĭ": "I", "ĭ": "ı", "Ŏ": "O", "ŏ": "o", "Ŭ": "U", "ŭ": "u"}
"""Letters of names of the Central Highlands that the typeface lacks; it has their parts."""
LAYOUT = ["GDEF", "GPOS", "GSUB"]
NOT_OUTLINES = {"OS/2", "cmap", "gasp", "name", "post"}
SIGNS = "€−≤≥"
FAINTEST_KERN, MARK_TO_BASE = 10, 4

_registering = Lock()


class UnprintableText(ValueError):
    """A text that is not NFC or has characters the font lacks. `characters` are the offenders, sorted."""

    def __init__(self, text: str, characters: Iterable[str]) -> None:
        self.text = text
        self.characters = "".join(sorted(characters))
        super().__init__(" ".join(f"U+{ord(char):04X}" for char in self.characters))


class Setting(NamedTuple):
    """A text set in a face: pieces with the kern after each, and the width, in thousandths of the size."""

    pieces: tuple[tuple[str, int], ...]
    width: int


class Tables(NamedTuple):
    """What is read from a face: glyph names by code point, widths and left bearings by glyph, and the kern tables."""

    glyphs: dict[int, str]
    metrics: dict[str, tuple[int, int]]
    kerns: list[Any]


def register() -> None:
    """Makes the faces known to ReportLab under their own names. May be repeated, from any thread."""
    with _registering:
        for face in set(FACES).difference(pdfmetrics.getRegisteredFontNames()):
            pdfmetrics.registerFont(ReportLabFont(face, BytesIO(program(face)), asciiReadable=False))


def path(face: str) -> Path:
    """The TTF file of a face."""
    return Path(str(files("fontpkg_be_vietnam_pro"))) / "files" / f"{face}.ttf"


@cache
def program(face: str) -> bytes:
    """A face as it is printed: its file, and the letters that are put together from its parts."""
    with TTFont(path(face), recalcTimestamp=False, recalcBBoxes=False) as font:
        glyphs = font.getBestCmap()
        for letter, base in BREVES.items():
            _compose(font, letter, glyphs[ord(base)], glyphs[ord(BREVE)])
        return _saved(font)


@cache
def coverage(face: str) -> frozenset[int]:
    """The code points that have a glyph in a face."""
    return frozenset(_tables(face).glyphs)


@cache
def printable() -> frozenset[str]:
    """The characters that may be printed: letters of all Latin scripts in the font, digits, punctuation, some signs.

    Combining marks, controls and singletons are not among them, so a text of these is NFC: NFD is drawn wrong in every
    font. Raised and lowered digits and fractions are left out to keep the embedded font small.
    """
    shared = map(chr, frozenset.intersection(*map(coverage, FACES)))
    return frozenset(char for char in shared if _stands_alone(char) and (char < "\u2070" or char in SIGNS))


@cache
def usual() -> frozenset[str]:
    """The characters of Vietnamese texts among those that may be printed."""
    return printable().intersection(WEB_CHARACTERS)


@lru_cache(maxsize=1024)
def setting(text: str, face: str) -> Setting:
    """How a text sits in a face, kerned (ReportLab does not kern). Raises UnprintableText."""
    if not printable().issuperset(text):
        raise UnprintableText(text, set(text) - printable())
    kerns = list(map(_kerns(face).__getitem__, map(add, text, text[1:])))
    ends = [*compress(count(1), kerns), len(text)]
    pieces = (text[start:end] for start, end in pairwise([0, *ends]))
    width = sum(map(advances(face).__getitem__, text)) + sum(kerns)
    return Setting(tuple(zip(pieces, [*filter(None, kerns), 0], strict=True)), width)


@cache
def advances(face: str) -> dict[str, int]:
    """The widths of the printable characters in thousandths of the size."""
    glyphs, metrics, _ = _tables(face)
    return {char: metrics[glyphs[ord(char)]][0] for char in printable()}


class _Kerns(dict[str, int]):
    """The kerns of a face by pairs, each looked up when it is first asked for."""

    def __init__(self, face: str) -> None:
        self.face = face

    def __missing__(self, pair: str) -> int:
        self[pair] = kerning(self.face, *pair)
        return self[pair]


@cache
def _kerns(face: str) -> _Kerns:
    return _Kerns(face)


def kerning(face: str, left: str, right: str) -> int:
    """What the font adds between two characters, in thousandths of the size; 0 when nobody would see it."""
    glyphs, _, kerns = _tables(face)
    first, second = glyphs[ord(left)], glyphs[ord(right)]
    found = (_kern(table, first, second) for table in kerns if first in table.Coverage.glyphs)
    kern = next((kern for kern in found if kern is not None), 0)
    return kern if abs(kern) >= FAINTEST_KERN else 0


def subset(face: str, characters: Iterable[str], features: Sequence[str] = ()) -> TTFont:
    """A face with only these characters and layout features, and no hints."""
    options = Options(hinting=False, layout_features=list(features), name_IDs=[1, 2], notdef_outline=True)
    options.drop_tables += [] if features else LAYOUT
    font = TTFont(BytesIO(program(face)), recalcTimestamp=False, recalcBBoxes=False)
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(characters))
    subsetter.subset(font)
    return font


def outlines(font: TTFont) -> bytes:
    """The bare TrueType that is embedded in a PDF: glyphs and metrics."""
    for table in NOT_OUTLINES.intersection(font.keys()):
        del font[table]
    return _saved(font)


def build_web_fonts(folder: Path) -> dict[int, str]:
    """Writes a WOFF2 for each weight and returns the file names by weight; a name carries a hash of the content."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {}
    for weight, face in WEB_WEIGHTS.items():
        font = subset(face, WEB_CHARACTERS, features=("kern", "mark"))
        font.flavor = "woff2"
        content = _saved(font)
        names[weight] = f"be-vietnam-pro-{weight}.{hashlib.sha256(content).hexdigest()[:8]}.woff2"
        (folder / names[weight]).write_bytes(content)
    return names


def _stands_alone(char: str) -> bool:
    return unicodedata.category(char)[0] not in "MC" and unicodedata.is_normalized("NFC", char)


@cache
def _tables(face: str) -> Tables:
    # Not lazy: nothing is left to be loaded when threads share it.
    with TTFont(BytesIO(program(face)), lazy=False) as font:
        gpos = font["GPOS"].table
        features = (record.Feature for record in gpos.FeatureList.FeatureRecord if record.FeatureTag == "kern")
        lookups = sorted({index for feature in features for index in feature.LookupListIndex})
        kerns = [table for index in lookups for table in gpos.LookupList.Lookup[index].SubTable]
        return Tables(font.getBestCmap(), font["hmtx"].metrics, kerns)


def _compose(font: TTFont, letter: str, base: str, mark: str) -> None:
    """Add a letter: a base, and above it a mark where the font wants it to sit."""
    name, below, above = f"uni{ord(letter):04X}", *_anchors(font, base, mark)
    pen = TTGlyphPen(font.getGlyphSet())
    pen.addComponent(base, (1, 0, 0, 1, 0, 0))
    pen.addComponent(mark, (1, 0, 0, 1, below.XCoordinate - above.XCoordinate, below.YCoordinate - above.YCoordinate))
    font["glyf"][name] = glyph = pen.glyph()
    glyph.recalcBounds(font["glyf"])
    width, _ = font["hmtx"].metrics[base]
    font["hmtx"].metrics[name] = (width, glyph.xMin)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(letter)] = name


def _anchors(font: TTFont, base: str, mark: str) -> tuple[Any, Any]:
    """Where a base and a mark meet, as the layout table of marks has it."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in (getattr(table, "ExtSubTable", table) for table in lookup.SubTable):
            is_of_marks = table.LookupType == MARK_TO_BASE and mark in table.MarkCoverage.glyphs
            if is_of_marks and base in table.BaseCoverage.glyphs:
                record = table.MarkArray.MarkRecord[table.MarkCoverage.glyphs.index(mark)]
                anchors = table.BaseArray.BaseRecord[table.BaseCoverage.glyphs.index(base)].BaseAnchor
                return anchors[record.Class], record.MarkAnchor
    raise LookupError(f"{base} {mark}")


def _kern(table: Any, left: str, right: str) -> int | None:
    # None sends the search on to the next table, as OpenType has it: pairs by name first, then by class.
    if table.Format == 1:
        pairs = table.PairSet[table.Coverage.glyphs.index(left)].PairValueRecord
        return next((pair.Value1.XAdvance for pair in pairs if pair.SecondGlyph == right), None)
    row = table.Class1Record[table.ClassDef1.classDefs.get(left, 0)].Class2Record
    return getattr(row[table.ClassDef2.classDefs.get(right, 0)].Value1, "XAdvance", 0)


def _saved(font: TTFont) -> bytes:
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()
