"""What makes the sheet a certificate before a word is on it: a border of fine waves, lotus corners, a pale lotus."""

from collections.abc import Iterator
from contextlib import contextmanager

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from lms.certificates.texts import Look

FRAMES = ("lotus", "rule", "none")
ROSE, BLUSH = 0.42, 0.91
"""Tints of the accent: the share of white."""
INSET, BAND, CORNER = 22, 16, 26
WAVE, WAVES, SWING = 14, 18, 5.2


def draw_frame(canvas: Canvas, look: Look, size: tuple[float, float]) -> None:
    """Border, corners and watermark of a page of a size; nothing at all for stock that is printed already."""
    if look.frame == "lotus":
        _draw_lotus(canvas, look.accent, *size)
    if look.frame != "none":
        canvas.setStrokeColor(look.accent)
        _rule(canvas, INSET, 1.6, *size)
        _rule(canvas, INSET + BAND if look.frame == "lotus" else INSET + 4, 0.5, *size)
    if look.frame == "lotus":
        _draw_corners(canvas, *size)


def tint(accent: str, white: float) -> str:
    """A colour with a share of white."""
    red, green, blue = (round(255 * (part + (1 - part) * white)) for part in HexColor(accent).rgb())
    return f"#{red:02x}{green:02x}{blue:02x}"


def _draw_lotus(canvas: Canvas, accent: str, width: float, height: float) -> None:
    canvas.setLineWidth(0.5)
    canvas.setStrokeColor(tint(accent, BLUSH))
    _lotus(canvas, width / 2, height / 2 - 8, radius=192, petals=48, slimness=0.24)
    _strand_form(canvas, tint(accent, ROSE))
    for turn, length, depth in ((0, width, height), (90, height, width)):
        for side in (1, -1):
            with _from_middle(canvas, width, height):
                canvas.rotate(turn)
                canvas.translate(0, side * (depth / 2 - INSET - BAND / 2))
                _band(canvas, length - 2 * INSET - CORNER, strands=3 if length > depth else 2)


def _draw_corners(canvas: Canvas, width: float, height: float) -> None:
    for across in (1, -1):
        for up in (1, -1):
            with _from_middle(canvas, width, height):
                canvas.scale(across, up)
                _corner(canvas, width / 2 - INSET - CORNER, height / 2 - INSET - CORNER)


@contextmanager
def _from_middle(canvas: Canvas, width: float, height: float) -> Iterator[None]:
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    yield
    canvas.restoreState()


def _rule(canvas: Canvas, inset: float, thickness: float, width: float, height: float) -> None:
    canvas.setLineWidth(thickness)
    canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset)


def _strand_form(canvas: Canvas, colour: str) -> None:
    """A stretch of four waves a quarter apart, as a form: ten of them make the border."""
    length = WAVES * WAVE
    canvas.beginForm("strand", 0, -SWING - 1, length, SWING + 1)
    canvas.setLineWidth(0.4)
    canvas.setStrokeColor(colour)
    for quarter in range(4):
        path = canvas.beginPath()
        _wave(path, start=(quarter / 4 - 1) * WAVE)
        canvas.drawPath(path)
    canvas.endForm()


def _wave(path: PDFPathObject, start: float) -> None:
    half, bend, height = WAVE / 2, 0.3642 * WAVE / 2, SWING
    path.moveTo(start, height)
    for crest in range(2 * WAVES + 2):
        x = start + crest * half
        path.curveTo(x + bend, height, x + half - bend, -height, x + half, -height)
        height = -height


def _band(canvas: Canvas, length: float, strands: int) -> None:
    canvas.translate(-length / 2, 0)
    canvas.scale(length / (strands * WAVES * WAVE), 1)
    for _ in range(strands):
        canvas.doForm("strand")
        canvas.translate(WAVES * WAVE, 0)


def _corner(canvas: Canvas, x: float, y: float) -> None:
    canvas.setLineWidth(0.8)
    canvas.setFillColor("#ffffff")
    canvas.rect(x, y, CORNER, CORNER, fill=1)
    canvas.setLineWidth(0.5)
    _lotus(canvas, x + CORNER / 2, y + CORNER / 2, radius=CORNER / 2 - 2, petals=12, slimness=0.2)


def _lotus(canvas: Canvas, x: float, y: float, radius: float, petals: int, slimness: float) -> None:
    """Petals round an open heart; so many that their outlines weave."""
    canvas.saveState()
    canvas.translate(x, y)
    for _ in range(petals):
        canvas.ellipse(radius / 6, -radius * slimness, radius, radius * slimness)
        canvas.rotate(360 / petals)
    canvas.restoreState()
