"""A course unpacked from its ZIP onto a phone: it reads from the folder with no network, and a lesson weighs little."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from lms.catalogue import queries
from lms.discovery import offline
from tests.browser.conftest import PHONE, inside

COURSE = "dich-vu-cong-truc-tuyen"
MOST = 40_000


@pytest.fixture
def folder(demo: Flask, tmp_path: Path) -> Path:
    """The unpacked course."""

    def unpack() -> None:
        with demo.test_request_context():
            packed = offline.archive(queries.current(COURSE))
        zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path)

    inside(demo, unpack)
    return tmp_path / COURSE


def test_a_course_reads_from_a_folder_with_no_network(browser: Browser, folder: Path) -> None:
    context = browser.new_context(viewport=PHONE, offline=True)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    assert not Axe().run(page).response["violations"]
    page.locator("ol.lessons a").first.click()
    assert page.locator("article.prose").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate("getComputedStyle(document.body).display") == "flex", "the style sheet is there"
    page.evaluate("Promise.all([...document.images].map((i) => { i.loading = 'eager'; return i.decode(); }))")
    assert not Axe().run(page).response["violations"]
    context.close()


def test_a_lesson_weighs_little_on_a_phone(browser: Browser, address: str, demo: Flask) -> None:
    demo.config["PUBLIC_COURSES"] = [COURSE]
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    weights: dict[str, int] = {}
    page.on("response", lambda answer: weights.update({answer.url: len(gzip.compress(answer.body()))}))
    page.goto(f"{address}/courses")
    assert not Axe().run(page).response["violations"]
    page.goto(f"{address}/courses/{COURSE}")
    assert not Axe().run(page).response["violations"]
    page.get_by_role("link", name="Đọc bài đầu").click()
    page.wait_for_load_state("networkidle")
    demo.config["PUBLIC_COURSES"] = []
    kept = {url: weight for url, weight in weights.items() if not url.endswith((".woff2", f"/courses/{COURSE}"))}
    assert sum(kept.values()) <= MOST, kept
    assert not Axe().run(page).response["violations"]
    assert not context.cookies()
    context.close()
