"""The register in the browser: a unit's papers, the story of one, the forms of its acts, issuers."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from lms import clock
from lms.certificates import actions, queries
from lms.certificates.models import Certificate, Issuer
from lms.db import db
from lms.network.models import Assignment, Person
from tests.certificates.papers import ISSUER, issued, newcomer, open_school
from tests.certificates.test_acts import BY, for_months
from tests.page import Visitor
from tests.people import Cast, account


@pytest.fixture
def ga(cast: Cast) -> Person:
    open_school()
    return newcomer(cast, "Ngô Thị Ga", 31)


def test_a_clerk_replaces_a_paper_and_everybody_reads_why(ga: Person, dieu: Visitor) -> None:
    paper = issued(ga)
    page = dieu.visit(f"/certificates/{paper.id}/replace")
    assert page.submit("Cấp giấy mới", periods="nhiều", reason="Sai số tiết").status == 422
    done = page.submit("Cấp giấy mới", periods="7,5", reason="Sai số tiết")
    for shown in ("Cấp thay cho giấy in sai", "Sai số tiết", "Phan Quang Điều", paper.label):
        assert shown in done.text, shown
    assert page.submit("Cấp giấy mới", periods="7,5", reason="Sai số tiết").url == done.url, "sent twice, made once"
    stranger = Visitor(dieu.app).visit(f"/verify/{paper.code}")
    new = db.session.scalars(sa.select(Certificate).where(Certificate.number == 2)).one()
    assert "đã được thay" in stranger.title and f"Nơi cấp đã cấp giấy số {new.label}" in stranger.text
    assert "Sai số tiết" not in stranger.html
    [gone] = Visitor(dieu.app).fetch(f"/verify/{paper.code}/status.json").json["revokedCredential"]
    assert gone["revoked"] is True
    refused = dieu.visit(f"/certificates/{paper.id}/revoke")
    assert "đã được thay bằng giấy khác" in refused.text and "csrf_token" not in str(refused.tree.find(".//main//form"))


def test_a_clerk_confirms_a_lost_paper_twice(ga: Person, dieu: Visitor) -> None:
    paper = issued(ga)
    for number in (2, 3):
        form = dieu.visit(f"/certificates/{paper.id}/confirm")
        assert form.submit("Cấp giấy xác nhận", reason="").status == 422
        pages = [form.submit("Cấp giấy xác nhận", reason="Mất khi chuyển nhà") for _ in range(2)]
        assert pages[0].url == pages[1].url and f"Giấy số {number}/" in pages[0].title
    confirmation = db.session.scalars(sa.select(Certificate).where(Certificate.number == 3)).one()
    stranger = Visitor(dieu.app)
    assert f"số {paper.label}" in stranger.visit(f"/verify/{confirmation.code}").text
    assert stranger.fetch(f"/verify/{confirmation.code}.json").status_code == 404, "no second award"
    assert "Các giấy liên quan" in dieu.visit(f"/certificates/{paper.id}").text


def test_a_wrong_revocation_is_taken_back_with_an_authority(ga: Person, dieu: Visitor) -> None:
    paper = issued(ga)
    dieu.visit(f"/certificates/{paper.id}/revoke").submit("Thu hồi", reason="Nhầm người")
    form = dieu.visit(f"/certificates/{paper.id}/reinstate")
    assert form.submit("Hủy việc thu hồi", reason="Thu hồi nhầm", authority="").status == 422
    page = form.submit("Hủy việc thu hồi", reason="Thu hồi nhầm", authority="QĐ 12/QĐ-SKHCN")
    for shown in ("Còn giá trị", "Nhầm người", "Thu hồi nhầm; QĐ 12/QĐ-SKHCN"):
        assert shown in page.text
    assert "còn giá trị" in Visitor(dieu.app).visit(f"/verify/{paper.code}").title


def test_an_expired_paper_says_so_to_all(ga: Person, dieu: Visitor) -> None:
    for_months(1)
    account(ga)
    paper = issued(ga)
    until = paper.expires_on
    assert until is not None
    register = dieu.visit(f"/units/{unit_of(ga)}/certificates")
    assert "Sắp hết hạn trong 60 ngày" in register.text and f"{until:%d/%m/%Y}" in register.text
    told = Visitor(dieu.app).fetch(f"/verify/{paper.code}.json").json
    assert told["validUntil"].startswith((until - timedelta(days=1)).isoformat()), "midnight in Viet Nam"
    with clock.stopped(clock.at(until)):
        assert "đã hết hạn" in Visitor(dieu.app).visit(f"/verify/{paper.code}").title
        owner = Visitor(dieu.app)
        owner.sign_in(ga.code)
        assert "Hết hạn" in owner.visit("/my/certificates").text
    actions.renew(certificate=paper, reason="Gia hạn", by_id=BY)
    db.session.commit()
    assert "Gia hạn cho giấy trước" in dieu.visit(f"/certificates/{paper.id + 1}").text


def unit_of(who: Person) -> int:
    """Where somebody serves."""
    return db.session.scalars(sa.select(Assignment.unit_id).where(Assignment.person_id == who.id)).one()


def test_the_register_is_found_through_by_words_state_kind_and_course(ga: Person, cast: Cast, dieu: Visitor) -> None:
    papers = [issued(ga), issued(cast.an)]
    actions.revoke(certificate=papers[0], reason="Nhầm", by_id=BY)
    db.session.commit()
    here = f"/units/{cast.da_nang}/certificates"
    every = {"Ngô Thị Ga", "Trần Văn An"}

    def found(query: str) -> set[str]:
        text = dieu.visit(f"{here}?{query}").text
        return {name for name in every if name in text}

    course = papers[0].course_id
    for query, names in {
        "": every,
        "words=ngo+ga": {"Ngô Thị Ga"},
        f"words={papers[1].label}": {"Trần Văn An"},
        "words=khoa+hoc+thu": every,
        "words=%25": set(),
        "state=revoked": {"Ngô Thị Ga"},
        "state=valid": {"Trần Văn An"},
        "state=nonsense&kind=nonsense&course=x&issuer=x": every,
        "kind=goal": set(),
        f"course={course}&issuer={papers[0].issuer_id}": every,
        "year=2020": set(),
    }.items():
        assert found(query) == names, query
    assert dieu.fetch(f"/units/{cast.hue}/certificates").status_code == 404


def test_a_long_register_has_pages(ga: Person, cast: Cast, dieu: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(3):
        issued(newcomer(cast, f"Người {'abc'[number]}", 50 + number))
    first = dieu.visit(f"/units/{cast.da_nang}/certificates?kind=course")
    second = first.click("Trang sau")
    assert "3 giấy" in first.text and "Người c" in first.text and "Người a" in second.text
    assert "Người b" not in second.text and "kind=course" in first.links()["Trang sau"]


def test_an_administrator_keeps_issuers(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("giang")
    form = visitor.visit("/settings/issuers/new")
    tried = form.submit("Xem số mẫu", **ISSUER, pattern="{number:06}/{issuer}")
    assert "000012/GCN-KHCN" in tried.text and queries.issuers() == []
    assert "000012/GCN-KHCN" in form.submit("Lưu", **ISSUER, pattern="{number:06}/{issuer}").text
    for wrong in ({"pattern": "{year}"}, {"unit_code": "không có"}, {"code": "GCN-KHCN"}):
        assert form.submit("Lưu", **{**ISSUER, "code": "HC"} | wrong).status == 422, wrong
    assert "Phường Hải Châu" in form.submit("Lưu", **ISSUER | {"code": "HC", "unit_code": "20242"}).text
    assert form.submit("Lưu", **ISSUER | {"code": "HD", "unit_code": "20242"}).status == 422
    own = db.session.scalars(sa.select(Issuer).where(Issuer.code == "HC")).one()
    page = visitor.visit(f"/settings/issuers/{own.id}")
    page.submit("Lưu", unit_code="")
    assert db.session.get_one(Issuer, own.id, populate_existing=True).unit_id is None
