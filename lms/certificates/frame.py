"""What makes the sheet a certificate before a word is on it: a border of fine waves, lotus corners, a pale lotus."""

from collections.abc import Iterator
from contextlib import contextmanager

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

PAGE = WIDTH, HEIGHT = landscape(A4)
RED, ROSE, BLUSH = "#a4161a", "#c9797b", "#f7ecea"
INSET, BAND, CORNER = 22, 16, 26
WAVE, WAVES, SWING = 14, 18, 5.2


def draw_frame(canvas: Canvas) -> None:
    """Border, corners and watermark of an A4 landscape page."""
    canvas.setLineWidth(0.5)
    canvas.setStrokeColor(BLUSH)
    _lotus(canvas, WIDTH / 2, HEIGHT / 2 - 8, radius=192, petals=48, slimness=0.24)
    _strand_form(canvas)
    for turn, length, depth, strands in ((0, WIDTH, HEIGHT, 3), (90, HEIGHT, WIDTH, 2)):
        for side in (1, -1):
            with _from_middle(canvas):
                canvas.rotate(turn)
                canvas.translate(0, side * (depth / 2 - INSET - BAND / 2))
                _band(canvas, length - 2 * INSET - CORNER, strands)
    canvas.setStrokeColor(RED)
    _rule(canvas, INSET, 1.6)
    _rule(canvas, INSET + BAND, 0.5)
    for across in (1, -1):
        for up in (1, -1):
            with _from_middle(canvas):
                canvas.scale(across, up)
                _corner(canvas, WIDTH / 2 - INSET - CORNER, HEIGHT / 2 - INSET - CORNER)


@contextmanager
def _from_middle(canvas: Canvas) -> Iterator[None]:
    canvas.saveState()
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    yield
    canvas.restoreState()


def _rule(canvas: Canvas, inset: float, thickness: float) -> None:
    canvas.setLineWidth(thickness)
    canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)


def _strand_form(canvas: Canvas) -> None:
    """A stretch of four waves a quarter apart, as a form: ten of them make the border."""
    length = WAVES * WAVE
    canvas.beginForm("strand", 0, -SWING - 1, length, SWING + 1)
    canvas.setLineWidth(0.4)
    canvas.setStrokeColor(ROSE)
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
