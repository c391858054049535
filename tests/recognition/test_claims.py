"""Learning elsewhere: handed in with evidence, reviewed by another, counted in whole or in part, appealed once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock
from lms.access import Role
from lms.audit import AuditEntry
from lms.db import db
from lms.goals.models import Credit
from lms.recognition import evidence
from lms.recognition.models import Claim
from tests.page import Page, Visitor
from tests.people import Cast, account, person, post
from tests.recognition.papers import JPEG, PDF, PNG, claimed, earned, entries, publish_goal, signed_in, standing, token


def claims() -> list[Claim]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Claim).order_by(Claim.id)))


def test_a_learner_hands_in_evidence_and_finds_it_again(an: Visitor) -> None:
    page = claimed(an, PDF, PNG, JPEG, periods="1,5", completed_on="2026-05-20")
    assert (page.status, page.title.startswith("Lớp chuyển đổi số")) == (200, True)
    assert "Chờ duyệt" in page.text
    assert [file.type for file in claims()[0].files] == ["application/pdf", "image/png", "image/jpeg"]
    assert (claims()[0].periods, claims()[0].kind) == (150, "external")
    assert "Lớp chuyển đổi số" in an.visit("/my/claims").links()


def test_evidence_is_a_download_and_never_a_page(an: Visitor, binh: Visitor) -> None:
    claimed(an, PNG)
    for visitor, address in ((an, "/my/claims/1/files/1"), (binh, "/claims/1/files/1")):
        file = visitor.fetch(address)
        assert (file.data, file.mimetype) == (PNG, "image/png")
        assert file.headers["Content-Disposition"] == "attachment; filename=evidence-1-1.png"
        assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert an.fetch("/my/claims/1/files/2").status_code == 404


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"periods": "0"}, "từ 0,5 đến 200"),
        ({"periods": "1,3"}, "theo nửa tiết"),
        ({"periods": "200,5"}, "từ 0,5 đến 200"),
        ({"periods": "tám"}, "Ví dụ: 8"),
        ({"completed_on": "21/11/2026"}, "ngày đã qua"),
        ({"title": " "}, "Tên lớp"),
        ({"kind": "internal"}, ""),
        ({"category": "any"}, ""),
        ({"module": "khong-co"}, ""),
    ],
)
def test_what_cannot_be_claimed_is_said_at_the_field_and_nothing_typed_is_lost(
    an: Visitor, values: dict[str, str], advice: str
) -> None:
    page = claimed(an, **values)
    assert (page.status, advice in page.text) == (422, True)
    assert "Học viện" in page.html
    assert not claims()


@pytest.mark.parametrize(
    ("contents", "advice"),
    [
        ([b"<html>%PDF-"], "Tệp thứ 1 không phải PDF"),
        ([PDF, b"GIF89a"], "Tệp thứ 2 không phải PDF"),
        ([b""], "Tệp thứ 1 không phải PDF"),
        ([PDF] * 4, "nhiều nhất 3 tệp"),
    ],
)
def test_a_file_is_known_by_its_content_not_by_its_name(an: Visitor, contents: list[bytes], advice: str) -> None:
    page = claimed(an, *contents)
    assert (page.status, advice in page.text) == (422, True)
    assert not claims()


def test_a_file_that_is_too_large_is_refused(an: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_BYTES", 100)
    assert "Tệp thứ 2 lớn hơn 10 MB" in claimed(an, PDF, PDF + bytes(100)).text
    assert not claims()


def test_no_evidence_no_claim(an: Visitor) -> None:
    assert claimed(an, papers=[]).status == 422


def test_the_same_thing_sent_twice_is_one_claim(an: Visitor) -> None:
    claimed(an)
    again = claimed(an, periods="9")
    assert "đã được gửi trước đó" in again.html
    assert [claim.periods for claim in claims()] == [800]


def test_what_is_withdrawn_is_not_reviewed_and_may_be_sent_anew(an: Visitor, binh: Visitor) -> None:
    page = claimed(an)
    page.submit("Rút lại")
    assert "Không có minh chứng nào chờ duyệt" in binh.visit("/claims").text
    claimed(an, periods="9")
    assert [(claim.state, claim.periods) for claim in claims()] == [("withdrawn", 800), ("submitted", 900)]


def test_what_is_accepted_counts_to_the_goal(an: Visitor, binh: Visitor, cast: Cast) -> None:
    claimed(an, periods="3", kind="teaching")
    assert earned(cast.an.id) == 0, "nothing counts before it is reviewed"
    page = binh.visit("/claims").click("Trần Văn An: Lớp chuyển đổi số")
    assert "Học viện" in page.text
    page.submit("Lưu quyết định", verdict="accept")
    assert earned(cast.an.id) == 3
    credit = db.session.scalars(sa.select(Credit)).one()
    assert (credit.source, credit.activity, credit.state) == ("teaching", "Lớp chuyển đổi số", "approved")
    assert credit.evidence == {"claim": 1, "decision": 1}
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "recognition.review")).one()
    assert (line.actor, line.detail["accepted"]) == ("binh", 300)


def test_accepting_less_needs_a_reason_and_counts_what_was_accepted(an: Visitor, binh: Visitor, cast: Cast) -> None:
    claimed(an)
    page = binh.visit("/claims/1")
    assert page.submit("Lưu quyết định", verdict="accept", periods="2").status == 422
    assert page.submit("Lưu quyết định", verdict="accept", periods="8,5", reason="Nhiều").status == 422
    assert page.submit("Lưu quyết định").status == 422, "a decision is taken, not left out"
    page.submit("Lưu quyết định", verdict="accept", periods="2", category="security", reason="Chỉ một buổi")
    assert earned(cast.an.id) == 2
    shown = an.visit("/my/claims/1").text
    assert "2 trên 8 tiết được tính" in shown
    assert "Chỉ một buổi" in shown
    assert db.session.scalars(sa.select(Credit.category)).one() == "security"


def test_a_rejection_needs_a_reason_and_writes_nothing(an: Visitor, binh: Visitor, cast: Cast) -> None:
    claimed(an)
    page = binh.visit("/claims/1")
    assert page.submit("Lưu quyết định", verdict="refuse").status == 422
    page.submit("Lưu quyết định", verdict="refuse", reason="Giấy mờ")
    assert entries(cast.an.id) == []
    assert "Giấy mờ" in an.visit("/my/claims/1").text


def test_a_decision_sent_twice_is_one_decision(an: Visitor, binh: Visitor, cast: Cast) -> None:
    claimed(an, periods="2")
    page = binh.visit("/claims/1")
    page.submit("Lưu quyết định", verdict="accept")
    page.submit("Lưu quyết định", verdict="refuse", reason="Nhầm")
    assert (claims()[0].state, entries(cast.an.id)) == ("approved", [(2, False)])


def test_nobody_reviews_their_own_claim(binh: Visitor, both: Visitor, cast: Cast) -> None:
    claimed(binh)
    assert "Không có minh chứng nào" in binh.visit("/claims").text
    assert "người khác duyệt" in binh.visit("/claims/1").text
    own = binh.post(
        "/claims/1", {"csrf_token": token(binh), "verdict": "accept", "periods": "8", "category": "digital"}
    )
    assert (own.status, "do người khác" in own.text, claims()[0].state) == (422, True, "submitted")
    both.visit("/claims/1").submit("Lưu quyết định", verdict="accept")
    assert entries(cast.binh.id) == [(8, False)]


def test_a_reviewer_never_sees_who_is_elsewhere(dung: Visitor, binh: Visitor) -> None:
    claimed(dung)
    assert "Dũng" not in binh.visit("/claims").text
    for address in ("/claims/1", "/claims/1/files/1", "/my/claims/1", "/my/claims/1/files/1"):
        assert binh.fetch(address).status_code == 404, address


def test_what_the_ledger_has_already_is_not_counted_twice(an: Visitor, binh: Visitor, cast: Cast) -> None:
    claimed(an, periods="2", kind="event", title="Hội nghị")
    binh.visit(f"/units/{cast.da_nang}/activities/new").submit(
        "Kiểm tra", kind="event", title="Hội nghị", held_on="20/05/2026", periods="2", people="an", step="check"
    ).submit("Ghi vào sổ", step="record")
    page = binh.visit("/claims/1").submit("Lưu quyết định", verdict="accept")
    assert (page.status, "đã có trong sổ" in page.text) == (422, True)
    assert entries(cast.an.id) == [(2, False)]


def test_an_appeal_raises_the_figure_by_a_reversing_entry_and_a_new_one(
    an: Visitor, binh: Visitor, dieu: Visitor, cast: Cast
) -> None:
    claimed(an, periods="4")
    binh.visit("/claims/1").submit("Lưu quyết định", verdict="accept", periods="1", reason="Thiếu giấy")
    an.visit("/my/claims/1").submit("Đề nghị xem lại", text="Giấy có đủ ở trang hai")
    page = dieu.visit("/decisions").click("Trần Văn An")
    assert "Giấy có đủ ở trang hai" in page.text
    assert page.submit("Lưu quyết định", verdict="accept", periods="0,5", reason="Ít").status == 422, "never less"
    page.submit("Lưu quyết định", verdict="accept", periods="3", reason="Đủ ba tiết")
    assert entries(cast.an.id) == [(1, False), (1, True), (3, False)]
    assert earned(cast.an.id) == 3
    page.submit("Lưu quyết định", verdict="accept", periods="4")
    assert len(entries(cast.an.id)) == 3, "decided once"
    assert "3 trên 4 tiết được tính" in an.visit("/my/claims/1").text


def test_a_rejection_that_is_appealed_may_be_upheld_or_granted(
    an: Visitor, binh: Visitor, dieu: Visitor, cast: Cast
) -> None:
    for title in ("Một", "Hai"):
        claimed(an, title=title, periods="2")
        number = len(claims())
        binh.visit(f"/claims/{number}").submit("Lưu quyết định", verdict="refuse", reason="Giấy mờ")
        an.visit(f"/my/claims/{number}").submit("Đề nghị xem lại", text="Đã chụp lại")
    dieu.visit("/decisions/claims/1").submit("Lưu quyết định", verdict="refuse", reason="Vẫn mờ")
    dieu.visit("/decisions/claims/2").submit("Lưu quyết định", verdict="accept")
    assert entries(cast.an.id) == [(2, False)]
    assert [claim.state for claim in claims()] == ["decided", "decided"]


def test_an_appeal_is_made_once_within_thirty_days_and_only_when_something_is_lacking(
    an: Visitor, binh: Visitor
) -> None:
    claimed(an, title="Đủ")
    binh.visit("/claims/1").submit("Lưu quyết định", verdict="accept")
    assert not an.visit("/my/claims/1").forms()
    claimed(an, title="Thiếu")
    binh.visit("/claims/2").submit("Lưu quyết định", verdict="refuse", reason="Giấy mờ")
    page = an.visit("/my/claims/2")
    assert page.submit("Đề nghị xem lại", text=" ").status == 422
    with clock.stopped(clock.now() + timedelta(days=31)):
        late = signed_in(an.app, "an")
        assert not late.visit("/my/claims/2").forms()
        assert late.post("/my/claims/2/appeal", {"csrf_token": token(late), "text": "Muộn"}).status == 422
    with clock.stopped(clock.now() + timedelta(days=29)):
        assert not page.submit("Đề nghị xem lại", text="Lần một").forms()
        page.submit("Đề nghị xem lại", text="Lần hai")
    assert claims()[1].appeal == "Lần một"


def test_the_first_reviewer_does_not_decide_the_appeal(an: Visitor, both: Visitor, dieu: Visitor) -> None:
    claimed(an)
    both.visit("/claims/1").submit("Lưu quyết định", verdict="refuse", reason="Giấy mờ")
    an.visit("/my/claims/1").submit("Đề nghị xem lại", text="Đã chụp lại")
    assert "Không có đề nghị xem lại nào" in both.visit("/decisions").text
    page = both.visit("/decisions/claims/1").submit("Lưu quyết định", verdict="accept")
    assert (page.status, "người khác quyết định lần này" in page.text) == (422, True)
    assert claims()[0].state == "appealed"
    assert "Trần Văn An" in dieu.visit("/decisions").text


def test_the_queue_goes_page_by_page_oldest_first(an: Visitor, binh: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.recognition.queries.PAGE", 2)
    for number in range(3):
        claimed(an, title=f"Lớp {number}")
    first = binh.visit("/claims")
    assert [text for text in first.links() if "Lớp" in text] == ["Trần Văn An: Lớp 0", "Trần Văn An: Lớp 1"]
    assert [text for text in first.click("Trang sau").links() if "Lớp" in text] == ["Trần Văn An: Lớp 2"]


def test_a_class_of_a_year_gone_by_counts_in_that_year(an: Visitor, binh: Visitor, app: Flask, cast: Cast) -> None:
    publish_goal()
    claimed(an, completed_on="20/12/2025")
    binh.visit("/claims/1").submit("Lưu quyết định", verdict="accept")
    assert earned(cast.an.id) == 0
    assert entries(cast.an.id) == [(8, False)]
    assert "8" in signed_in(app, "an").visit("/my/goal?year=2025").text


def second(app: Flask, cast: Cast) -> Visitor:
    """Hoa, who reviews for Đà Nẵng, too."""
    who = person("Tạ Thị Hoa", "hoa")
    post(who, cast.da_nang, "leader")
    account(who, Role.UNIT_HR, cast.da_nang)
    db.session.commit()
    return signed_in(app, "hoa")


def two_hands(dieu: Visitor, unit_id: int, choice: str = "yes") -> Page:
    page = dieu.visit(f"/units/{unit_id}").click("Duyệt minh chứng hai người")
    return page.submit("Lưu quy định", needs_second=choice)


def test_where_asked_a_second_person_confirms_before_anything_counts(
    an: Visitor, binh: Visitor, dieu: Visitor, app: Flask, cast: Cast
) -> None:
    assert "phải có người thứ hai xác nhận" in two_hands(dieu, cast.da_nang).text
    claimed(an, periods="4")
    page = binh.visit("/claims/1").submit("Lưu quyết định", verdict="accept", periods="3", reason="Một buổi nghỉ")
    assert entries(cast.an.id) == []
    assert "Chờ người thứ hai xác nhận" in an.visit("/my/claims/1").text
    assert "Trần Văn An" not in binh.visit("/claims").text
    page = binh.visit("/claims/1")
    assert "Anh chị đã duyệt lần đầu" in page.text and not page.forms()
    own = binh.post("/claims/1/confirm", {"csrf_token": token(binh), "verdict": "accept"})
    assert (own.status, "cần một người khác xác nhận" in own.text) == (422, True)
    page = second(app, cast).visit("/claims").click("Trần Văn An")
    assert page.submit("Lưu quyết định", verdict="refuse").status == 422, "a reason is needed"
    page.submit("Lưu quyết định", verdict="accept")
    page.submit("Lưu quyết định", verdict="refuse", reason="Nhầm")
    assert (entries(cast.an.id), claims()[0].state) == ([(3, False)], "approved")
    assert [decision.stage for decision in claims()[0].decisions] == ["review", "confirm"]


def test_what_the_second_person_does_not_confirm_is_rejected_and_may_be_appealed(
    an: Visitor, binh: Visitor, dieu: Visitor, app: Flask, cast: Cast
) -> None:
    two_hands(dieu, cast.hai_chau)
    claimed(an, periods="2")
    binh.visit("/claims/1").submit("Lưu quyết định", verdict="accept")
    second(app, cast).visit("/claims/1").submit("Lưu quyết định", verdict="refuse", reason="Tên trên giấy khác")
    assert (entries(cast.an.id), claims()[0].state) == ([], "rejected")
    page = an.visit("/my/claims/1")
    assert "Tên trên giấy khác" in page.text and "0 trên 2 tiết được tính" in page.text
    page.submit("Đề nghị xem lại", text="Tên cũ trước khi cải chính")
    dieu.visit("/decisions/claims/1").submit("Lưu quyết định", verdict="accept")
    assert entries(cast.an.id) == [(2, False)]


def test_the_rule_of_the_nearest_unit_holds_and_a_rejection_needs_one_person(
    an: Visitor, binh: Visitor, dieu: Visitor, cast: Cast
) -> None:
    two_hands(dieu, cast.da_nang)
    claimed(an, title="Một")
    binh.visit("/claims/1").submit("Lưu quyết định", verdict="refuse", reason="Giấy mờ")
    assert "một người duyệt là đủ" in two_hands(dieu, cast.hai_chau, "no").text
    claimed(an, title="Hai", periods="2")
    binh.visit("/claims/2").submit("Lưu quyết định", verdict="accept")
    assert [claim.state for claim in claims()] == ["rejected", "approved"]
    assert "phải có người thứ hai" in two_hands(dieu, cast.hai_chau, "inherit").text


def test_the_same_paper_of_the_same_issuer_is_pointed_out_however_it_is_spelt(
    an: Visitor, binh: Visitor, dung: Visitor, cast: Cast
) -> None:
    claimed(an, title="Một", paper_number="CN-12/2026 ", provider="Nền tảng MOOC quốc gia")
    claimed(an, title="Hai", paper_number="cn 12 2026", provider="nền tảng mooc Quốc gia")
    claimed(dung, title="Ba", paper_number="CN122026", provider="Nền tảng MOOC quốc gia")
    claimed(an, title="Bốn", paper_number="CN-13/2026", provider="Nền tảng MOOC quốc gia")
    claimed(an, title="Năm")
    page = binh.visit("/claims/2")
    assert "CN-12/2026" in binh.visit("/claims/1").text
    assert "Trần Văn An (an): Một" in page.text and "Một người ở đơn vị khác" in page.text
    assert "Dũng" not in page.text and "Ba," not in page.text
    assert "Số giấy này đã có" not in binh.visit("/claims/4").text + binh.visit("/claims/5").text


def test_learning_elsewhere_is_counted_under_its_cap(an: Visitor, binh: Visitor, cast: Cast) -> None:
    claimed(an, periods="8", paper_number="CN-1")
    binh.visit("/claims/1").submit("Lưu quyết định", verdict="accept")
    assert (entries(cast.an.id), standing(cast.an.id).due) == ([(8, False)], 8)
    assert earned(cast.an.id) == 4, "half of what is due, at most"
