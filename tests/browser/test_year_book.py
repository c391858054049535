"""A coordinator closes a year, and a class list arrives late: the official figure stays, the adjustment is numbered."""

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from lms import clock, jobs
from lms.db import db
from lms.demo import data, network
from lms.goals import actions as goals
from lms.yearbooks.models import BookLine, BookVersion, YearBook
from tests.browser.conftest import DESK, PHONE, SignedIn, inside

POLICY = "legal40"


def test_a_year_is_closed_and_a_late_list_becomes_a_numbered_adjustment(demo: Flask, signed_in: SignedIn) -> None:
    page = signed_in("dieuphoi", size=DESK)
    close_last_year(page)
    expect(page.locator("main")).to_contain_text("Đang ghi từng người vào sổ")
    inside(demo, jobs.run_pending)
    page.reload()
    expect(page.locator("h2#official")).to_contain_text("Số chính thức")
    official = page.locator("h2#official").inner_text()
    expect(page.locator("main")).to_contain_text("Chưa có điều chỉnh nào")

    name = inside(demo, arrive_late)
    page.reload()
    row = page.locator("table", has=page.get_by_text("Điều đến sau ngày chốt")).locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(name)
    expect(row).to_contain_text("Đạt")
    assert page.locator("h2#official").inner_text() == official
    expect(page.locator("main")).to_contain_text("Sau điều chỉnh:")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Xem từng người", exact=True).click()
    page.fill("#q", name)
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_role("link", name=name).first.click()
    expect(page.locator("main")).to_contain_text("Điều chỉnh số 1")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.go_back()
    page.get_by_role("link", name=f"Sổ năm {clock.today().year - 1}").click()
    page.get_by_role("button", name="Kiểm tra sổ").click()
    inside(demo, jobs.run_pending)
    page.reload()
    expect(page.locator("main")).to_contain_text("Sổ nguyên vẹn")


def close_last_year(page: Page) -> None:
    """From the unit to the question whether one is sure."""
    page.goto("/units")
    page.locator("main .rows a").first.click()
    page.get_by_role("link", name="Sổ năm").click()
    page.get_by_role("link", name=f"Khóa sổ năm {clock.today().year - 1}, {POLICY}").click()
    page.get_by_role("button", name="Khóa sổ").click()
    page.get_by_role("dialog").get_by_role("button", name="Khóa sổ").click()
    page.wait_for_url("**/year-books/*")


def arrive_late() -> str:
    """Somebody who lacked periods was in a class of last November; their name."""
    of_book = sa.select(BookLine).join(BookVersion, BookVersion.id == BookLine.version_id).join(YearBook)
    short = of_book.where(YearBook.policy == POLICY, BookLine.status == "not-met", BookLine.kind == "person")
    line = db.session.scalars(short.order_by(BookLine.number).limit(1)).one()
    day = f"{clock.today().year - 1}-11-20"
    row = {"person_id": line.code, "activity": "Lớp gửi muộn", "category": "state", "periods": str(line.due),
           "completed_on": day, "source": "internal", "state": "approved"}  # fmt: skip
    network.take_in({"credits.csv": data.sheet([row])})
    goals.refresh(person_ids=[line.subject_id])
    db.session.commit()
    return line.name
