"""The certificate on paper: what is drawn, that the fast press prints the same, and what is refused."""

import random
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO

import pikepdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pypdf import PdfReader

from lms import fonts
from lms.certificates import qr, wording
from lms.certificates.pdf import Paper, draw
from lms.certificates.press import Press
from lms.fonts import UnprintableText
from lms.language import official_date
from tests.certificates.designs import (
    AN,
    ISSUER,
    LETTERS,
    LONG,
    NAMES,
    WORDING,
    designs,
    paper,
    picture,
    pictures,
    poppler,
    text,
)

Printing = Callable[[Paper], bytes]

HOSTILE = [
    '<img src="file:///etc/passwd"/>',
    "<b>&amp; ]] > <para>",
    ") Tj (",
    r"\) \( \\ \n \101",
    "(((",
    "%%EOF endstream endobj",
    "{{ 7 * 7 }} ${day} %s",
    "=HYPERLINK(1)",
]
REFUSED = {
    "decomposed": unicodedata.normalize("NFD", "Thuỳ Dương"),
    "a mark left over": "Thu\u0300y",
    "a singleton": "5 \u212b",
    "another script": "王 Dương",
    "a picture": "Dương 🎓",
    "a line break": "Thuỳ\nDương",
    "a NUL": "Dương\0",
    "right to left": "Dương\u202e",
    "a soft hyphen": "Dư\u00adơng",
    "half a character": "Dương\ud800",
}


@cache
def press_of(design: str) -> Press:
    return Press(wording.wording_of(ISSUER, designs()[design]), pictures().__getitem__)


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(WORDING)


@pytest.fixture(params=["draw", "print"])
def printed(request: pytest.FixtureRequest, press: Press) -> Printing:
    """The plain way and the fast way to print a paper, one after the other."""
    return press.print if request.param == "print" else lambda paper: draw(WORDING, paper)


def texts(paper: Paper) -> list[str]:
    return [paper.name, paper.unit, paper.course, *paper.facts, paper.number, paper.code]


def everyone(count: int) -> list[Paper]:
    return [replace(AN, name=f"{NAMES[row % len(NAMES)]} {row}", number=f"{row}/2026/GCN") for row in range(count)]


def assert_alike(plain: Image.Image, fast: Image.Image) -> None:
    """Two pages look the same."""
    shades = ImageChops.difference(plain, fast).convert("L").histogram()
    assert sum(shades[32:]) < 60, "more than the rounding of a few edges"
    assert sum(shades[96:]) == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_press_prints_what_the_plain_drawing_shows(press: Press, name: str) -> None:
    person = replace(AN, name=name)
    assert_alike(picture(draw(WORDING, person)), picture(press.print(person)))


@pytest.mark.parametrize("design", designs())
def test_the_press_prints_every_design_as_the_plain_drawing_shows_it(design: str) -> None:
    printed = paper(designs()[design], LONG)
    shared = wording.wording_of(ISSUER, designs()[design])
    plain, fast = draw(shared, printed, pictures().__getitem__), press_of(design).print(printed)
    pages = [picture(content, dots_per_inch=150) for content in (plain, fast)]
    assert_alike(*pages)
    assert [[symbol.text for symbol in zxingcpp.read_barcodes(page)] for page in pages] == [[LONG.verify_url]] * 2
    assert text(plain) == text(fast)


def test_the_comparison_of_pictures_would_see_one_wrong_accent(press: Press) -> None:
    right, wrong = press.print(AN), press.print(replace(AN, name=AN.name.replace("ỳ", "ỷ")))
    difference = ImageChops.difference(picture(right), picture(wrong)).convert("L")
    assert sum(difference.histogram()[96:]) > 0


def test_the_names_of_the_comparison_hold_every_vietnamese_letter() -> None:
    assert len(LETTERS) == 2 * (12 * 6 + 17)
    assert set(LETTERS) <= set("".join(NAMES))
    assert set(LETTERS) <= fonts.usual()
    assert not fonts.usual().issuperset("Rơ Čăm Ñŭ"), "some names need the template with all letters"


@pytest.mark.parametrize("paper", [AN, LONG, replace(AN, name="H'Hen Niê", unit="")])
def test_every_text_can_be_read_out(printed: Printing, paper: Paper) -> None:
    found = text(printed(paper))
    words = [word for wanted in [*texts(paper), WORDING.nation, WORDING.signatory] for word in wanted.split()]
    assert [word for word in words if word not in found] == []
    assert "Đà Nẵng, ngày 05 tháng 9 năm 2026" in found


def test_both_ways_read_out_the_same(press: Press) -> None:
    assert text(press.print(AN)) == text(draw(WORDING, AN))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_drawn_as_it_stands(printed: Printing, hostile: str) -> None:
    content = printed(replace(AN, name=hostile, course=hostile, unit=hostile))
    assert " ".join(hostile.split()) in text(content)
    assert len(PdfReader(BytesIO(content)).pages) == 1


@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("place", ["name", "unit", "course", "number", "code"])
def test_text_that_cannot_be_printed_right_is_refused(printed: Printing, place: str, name: str) -> None:
    with pytest.raises(UnprintableText) as refusal:
        printed(replace(AN, **{place: name}))
    assert refusal.value.characters


def test_as_many_facts_as_labels_are_wanted(printed: Printing) -> None:
    with pytest.raises(ValueError, match="zip"):
        printed(replace(AN, facts=("40 tiết",)))


def test_an_address_beyond_ascii_is_refused(printed: Printing) -> None:
    with pytest.raises(ValueError, match="ascii"):
        printed(replace(AN, verify_url="https://thảosố.vn/"))


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from(sorted(fonts.printable()))))
def test_what_may_be_printed_is_always_nfc(content: str) -> None:
    assert unicodedata.is_normalized("NFC", content)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_either_set_or_refused(content: str) -> None:
    if offenders := set(content) - fonts.printable():
        with pytest.raises(UnprintableText) as refusal:
            fonts.setting(content, fonts.SEMIBOLD)
        assert set(refusal.value.characters) == offenders
    else:
        pieces = fonts.setting(content, fonts.SEMIBOLD).pieces
        assert "".join(piece for piece, _ in pieces) == content


@pytest.mark.parametrize("paper", [AN, LONG])
def test_the_symbol_leads_to_the_verify_page(printed: Printing, paper: Paper) -> None:
    [symbol] = zxingcpp.read_barcodes(picture(printed(paper), dots_per_inch=150))
    assert symbol.text == paper.verify_url


@pytest.mark.parametrize("length", [1, 14, 15, 53, 84, 122, 180, 213, 251, 331, 412])
def test_symbols_are_the_ones_that_segno_makes(length: int) -> None:
    for seed in range(3):
        data = random.Random(seed).randbytes(length)
        expected = qr.matrix(data)
        assert qr.bitmap(data) == (len(expected), qr.packed(expected))


def test_a_book_has_a_page_for_each_paper(press: Press) -> None:
    papers = everyone(60)
    content = b"".join(press.book(iter(papers)))
    assert len(PdfReader(BytesIO(content)).pages) == 60
    pages = poppler("pdftotext", "-", "-", content=content).decode().split("\f")
    for printed, page in zip(papers, pages[:-1], strict=True):
        assert f"Số: {printed.number}" in page
        assert printed.name in " ".join(page.split())


@pytest.mark.parametrize("design", ["rich", "portrait, all"])
def test_a_page_of_a_book_looks_like_the_single_paper(design: str) -> None:
    printed, press = paper(designs()[design], LONG), press_of(design)
    book = b"".join(press.book([printed]))
    assert ImageChops.difference(picture(book), picture(press.print(printed))).getbbox() is None


def test_a_book_is_printed_as_it_is_read(press: Press) -> None:
    taken: list[int] = []
    pieces = press.book((taken.append(row), paper)[1] for row, paper in enumerate(everyone(100)))
    while not taken:
        next(pieces)
    assert taken == [0]


def test_papers_are_light(printed: Printing, press: Press) -> None:
    assert max(len(printed(paper)) for paper in (AN, LONG)) <= 60_000
    assert len(b"".join(press.book(everyone(201)))) - len(b"".join(press.book(everyone(1)))) < 200 * 3_000


def test_equal_texts_give_equal_bytes(printed: Printing, press: Press) -> None:
    assert printed(AN) == printed(replace(AN))
    assert Press(replace(WORDING)).print(AN) == press.print(AN)
    assert list(press.book([AN, LONG])) == list(press.book([AN, LONG]))


def test_different_papers_have_different_identities(press: Press) -> None:
    assert len({PdfReader(BytesIO(press.print(paper))).trailer["/ID"][0] for paper in everyone(20)}) == 20


def test_a_press_may_be_shared_between_threads(press: Press) -> None:
    papers = everyone(60)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(press.print, papers)) == [press.print(paper) for paper in papers]


def test_all_fonts_are_embedded(printed: Printing) -> None:
    with pikepdf.open(BytesIO(printed(AN))) as file:
        things = [thing for thing in file.objects if isinstance(thing, pikepdf.Dictionary)]
        names = [str(thing.FontName) for thing in things if "/FontFile2" in thing]
        used = [str(thing.BaseFont) for thing in things if "/BaseFont" in thing]
    assert set(names) == set(used)
    assert all("BeVietnamPro" in name for name in used)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 5), "ngày 05 tháng 9 năm 2026"),
        (date(2027, 1, 31), "ngày 31 tháng 01 năm 2027"),
        (date(2026, 2, 1), "ngày 01 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 3, 10), "ngày 10 tháng 3 năm 2026"),
        (date(2026, 10, 10), "ngày 10 tháng 10 năm 2026"),
        (date(2026, 12, 2), "ngày 02 tháng 12 năm 2026"),
    ],
)
def test_dates_are_written_as_decree_30_has_them(day: date, expected: str) -> None:
    assert official_date("Đà Nẵng, ngày $day tháng $month năm $year", day) == f"Đà Nẵng, {expected}"


def test_random_papers_survive_a_strict_reader(press: Press) -> None:
    dice = random.Random(7)
    alphabet = sorted(fonts.printable())
    for _ in range(20):
        name = "".join(dice.choices(alphabet, k=dice.randint(1, 80)))
        with pikepdf.open(BytesIO(press.print(replace(AN, name=name)))) as file:
            assert file.check_pdf_syntax() == []
