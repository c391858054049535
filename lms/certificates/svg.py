"""A paper as SVG, for screens: the same lines and the very ground that are printed, letters as outlines, nothing fetched.

What the PDF's ground asks for and this module does not know raises KeyError, so that nothing is left out in silence.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from threading import Lock
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont
from pikepdf import Object, Pdf, parse_content_stream

from lms import files
from lms.certificates import qr
from lms.certificates.layouts import SYMBOL_SIZE
from lms.certificates.lines import INK, Line
from lms.certificates.pdf import PictureOf, draw_ground
from lms.certificates.sheet import Sheet
from lms.certificates.texts import Paper, Wording
from lms.fonts import advances, program, setting

Matrix = tuple[float, float, float, float, float, float]

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {height:.2f}">'
UPRIGHT = '<rect width="100%" height="100%" fill="#fff"/><g transform="matrix(1 0 0 -1 0 {height:.2f})" fill="none">'
SAME: Matrix = (1, 0, 0, 1, 0, 0)
PAINTS = {"S": (False, True), "B*": (True, True), "f": (True, False)}
"""Operators that paint the path: whether they fill it and whether they stroke it."""
PATHS = {"m": "M", "l": "L", "c": "C"}
MARKS = {"BMC", "BDC", "EMC"}

_reading = Lock()


def drawn(wording: Wording, paper: Paper, picture_of: PictureOf = files.read) -> str:
    """A certificate as an SVG document, as `pdf.draw` prints it. Raises UnprintableText."""
    sheet = Sheet(wording)
    width, height = sheet.layout.size
    board = Board([picture_of(name) for name in (wording.look.logo, wording.look.seal) if name])
    with Pdf.open(BytesIO(draw_ground(sheet, picture_of))) as pdf:
        board.follow(pdf.pages[0].obj)
    for line in sheet.lines(paper):
        board.write(line)
    board.stamp(qr.matrix(paper.verify_url.encode("ascii")), *sheet.layout.symbol[:2])
    head = HEAD.format(width=width, height=height)
    return "".join((head, *board.shapes(), UPRIGHT.format(height=height), *board.marks, "</g></svg>"))


@dataclass(frozen=True)
class Pen:
    """The state of drawing."""

    at: Matrix = SAME
    stroke: str = "#000"
    fill: str = "#000"
    width: float = 1.0


class Board:
    """What is drawn: marks on the page, and the shapes of which each is told once."""

    def __init__(self, pictures: Sequence[bytes]) -> None:
        self.marks: list[str] = []
        self._pictures = iter(pictures)
        self._shapes: dict[str, int] = {}
        self._forms: dict[tuple[Any, Pen], str] = {}

    def shapes(self) -> Iterator[str]:
        """The definitions to which the marks point."""
        yield "<defs>"
        yield from (f'<path id="s{number}" d="{shape}"/>' for shape, number in self._shapes.items())
        yield from (f'<g id="f{number}">{marks}</g>' for number, marks in enumerate(self._forms.values()))
        yield "</defs>"

    def follow(self, page: Object, pen: Pen = Pen()) -> None:
        """Draw what a page or form of a PDF says."""
        path, kept = "", []
        for instruction in parse_content_stream(page):
            operator, operands = str(instruction.operator), list(instruction.operands)
            if operator in PAINTS:
                self._paint(path, pen, *PAINTS[operator])
                path = ""
            elif operator in PATHS:
                path += PATHS[operator] + _numbers(operands)
            elif operator == "re":
                x, y, width, height = map(float, operands)
                path += f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z"
            elif operator == "n":
                path = ""
            elif operator == "q":
                kept.append(pen)
            elif operator == "Q":
                pen = kept.pop()
            elif operator == "Do":
                self._place(page.Resources.XObject[str(operands[0])], pen)
            elif operator not in MARKS:
                pen = CHANGES[operator](pen, operands)

    def write(self, line: Line) -> None:
        """Letters as outlines, where the printer sets them."""
        scale, x, letters = line.size / 1000, 0.0, []
        for text, kern in setting(line.text, line.face).pieces:
            for letter in text:
                if shape := outline(line.face, letter):
                    letters.append(f'<use href="#s{self._shape(shape)}" x="{x:g}"/>')
                x += advances(line.face)[letter]
            x += kern
        place = f"matrix({scale:.5g} 0 0 {scale:.5g} {line.x:.3f} {line.y:.3f})"
        self.marks.append(f'<g transform="{place}" fill="{line.colour}">{"".join(letters)}</g>')

    def stamp(self, rows: Sequence[Sequence[Any]], left: float, bottom: float) -> None:
        """A QR symbol."""
        module = SYMBOL_SIZE / len(rows)
        dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        place = f"matrix({module:.5g} 0 0 {-module:.5g} {left:.3f} {bottom + SYMBOL_SIZE:.3f})"
        self.marks.append(f'<path d="{dots}" transform="{place}" fill="{INK}" shape-rendering="crispEdges"/>')

    def _paint(self, path: str, pen: Pen, is_filled: bool, is_stroked: bool) -> None:
        fill = f' fill="{pen.fill}" fill-rule="evenodd"' if is_filled else ""
        stroke = f' stroke="{pen.stroke}" stroke-width="{pen.width:g}"' if is_stroked else ""
        place = "" if pen.at == SAME else f' transform="matrix({_numbers(pen.at)})"'
        self.marks.append(f'<use href="#s{self._shape(path)}"{place}{fill}{stroke}/>')

    def _place(self, thing: Object, pen: Pen) -> None:
        if thing.Subtype == "/Form":
            self.marks.append(f'<use href="#f{self._form(thing, pen)}" transform="matrix({_numbers(pen.at)})"/>')
            return
        # A picture fills the unit square from above.
        place = _numbers(_joined((1, 0, 0, -1, 0, 1), pen.at))
        content = b64encode(next(self._pictures)).decode()
        self.marks.append(
            f'<image transform="matrix({place})" width="1" height="1" preserveAspectRatio="none" '
            f'href="data:image/png;base64,{content}"/>'
        )

    def _form(self, form: Object, pen: Pen) -> int:
        """What is drawn many times alike, read once."""
        key = form.objgen, replace(pen, at=SAME)
        if key not in self._forms:
            outside, self.marks = self.marks, []
            self.follow(form, key[1])
            self._forms[key], self.marks = "".join(self.marks), outside
        return list(self._forms).index(key)

    def _shape(self, path: str) -> int:
        return self._shapes.setdefault(path, len(self._shapes))


@cache
def outline(face: str, letter: str) -> str:
    """The shape of a letter in thousandths of the size; empty for a space."""
    with _reading:
        names, glyphs = _glyphs(face)
        pen = SVGPathPen(glyphs)
        glyphs[names[ord(letter)]].draw(pen)
        return str(pen.getCommands())


@cache
def _glyphs(face: str) -> tuple[dict[int, str], Any]:
    """Glyph names by code point, and the glyphs, which are read when they are first asked for: by one thread at a time."""
    font = TTFont(BytesIO(program(face)))
    return font.getBestCmap(), font.getGlyphSet()


def _numbers(numbers: Sequence[Any]) -> str:
    return " ".join(f"{float(number):.6g}" for number in numbers)


def _joined(inner: Matrix, outer: Matrix) -> Matrix:
    """A matrix after which another one is applied (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _moved(pen: Pen, operands: Sequence[Any]) -> Pen:
    a, b, c, d, e, f = map(float, operands)
    return replace(pen, at=_joined((a, b, c, d, e, f), pen.at))


def _colour(operands: Sequence[Any]) -> str:
    return "#" + "".join(f"{round(255 * float(part)):02x}" for part in operands)


CHANGES = {
    "cm": _moved,
    "w": lambda pen, operands: replace(pen, width=float(operands[0])),
    "RG": lambda pen, operands: replace(pen, stroke=_colour(operands)),
    "rg": lambda pen, operands: replace(pen, fill=_colour(operands)),
}
"""Operators that change the state of drawing."""
