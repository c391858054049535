"""The design desk in a browser: the paper follows what is typed, and the picture is what the printer prints."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Browser, expect

from lms.certificates import svg, wording
from lms.certificates.pdf import draw
from tests.browser.conftest import DESK, PHONE, SignedIn
from tests.certificates.designs import AN, ISSUER, LONG, designs, paper, picture, pictures

SHOWN = {"rich": AN, "portrait, all": LONG, "stock": LONG}
DARK, PALE = 110, 215


@pytest.mark.parametrize("name", SHOWN)
def test_the_picture_on_the_screen_is_the_printed_paper(name: str, browser: Browser) -> None:
    design = designs()[name]
    words, one = wording.wording_of(ISSUER, design), paper(design, SHOWN[name])
    drawing = svg.drawn(words, one, pictures().__getitem__)
    printed = picture(draw(words, one, pictures().__getitem__), dots_per_inch=96)
    page = browser.new_page(viewport={"width": printed.width, "height": printed.height})
    page.set_content(
        f"<style>*{{margin:0}}svg{{display:block;width:{printed.width}px;height:{printed.height}px}}</style>{drawing}"
    )
    shown = Image.open(BytesIO(page.screenshot()))
    page.close()
    assert not stray(printed, shown) and not stray(shown, printed)


def stray(page: Image.Image, other: Image.Image) -> int:
    """How many dark dots of a page have nothing near them on the other one: a letter that is missing or moved has."""
    dark = page.convert("L").point(lambda value: 255 * (value < DARK))
    pale_around = other.convert("L").filter(ImageFilter.MinFilter(5)).point(lambda value: 255 * (value > PALE))
    return ImageChops.multiply(dark, pale_around).histogram()[255]


def test_the_paper_follows_what_is_typed(signed_in: SignedIn) -> None:
    page = signed_in("giang", size=DESK)
    page.goto("/settings/issuers/1/designs/attendance")
    drawing, notes = page.locator("#preview-picture img"), page.locator("#preview-notes")
    before = drawing.get_attribute("src") or ""
    page.locator("#title").fill("CHỨNG CHỈ THAM DỰ")
    expect(drawing).not_to_have_attribute("src", before)
    expect(notes).to_contain_text("Nghị định 171/2025/NĐ-CP")
    drawn = drawing.get_attribute("src")
    page.locator("#title").fill("")
    expect(notes).to_contain_text("Nhập nội dung này")
    assert drawing.get_attribute("src") == drawn, "the last paper that could be drawn stays"
    seal = BytesIO()
    Image.new("RGBA", (300, 300), (200, 20, 20, 120)).save(seal, "PNG")
    page.locator("#title").fill("GIẤY XÁC NHẬN")
    page.locator("#seal_file").set_input_files({"name": "dau.png", "mimeType": "image/png", "buffer": seal.getvalue()})
    expect(page.get_by_label("Bỏ hình con dấu đang dùng")).to_be_visible()
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_text("Đã lưu bản nháp")).to_be_visible()


def test_a_phone_shows_the_paper_above_the_form(signed_in: SignedIn) -> None:
    page = signed_in("giang", size=PHONE)
    page.goto("/settings/issuers/1/designs/goal")
    paper_at, title_at = page.locator("#preview-picture").bounding_box(), page.locator("#title").bounding_box()
    assert paper_at and title_at and paper_at["y"] < title_at["y"] and paper_at["width"] <= PHONE["width"]
