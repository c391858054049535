"""The picture that a shared link shows: our mark and name on a card, as PNG, since readers of links take no SVG."""

import re
from io import BytesIO

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
PAPER, INK, LOTUS = "#ffffff", "#1b1f24", "#a4161a"
MARK_AT, MARK_SCALE = (90, 155), 10
PATH = re.compile(r'<path d="([^"]+)"')
STEPS = 24
"""Straight pieces of a curve."""

Point = tuple[float, float]


class Outline(BasePen):
    """The outlines of a path as polygons."""

    def __init__(self) -> None:
        super().__init__(None)
        self.polygons: list[list[Point]] = []

    def _moveTo(self, pt: Point) -> None:
        self.polygons.append([pt])

    def _lineTo(self, pt: Point) -> None:
        self.polygons[-1].append(pt)

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:
        start = self.polygons[-1][-1]
        self.polygons[-1] += [_on_curve(start, pt1, pt2, pt3, step / STEPS) for step in range(1, STEPS + 1)]


def draw(mark: str, name: str, words: str, *, bold: bytes, regular: bytes) -> bytes:
    """The card: `mark` is an SVG of 32 units, `name` the large line, `words` the line below."""
    image = Image.new("RGB", SIZE, PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, SIZE[0], 16), fill=LOTUS)
    for polygon in _polygons(mark):
        canvas.polygon([(MARK_AT[0] + x * MARK_SCALE, MARK_AT[1] + y * MARK_SCALE) for x, y in polygon], fill=LOTUS)
    canvas.text((460, 210), name, fill=INK, font=ImageFont.truetype(BytesIO(bold), 120))
    canvas.text((466, 372), words, fill=INK, font=ImageFont.truetype(BytesIO(regular), 40))
    target = BytesIO()
    image.quantize(64).save(target, "PNG", optimize=True)
    return target.getvalue()


def _polygons(mark: str) -> list[list[Point]]:
    pen = Outline()
    for path in PATH.findall(mark):
        parse_path(path, pen)
    return pen.polygons


def _on_curve(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    """The point of a cubic curve at `t`, from 0 to 1."""
    u = 1 - t
    weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, (a, b, c, d), strict=True)) for axis in (0, 1))
    return x, y
