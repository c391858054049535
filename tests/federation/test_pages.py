"""The pages: a commune sends, an administrator registers it, a coordinator takes or refuses; and who sees what."""

import io

import pytest
import sqlalchemy as sa

from lms.access import Role
from lms.db import db
from lms.federation import packing, rules
from lms.federation.models import FederationSender, ReportedYear
from lms.trust import keys
from tests.federation.conftest import Stage, signed_in
from tests.page import Page, Visitor
from tests.yearbooks import story
from tests.yearbooks.test_pages import statements


def uploaded(visitor: Visitor, content: bytes) -> Page:
    return visitor.visit("/reported/new").submit("Gửi và kiểm tra", upload=(io.BytesIO(content), "so-lieu.zip"))


def test_a_closed_year_is_downloaded_uploaded_looked_at_and_taken(stage: Stage, coordinator: Visitor) -> None:
    with story.on(2027, 2, 1):
        page = coordinator.visit(f"/year-books/{stage.book.id}").click("Gửi số liệu lên cấp trên")
        assert "Không có tên, mã hay thông tin nào của từng người" in page.text
        assert rules.fingerprint(packing.own_public()) in page.text
        file = coordinator.download(page, "Tải gói số liệu")
        assert "so-lieu-2026-phuong-mot-1.zip" in file.headers["Content-Disposition"]
        page = coordinator.visit(f"/units/{stage.province}/reported")
        assert "Đã có số liệu của 0 trên 1 nơi gửi" in page.text and "Quá hạn" in page.text
        page = uploaded(coordinator, file.data)
        assert "Gói đã qua mọi kiểm tra" in page.html and "Chờ nhận" in page.text
        assert "2 đơn vị có số giống nhau" in page.text
        page = page.submit("Nhận số liệu")
        assert "Đã nhận số liệu" in page.html and "Phường Một" in page.text
        assert "đã được nhận trước đó; không có gì thay đổi" in uploaded(coordinator, file.data).html
        page = coordinator.visit(f"/units/{stage.province}/reported")
        assert "Đã có số liệu của 1 trên 1 nơi gửi" in page.text
        assert "5 người của các đơn vị đã gửi số liệu cũng có trong hệ thống này" in page.text


def test_a_refusal_needs_a_reason(stage: Stage, coordinator: Visitor) -> None:
    with story.on(2027, 2, 1):
        page = uploaded(coordinator, stage.packed())
        assert page.submit("Từ chối", reason=" ").status == 422
        page = page.submit("Từ chối", reason="Thiếu một tổ")
        assert "Đã từ chối" in page.text and "Thiếu một tổ" in page.text
        assert "đã bị từ chối trước đó" in uploaded(coordinator, stage.packed()).html


def test_what_is_wrong_names_the_file_and_nothing_is_kept(stage: Stage, coordinator: Visitor) -> None:
    with story.on(2027, 2, 1):
        page = uploaded(coordinator, stage.packed(with_names=True))
        assert (page.status, "people.csv: gói có danh sách từng người" in page.text) == (422, True)
        assert uploaded(coordinator, b"no zip").status == 422
        assert coordinator.visit("/reported/new").submit("Gửi và kiểm tra").status == 422
    assert not db.session.scalar(sa.select(sa.func.count(ReportedYear.id)))


def test_who_closes_years_elsewhere_neither_uploads_nor_sees(stage: Stage, visitor: Visitor) -> None:
    signed_in(visitor, Role.COORDINATOR, stage.other, "noi-khac")
    with story.on(2027, 2, 1):
        page = uploaded(visitor, stage.packed())
        assert (page.status, "ngoài phạm vi" in page.text) == (422, True)


def test_who_may_not_see_names_sees_no_small_group(stage: Stage, coordinator: Visitor) -> None:
    with story.on(2027, 2, 1):
        uploaded(coordinator, stage.packed()).submit("Nhận số liệu")
        reader = signed_in(Visitor(coordinator.app), None, None, "nguoi-doc")
        page = reader.visit(f"/units/{stage.province}/reported?year=2026")
        assert "không nêu, vì nhóm nhỏ" in page.text and "Đã nhận ngày 01/02/2027" in page.text
        assert reader.visit("/reported/1").status == 403


def test_people_are_listed_where_both_sides_allow_names(stage: Stage, coordinator: Visitor) -> None:
    stage.sender.takes_names = True
    db.session.commit()
    with story.on(2027, 2, 1):
        page = uploaded(coordinator, stage.packed(with_names=True)).submit("Nhận số liệu")
        assert "Nguyễn Văn Nguoi-3" in page.click("Xem danh sách từng người").text


def test_an_administrator_registers_a_sender_once_the_digits_agree(stage: Stage, visitor: Visitor) -> None:
    signed_in(visitor, Role.ADMINISTRATOR, None, "quan-tri")
    public = bytes(range(32))
    with story.on(2027, 2, 1):
        page = visitor.visit("/settings/federation").click("Thêm nơi gửi")
        wrong = page.submit("Lưu", unit_code="99", public="abc", compared="y")
        assert "Không có đơn vị nào mang mã này" in wrong.text and "đúng 43 chữ" in wrong.text
        asked = {"unit_code": "48-Hai", "public": keys.encoded(public), "takes_names": "y"}
        page = page.submit("Lưu", **asked)
        assert (page.status, rules.fingerprint(public) in page.text) == (422, True)
        page = page.submit("Lưu", **asked, compared="y")
        assert "Nơi gửi số liệu: Phường Hai" in page.text and rules.fingerprint(public) in page.text
        again = visitor.visit("/settings/federation/new").submit("Lưu", **asked, compared="y")
        assert (again.status, "đã có trong danh sách nơi gửi" in again.text) == (422, True)
        assert page.submit("Lưu", last_year="2020", first_year="2026").status == 422
        page = page.submit("Lưu", last_year="2030", takes_names="y")
        page = page.submit("Thôi tin khóa này")
        assert "không tin nữa từ ngày 01/02/2027" in page.text
        assert page.submit("Thêm khóa", public=keys.encoded(public), compared="y").status == 422
        page = visitor.visit("/settings/federation").submit("Lưu", sends_names="y", due_days="45")
        assert page.submit("Lưu", due_days="900").status == 422
        assert "2026 đến 2030" in visitor.visit("/settings/federation").text
    found = db.session.scalars(sa.select(FederationSender).order_by(FederationSender.id.desc())).first()
    assert found is not None and (found.takes_names, found.last_year) == (True, 2030)


def test_the_same_by_command(stage: Stage, tmp_path: object) -> None:
    run = stage_runner(stage)
    path = f"{tmp_path}/goi.zip"
    with story.on(2027, 2, 1):
        done = run(["federation", "pack", "--unit", "48-Một", "--policy", "dx", "--year", "2026", "--output", path])
        assert done.exit_code == 0, done.output
        assert "5 người" in run(["federation", "take", path, "--dry-run"]).output
        assert "Đã nhận số liệu" in run(["federation", "take", path]).output
        assert "đã được nhận trước đó" in run(["federation", "take", path]).output
        failed = run(["federation", "pack", "--unit", "48-Hai", "--policy", "dx", "--year", "2026"])
        assert (failed.exit_code, "chưa được chốt" in failed.output) == (1, True)
        assert rules.fingerprint(packing.own_public()) in run(["federation", "key"]).output
        with open(path, "wb") as file:
            file.write(stage.packed(with_names=True))
        failed = run(["federation", "take", path])
        assert (failed.exit_code, "people.csv" in failed.output) == (1, True)


def stage_runner(stage: Stage):  # type: ignore[no-untyped-def]
    from flask import current_app

    return lambda args: current_app.test_cli_runner().invoke(args=args)


@pytest.mark.parametrize("is_taken", [False, True])
def test_a_page_asks_the_database_as_often_for_many_as_for_one(
    stage: Stage, coordinator: Visitor, is_taken: bool
) -> None:
    with story.on(2027, 2, 1):
        page = uploaded(coordinator, stage.packed())
        if is_taken:
            page.submit("Nhận số liệu")
        counts = [
            statements(coordinator, a) for a in ("/reported/1", "/reported/new", f"/units/{stage.province}/reported")
        ]
    assert max(counts) <= 12, counts
