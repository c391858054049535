"""Imports in the browser."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from lms import clock, jobs
from lms.db import db
from lms.jobs import Job
from lms.network.models import ImportBatch, Person
from tests.network.files import people, units
from tests.page import Page, Visitor
from tests.people import Cast

GOOD = people("CB1,Trần Văn Ân,công chức,,0905000001")
MIXED = people("CB1,Trần Văn Ân,công chức,,0905000001", "CB2,Em,công chức,,12")


@pytest.fixture
def binh(cast: Cast, visitor: Visitor) -> Visitor:
    """Bình, HR of Đà Nẵng, signed in."""
    assert cast
    visitor.sign_in("binh")
    return visitor


def send(visitor: Visitor, **files: str) -> Page:
    """Upload files, let the worker check them, and look at the result."""
    uploads = [(BytesIO(content.encode()), f"{name}.csv") for name, content in files.items()]
    page = visitor.visit("/imports").submit("Gửi và kiểm tra", uploads=uploads)
    work()
    return visitor.visit(page.url)


def work() -> None:
    db.session.rollback()
    jobs.run_pending()
    db.session.rollback()


def press(page: Page, button: str) -> Page:
    waiting = page.submit(button)
    work()
    return page.visitor.visit(waiting.url)


def codes() -> set[str]:
    return set(db.session.scalars(sa.select(Person.code).where(Person.code.startswith("CB"))))


def test_a_list_is_checked_shown_and_imported(binh: Visitor) -> None:
    page = send(binh, people=GOOD)
    assert "Mọi dòng đều đúng" in page.text
    assert "people.csv:2: CB1: mới" in page.text
    assert codes() == set()
    assert "Đã nhập 1 dòng" in press(page, "Nhập tất cả").text
    assert codes() == {"CB1"}


def test_while_the_check_runs_the_page_shows_progress_and_reloads_itself(binh: Visitor) -> None:
    uploads = [(BytesIO(GOOD.encode()), "people.csv")]
    page = binh.visit("/imports").submit("Gửi và kiểm tra", uploads=uploads)
    assert page.response.headers["Refresh"]
    assert "Đang đọc và kiểm tra từng dòng" in page.text


def test_bad_rows_are_shown_at_their_place_and_the_good_ones_can_be_imported(binh: Visitor) -> None:
    page = send(binh, people=MIXED)
    assert "people.csv, dòng 3" in page.text
    assert "«12» không phải là số điện thoại" in page.text
    press(page, "Nhập các dòng đúng (1 dòng)")
    assert codes() == {"CB1"}


def test_the_bad_rows_can_be_downloaded_with_the_reasons(binh: Visitor) -> None:
    page = send(binh, people=MIXED)
    answer = binh.fetch(f"{page.url}/bad-rows.csv")
    assert answer.data.decode("utf-8-sig").splitlines()[1].startswith("CB2,Em,công chức,,12,")
    assert "people.bad.csv" in answer.headers["Content-Disposition"]
    assert binh.fetch(f"{page.url}/bad-rows.csv?file=x").status_code == 404


def test_an_import_can_be_discarded(binh: Visitor) -> None:
    page = send(binh, people=GOOD).submit("Bỏ")
    assert "Đã bỏ" in page.text
    assert codes() == set()


def test_an_import_can_be_undone(binh: Visitor) -> None:
    page = press(send(binh, people=GOOD), "Nhập tất cả")
    assert "Đã hoàn tác" in page.submit("Hoàn tác lần nhập này").text
    assert codes() == set()


def test_an_import_on_which_others_rest_is_not_undone_and_the_page_says_why(binh: Visitor) -> None:
    page = press(send(binh, people=GOOD), "Nhập tất cả")
    rows = "person_id,unit_code,role,from\nCB1,20242,đầu mối,01/01/2026\n"
    press(send(binh, assignments=rows), "Nhập tất cả")
    assert "đã có phân công dựa vào lần nhập này" in page.submit("Hoàn tác lần nhập này").html
    assert codes() == {"CB1"}


def test_pressing_twice_imports_once(binh: Visitor) -> None:
    page = send(binh, people=GOOD)
    page.submit("Nhập tất cả")
    page.submit("Nhập tất cả")
    work()
    assert db.session.scalars(sa.select(Job.task).order_by(Job.id)).all() == [
        "network.import-check",
        "network.import-apply",
    ]


def test_rows_outside_ones_reach_are_refused(binh: Visitor) -> None:
    rows = "person_id,unit_code,role,from\nan,46,đầu mối,01/01/2026\ndung,20242,đầu mối,01/01/2026\n"
    page = send(binh, assignments=rows, units=units("49,Mới,tp,tỉnh,00,2026-01-01,"))
    assert page.text.count("Ngoài phạm vi của bạn") == 3


def test_an_upload_without_files_is_told_what_to_do(binh: Visitor) -> None:
    assert "Chọn ít nhất một tệp" in binh.visit("/imports").submit("Gửi và kiểm tra").text


def test_every_sample_can_be_downloaded(binh: Visitor) -> None:
    links = [href for href in binh.visit("/imports").links().values() if "/samples/" in href]
    assert len(links) == 8
    for href in links:
        assert binh.fetch(href).data.startswith(b"\xef\xbb\xbf")
    assert binh.fetch("/imports/samples/x.csv").status_code == 404


def test_the_page_speaks_english_too(binh: Visitor) -> None:
    page = send(binh, people=MIXED)
    binh.speak("en")
    assert "is not a phone number" in binh.visit(page.url).text


def test_somebody_elses_import_does_not_exist(cast: Cast, visitor: Visitor) -> None:
    foreign = ImportBatch(scope=[cast.hue], created_at=clock.now(), state="checked", files={}, report={})
    db.session.add(foreign)
    db.session.commit()
    visitor.sign_in("binh")
    assert visitor.visit(f"/imports/{foreign.id}").status == 404
    assert visitor.visit("/imports/999").status == 404


def test_a_learner_does_not_import(cast: Cast, visitor: Visitor) -> None:
    assert cast
    visitor.sign_in("an")
    assert visitor.visit("/imports").status == 403
