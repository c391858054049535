"""HR: a messy spreadsheet becomes people, the unit's page moves, and the list is exported."""

from flask import Flask
from playwright.sync_api import expect

from lms import jobs
from tests.browser.conftest import DESK, SignedIn, inside

PEOPLE = """DANH SÁCH CÁN BỘ ĐẦU MỐI;;;;
Mã cán bộ;Họ và tên;Đối tượng;Email;Điện thoại
moi-01; Nguyễn  Thị Thuỳ Dương ;công chức;;900111222
;;;;
moi-02;Ðặng Văn Ẩn;công chức;;0900 111 333
"""
POSTS = """person_id,unit_code,role,position,title,nature,primary,from,to,decision
moi-01,{unit},đầu mối,,,kiêm nhiệm,có,01/02/2026,,QĐ 12
moi-02,{unit},đầu mối,,,kiêm nhiệm,có,1-2-2026,,QĐ 12
"""


def test_binh_imports_people_sees_the_unit_move_and_exports_it(demo: Flask, signed_in: SignedIn) -> None:
    page = signed_in("binh", size=DESK)
    page.goto("/units")
    page.locator("main .rows a").first.click()
    page.locator("main .rows a", has_text="Phường Hải Châu").click()
    unit_page = page.url
    code = page.locator("dl.facts div", has_text="Mã").locator("dd").first.inner_text()
    page.goto("/imports")
    files = [
        {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode("utf-16")},
        {"name": "assignments.csv", "mimeType": "text/csv", "buffer": POSTS.format(unit=code).encode("utf-8-sig")},
    ]
    page.set_input_files("input[type=file]", files=files)
    page.locator("main form button[type=submit]").first.click()
    inside(demo, jobs.run_pending)
    page.reload()
    page.get_by_role("button", name="Nhập tất cả").click()
    inside(demo, jobs.run_pending)
    page.goto("/people")
    page.fill("#q", "nguyen thi duong")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("row", name="moi-01").get_by_role("link", name="Nguyễn Thị Thuỳ Dương").click()
    expect(page.locator("main")).to_contain_text("0900111222")
    page.goto(f"{unit_page}/goal")
    expect(page.locator("main")).to_contain_text("Đặng Văn Ẩn")
    page.get_by_role("link", name="Xuất danh sách").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải bảng Excel").first.click()
    assert download.value.suggested_filename.endswith(".xlsx")
