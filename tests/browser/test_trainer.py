"""A trainer's course: published from a folder, and seen; a new version handed in as a ZIP."""

import io
import shutil
import zipfile
from pathlib import Path

from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import DESK, SignedIn, inside

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
    page.goto("/teach")
    broken = {"name": "goi.zip", "mimeType": "application/zip", "buffer": zipped(folder, without="quiz.toml")}
    page.set_input_files("input[type=file]", files=[broken])
    page.get_by_role("button", name="Kiểm tra gói").click()
    expect(page.locator("main")).to_contain_text("quiz.toml:1: không có tệp này trong gói")
    page.get_by_role("link", name="Chọn gói khác").click()
    page.set_input_files("input[type=file]", files=[{**broken, "buffer": zipped(folder)}])
    page.get_by_role("button", name="Kiểm tra gói").click()
    page.get_by_role("button", name="Xuất bản").click()
    expect(page.locator("main")).to_contain_text("Khóa của Chi")
