"""What makes the sheet a certificate before a word is on it: a border of fine waves, lotus corners, a pale lotus."""

from collections.abc import Iterator
from contextlib import contextmanager

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

PAGE = WIDTH, HEIGHT = landscape(A4)
RED, ROSE, BLUSH = "#a4161a", "#c9797b", "#f7ecea"
INSET, BAND, CORNER = 22, 16, 26
WAVE, SWING = 14, 5.2


def draw_frame(canvas: Canvas) -> None:
    """Border, corners and watermark of an A4 landscape page."""
    canvas.setLineWidth(0.5)
    canvas.setStrokeColor(BLUSH)
    _lotus(canvas, WIDTH / 2, HEIGHT / 2 - 8, radius=192, petals=48, slimness=0.24)
    _wave_form(canvas)
    for turn, length, depth in ((0, WIDTH, HEIGHT), (90, HEIGHT, WIDTH)):
        for side in (1, -1):
            with _apart(canvas):
                canvas.translate(WIDTH / 2, HEIGHT / 2)
                canvas.rotate(turn)
                canvas.translate(0, side * (depth / 2 - INSET - BAND / 2))
                _band(canvas, length - 2 * INSET - CORNER)
    canvas.setStrokeColor(RED)
    _rule(canvas, INSET, 1.6)
    _rule(canvas, INSET + BAND, 0.5)
    for across in (1, -1):
        for up in (1, -1):
            with _apart(canvas):
                canvas.translate(WIDTH / 2, HEIGHT / 2)
                canvas.scale(across, up)
                _corner(canvas, WIDTH / 2 - INSET - CORNER, HEIGHT / 2 - INSET - CORNER)


@contextmanager
def _apart(canvas: Canvas) -> Iterator[None]:
    canvas.saveState()
    yield
    canvas.restoreState()


def _rule(canvas: Canvas, inset: float, thickness: float) -> None:
    canvas.setLineWidth(thickness)
    canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)


def _wave_form(canvas: Canvas) -> None:
    """One wave, four times a quarter apart, as a form: the border repeats it without repeating its bytes."""
    half, bend = WAVE / 2, 0.3642 * WAVE / 2
    canvas.beginForm("wave", 0, -SWING - 1, 2 * WAVE, SWING + 1)
    canvas.setLineWidth(0.4)
    canvas.setStrokeColor(ROSE)
    for x in (0, WAVE / 4, WAVE / 2, WAVE * 3 / 4):
        path = canvas.beginPath()
        path.moveTo(x, SWING)
        path.curveTo(x + bend, SWING, x + half - bend, -SWING, x + half, -SWING)
        path.curveTo(x + half + bend, -SWING, x + WAVE - bend, SWING, x + WAVE, SWING)
        canvas.drawPath(path)
    canvas.endForm()


def _band(canvas: Canvas, length: float) -> None:
    count = round(length / WAVE)
    canvas.scale(length / (count * WAVE), 1)
    canvas.translate(-count * WAVE / 2, 0)
    for _ in range(count):
        canvas.doForm("wave")
        canvas.translate(WAVE, 0)


def _corner(canvas: Canvas, x: float, y: float) -> None:
    canvas.setLineWidth(0.8)
    canvas.setFillColor("#ffffff")
    canvas.rect(x, y, CORNER, CORNER, fill=1)
    canvas.setLineWidth(0.5)
    _lotus(canvas, x + CORNER / 2, y + CORNER / 2, radius=CORNER / 2 - 2, petals=12, slimness=0.2)


def _lotus(canvas: Canvas, x: float, y: float, radius: float, petals: int, slimness: float) -> None:
    """Petals round an open heart; so many that their outlines weave."""
    with _apart(canvas):
        canvas.translate(x, y)
        for _ in range(petals):
            canvas.ellipse(radius / 6, -radius * slimness, radius, radius * slimness)
            canvas.rotate(360 / petals)
