"""The policy desk: a clerk raises a rule with the form, sees whom it concerns, publishes it, and takes it back."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from lms import jobs
from tests.browser.conftest import DESK, PHONE, SignedIn, inside

NARROW = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def finish(demo: Flask, page: Page) -> None:
    """The job that a page waits for is done."""
    inside(demo, jobs.run_pending)
    page.reload()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_clerk_changes_a_rule_publishes_it_and_takes_it_back(
    demo: Flask, signed_in: SignedIn, size: dict[str, int]
) -> None:
    page = signed_in("quocgia", size=size)
    page.goto("/policies")
    section = page.locator("section.panel", has_text="Bồi dưỡng chuyển đổi số hằng năm")
    section.get_by_role("button", name="Soạn bản mới").click()
    page.get_by_role("button", name="Thêm quy tắc").click()
    rule = page.locator("#rule-8")
    rule.get_by_text("Vai trò: mọi vai trò").click()
    rule.get_by_label("đầu mối").first.check()
    rule.get_by_text("Cấp: mọi cấp").click()
    rule.get_by_label("Cấp xã").first.check()
    rule.get_by_label("Số tiết của trọn một năm").fill("32")
    rule.get_by_label("Từ ngày").fill("01/02/2026")
    page.get_by_role("button", name="Lưu biểu mẫu").first.click()
    expect(page.locator("textarea[name=source]")).to_contain_text('level = "commune"')
    expect(page.locator("#rule-8 summary").first).to_contain_text("Đầu mối ở cấp xã: 32 tiết một năm; từ 01/02/2026")
    assert page.evaluate(NARROW)

    page.get_by_role("button", name="Chạy thử bản đã lưu").click()
    expect(page.locator("main")).to_contain_text("Đang chạy thử")
    finish(demo, page)
    page.get_by_role("link", name="Phải học thêm, hoặc không còn đạt").click()
    expect(page.locator("table tbody tr").first).to_contain_text("→")
    assert page.evaluate(NARROW)
    page.go_back()
    page.get_by_role("button", name="Ban hành đúng như đã xem").click()
    page.get_by_role("dialog").get_by_role("button", name="Ban hành đúng như đã xem").click()
    expect(page.locator("main")).to_contain_text("Đang áp dụng và tính lại")
    finish(demo, page)
    expect(page.locator("main")).to_contain_text("Đúng như đã xem:")

    page.get_by_role("link", name="Đọc bản này").click()
    expect(page.locator("ol")).to_contain_text(["Đầu mối ở cấp xã: 32 tiết một năm"])
    assert page.evaluate(NARROW)
    page.get_by_role("button", name="Xem trước việc rút lại").click()
    finish(demo, page)
    page.get_by_label("Lý do rút lại").fill("Thử nghiệm")
    page.get_by_role("button", name="Rút lại đúng như đã xem").click()
    finish(demo, page)
    expect(page.locator("main")).to_contain_text("Đúng như đã xem:")
