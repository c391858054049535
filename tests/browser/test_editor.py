"""A trainer at the editor: by keyboard, saved by itself, seen as learners will see it, and without a fault for anybody."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from lms.authoring import actions
from lms.db import db
from lms.network import queries as network
from tests.browser.conftest import DESK, PHONE, SignedIn, inside
from tests.browser.test_accessibility import faults
from tests.catalogue.packages import GOOD
from tests.catalogue.test_parts import FILES, VIDEO, WORDS

PARTS = (
    VIDEO,
    f"::: embed media/a.zip Gói\n{WORDS}:::",
    "::: slides Bài\nMột\n\n---\n\nHai\n:::",
    "::: question q1\n:::",
)


@pytest.fixture(scope="module")
def draft(demo: Flask) -> str:
    """The address of a draft whose lesson has every kind of block."""

    def begin() -> str:
        from lms import clock, files

        texts = {**GOOD, "01-bai-mot.md": "\n\n".join([GOOD["01-bai-mot.md"], *PARTS])}
        media = {path: files.put(content) for path, content in FILES.items()}
        unit = network.unit_id_by_code("48", clock.today())
        made = actions.begin(slug="khoa-o-ban", title="Khóa ở bàn", unit_id=unit, by_id=None, files=texts, media=media)
        db.session.commit()
        return f"/teach/drafts/{made.id}"

    return inside(demo, begin)


def test_a_lesson_is_written_with_the_keyboard_and_saved_by_itself(draft: str, signed_in: SignedIn) -> None:
    page = signed_in("chi", size=DESK)
    page.goto(f"{draft}/lessons/01-bai-mot")
    page.locator("#down-1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#down-2")).to_be_focused()
    expect(page.locator("#block-2 h2")).to_have_text("Tình huống")
    page.goto(f"{draft}/lessons/01-bai-mot?block=2#editing")
    expect(page.locator("#editing")).to_be_focused()
    page.fill("input[name=words]", "Tình huống khác")
    expect(page.locator("[data-receipt]")).to_contain_text("Đã lưu lúc", timeout=15_000)
    page.goto(f"{draft}/lessons/01-bai-mot/preview")
    phone = page.frame_locator(".preview-phone iframe")
    expect(phone.get_by_role("heading", name="Tình huống khác")).to_be_visible()


def test_slides_turn_by_arrow_keys_and_a_package_reaches_nothing(draft: str, signed_in: SignedIn) -> None:
    page = signed_in("chi", size=DESK)
    page.goto(f"{draft}/lessons/01-bai-mot/as-learner")
    slide = page.locator(".slide:visible")
    expect(slide).to_have_text("Một")
    page.locator(".slides").press("ArrowRight")
    expect(slide).to_have_text("Hai")
    page.locator(".embed").scroll_into_view_if_needed()
    expect(page.frame_locator(".embed iframe").locator("#found")).to_have_text("SecurityError")


def test_no_page_of_the_editor_has_a_fault(draft: str, signed_in: SignedIn) -> None:
    lesson = f"{draft}/lessons/01-bai-mot"
    pages = [
        draft,
        lesson,
        f"{lesson}?block=1",
        f"{lesson}?add",
        f"{lesson}?add=table",
        f"{lesson}/text",
        f"{draft}/quiz",
    ]
    more = [f"{lesson}/as-learner", f"{draft}/head", f"{draft}/questions/q1", f"{draft}/media", f"{draft}/try"]
    for size, paths, scheme in ((PHONE, pages, "light"), (DESK, more, "dark")):
        page = signed_in("chi", size=size, color_scheme=scheme)
        assert not [fault for path in paths for fault in faults(page, path)]
