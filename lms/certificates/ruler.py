"""A test sheet for stock that is printed already: the texts where they would stand, and rulers to measure how far off they are."""

from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from lms.certificates.lines import GREY, INK
from lms.certificates.sheet import Sheet
from lms.certificates.texts import Paper, Wording
from lms.fonts import REGULAR, register, setting

LONG, MIDDLE, SHORT = 8 * mm, 5 * mm, 3 * mm
EDGE = 6 * mm
"""Few printers print nearer to the edge of a sheet."""
NUMBER_SIZE = 6


def trial_sheet(wording: Wording, paper: Paper, advice: str) -> bytes:
    """A PDF of one page, with a sentence of advice above the head, where no text stands. Raises UnprintableText."""
    sheet, buffer = Sheet(wording), BytesIO()
    register()
    width, height = sheet.layout.size
    canvas = Canvas(buffer, (width, height), pageCompression=1, invariant=1, initialFontName=REGULAR)
    canvas.setTitle(wording.title)
    for line in sheet.lines(paper):
        _draw_text(canvas, line.face, line.size, line.x, line.y, line.text, GREY)
    canvas.setStrokeColor(GREY)
    left, bottom, right, top = sheet.layout.symbol
    canvas.rect(left, bottom, right - left, top - bottom)
    canvas.setStrokeColor(INK)
    _ruler(canvas, width, is_upright=False)
    _ruler(canvas, height, is_upright=True)
    _cross(canvas, width / 2, height / 2)
    _draw_text(canvas, REGULAR, 8, EDGE + 2 * LONG, height - EDGE - 8, advice, INK)
    canvas.save()
    return buffer.getvalue()


def _ruler(canvas: Canvas, length: float, *, is_upright: bool) -> None:
    """A millimetre scale along the lower or the left edge, measured from the corner of the sheet."""
    canvas.setLineWidth(0.3)
    for tick in range(10, int((length - EDGE) / mm) + 1):
        at, size = tick * mm, LONG if tick % 10 == 0 else MIDDLE if tick % 5 == 0 else SHORT
        ends = (EDGE, at, EDGE + size, at) if is_upright else (at, EDGE, at, EDGE + size)
        canvas.line(*ends)
        if tick % 10 == 0:
            x, y = (EDGE + LONG + 1, at - 2) if is_upright else (at + 1, EDGE + LONG - 4)
            _draw_text(canvas, REGULAR, NUMBER_SIZE, x, y, str(tick), INK)


def _cross(canvas: Canvas, x: float, y: float) -> None:
    """The middle of the sheet."""
    canvas.line(x - LONG, y, x + LONG, y)
    canvas.line(x, y - LONG, x, y + LONG)


def _draw_text(canvas: Canvas, face: str, size: float, x: float, y: float, text: str, colour: str) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(face, size)
    for piece, kern in setting(text, face).pieces:
        canvas.drawString(x, y, piece)
        x += canvas.stringWidth(piece) + kern * size / 1000
