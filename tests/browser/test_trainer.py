"""A trainer's course: published from a folder, handed in as a ZIP, or copied, changed, read by a colleague, and learnt."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import DESK, SignedIn, inside
from tests.browser.test_accessibility import faults

SHIPPED = Path(__file__).parents[2] / "courses" / "dich-vu-cong-truc-tuyen"


def own_course(folder: Path, slug: str, title: str) -> Path:
    """A course in a folder of the trainer's own."""
    target = folder / slug
    shutil.copytree(SHIPPED, target)
    head = target / "course.toml"
    lines = [
        f'title = "{title}"' if line.startswith("title =") and n < 5 else line
        for n, line in enumerate(head.read_text().splitlines())
    ]
    head.write_text("\n".join(lines))
    return target


def zipped(folder: Path, *, without: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.rglob("*"):
            if path.is_file() and path.name != without:
                archive.write(path, path.relative_to(folder.parent))
    return packed.getvalue()


def test_a_course_published_from_a_folder_is_seen_by_learners(demo: Flask, signed_in: SignedIn, tmp_path: Path) -> None:
    folder = own_course(tmp_path, "dich-vu-cong-cua-xa", "Dịch vụ công của xã tôi")
    result = inside(demo, lambda: demo.test_cli_runner().invoke(args=["courses", "publish", str(folder)]))
    assert result.exit_code == 0, result.output
    page = signed_in("an")
    page.goto("/courses")
    page.fill("#q", "cua xa toi")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name="Dịch vụ công của xã tôi").click()
    expect(page.locator("h1")).to_have_text("Dịch vụ công của xã tôi")


def test_chi_hands_in_a_zip_sees_what_is_wrong_then_publishes(signed_in: SignedIn, tmp_path: Path) -> None:
    folder = own_course(tmp_path, "khoa-cua-chi", "Khóa của Chi")
    page = signed_in("chi", size=DESK)
    broken = {"name": "goi.zip", "mimeType": "application/zip", "buffer": zipped(folder, without="quiz.toml")}
    for files, words in (
        ([broken], "quiz.toml:1: không có tệp này trong gói"),
        ([{**broken, "buffer": zipped(folder)}], "Không còn lỗi nào"),
    ):
        page.goto("/teach/upload")
        page.set_input_files("input[type=file]", files=files)
        page.get_by_role("button", name="Kiểm tra gói").click()
        page.get_by_role("link", name="Xuất bản", exact=True).click()
        expect(page.locator("main")).to_contain_text(words)
    page.get_by_role("button", name="Xuất bản").click()
    expect(page.locator("h1")).to_have_text("Phiên bản 1: Khóa của Chi")


@pytest.mark.usefixtures("another_trainer")
def test_a_course_is_copied_changed_read_by_a_colleague_published_and_learnt(signed_in: SignedIn) -> None:
    page = signed_in("chi", size=DESK)
    page.goto("/teach/dich-vu-cong-truc-tuyen")
    page.get_by_role("link", name="Chép thành khóa học riêng").click()
    page.get_by_label("Tên khóa học").fill("Dịch vụ công ở quê tôi")
    page.get_by_role("button", name="Bắt đầu soạn").click()
    page.wait_for_url("**/teach/drafts/*")
    draft = page.url
    page.goto(f"{draft}/lessons/{first_lesson()}/text")
    text = page.locator("textarea[name=source]")
    text.fill(text.input_value() + "\n\nỞ quê tôi, bộ phận một cửa mở cả sáng thứ bảy.\n")
    page.get_by_role("button", name="Lưu").first.click()
    page.goto(f"{draft}/changes")
    expect(page.locator("ins, .tag-success").first).to_be_visible()
    page.goto(f"{draft}/publishing")
    page.get_by_role("button", name="Gửi đi đọc lại").click()

    colleague = signed_in("lan", size=DESK)
    colleague.goto(f"{draft}/review")
    block = colleague.locator("div[id]", has_text="bộ phận một cửa mở cả sáng thứ bảy").last
    block.locator("summary").click()
    block.get_by_label("Góp ý của anh chị").fill("Thêm giờ mở cửa.")
    block.get_by_role("button", name="Gửi góp ý").click()
    expect(colleague.locator("main")).to_contain_text("Thêm giờ mở cửa.")
    assert not [
        fault
        for part in ("review", "publishing", "changes", "revisions")
        for fault in faults(colleague, f"{draft}/{part}")
    ]
    colleague.goto(f"{draft}/review")
    colleague.get_by_role("button", name="Duyệt, cho xuất bản").click()
    colleague.get_by_role("button", name="Xuất bản").click()
    expect(colleague.locator("h1")).to_have_text("Phiên bản 1: Dịch vụ công ở quê tôi")

    learner = signed_in("an")
    learner.goto(f"/courses/dich-vu-cong-o-que-toi/lessons/{first_lesson()}")
    expect(learner.locator("main")).to_contain_text("bộ phận một cửa mở cả sáng thứ bảy")


def first_lesson() -> str:
    return min(path.stem for path in SHIPPED.glob("*.md"))
