"""Exemptions shrink the denominator: one asks with evidence, another decides, and everybody can see who."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock, history
from lms.audit import AuditEntry
from lms.db import db
from lms.goals.models import Exemption
from tests.page import Page, Visitor
from tests.people import Cast
from tests.recognition.papers import PDF, YEAR, files, publish_goal, signed_in, standing


@pytest.fixture(autouse=True)
def goal(cast: Cast) -> None:
    publish_goal()


def asked(visitor: Visitor, person_id: int, **values: Any) -> Page:
    """HR asks that a person be exempted from the whole year."""
    form = {"policy": "dx", "year": YEAR, "what": "goal:", "from_on": "01/03/2026", "reason": "Chữa bệnh dài ngày",
            "papers": files(PDF)}  # fmt: skip
    return visitor.visit(f"/people/{person_id}/exemptions/new").submit("Gửi đề nghị", **(form | values))


def exemption() -> Exemption:
    db.session.rollback()
    return db.session.scalars(sa.select(Exemption)).one()


def test_only_what_a_coordinator_approved_counts(binh: Visitor, dieu: Visitor, cast: Cast) -> None:
    before = standing(cast.an.id).status
    page = asked(binh, cast.an.id)
    assert "Chờ quyết định" in page.text
    assert standing(cast.an.id).status == before
    dieu.visit("/decisions").click("Xem và quyết định").submit("Lưu quyết định", verdict="accept")
    assert standing(cast.an.id).status == "exempt"


def test_what_is_refused_needs_a_reason_and_changes_nothing(binh: Visitor, dieu: Visitor, cast: Cast) -> None:
    before = standing(cast.an.id).status
    asked(binh, cast.an.id)
    page = dieu.visit("/decisions/exemptions/1")
    assert page.submit("Lưu quyết định", verdict="refuse").status == 422
    page.submit("Lưu quyết định", verdict="refuse", reason="Chưa đủ giấy")
    page.submit("Lưu quyết định", verdict="accept")
    assert (exemption().state, standing(cast.an.id).status) == ("refused", before)
    asked(binh, cast.an.id, reason="Đã bổ sung giấy")
    assert (exemption().state, exemption().reason) == ("requested", "Đã bổ sung giấy")


def test_revoking_brings_the_goal_back(binh: Visitor, dieu: Visitor, cast: Cast) -> None:
    before = standing(cast.an.id).status
    asked(binh, cast.an.id)
    dieu.visit("/decisions/exemptions/1").submit("Lưu quyết định", verdict="accept")
    page = dieu.visit("/decisions/exemptions/1").click("Thu hồi")
    assert page.submit("Thu hồi", on="28/02/2026", reason="Nhầm").status == 422, "not before it began"
    assert page.submit("Thu hồi", on="20/11/2026").status == 422, "a reason is needed"
    page.submit("Thu hồi", on="20/11/2026", reason="Đã đi làm lại")
    assert standing(cast.an.id).status == before
    assert "Đã đi làm lại" in binh.visit(f"/people/{cast.an.id}/exemptions").text


def test_asking_again_for_what_ends_later_leaves_nobody_exempt_meanwhile(
    binh: Visitor, dieu: Visitor, cast: Cast
) -> None:
    before = standing(cast.an.id).status
    asked(binh, cast.an.id)
    dieu.visit("/decisions/exemptions/1").submit("Lưu quyết định", verdict="accept")
    dieu.visit("/decisions/exemptions/1").click("Thu hồi").submit("Thu hồi", on="15/12/2026", reason="Sẽ đi làm lại")
    assert standing(cast.an.id).status == "exempt"
    asked(binh, cast.an.id)
    assert (exemption().state, standing(cast.an.id).status) == ("requested", before)


def test_what_was_known_before_a_decision_is_kept(binh: Visitor, dieu: Visitor, cast: Cast) -> None:
    asked(binh, cast.an.id)
    at = clock.now()
    dieu.visit("/decisions/exemptions/1").submit("Lưu quyết định", verdict="accept")
    db.session.rollback()
    kept = db.session.scalars(sa.select(history.Superseded)).one()
    assert (kept.table, kept.content["state"], kept.known_to) == ("exemption", "requested", at)
    acts = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.action.like("%exemption")).order_by(AuditEntry.id)
    ).all()
    assert acts == ["recognition.request-exemption", "recognition.decide-exemption"]


def test_who_asks_does_not_decide_and_nobody_does_so_for_themselves(
    binh: Visitor, both: Visitor, dieu: Visitor, cast: Cast
) -> None:
    asked(both, cast.an.id)
    assert "Không có đề nghị miễn nào" in both.visit("/decisions").text
    page = both.visit("/decisions/exemptions/1").submit("Lưu quyết định", verdict="accept")
    assert (page.status, "người khác quyết định" in page.text, exemption().state) == (422, True, "requested")
    assert "Trần Văn An" in dieu.visit("/decisions").text
    assert "Đề nghị miễn" not in binh.visit(f"/people/{cast.binh.id}/exemptions").links()
    own = asked(binh, cast.binh.id)
    assert (own.status, "do người khác" in own.text) == (422, True)


def test_the_same_request_twice_is_one_and_another_one_is_refused(binh: Visitor, both: Visitor, cast: Cast) -> None:
    asked(binh, cast.an.id)
    assert asked(binh, cast.an.id).status == 200
    again = asked(both, cast.an.id)
    assert (again.status, "đã được đề nghị" in again.text) == (422, True)
    assert exemption().state == "requested"


@pytest.mark.parametrize("values", [{"from_on": "01/03/2025"}, {"reason": ""}, {"papers": []}])
def test_a_request_needs_a_day_of_its_year_a_reason_and_evidence(
    binh: Visitor, cast: Cast, values: dict[str, Any]
) -> None:
    assert asked(binh, cast.an.id, **values).status == 422


def test_a_program_is_no_evidence(binh: Visitor, cast: Cast) -> None:
    assert asked(binh, cast.an.id, papers=files(b"MZ")).status == 422


def test_a_category_alone_may_be_waived(binh: Visitor, dieu: Visitor, cast: Cast) -> None:
    asked(binh, cast.an.id, what="category:security")
    dieu.visit("/decisions/exemptions/1").submit("Lưu quyết định", verdict="accept")
    assert (exemption().scope, exemption().target) == ("category", "security")
    assert standing(cast.an.id).status != "exempt"


def test_evidence_is_for_those_who_ask_and_those_who_decide(
    binh: Visitor, dieu: Visitor, an: Visitor, cast: Cast
) -> None:
    asked(binh, cast.an.id)
    assert binh.fetch("/exemptions/1/evidence").data == PDF
    assert dieu.fetch("/decisions/exemptions/1/evidence").headers["Content-Disposition"].startswith("attachment")
    assert an.fetch("/exemptions/1/evidence").status_code == 403
    assert "Chữa bệnh dài ngày" in an.visit("/my/claims").text, "whom it concerns can read it"


def test_a_unit_shows_all_its_exemptions_with_who_asked_and_who_approved(
    binh: Visitor, dieu: Visitor, app: Flask, cast: Cast
) -> None:
    imported = Exemption(
        person_id=cast.dung.id, policy="dx", year=YEAR, scope="goal", reason="Nơi khác", from_on=clock.today(),
        recorded_at=clock.now(),
    )  # fmt: skip
    db.session.add(imported)
    db.session.commit()
    assert imported.state == "approved", "what is imported was approved elsewhere"
    asked(binh, cast.an.id)
    dieu.visit("/decisions").click("Xem và quyết định").submit("Lưu quyết định", verdict="accept")
    page = dieu.visit(f"/units/{cast.da_nang}").click("Miễn")
    for shown in ("Trần Văn An", "Lê Thị Bình", "Phan Quang Điều", "01/03/2026"):
        assert shown in page.text
    assert "Dũng" not in page.text
    assert "Trần Văn An" not in dieu.visit(f"/units/{cast.da_nang}/exemptions?year=2025").text
    assert signed_in(app, "binh").fetch(f"/units/{cast.hue}/exemptions").status_code == 404
