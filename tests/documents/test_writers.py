"""Both writers set the same words, by the rules of Decree 30/2020/NĐ-CP; text of people stays text."""

import re
import unicodedata
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from docx.enum.section import WD_SECTION
from pypdf import PageObject, PdfReader

from lms.documents import faces, pdf, word
from lms.documents.model import Annex, Column, Document, Head, Heading, Paragraph, Recipients, Signature, Table

HEAD = Head(
    superior="ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ NẴNG",
    body="SỞ KHOA HỌC VÀ CÔNG NGHỆ",
    number="Số: 15/BC-SKHCN",
    nation="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    motto="Độc lập - Tự do - Hạnh phúc",
    dated="Đà Nẵng, ngày 05 tháng 9 năm 2026",
)
ROWS = tuple((str(number), f"Phường {number}", f"{number / 10:.1f}".replace(".", ",")) for number in range(1, 91))
TABLE = Table(
    (Column("STT", 0.5), Column("Đơn vị", 3), Column("Tỷ lệ (%)", 1, True)), (*ROWS, ("", "Cộng", "9,9")), "Kết quả", 1
)
DOCUMENT = Document(
    head=HEAD,
    kind="BÁO CÁO",
    excerpt="Kết quả năm 2026",
    bases=("Căn cứ Quyết định 1690/QĐ-TTg;",),
    blocks=(Heading("I. KẾT QUẢ"), Paragraph("Tính đến hết ngày 15/12/2026."), Paragraph("Dòng một\nDòng hai")),
    signature=Signature(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Nguyễn Thị Thuỳ Dương"),
    recipients=Recipients("Nơi nhận:", ("- Sở Nội vụ;", "- Lưu: VT.")),
    annexes=(Annex("Phụ lục I", "Kết quả theo đơn vị", "(Kèm theo Báo cáo số 15/BC-SKHCN)", (TABLE,)),),
)


def words_of_pdf(content: bytes) -> list[str]:
    """The words of a PDF, the numbers of its pages left out."""
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    return sorted(tokens("\n".join(pages)))


def words_of_docx(content: bytes) -> list[str]:
    """The words of a DOCX, wherever they stand."""
    body = docx.Document(BytesIO(content)).element.body
    texts = ["".join(text.text or "" for text in paragraph.iter("{*}t")) for paragraph in body.iter("{*}p")]
    return sorted(tokens("\n".join(texts)))


def numbers_above(page: PageObject) -> list[str]:
    """The texts in the top margin of a page."""
    found: list[tuple[str, float]] = []
    page.extract_text(visitor_text=lambda text, _c, place, *_: found.append((text.strip(), place[5])))
    return [text for text, height in found if text and height > 842 - 20 / 25.4 * 72]


def tokens(text: str) -> list[str]:
    return re.findall(r"[^\s\u00a0]+", unicodedata.normalize("NFC", text))


def test_both_writers_set_every_word_of_the_model() -> None:
    wanted = sorted(tokens("\n".join(DOCUMENT.words())))
    assert words_of_docx(word.write(DOCUMENT)) == wanted
    heads = ("STT", "Đơn", "vị", "Tỷ", "lệ", "(%)")
    found = words_of_pdf(pdf.write(DOCUMENT))
    for token in set(wanted) - {"2", "3", "4"}:
        assert found.count(token) >= wanted.count(token), token
    assert set(found) == set(wanted)
    assert all(found.count(head) > wanted.count(head) for head in heads), "the head of a table is repeated on each page"


def test_pages_are_numbered_in_the_top_margin_from_the_second_on_and_anew_in_each_annex() -> None:
    whole = replace(DOCUMENT, blocks=(TABLE, *DOCUMENT.blocks), annexes=DOCUMENT.annexes * 2)
    pages = PdfReader(BytesIO(pdf.write(whole))).pages
    shown = [int(*numbers_above(page)) for page in pages]
    assert shown == [0, 2, 3, 4, 0, 2, 3, 0, 2, 3]
    sections = docx.Document(BytesIO(word.write(whole))).sections
    assert ["w:pgNumType" in section._sectPr.xml for section in sections] == [False, True, True]


def test_the_page_is_a4_with_the_margins_of_the_decree_and_times_metric_type() -> None:
    page = PdfReader(BytesIO(pdf.write(DOCUMENT))).pages[0]
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    if faces.folder():
        assert all("LiberationSerif" in name for name in fonts)
    section = docx.Document(BytesIO(word.write(DOCUMENT))).sections[0]
    margins = [
        round(side.mm)
        for side in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ]
    assert margins == [20, 20, 30, 15]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml


def test_an_annex_begins_on_a_page_of_its_own_and_heads_repeat_in_word() -> None:
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf.write(DOCUMENT))).pages]
    [first] = [number for number, text in enumerate(pages) if "Phụ lục I" in text]
    assert "Nơi nhận" in pages[first - 1]
    made = docx.Document(BytesIO(word.write(DOCUMENT)))
    head, first = made.tables[-1].rows[:2]
    assert "w:tblHeader" in head._tr.xml and "w:keepNext" in head._tr.xml
    assert "w:keepNext" not in first._tr.xml, "a long table may be divided"
    assert [section.start_type for section in made.sections][1:] == [WD_SECTION.NEW_PAGE]


@pytest.mark.parametrize("text", ['<img src="/etc/passwd">', "a < b & c", "<b>", "{x}", "1 ]]> 2"])
def test_what_somebody_typed_is_set_as_it_is(text: str) -> None:
    document = replace(DOCUMENT, blocks=(Paragraph(text),), excerpt=text, annexes=())
    assert " ".join(tokens(text)) in " ".join(PdfReader(BytesIO(pdf.write(document))).pages[0].extract_text().split())
    assert text in [paragraph.text for paragraph in docx.Document(BytesIO(word.write(document))).paragraphs]


def test_a_letter_that_no_face_has_does_not_stop_a_document() -> None:
    document = replace(DOCUMENT, blocks=(Paragraph("Tốt 🙂"),), annexes=())
    assert "Tốt ?" in PdfReader(BytesIO(pdf.write(document))).pages[0].extract_text()
    assert faces.missing("Tốt 🙂\nĐắk Lắk, Y Wang Mlô Duôn Du") == "🙂"


def test_equal_documents_give_equal_bytes() -> None:
    assert pdf.write(DOCUMENT) == pdf.write(DOCUMENT)
