"""Every page, for everyone who may open it: no axe violation in light or dark, and never a horizontal scroll."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from lms.certificates import queries as certificates
from lms.clock import today
from lms.network import queries as network
from tests.browser.conftest import DESK, PHONE, SignedIn, inside

COURSE = "mang-luoi-chuyen-doi-so"
PUBLIC = ("/sign-in", "/verify", "/verify/KHONGCOGIAY", "/verify/{code}", "/verify/offline")
ROLES = {
    "an": ("/", "/courses", "/courses?q=khongco", f"/courses/{COURSE}", f"/courses/{COURSE}/lessons/04-mot-nam-cua-ban",
           f"/courses/{COURSE}/lessons/04-mot-nam-cua-ban/print", f"/courses/{COURSE}/quiz",
           "/courses/dich-vu-cong-truc-tuyen/quiz",
           "/courses/dich-vu-cong-truc-tuyen/quiz/1/1", "/courses/dich-vu-cong-truc-tuyen/quiz/1/review",
           f"/courses/{COURSE}/quiz/1/result", "/my/goal", "/my/certificates", "/my/account", "/khong-co",
           "/courses?role=community-member&topic=safety", "/courses?q=lua+dao", f"/courses/{COURSE}/summaries",
           "/courses/dich-vu-cong-truc-tuyen/kit/slides", f"/courses/{COURSE}/lessons/01-mang-luoi-la-gi?asked=q32&q32=0",
           "/competencies", "/competencies/digcomp-3.0", "/my/competencies", "/my/pathway"),
    "binh": ("/units", "/units/{unit}", "/units/{unit}/goal", "/units/{unit}/people", "/units/{unit}/accounts",
             "/units/{unit}/reports", "/people", "/people?q=zzz", "/people/{person}", "/people/{person}/goal",
             "/people/{person}/certificates", "/imports", "/units/{unit}/competencies", "/people/{person}/competencies",
             "/units/{unit}/certificates", "/units/{unit}/exports", "/my/exports", "/units/{unit}/year-end",
             "/units/{unit}/year-end/terms", "/units/{unit}/year-end/records"),
    "dieuphoi": ("/units/{unit}/awards/goal", "/certificates/{paper}", "/certificates/{paper}/revoke", "/reported/new"),
    "chi": ("/teach", f"/teach/{COURSE}", f"/teach/{COURSE}/versions/1", f"/teach/{COURSE}/learners", "/teach/drafts",
            "/teach/drafts/new", f"/teach/drafts/new?source={COURSE}", "/teach/upload"),
    "giang": ("/grants", "/grants/1/end", "/audit", "/settings/issuers", "/settings/issuers/1",
              "/settings/issuers/1/designs", "/settings/issuers/1/designs/course"),
}  # fmt: skip


@pytest.fixture(scope="module")
def ids(demo: Flask) -> dict[str, int | str]:
    def find() -> dict[str, int | str]:
        unit, person = network.unit_id_by_code("48", today()), network.person_by_code("an")
        assert unit and person
        paper = certificates.mine(person.id)[0]
        return {"unit": unit, "person": person.id, "paper": paper.id, "code": paper.code}

    return inside(demo, find)


def faults(page: Page, path: str) -> list[str]:
    """What is wrong with a page as it looks now, in words."""
    page.goto(path)
    return _faults_now(page, path)


def faults_in_both_looks(page: Page, path: str) -> list[str]:
    """What is wrong with a page on a phone in light, and on a desk in dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(PHONE)
    found = faults(page, path)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(DESK)
    return found + _faults_now(page, f"{path} in dark")


def _faults_now(page: Page, name: str) -> list[str]:
    found = [f"{name}: {v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page).response["violations"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > page.viewport_size["width"]:  # type: ignore[index]
        found.append(f"{name}: scrolls sideways ({width} px)")
    return found


@pytest.mark.parametrize("code", [None, *ROLES])
def test_no_page_has_a_fault(code: str | None, ids: dict[str, int], signed_in: SignedIn) -> None:
    page = signed_in(code)
    paths = PUBLIC if code is None else ROLES[code]
    assert not [fault for path in paths for fault in faults_in_both_looks(page, path.format(**ids))]


def test_nothing_scrolls_sideways_at_320_pixels_with_the_largest_text(
    ids: dict[str, int | str], signed_in: SignedIn
) -> None:
    page = signed_in("binh", size={"width": 320, "height": 640})
    page.get_by_role("button", name="A++").click()
    wide = []
    for path in ("/", *ROLES["binh"]):
        page.goto(path.format(**ids))
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(path)
    assert not wide


def test_every_page_can_be_used_by_keyboard(signed_in: SignedIn) -> None:
    page = signed_in("an", size=DESK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
