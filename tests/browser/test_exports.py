"""HR's way from a filter to an opened ZIP: choosing, the bar, the private link, hashes, a signature, the words on a paper."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from lms import clock
from lms.db import db
from lms.exports import queries
from tests.browser.conftest import DESK, SignedIn, inside
from tests.browser.test_accessibility import faults
from tests.browser.test_story import work


def asked(page: Page) -> str:
    """What Bình asks for: the valid papers of this year; the address that tells how far it is."""
    page.goto("/units")
    page.get_by_role("link", name="Thành phố Đà Nẵng").first.click()
    page.get_by_role("link", name="Xuất báo cáo").click()
    page.get_by_role("link", name="Xuất giấy chứng nhận, sổ cấp").click()
    page.select_option("#state", "valid")
    page.get_by_role("button", name="Xem có bao nhiêu giấy").click()
    expect(page.locator("main")).to_contain_text("giấy còn giá trị")
    assert not faults(page, page.url)
    page.get_by_role("button", name="Xuất các tệp PDF (ZIP)").click()
    expect(page.locator("main")).to_contain_text("Đang chờ đến lượt")
    assert not faults(page, page.url)
    return page.url


def opened(page: Page, folder: Path) -> Path:
    """The ZIP, unpacked."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Tải tệp").click()
    waiting.value.save_as(folder / "taken.zip")
    with zipfile.ZipFile(folder / "taken.zip") as archive:
        archive.extractall(folder / "papers")
    return folder / "papers"


def test_from_the_filter_to_the_opened_archive(demo: Flask, signed_in: SignedIn, tmp_path: Path) -> None:
    binh, phone = signed_in("binh", size=DESK), signed_in("binh")
    address = asked(binh)
    work(demo)
    expect(binh.get_by_role("button", name="Tải tệp")).to_be_visible(timeout=10_000)
    folder = opened(binh, tmp_path)
    manifest = list(csv.DictReader(io.StringIO((folder / "manifest.csv").read_text("utf-8-sig"))))
    assert manifest
    assert {line["state"] for line in manifest} == {"valid"}
    for line in manifest:
        assert sha256((folder / line["file"]).read_bytes()).hexdigest() == line["sha256"]
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS", "--quiet"], cwd=folder, check=False)
    assert checked.returncode == 0
    _look_at(folder / manifest[0]["file"], manifest[0])

    phone.goto(address)
    assert not faults(phone, phone.url)
    link = phone.get_by_role("link", name="Liên kết riêng").get_attribute("href")
    other = signed_in("giang")
    assert other.goto(str(link)).status == 404  # type: ignore[union-attr]
    inside(demo, lambda: _expire(address))
    gone = phone.goto(str(link))
    assert gone is not None
    assert gone.status == 410
    expect(phone.locator("main")).to_contain_text("Tệp đã hết hạn")


def _look_at(paper: Path, line: dict[str, str]) -> None:
    if not (shutil.which("pdfsig") and shutil.which("pdftotext")):
        pytest.skip("no poppler on this machine: signature and words were not looked at")
    signed = subprocess.run(["pdfsig", str(paper)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in signed
    assert "Total document signed" in signed
    words = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    assert line["label"] in words
    assert re.sub(r"\s+", " ", line["name"]) in re.sub(r"\s+", " ", words)


def _expire(address: str) -> None:
    export = queries.asked(int(address.rpartition("/")[2])).export
    export.expires_at = clock.now()
    db.session.commit()
