"""The page that a person saves to a phone, opened from the phone's own folder without any network."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from lms.trust import keys, symbol
from tests.browser.conftest import PHONE, inside

WORDS = {
    "code": "K7QM4WXP92", "number": "12/2026/GCN-KHCN", "name": "Nguyễn Thị Thuỳ Dương", "course": "Kỹ năng số “cơ bản”",
    "issuer": "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "issued_on": date(2026, 9, 5),
}  # fmt: skip
WITHOUT_ED25519 = "crypto.subtle.importKey = () => Promise.reject(new Error('not here'))"

Check = Callable[[str], str]


@pytest.fixture
def saved(browser: Browser, address: str, tmp_path: Path) -> Path:
    """The page as «save this page» brings it onto a phone."""
    context = browser.new_context(viewport=PHONE, accept_downloads=True)
    page = context.new_page()
    page.goto(f"{address}/verify/offline")
    with page.expect_download(timeout=5_000) as download:
        page.get_by_role("link", name="Lưu trang này vào máy").click()
    path = tmp_path / "kiem-tra.html"
    download.value.save_as(path)
    context.close()
    return path


@pytest.fixture(params=["with Ed25519 in the browser", "without"])
def check(request: pytest.FixtureRequest, browser: Browser, saved: Path) -> Iterator[Check]:
    """Open the saved file with no network, paste something, and say what the page says."""
    context = browser.new_context(viewport=PHONE)
    context.set_offline(True)
    if request.param == "without":
        context.add_init_script(f"if (globalThis.crypto?.subtle) {WITHOUT_ED25519}")
    page = context.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))

    def say(pasted: str) -> str:
        page.goto(saved.as_uri())
        page.get_by_label("Nội dung mã QR").fill(pasted)
        page.get_by_role("button", name="Kiểm tra").click()
        page.wait_for_selector("[data-verdict]:not([hidden])", timeout=10_000)
        return page.locator("#verdict").inner_text()

    yield say
    assert not mistakes and all(url.startswith("file:") for url in asked)
    context.close()


def test_a_right_symbol_is_right_and_a_changed_one_is_not(demo: Flask, check: Check) -> None:
    text = inside(demo, lambda: symbol.text(**WORDS))
    said = check(text)
    assert "Chữ ký đúng" in said
    for shown in (WORDS["name"], WORDS["course"], WORDS["number"], "05/09/2026", WORDS["issuer"], "/verify/K7QM4WXP92"):
        assert str(shown) in said
    assert "Chữ ký đúng" in check(f"#{text.partition('#')[2]}") and "Chữ ký đúng" in check(text.partition("#")[2])
    for place in (40, 120, 200, 280):
        changed = text[:-place] + ("B" if text[-place] != "B" else "C") + text[len(text) - place + 1 :]
        said = check(changed)
        assert "Chữ ký không đúng" in said and str(WORDS["name"]) not in said
    assert "Không đọc được mã" in check("https://example.vn/verify/ABC") and "Không đọc được mã" in check("#!!")


def test_a_paper_that_has_expired_is_told_so(demo: Flask, check: Check) -> None:
    said = check(inside(demo, lambda: symbol.text(**WORDS, expires_on=date(2026, 9, 6))))
    assert "nhưng giấy đã hết hạn" in said and "06/09/2026" in said and str(WORDS["name"]) in said
    said = check(inside(demo, lambda: symbol.text(**WORDS, expires_on=date(2126, 9, 6))))
    assert "Chữ ký đúng" in said and "06/09/2126" in said and "đã hết hạn" not in said
    assert "Hết hạn" not in check(inside(demo, lambda: symbol.text(**WORDS)))


def test_both_arithmetics_agree_on_many_signatures(demo: Flask, check: Check) -> None:
    for number in range(3):
        name = f"{WORDS['name']} {number} H'Hen Ƀuôn Ya"
        assert name in check(inside(demo, lambda name=name: symbol.text(**{**WORDS, "name": name})))


def test_a_key_that_the_saved_page_does_not_know_is_told(demo: Flask, check: Check) -> None:
    def of_tomorrow() -> str:
        payload = keys.decoded(symbol.text(**WORDS).partition("#")[2])
        return keys.encoded(payload[:1] + b"another"[:6] + payload[7:])

    assert "chưa biết khóa" in check(inside(demo, of_tomorrow))


def test_the_page_in_use_is_whole_at_the_width_of_a_phone(browser: Browser, address: str, demo: Flask) -> None:
    page: Page = browser.new_page(viewport=PHONE)
    page.goto(f"{address}/verify/offline#{inside(demo, lambda: symbol.text(**WORDS)).partition('#')[2]}")
    page.wait_for_selector('[data-verdict="right"]:not([hidden])', timeout=10_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
