"""The design desk: a clerk types, sees the very paper, saves, publishes, and takes earlier versions again."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from lms import files
from lms.certificates import design_actions, designs, printing, queries, ruler, samples, wording
from lms.certificates.advice import advice
from lms.certificates.design import FACTS_OF, KINDS, Design, default, problems
from lms.certificates.design_actions import SavedMeanwhile
from lms.certificates.models import Issuer
from lms.certificates.press import Press
from lms.db import db
from tests.certificates.designs import ISSUER, paper, picture, text
from tests.certificates.designs import designs as all_designs
from tests.certificates.designs import pictures as kept_pictures
from tests.certificates.papers import issued, newcomer, open_school
from tests.page import Page, Visitor, held_by
from tests.people import Cast

DESK = "/settings/issuers/1/designs"
COURSE = f"{DESK}/course"
GIANG = {"titles_1": "GIÁM ĐỐC", "name_1": "Lê Quang Nam"}


@pytest.fixture
def issuer(cast: Cast) -> Issuer:
    open_school()
    found = queries.issuer()
    assert found
    return found


@pytest.fixture
def giang(issuer: Issuer, visitor: Visitor) -> Visitor:
    visitor.sign_in("giang")
    return visitor


def upload(kind: str = "PNG", size: tuple[int, int] = (300, 300), colour: Any = (200, 20, 20, 120)) -> bytes:
    """A picture of one colour."""
    made = Image.new("RGBA", size, colour)
    (made if kind == "PNG" else made.convert("RGB")).save(target := BytesIO(), kind)
    return target.getvalue()


def filled(**values: Any) -> dict[str, Any]:
    """What a clerk fills in."""
    return GIANG | {name: (BytesIO(it), "any") if isinstance(it, bytes) else it for name, it in values.items()}


def typed(giang: Visitor, button: str = "Lưu nháp", **values: Any) -> Page:
    """The answer to a form that a clerk filled in."""
    return giang.visit(COURSE).submit(button, **filled(**values))


def file(giang: Visitor, address: str, **values: Any) -> TestResponse:
    """What a button answers that opens a file."""
    form = next(form for form in giang.visit(COURSE).forms() if form.get("class") == "design")
    return giang.client.post(f"{COURSE}/{address}", data=held_by(form) | filled(**values), buffered=True)


def drawing(page: Page) -> str:
    """The picture of the paper on the desk."""
    return next((image.get("src", "") for image in page.main.iter("img")), "")


def test_the_list_shows_every_kind_with_its_state_and_its_paper(giang: Visitor, issuer: Issuer) -> None:
    typed(giang, "Lưu và áp dụng", title="GIẤY MỚI")
    typed(giang, title="GIẤY NHÁP")
    page = giang.visit(DESK)
    assert [row.get("src") for row in page.main.iter("img")] == [f"{DESK}/{kind}/paper.svg" for kind in KINDS]
    assert (page.text.count("Mẫu có sẵn"), page.text.count("Bản 1, từ"), page.text.count("Có bản nháp")) == (
        len(KINDS) - 1,
        1,
        1,
    )
    shown = giang.fetch(f"{COURSE}/paper.svg")
    assert (shown.mimetype, shown.data[:4]) == ("image/svg+xml", b"<svg")


def test_every_kind_can_be_opened_and_saved_as_it_stands(giang: Visitor, issuer: Issuer) -> None:
    for kind in KINDS:
        assert "Đã lưu bản nháp" in giang.visit(f"{DESK}/{kind}", lint=False).submit("Lưu nháp").html
        draft = designs.draft(issuer, kind)
        assert draft and draft.design == default(kind, issuer)
        assert designs.current(issuer, kind).facts == FACTS_OF[kind]
    assert giang.visit(f"{DESK}/poster").status == 404


def test_what_is_typed_becomes_the_design(giang: Visitor, issuer: Issuer) -> None:
    page = typed(
        giang, title="GIẤY CHỨNG NHẬN", lead="", deed="đã học", basis="Căn cứ Quyết định", note="Ghi chú", languages="vi+en",
        english_title="CERTIFICATE", english_deed="has learnt", english_superior="PEOPLE'S COMMITTEE", english_issuer="DEPARTMENT",
        fact_1="year", fact_2="", fact_3="periods", fact_4="", fact_5="expires", months="24", name_2="Đỗ Thị Ước",
        titles_2="TRƯỞNG PHÒNG\n\n", ranks_2="Head", frame="none", orientation="portrait", stock=["title", "nation"],
        right="-1,5", up="+2", accent="#0B57A4", logo_file=upload(), seal_file=upload("JPEG"),
    )  # fmt: skip
    assert page.status == 200, page.text
    draft = designs.draft(issuer, "course")
    assert draft
    made = draft.design
    assert (made.facts, made.months, made.stock, made.right, made.up) == (
        ("year", "periods", "expires"), 24, ("nation", "title"), -1.5, 2.0,
    )  # fmt: skip
    assert (made.lead, made.accent, made.orientation, made.english.issuer) == ("", "#0b57a4", "portrait", "DEPARTMENT")
    assert [(one.titles, one.name, one.english) for one in made.signatories] == [
        (("GIÁM ĐỐC",), "Lê Quang Nam", ""),
        (("TRƯỞNG PHÒNG",), "Đỗ Thị Ước", "Head"),
    ]
    assert files.read(made.logo).startswith(b"\x89PNG") and made.logo != made.seal
    assert problems(made) == {}
    assert "nền trong suốt" in giang.visit(COURSE).text, "a seal that covers the signature is told of"
    typed(giang, no_logo="y")
    assert not designs.begun(issuer, "course").logo and designs.begun(issuer, "course").seal


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "no title": ({"title": ""}, "title", "Nhập nội dung này"),
    "no deed": ({"deed": " "}, "deed", "Nhập nội dung này"),
    "a long lead": ({"lead": "a" * 121}, "lead", "120"),
    "a long basis in English": ({"english_basis": "a" * 301}, "english_basis", "300"),
    "signs in a note": ({"note": "証明"}, "note", "không in được"),
    "signs in English": ({"english_title": "証明"}, "english_title", "không in được"),
    "signs in an issuer's name": ({"english_issuer": "証明"}, "english_issuer", "không in được"),
    "another language": ({"languages": "fr"}, "languages", ""),
    "a fact twice": ({"fact_4": "periods"}, "fact_1", "chỉ chọn một lần"),
    "an unknown fact": ({"fact_2": "height"}, "fact_2", ""),
    "no months": ({"fact_4": "expires"}, "months", "Nhập số tháng"),
    "a century": ({"months": "1200"}, "months", "120"),
    "months in words": ({"months": "hai"}, "months", ""),
    "four titles": ({"titles_2": "A\nB\nC\nD"}, "titles_2", "ba dòng"),
    "signs in a name": ({"name_1": "証明"}, "titles_1", "không in được"),
    "yellow on white": ({"accent": "#ffd700"}, "accent", "đậm hơn"),
    "a colour by name": ({"accent": "red"}, "accent", "#a4161a"),
    "another frame": ({"frame": "gold"}, "frame", ""),
    "another orientation": ({"orientation": "A3"}, "orientation", ""),
    "stock with a frame": ({"stock": ["title"]}, "stock", "không khung"),
    "unknown stock": ({"frame": "none", "stock": ["gold"]}, "stock", ""),
    "a shift with a frame": ({"right": "2"}, "right", "không khung"),
    "too far": ({"frame": "none", "up": "31"}, "up", "30"),
    "millimetres in words": ({"frame": "none", "right": "một"}, "right", "ví dụ 3"),
    "a text as a logo": ({"logo_file": b"<svg/>"}, "logo_file", "PNG hoặc JPEG"),
    "a tiny seal": ({"seal_file": upload(size=(20, 20))}, "seal_file", "100 điểm ảnh"),
    "an empty seal": ({"seal_file": upload(colour=(0, 0, 0, 0))}, "seal_file", "trống"),
    "a logo from elsewhere": ({"logo": "0" * 64}, "logo_file", "Chọn lại hình"),
    "a name that cannot be printed": ({"sample": "証明"}, "sample", "không in được"),
}  # fmt: skip


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(giang: Visitor, issuer: Issuer) -> None:
    opened = giang.visit(COURSE)
    for what, (change, field, message) in WRONG.items():
        page = opened.submit("Lưu nháp", **filled(**change))
        error = page.tree.find(f".//*[@id='{field}-error']")
        assert (page.status, error is not None) == (422, True), what
        assert message in "".join(error.itertext()), what  # type: ignore[union-attr]
        assert page.tree.find(f".//*[@id='{field}']") is not None, what
        assert "GIÁM ĐỐC" in page.html, what
    assert designs.draft(issuer, "course") is None


def test_a_picture_is_not_lost_when_something_else_must_be_mended(giang: Visitor, issuer: Issuer) -> None:
    page = typed(giang, title="", logo_file=upload())
    page.submit("Lưu nháp", title="GIẤY")
    assert designs.begun(issuer, "course").logo


def test_the_preview_draws_what_is_typed_and_saves_nothing(giang: Visitor, issuer: Issuer) -> None:
    page = typed(giang, "Vẽ lại", title="CHỨNG CHỈ KỸ NĂNG", sample="H'Hen Niê", logo_file=upload())
    assert (page.status, b"<image" in b64decode(drawing(page).partition(",")[2])) == (200, True)
    assert "Nghị định 171/2025/NĐ-CP" in page.text.split("Họ tên để thử")[0], "why the word is not for everybody"
    assert designs.draft(issuer, "course") is None
    assert not drawing(page.submit("Vẽ lại", title=""))


def test_the_preview_as_pdf_is_the_printed_paper_of_the_same_words(giang: Visitor, issuer: Issuer) -> None:
    shown = file(giang, "preview.pdf", title="GIẤY KHEN", sample="Y Bhiu Êban")
    typed(giang, "Lưu và áp dụng", title="GIẤY KHEN")
    with giang.app.test_request_context():
        design = designs.current(issuer, "course")
        printed = Press(wording.wording_of(issuer, design)).print(samples.paper(issuer, design, "Y Bhiu Êban"))
    assert shown.data == printed
    assert "Y Bhiu Êban" in text(printed)


def test_a_trial_sheet_bears_the_texts_and_rulers(giang: Visitor) -> None:
    said = text(file(giang, "trial-sheet.pdf", frame="none", right="4").data)
    assert "290" in said and "kích thước thật" in said and "Nguyễn Thị Thuỳ Dương" in said
    for address in ("preview.pdf", "trial-sheet.pdf"):
        refused = file(giang, address, title="")
        assert (refused.status_code, refused.mimetype) == (422, "text/html")


def test_a_published_design_is_for_papers_from_then_on(giang: Visitor, issuer: Issuer, cast: Cast) -> None:
    first = issued(newcomer(cast, "Ngô Thị Ga", 31))
    before = files.read(printing.file_of(first))
    db.session.refresh(first)
    words = first.printed
    typed(giang, title="GIẤY NHÁP", months="12", fact_4="expires")
    assert issued(newcomer(cast, "Ngô Thị Hà", 32)).printed["wording"]["title"] != "GIẤY NHÁP"
    typed(giang, "Lưu và áp dụng", title="GIẤY MỚI")
    last = issued(newcomer(cast, "Ngô Thị Hải", 33))
    assert last.printed["wording"]["title"] == "GIẤY MỚI" and last.expires_on
    db.session.refresh(first)
    assert (files.read(first.sha256 or ""), first.printed) == (before, words)


def test_an_earlier_version_is_taken_again_as_a_new_one(giang: Visitor, issuer: Issuer) -> None:
    for title in ("MỘT", "HAI"):
        typed(giang, "Lưu và áp dụng", title=title)
    typed(giang, title="NHÁP")
    page = giang.visit(COURSE).click("Bản 1")
    for _ in range(2):
        again = page.submit("Dùng lại bản này")
    assert "Đã dùng lại bản 1" in again.html
    assert [(one.number, one.design.title) for one, _ in designs.history(issuer, "course")] == [
        (3, "MỘT"),
        (2, "HAI"),
        (1, "MỘT"),
    ]
    draft = designs.draft(issuer, "course")
    assert draft and (draft.number, draft.design.title) == (4, "NHÁP")
    assert "Đây là mẫu đang dùng" in giang.visit(f"{COURSE}/versions/3").text
    assert giang.visit(f"{COURSE}/versions/4").status == 404, "a draft is no version"


def test_a_draft_can_be_dropped(giang: Visitor, issuer: Issuer) -> None:
    page = typed(giang, title="NHÁP")
    assert [page.submit("Bỏ bản nháp").status for _ in range(2)] == [200, 200]
    assert designs.draft(issuer, "course") is None


def test_of_two_clerks_the_later_one_is_told(giang: Visitor, issuer: Issuer) -> None:
    opened = giang.visit(COURSE)
    typed(giang, title="CỦA NGƯỜI KHÁC")
    page = opened.submit("Lưu nháp", title="CỦA TÔI", **GIANG)
    assert (page.status, "Người khác đã lưu" in page.text) == (409, True)
    assert designs.begun(issuer, "course").title == "CỦA NGƯỜI KHÁC"
    page.submit("Lưu nháp")
    assert designs.begun(issuer, "course").title == "CỦA TÔI"


def test_saving_and_publishing_twice_is_once(issuer: Issuer) -> None:
    design = replace(default("goal", issuer), title="GIẤY")
    one = design_actions.save(issuer=issuer, design=design, seen=0, by_id=1)
    assert design_actions.save(issuer=issuer, design=design, seen=0, by_id=1) is one
    for _ in range(2):
        design_actions.publish(draft=one, by_id=1)
    assert [version.number for version, _ in designs.history(issuer, "goal")] == [1]
    with pytest.raises(SavedMeanwhile):
        design_actions.save(issuer=issuer, design=design, seen=1, by_id=1)


COURSE_DESIGN = default("course", ISSUER)
LOGO, SEAL = kept_pictures()
ADVICE: dict[str, tuple[Mapping[str, Any], list[str]]] = {
    "as it is": ({}, []),
    "a diploma": ({"title": "Chứng chỉ tin học"}, ["entitled-only"]),
    "in capitals": ({"deed": "được cấp CHỨNG CHỈ"}, ["entitled-only"]),
    "a word that only begins so": ({"title": "GIẤY CÔNG CHỨNG CHÍNH THỨC"}, []),
    "no signatory": ({"signatories": ()}, ["nobody-signs"]),
    "a seal one sees through": ({"seal": SEAL}, []),
    "a seal that covers": ({"seal": LOGO}, ["seal-covers"]),
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), ADVICE.values(), ids=ADVICE)
def test_what_a_clerk_should_think_over(change: Mapping[str, Any], expected: list[str]) -> None:
    assert advice(replace(COURSE_DESIGN, **change), kept_pictures().__getitem__) == expected


def test_bilingual_papers_want_english(issuer: Issuer) -> None:
    bare = Design("course", "GIẤY", "", "đã học", (), COURSE_DESIGN.signatories, languages="vi+en")
    assert advice(bare, files.read) == ["english-missing"]


def test_millimetres_on_a_trial_sheet_are_true() -> None:
    design = all_designs()["stock"]
    words = wording.wording_of(ISSUER, design)
    sheet = picture(ruler.trial_sheet(words, paper(design), "."), dots_per_inch=254).convert("L")
    row = [x for x in range(sheet.width) if sheet.getpixel((x, sheet.height - 62)) < 128]  # type: ignore[operator]
    marks = [x for x in row if x - 1 not in row]
    assert marks[:3] in ([99, 109, 119], [100, 110, 120]), "from the corner on, a mark every ten dots"
