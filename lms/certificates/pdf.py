"""A certificate on one page of A4, drawn with ReportLab as PDF/A-2b and PDF/UA-1.

`draw` is the plain way and the truth; `press.Press` prints the same page a hundred times faster.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from io import BytesIO

from pikepdf import Dictionary, String
from pikepdf import open as open_pdf
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from lms import files
from lms.certificates import qr
from lms.certificates.frame import draw_frame
from lms.certificates.layouts import SYMBOL_SIZE, Box
from lms.certificates.lines import INK, Line
from lms.certificates.sheet import Part, Sheet
from lms.certificates.standards import LANGUAGE, About, archive, tag
from lms.certificates.texts import Look, Paper, Second, Wording
from lms.fonts import REGULAR, register, setting

__all__ = ["Look", "Paper", "Second", "Wording", "check", "draw", "draw_ground"]

PictureOf = Callable[[str], bytes]
"""The content of a picture, by its name."""


def draw(wording: Wording, paper: Paper, picture_of: PictureOf = files.read) -> bytes:
    """A certificate as a PDF of one page; equal texts give equal bytes. Raises UnprintableText."""
    sheet, buffer = Sheet(wording), BytesIO()
    canvas = _canvas(buffer, sheet, picture_of)
    for part in (*sheet.fixed, *sheet.personal(paper)):
        _draw_part(canvas, sheet, part)
    with _marked(canvas, sheet, sheet.mark("symbol")):
        canvas.addLiteral(symbol(sheet.layout.symbol, *_modules(paper.verify_url)).decode())
    canvas.save()
    with open_pdf(buffer) as pdf:
        about = about_paper(wording, paper)
        tag(pdf, sheet)
        archive(pdf, about.xmp())
        pdf.trailer.Info = pdf.make_indirect(
            Dictionary({f"/{key}": String(text) for key, text in about.info().items()})
        )
        file = BytesIO()
        pdf.save(file, deterministic_id=True, min_version="1.7")
    return file.getvalue()


def check(wording: Wording, paper: Paper) -> None:
    """Raises UnprintableText when a text of a person's cannot be set."""
    for _ in _sheet(wording).personal(paper):
        pass


def draw_ground(sheet: Sheet, picture_of: PictureOf = files.read) -> bytes:
    """Frame, rules and pictures without any text, as a PDF of one page: what a press prints on."""
    buffer = BytesIO()
    _canvas(buffer, sheet, picture_of).save()
    return buffer.getvalue()


def about_paper(wording: Wording, paper: Paper) -> About:
    """What the file says of itself; a reader's window shows the title."""
    return About(f"{wording.title} – {paper.name}", wording.issuer, paper.number, paper.issued_on)


def symbol(box: Box, modules: int, bitmap: bytes) -> bytes:
    """A QR symbol as operators of a page: a stencil of its modules, without seams at any size."""
    left, bottom, *_ = box
    return (
        f"q {rgb(INK)} rg {SYMBOL_SIZE} 0 0 {SYMBOL_SIZE} {left:.4f} {bottom:.4f} cm\n"
        f"BI /IM true /W {modules} /H {modules} /BPC 1 /D [1 0] /F /AHx ID {bitmap.hex()}> EI Q\n"
    ).encode()


@cache
def rgb(colour: str) -> str:
    """`#rrggbb` as the three numbers of a PDF operator."""
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.4f}" for at in (1, 3, 5))


@lru_cache(maxsize=16)
def _sheet(wording: Wording) -> Sheet:
    return Sheet(wording)


def _modules(url: str) -> tuple[int, bytes]:
    rows = qr.matrix(url.encode("ascii"))
    return len(rows), qr.packed(rows)


def _canvas(buffer: BytesIO, sheet: Sheet, picture_of: PictureOf) -> Canvas:
    register()
    canvas = Canvas(buffer, sheet.layout.size, pageCompression=1, invariant=1, lang=LANGUAGE, initialFontName=REGULAR)
    canvas.addLiteral("/Artifact BMC")
    draw_frame(canvas, sheet.wording.look, sheet.layout.size)
    _draw_rules(canvas, sheet)
    canvas.addLiteral("EMC")
    for name in ("logo", "seal"):
        if picture := getattr(sheet.wording.look, name):
            with _marked(canvas, sheet, sheet.mark(name)):
                _draw_picture(canvas, getattr(sheet.layout, name), picture_of(picture))
    return canvas


def _draw_rules(canvas: Canvas, sheet: Sheet) -> None:
    canvas.setLineWidth(0.6)
    for rule in sheet.rules:
        canvas.setStrokeColor(rule.colour)
        canvas.line(*rule.start, *rule.end)


def _draw_picture(canvas: Canvas, box: Box, content: bytes) -> None:
    left, bottom, right, top = box
    canvas.drawImage(
        ImageReader(BytesIO(content)),
        left, bottom, right - left, top - bottom,
        mask="auto", preserveAspectRatio=True, anchor="c",
    )  # fmt: skip


def _draw_part(canvas: Canvas, sheet: Sheet, part: Part) -> None:
    with _marked(canvas, sheet, part.place):
        for line in part.lines:
            _draw_line(canvas, line)


@contextmanager
def _marked(canvas: Canvas, sheet: Sheet, place: int) -> Iterator[None]:
    canvas.addLiteral(f"/{sheet.places[place].tag} <</MCID {place}>> BDC")
    yield
    canvas.addLiteral("EMC")


def _draw_line(canvas: Canvas, line: Line) -> None:
    canvas.setFillColor(line.colour)
    canvas.setFont(line.face, line.size)
    x = line.x
    for text, kern in setting(line.text, line.face).pieces:
        canvas.drawString(x, line.y, text)
        x += canvas.stringWidth(text) + kern * line.size / 1000
