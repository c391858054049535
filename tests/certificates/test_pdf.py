"""The certificate on paper: what is drawn, that the fast press prints the same, and what is refused."""

import random
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pypdf import PdfReader

from lms import fonts
from lms.certificates import pdf, qr
from lms.certificates.frame import BAND, HEIGHT, INSET, WIDTH
from lms.certificates.pdf import Paper, Wording, draw, official_date
from lms.certificates.press import Press
from lms.fonts import UnprintableText

Printing = Callable[[Paper], bytes]

WORDING = Wording(
    nation="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    motto="Độc lập - Tự do - Hạnh phúc",
    superior="ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ NẴNG",
    issuer="SỞ KHOA HỌC VÀ CÔNG NGHỆ",
    title="GIẤY CHỨNG NHẬN HOÀN THÀNH",
    lead="Chứng nhận",
    deed="đã hoàn thành khóa học",
    facts=("Thời lượng", "Kết quả", "Thời gian học"),
    number="Số:",
    code="Mã kiểm tra:",
    lookup="Tra cứu tại thaoso.vn/xac-minh",
    dated="Đà Nẵng, ngày $day tháng $month năm $year",
    signatory_titles=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    signatory="Lê Quang Nam",
)
AN = Paper(
    name="Nguyễn Thị Thuỳ Dương",
    unit="Phường Hải Châu, thành phố Đà Nẵng",
    course="Kỹ năng số cơ bản cho Tổ công nghệ số cộng đồng",
    facts=("40 tiết (30 giờ)", "Đạt – 9,0/10 điểm", "01/8/2026 – 05/9/2026"),
    number="12/2026/GCN-KHCN",
    code="K7QM-4WXP-92HD",
    verify_url="https://thaoso.vn/xac-minh/K7QM-4WXP-92HD",
    issued_on=date(2026, 9, 5),
)
LONG = replace(
    AN,
    name="Nguyễn Trần Công Tằng Tôn Nữ Huyền Trân Hoàng Phương Quỳnh Như",
    unit="Tổ công nghệ số cộng đồng thôn Trà Kiệu Tây, xã Duy Xuyên, thành phố Đà Nẵng",
    course="Bồi dưỡng kiến thức quản lý nhà nước và thực thi pháp luật về chuyển đổi số cho lãnh đạo, công chức "
    "chuyên trách công nghệ thông tin cấp xã năm 2026",
)
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES]
LETTERS = "".join(sorted({*VOWELS, *"bcdđghklmnpqrstvx", *map(str.upper, VOWELS), *"BCDĐGHKLMNPQRSTVX"}))
NAMES = [
    *(" ".join(re.findall(".{6}", LETTERS[start : start + 36])) for start in range(0, len(LETTERS) - 30, 36)),
    LETTERS[-36:],
    "Y Thanh Hà Niê Kđăm",
    "H'Hen Niê",
    "An",
    LONG.name,
]
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


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(WORDING)


@pytest.fixture(params=["draw", "print"])
def printed(request: pytest.FixtureRequest, press: Press) -> Printing:
    """The plain way and the fast way to print a paper, one after the other."""
    return press.print if request.param == "print" else lambda paper: draw(WORDING, paper)


def poppler(*command: str | Path, content: bytes) -> bytes:
    if not shutil.which(str(command[0])):
        pytest.skip(f"{command[0]} (poppler-utils) is not installed")
    return subprocess.run([*map(str, command)], input=content, capture_output=True, check=True, timeout=60).stdout


def picture(content: bytes, *, dots_per_inch: int = 72) -> Image.Image:
    return Image.open(BytesIO(poppler("pdftoppm", "-r", str(dots_per_inch), "-singlefile", "-", content=content)))


def text(content: bytes) -> str:
    return " ".join(poppler("pdftotext", "-layout", "-", "-", content=content).decode().split())


def texts(paper: Paper) -> list[str]:
    return [paper.name, paper.unit, paper.course, *paper.facts, paper.number, paper.code]


def everyone(count: int) -> list[Paper]:
    return [replace(AN, name=f"{NAMES[row % len(NAMES)]} {row}", number=f"{row}/2026/GCN") for row in range(count)]


@pytest.mark.parametrize("name", NAMES)
def test_the_press_prints_what_the_plain_drawing_shows(press: Press, name: str) -> None:
    paper = replace(AN, name=name)
    difference = ImageChops.difference(picture(draw(WORDING, paper)), picture(press.print(paper))).convert("L")
    shades = difference.histogram()
    assert sum(shades[32:]) < 60, "more than the rounding of a few edges"
    assert sum(shades[96:]) == 0


def test_the_comparison_of_pictures_would_see_one_wrong_accent(press: Press) -> None:
    right, wrong = press.print(AN), press.print(replace(AN, name=AN.name.replace("ỳ", "ỷ")))
    difference = ImageChops.difference(picture(right), picture(wrong)).convert("L")
    assert sum(difference.histogram()[96:]) > 0


def test_the_names_of_the_comparison_hold_every_vietnamese_letter() -> None:
    assert len(LETTERS) == 2 * (12 * 6 + 17)
    assert set(LETTERS) <= set("".join(NAMES))


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
    assert not set(refusal.value.characters) & fonts.printable()


def test_a_refusal_names_the_characters() -> None:
    with pytest.raises(UnprintableText, match=r"^U\+0301 U\+738B$") as refusal:
        draw(WORDING, replace(AN, name="王 Dương\u0301"))
    assert refusal.value.characters == "\u0301王"


def test_a_wording_that_cannot_be_printed_is_refused() -> None:
    wording = replace(WORDING, issuer=unicodedata.normalize("NFD", WORDING.issuer))
    with pytest.raises(UnprintableText):
        draw(wording, AN)
    with pytest.raises(UnprintableText):
        Press(wording)


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


def test_the_symbol_leads_to_the_verify_page(printed: Printing) -> None:
    [symbol] = zxingcpp.read_barcodes(picture(printed(AN), dots_per_inch=150))
    assert symbol.text == AN.verify_url


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=120))
def test_symbols_are_the_ones_that_segno_makes(data: bytes) -> None:
    expected = qr.matrix(data)
    rows = ["".join(f"{byte:08b}" for byte in row)[: len(expected)] for row in qr.rows(data)]
    assert rows == ["".join(map(str, row)) for row in expected]


def test_a_book_has_a_page_for_each_paper(press: Press) -> None:
    papers = everyone(500)
    content = b"".join(press.book(iter(papers)))
    assert len(PdfReader(BytesIO(content)).pages) == 500
    pages = poppler("pdftotext", "-", "-", content=content).decode().split("\f")
    for paper, page in zip(papers, pages[:-1], strict=True):
        assert f"Số: {paper.number}" in page
        assert paper.name in " ".join(page.split())


def test_a_page_of_a_book_looks_like_the_single_paper(press: Press) -> None:
    book = b"".join(press.book([LONG]))
    assert ImageChops.difference(picture(book), picture(press.print(LONG))).getbbox() is None


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


def test_files_are_sound_and_say_what_they_are(printed: Printing) -> None:
    with pikepdf.open(BytesIO(printed(AN))) as file:
        assert file.check_pdf_syntax() == []
        assert str(file.Root.Lang) == "vi-VN"
        assert str(file.docinfo.Title) == f"{WORDING.title} – {AN.name}"
        assert str(file.docinfo.Author) == WORDING.issuer
        assert str(file.docinfo.CreationDate).startswith("D:20260905")


def test_a_book_is_sound(press: Press) -> None:
    with pikepdf.open(BytesIO(b"".join(press.book(everyone(3))))) as file:
        assert file.check_pdf_syntax() == []
        assert str(file.docinfo.Title) == WORDING.title


def test_all_fonts_are_embedded(printed: Printing) -> None:
    with pikepdf.open(BytesIO(printed(AN))) as file:
        names = [str(thing.FontName) for thing in file.objects if "/FontFile2" in thing]
        used = [str(thing.BaseFont) for thing in file.objects if "/BaseFont" in thing]
    assert set(names) == set(used)
    assert all("BeVietnamPro" in name for name in used)


EXTREMES = {
    "usual": AN,
    "long": LONG,
    "short": replace(AN, name="An", unit="", course="AI"),
    "capitals": replace(LONG, name=LONG.name.upper(), course=LONG.course.upper()),
    "endless": replace(AN, name="Ệ " * 200, unit="Ệ " * 300, course="Ệ " * 500, number="8" * 300, code="W" * 300),
    "one endless word": replace(AN, name="Ẵ" * 300, unit="Ẵ" * 300, course="Ẵ" * 300, facts=("Ẵ" * 99,) * 3),
}


@pytest.mark.parametrize("paper", EXTREMES.values(), ids=EXTREMES)
def test_no_line_leaves_the_frame(paper: Paper) -> None:
    edge = INSET + BAND
    for line in (*pdf.fixed_lines(WORDING), *pdf.personal_lines(WORDING, paper)):
        assert line.x > edge
        assert line.x + pdf.width_of(line.text, line.face, line.size) < WIDTH - edge
        assert edge < line.y < HEIGHT - edge


@pytest.mark.parametrize("paper", EXTREMES.values(), ids=EXTREMES)
def test_stacked_accents_never_touch_the_line_above(paper: Paper) -> None:
    middle = [line for line in pdf.personal_lines(WORDING, paper) if pdf.FACTS_AT < line.y < pdf.LEAD_AT]
    for above, below in pairwise(middle):
        assert above.y - below.y >= 0.22 * above.size + 1.02 * below.size


def test_a_name_shrinks_before_it_wraps() -> None:
    sizes = {name: pdf.fit(name, pdf.NAME, 300) for name in ("Lê Nam", "Nguyễn Thị Thuỳ Dương", LONG.name)}
    assert sizes["Lê Nam"] == (pdf.NAME.size, ("Lê Nam",))
    size, lines = sizes["Nguyễn Thị Thuỳ Dương"]
    assert pdf.NAME.smallest <= size < pdf.NAME.size
    assert len(lines) == 1
    assert len(sizes[LONG.name][1]) == 2


def test_two_lines_are_balanced() -> None:
    assert pdf.halves("Nguyễn Trần Công Tằng Tôn Nữ", fonts.SEMIBOLD) == ("Nguyễn Trần", "Công Tằng Tôn Nữ")
    assert pdf.halves("Kđăm", fonts.SEMIBOLD) == ("Kđăm",)


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


def test_kerning_brings_letters_together() -> None:
    apart = sum(fonts.advances(fonts.BOLD)[char] for char in "Tạ Vân")
    assert fonts.setting("Tạ Vân", fonts.BOLD).width < apart - 100


def test_the_faces_can_be_registered_from_many_threads() -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: fonts.register(), range(32)))


def test_web_fonts_are_small_and_hold_every_letter(tmp_path: Path) -> None:
    names = fonts.build_web_fonts(tmp_path)
    assert list(names) == [400, 600, 700]
    assert sum((tmp_path / name).stat().st_size for name in names.values()) < 60_000
    for name in names.values():
        with fonts.TTFont(tmp_path / name) as font:
            assert set(map(ord, LETTERS + "«»–—…•")) <= set(font.getBestCmap())
            assert {"kern", "mark"} == {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}


def test_web_fonts_keep_their_names_while_they_do_not_change(tmp_path: Path) -> None:
    assert fonts.build_web_fonts(tmp_path / "once") == fonts.build_web_fonts(tmp_path / "again")


def test_random_papers_survive_a_strict_reader(press: Press) -> None:
    dice = random.Random(7)
    alphabet = sorted(fonts.printable())
    for _ in range(20):
        name = "".join(dice.choices(alphabet, k=dice.randint(1, 80)))
        with pikepdf.open(BytesIO(press.print(replace(AN, name=name)))) as file:
            assert file.check_pdf_syntax() == []
