"""Certificates per core-second: the press beside a ReportLab program as one writes it at first.

All ways print the same texts and the same QR symbol of 69 modules a side. Only the naive program's page is neither tagged nor
PDF/A.

Run it with `python -m bench.certificates`.
"""

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import segno
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from lms import fonts
from lms.certificates import wording
from lms.certificates.pdf import Paper, Wording, draw
from lms.certificates.press import Press
from lms.certificates.wording import as_data
from lms.language import official_date
from tests.certificates.designs import AN, WORDING

ROUNDS = 20
SPEED_AIMS = {"press, as they are asked for": 250, "press, a folder of files": 1_000, "press, one book": 3_000}
MOST_BYTES = 60_000
SYMBOL_LENGTH = 331
"""Of the text in a QR symbol: a link, and the signed words behind it."""
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Niê")
MIDDLES = ("Thị", "Văn", "Đức", "Thuỳ", "Quốc", "Ngọc", "Minh", "Xuân", "Hữu", "Thanh Hà")
GIVEN = ("Dương", "Ân", "Bình", "Chi", "Dũng", "Em", "Giang", "Hoà", "Khánh", "Linh", "Ước", "Yến", "Kđăm", "Quỳnh")

Figure = dict[str, Any]


def run() -> list[Figure]:
    """Certificates per second of one core, and the bytes of one, each beside the naive program in the same run."""
    press = wording.press(WORDING)
    ways: dict[str, tuple[int, Callable[[list[Paper]], list[bytes]]]] = {
        "naive ReportLab": (4, lambda papers: [naive(WORDING, paper) for paper in papers]),
        "plain drawing": (4, lambda papers: [draw(WORDING, paper) for paper in papers]),
        "press, as they are asked for": (60, lambda papers: [asked_for(as_data(WORDING, paper)) for paper in papers]),
        "press, a folder of files": (60, lambda papers: list(folder_of(press, papers))),
        "press, one book": (1_000, lambda papers: list(press.book(papers))),
    }
    fastest, sizes = _measured(ways)
    naive_speed, naive_size = fastest["naive ReportLab"], sizes["naive ReportLab"]
    return [
        *(_figure(name, speed, "certificates/s", naive_speed, SPEED_AIMS.get(name)) for name, speed in fastest.items()),
        *(_figure(f"{name}, size", size, "bytes each", naive_size, MOST_BYTES) for name, size in sizes.items()),
    ]


def _measured(
    ways: dict[str, tuple[int, Callable[[list[Paper]], list[bytes]]]],
) -> tuple[dict[str, float], dict[str, float]]:
    """The best of some rounds in which the ways take turns; each round prints people not seen before."""
    people, speeds, sizes = everyone(), dict.fromkeys(ways, 0.0), dict.fromkeys(ways, 0.0)
    for _ in range(ROUNDS):
        for name, (number, way) in ways.items():
            papers = list(islice(people, number))
            started = time.process_time()
            pieces = way(papers)
            speeds[name] = max(speeds[name], number / (time.process_time() - started))
            sizes[name] = sum(map(len, pieces)) / number
    return speeds, sizes


def everyone() -> Iterator[Paper]:
    """People without end, the same in each run."""
    dice = random.Random(1690)
    for number in count(1):
        code = "-".join("".join(dice.choices(CODE_LETTERS, k=4)) for _ in range(3))
        yield replace(
            AN,
            name=" ".join(map(dice.choice, (FAMILIES, MIDDLES, MIDDLES, GIVEN))),
            number=f"{number}/2026/GCN-KHCN",
            code=code,
            verify_url=f"https://thaoso.danang.gov.vn/v/{code}#{dice.randbytes(SYMBOL_LENGTH).hex()}"[:SYMBOL_LENGTH],
        )


def asked_for(kept: dict[str, Any]) -> bytes:
    """A certificate from what the register keeps of it, as somebody opens it."""
    words, paper = wording.from_data(kept)
    return wording.press(words).print(paper)


def folder_of(press: Press, papers: list[Paper]) -> Iterator[bytes]:
    """A file for each of the papers."""
    with TemporaryDirectory() as folder:
        for number, paper in enumerate(papers):
            content = press.print(paper)
            (Path(folder) / f"{number}.pdf").write_bytes(content)
            yield content


def naive(words: Wording, paper: Paper) -> bytes:
    """A certificate as a first program draws it: fonts read for each paper, the QR symbol a square at a time."""
    for face in (fonts.REGULAR, fonts.BOLD, fonts.ITALIC):
        pdfmetrics.registerFont(TTFont(f"naive {face}", fonts.path(face)))
    file = BytesIO()
    canvas = Canvas(file, pagesize=landscape(A4))
    canvas.rect(22, 22, 798, 551)
    canvas.rect(38, 38, 766, 519)
    for face, size, x, y, text in _naive_lines(words, paper):
        canvas.setFont(f"naive {face}", size)
        canvas.drawCentredString(x, y, text)
    for row, modules in enumerate(segno.make(paper.verify_url, error="m").matrix):
        for column, dark in enumerate(modules):
            if dark:
                canvas.rect(66 + 1.1 * column, 176 - 1.1 * row, 1.1, 1.1, stroke=0, fill=1)
    canvas.save()
    return file.getvalue()


def _naive_lines(words: Wording, paper: Paper) -> Iterator[tuple[str, float, float, float, str]]:
    yield fonts.REGULAR, 10.5, 206, 534, words.superior
    yield fonts.BOLD, 11.5, 206, 518, words.issuer
    yield fonts.REGULAR, 11, 206, 494, f"{words.number} {paper.number}"
    yield fonts.BOLD, 12, 616, 534, words.nation
    yield fonts.BOLD, 13, 616, 516, words.motto
    yield fonts.BOLD, 31, 421, 424, words.title
    yield fonts.BOLD, 34, 421, 350, paper.name
    yield fonts.REGULAR, 13, 421, 325, paper.unit
    yield fonts.ITALIC, 13, 421, 296, words.deed
    yield fonts.BOLD, 20, 421, 265, paper.course
    yield fonts.REGULAR, 12, 421, 207, " · ".join(paper.facts)
    yield fonts.REGULAR, 8.5, 140, 88, f"{words.code} {paper.code}"
    yield fonts.ITALIC, 12, 616, 168, official_date(words.dated, paper.issued_on)
    yield fonts.BOLD, 13, 616, 64, words.signatory


def _figure(name: str, value: float, unit: str, reference: float, aim: int | None) -> Figure:
    return {
        "name": name,
        "value": round(value),
        "unit": unit,
        "reference": round(reference),
        "ratio": round(value / reference, 2),
        "aim": aim,
    }


if __name__ == "__main__":
    figures = run()
    for figure in figures:
        print("{name:32} {value:>8,} {unit:16} ratio {ratio:>7}   aim {aim}".format(**figure))
    print(json.dumps(figures, ensure_ascii=False))
