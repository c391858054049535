"""The wizard of acts that change the network."""

from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa

from lms import clock, jobs
from lms.access import Role
from lms.accounts.models import RoleGrant
from lms.db import db
from lms.jobs import Job
from lms.network import queries, reorganisations, sheets
from lms.network.models import Assignment, ReorganisationAct
from tests.network.files import take
from tests.network.old_map import ACT, OLD_MAP
from tests.page import Page, Visitor
from tests.people import Cast, account, person, post

DAY = date(2027, 1, 1)
BASIS = "Nghị quyết 1/NQ"


@pytest.fixture
def wards(cast: Cast, dieu: Visitor) -> Visitor:
    """The coordinator of Đà Nẵng, over two wards in which people serve."""
    post(person("Tô Thanh Khê", "tk"), cast.thanh_khe, "focal-point")
    db.session.commit()
    return dieu


def begin(visitor: Visitor) -> Page:
    return visitor.visit("/reorganisations").submit("Bắt đầu soạn", on="01/01/2027", legal_basis=BASIS)


def merge(page: Page) -> Page:
    return page.submit(
        "Thêm dòng", type="merge", from_codes="20242\nPhường Thanh Khê", to_code="20250", to_name="Phường Hải Khê"
    )


def work() -> None:
    db.session.rollback()
    jobs.run_pending()
    db.session.rollback()


def press(page: Page, button: str) -> Page:
    waiting = page.submit(button)
    work()
    return page.visitor.visit(waiting.url)


def homes(unit_id: int, day: date = DAY) -> int:
    db.session.rollback()
    counted = sa.select(sa.func.count()).where(Assignment.unit_id == unit_id, Assignment.on(day))
    return db.session.scalar(counted) or 0


def test_wards_are_merged_step_by_step_and_the_act_is_taken_back(wards: Visitor, cast: Cast) -> None:
    page = merge(begin(wards))
    assert "Dòng 1: Sáp nhập Phường Hải Châu (20242) → Phường Hải Khê (20250)" in page.text
    assert "Dòng 2: Sáp nhập Phường Thanh Khê (20209)" in page.text
    page = page.click("3. Xem trước và áp dụng")
    assert "Mọi người và mọi đơn vị đều có nơi đến" in page.text
    assert "Tô Thanh Khê (tk), đầu mối → Phường Hải Khê" in page.text
    assert "Tổ công nghệ số cộng đồng Thuận Phước 1 → Phường Hải Khê" in page.text
    assert "Mọi số liệu của những ngày trước 01/01/2027 giữ nguyên" in page.text
    assert homes(cast.hai_chau) == 1
    page = press(page, "Áp dụng")
    assert "Đã sắp xếp xong" in page.text
    assert "Sáp nhập: Phường Thanh Khê → Phường Hải Khê" in page.text
    new = queries.unit_id_by_code("20250", DAY)
    assert new is not None and homes(new) == 2 and homes(cast.hai_chau) == 0
    assert "Phường Hải Khê" in wards.visit(f"/units/{cast.hai_chau}").text
    page = page.submit("Hoàn tác lần sắp xếp này")
    assert "Mọi thứ đã trở lại như trước" in page.text
    assert homes(cast.hai_chau) == 1


def test_while_the_act_is_carried_out_the_page_reloads_itself_and_pressing_twice_does_it_once(wards: Visitor) -> None:
    page = merge(begin(wards)).click("3. Xem trước")
    waiting = page.submit("Áp dụng")
    assert waiting.response.headers["Refresh"]
    page.submit("Áp dụng")
    work()
    assert db.session.scalars(sa.select(Job.task)).all() == ["network.reorganise"]
    assert db.session.scalars(sa.select(ReorganisationAct.state)).all() == ["applied"]


def test_a_split_asks_who_and_what_goes_where(wards: Visitor, cast: Cast) -> None:
    page = begin(wards).submit(
        "Thêm dòng", type="split", from_codes="20242", to_code="20251", to_name="Phường Thạch Thang"
    )
    page = page.submit("Thêm dòng", type="split", from_codes="20242", to_code="20209")
    page = page.click("Tiếp: quyết định")
    answers = {f"person-{cast.em.id}": "20251", f"unit-{cast.team}": "20209"}
    page = page.submit("Lưu quyết định", **answers | {"person-99": "20251", f"unit-{cast.hai_chau}": "46"})
    db.session.rollback()
    decided = db.session.scalars(sa.select(ReorganisationAct.decisions)).one()
    assert {about: {code: each["to"] for code, each in said.items()} for about, said in decided.items()} == {
        "people": {"em": "20251"}, "units": {"20242-01": "20209"},
    }  # fmt: skip
    assert "Đặng Thị Em (em), đầu mối → Phường Thạch Thang" in page.click("Tiếp: xem trước").text
    page = page.submit("Lưu quyết định", **answers | {f"person-{cast.em.id}": ""})
    assert "Còn 1 người hoặc đơn vị chưa có nơi đến" in page.click("3. Xem trước").text
    page = page.submit("Lưu quyết định", **answers | {f"person-{cast.em.id}": "leave"})
    assert "1 nhiệm vụ chấm dứt" in page.click("3. Xem trước").text


def test_decisions_may_come_from_a_file(wards: Visitor) -> None:
    page = begin(wards).submit("Thêm dòng", type="abolish", from_codes="20209").click("2. Quyết định")
    wrong = page.submit("Gửi tệp bố trí", uploads=[(BytesIO(b"person_id,to_code\ntk,\n"), "moves.csv")])
    assert "moves.csv, dòng 2" in wrong.text
    page.submit(
        "Gửi tệp bố trí", uploads=[(BytesIO("person_id,to_code,role\ntk,20242,chuyên trách\n".encode()), "moves.csv")]
    )
    page = wards.visit(page.url.replace("moves", "decisions")).click("Tiếp: xem trước")
    assert "Tô Thanh Khê (tk), đầu mối → Phường Hải Châu, chuyên trách" in page.text


def test_lines_can_be_taken_out_and_the_day_corrected(wards: Visitor) -> None:
    page = merge(begin(wards)).submit("Bỏ dòng 2")
    assert "Dòng 2" not in page.text
    page = page.submit("Lưu ngày và căn cứ", on="01/02/2027", legal_basis="Nghị quyết 2/NQ")
    assert page.title.startswith("Sắp xếp từ 01/02/2027")
    page = page.submit("Bỏ bản nháp này")
    assert "Chưa có lần nào" in page.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"type": "merge", "from_codes": "", "to_code": "20209"}, "Hãy nhập mục này"),
        ({"type": "merge", "from_codes": "20242", "to_code": ""}, "Hãy cho biết đơn vị nhận"),
        ({"type": "merge", "from_codes": "99999", "to_code": "20209"}, "Không tìm thấy đúng một đơn vị «99999»"),
        ({"type": "merge", "from_codes": "20242", "to_code": "xyz"}, "Không tìm thấy đúng một đơn vị «xyz»"),
        ({"type": "abolish", "from_codes": "20242", "to_name": "Mới"}, "Đơn vị mới cần có mã"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_at_the_field(wards: Visitor, fields: dict[str, str], words: str) -> None:
    page = begin(wards).submit("Thêm dòng", **fields)
    assert (page.status, words in page.text) == (422, True), page.text


def test_what_is_wrong_with_the_act_is_said_by_line_and_nothing_can_be_applied(wards: Visitor) -> None:
    page = begin(wards).submit("Thêm dòng", type="merge", from_codes="20242;20209", to_code="46")
    assert "Ngoài phạm vi của bạn" in page.text
    assert "Áp dụng" not in [
        button.text for form in page.click("3. Xem trước").forms() for button in form.iter("button")
    ]


def test_an_act_without_day_or_basis_is_not_begun(wards: Visitor) -> None:
    page = wards.visit("/reorganisations").submit("Bắt đầu soạn", on="31/02/2027", legal_basis="")
    assert (page.status, page.text.count("Hãy nhập mục này") > 0) == (422, True)


def test_an_act_from_files_is_read_checked_and_shown(app, visitor: Visitor) -> None:  # type: ignore[no-untyped-def]
    take(OLD_MAP)
    account(person("Mai Trung Ương", "mai"), Role.COORDINATOR)
    db.session.commit()
    visitor.sign_in("mai")
    page = visitor.visit("/reorganisations")
    bad = page.submit(
        "Gửi và đọc tệp", uploads=[(BytesIO(b"from_code,type,on\n1,x,2025-07-01\n"), "reorganisation.csv")]
    )
    assert (bad.status, "reorganisation.csv, dòng 2" in bad.text) == (422, True)
    page = page.submit("Gửi và đọc tệp", uploads=[(BytesIO(content), name) for name, content in ACT.items()])
    page = page.click("3. Xem trước")
    assert "Nguyễn Thị Em (QN-DB-03), chuyên trách → Sở Nội vụ" in page.text
    assert "Đã sắp xếp xong" in press(page, "Áp dụng").text
    visitor.speak("en")
    assert "The reorganisation is done" in visitor.visit(page.url.replace("/preview", "")).text
    assert "Merge" in visitor.visit("/reorganisations").html


def test_the_samples_can_be_downloaded(wards: Visitor) -> None:
    for name in ACT:
        assert wards.fetch(f"/reorganisations/samples/{name}").data.startswith(b"\xef\xbb\xbf")
    assert wards.fetch("/reorganisations/samples/x.csv").status_code == 404


def test_what_blocks_acts_is_said(wards: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    page = merge(begin(wards))
    monkeypatch.setattr(sheets, "BLOCKERS", [lambda: "import.no-files"])
    assert "Chưa áp dụng được lúc này" in page.click("3. Xem trước").text


def test_the_page_of_a_unit_leads_to_the_wizard_those_who_may(wards: Visitor, cast: Cast) -> None:
    page = wards.visit(f"/units/{cast.hai_chau}").click("Sắp xếp lại đơn vị")
    page = page.submit("Bắt đầu soạn", on="01/01/2027", legal_basis=BASIS)
    assert "20242" in page.html
    wards.sign_in("binh")
    assert "Sắp xếp lại đơn vị" not in wards.visit(f"/units/{cast.hai_chau}").text


def test_a_draft_that_has_become_wrong_is_a_draft_again(wards: Visitor, cast: Cast) -> None:
    page = merge(begin(wards)).click("3. Xem trước")
    waiting = page.submit("Áp dụng")
    db.session.rollback()
    act = db.session.scalars(sa.select(ReorganisationAct)).one()
    act.lines = [each | {"from_code": "99"} for each in act.lines]
    db.session.commit()
    work()
    assert "Những chỗ cần sửa" in wards.visit(waiting.url).text
    assert reorganisations.job_of(act) is not None


def test_somebody_elses_act_does_not_exist(cast: Cast, wards: Visitor) -> None:
    foreign = ReorganisationAct(
        on=DAY, legal_basis="x", state="draft", lines=[], decisions={}, scope=[cast.hue], created_at=clock.now()
    )
    db.session.add(foreign)
    db.session.commit()
    assert wards.visit(f"/reorganisations/{foreign.id}").status == 404
    assert wards.visit("/reorganisations/999").status == 404
    own = begin(wards)
    assert wards.visit(own.url).status == 200
    db.session.execute(sa.update(RoleGrant).where(RoleGrant.role == Role.COORDINATOR).values(unit_id=cast.hue))
    db.session.commit()
    assert wards.visit(own.url).status == 404, "who lost the unit has lost the draft about it"
    wards.sign_in("binh")
    assert wards.visit("/reorganisations").status == 403
