"""Papers for many: who gets one, who has one, who cannot and why; each once, by a job that may be stopped."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from lms import clock, jobs
from lms.audit import AuditEntry
from lms.awarding import issuing, queries
from lms.awarding.source import Source
from lms.certificates import actions as certificates
from lms.certificates.models import Certificate
from lms.certificates.rules import Kind
from lms.competencies import actions as competencies
from lms.db import db
from lms.goals import actions as goals
from lms.goals.models import Standing
from lms.network.models import Person
from lms.recognition import activities
from lms.yearbooks.models import BookLine, BookVersion, YearBook
from tests.architecture.source import ROOT
from tests.certificates.papers import ISSUER, newcomer
from tests.competencies.conftest import PATHWAY, completes, course
from tests.page import Visitor
from tests.people import LONG_AGO, Cast

DX = (ROOT / "courses/goals/dx.toml").read_text("utf-8")


def standing(who: Person, unit_id: int, status: str, year: int) -> None:
    """A judgement on a person's year."""
    values: dict[str, Any] = {
        "person_id": who.id, "policy": "dx", "year": year, "unit_id": unit_id, "reference_on": clock.today(), "role": "dedicated",
        "employment": "civil-servant", "position": "", "title": "", "status": status, "due": 40, "earned": 4200,
        "effective_days": 365, "met_on": clock.today() if status == "met" else None, "lacking": "", "is_active": True,
        "detail": {}, "judged_on": clock.today(), "digest": 0,
    }  # fmt: skip
    db.session.add(Standing(**values))


@pytest.fixture
def year(cast: Cast, dieu: Visitor) -> int:
    """Two people have met the goal, one has not, one is of another province; there is an issuer."""
    this = clock.today().year
    goals.publish(source=DX, by_id=None)
    db.session.execute(sa.delete(Standing))
    certificates.set_issuer(**ISSUER)
    standing(cast.an, cast.team, "met", this)
    standing(newcomer(cast, "Bùi Văn Bốn", 4), cast.team, "met", this)
    standing(cast.em, cast.hai_chau, "at-risk", this)
    standing(cast.dung, cast.hue, "met", this)
    db.session.commit()
    return this


def papers() -> dict[str, Certificate]:
    return {paper.printed["paper"]["name"]: paper for paper in db.session.scalars(sa.select(Certificate))}


def test_those_who_met_the_goal_get_a_paper_and_only_once(year: int, cast: Cast, dieu: Visitor) -> None:
    here = f"/units/{cast.da_nang}/awards/goal?year={year}"
    page = dieu.visit(here)
    assert "Được cấp: 2" in page.text and "Chưa được cấp: 1" in page.text and "Sổ năm chưa chốt" in page.text
    assert "Đặng Thị Em" in (cannot := dieu.visit(f"{here}&show=cannot")).text and "Có nguy cơ" in cannot.text
    assert page.submit("Cấp giấy cho 2 người", reason=" ").status == 422
    for _ in range(2):
        assert "Đang cấp giấy" in page.submit("Cấp giấy cho 2 người", reason="QĐ 5/QĐ-SKHCN").text
    assert jobs.run_pending() == 1
    assert set(papers()) == {"Trần Văn An", "Bùi Văn Bốn"}
    paper = papers()["Trần Văn An"]
    assert (paper.kind, paper.subject) == (Kind.GOAL, f"goal:dx:{year}:{cast.an.id}")
    assert str(year) in paper.printed["paper"]["facts"] and "42 tiết" in paper.printed["paper"]["facts"]
    after = dieu.visit(f"{here}&show=has")
    assert "Đã có giấy: 2" in after.text and paper.label in after.text and "Cấp giấy cho" not in str(after.forms())
    assert "QĐ 5/QĐ-SKHCN" in dieu.visit(f"/certificates/{paper.id}").text
    begun = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "awarding.begin")).one()
    assert begun.actor == "dieu"


def test_a_closed_book_decides_who_has_met_the_goal(year: int, cast: Cast, dieu: Visitor) -> None:
    book = YearBook(unit_id=cast.da_nang, policy="dx", year=year, state="closed")
    version = BookVersion(
        number=1, kind="final", state="writing", as_of=LONG_AGO, known_at=clock.now(), unit_code="0", unit_name="x",
        policy_version_id=1, policy_number=1, policy_source="", policy_sha256="0", started_by="x", closed_at=clock.now(),
        previous_hash="0", last_hash="0",
    )  # fmt: skip
    book.versions.append(version)
    db.session.add(book)
    db.session.flush()
    for number, (who, status) in enumerate(((cast.an, "not-met"), (cast.em, "met")), 1):
        line = BookLine(
            version_id=version.id, number=number, kind="person", subject_id=who.id, code=who.code, name=who.full_name,
            fold=who.fold, unit_id=cast.hai_chau, unit_code="0", unit_name="x", reference_on=clock.today(), status=status,
            due=40, earned=4000, content="{}", hash="0",
        )  # fmt: skip
        db.session.add(line)
    db.session.flush()
    version.state = "done"
    db.session.commit()
    for unit_id in (cast.da_nang, cast.hai_chau):
        page = dieu.visit(f"/units/{unit_id}/awards/goal?year={year}")
        assert "Đặng Thị Em" in page.text and "Trần Văn An" not in page.text and "Sổ năm chưa chốt" not in page.text


def test_a_completed_pathway_earns_a_paper(cast: Cast, dieu: Visitor) -> None:
    certificates.set_issuer(**ISSUER)
    db.session.commit()
    assert "Chưa có lộ trình" in dieu.visit(f"/units/{cast.da_nang}/awards/path").text
    competencies.load_pathway(pathway=PATHWAY, by_id=None)
    first, second = (course(slug, "basic") for slug in ("tim-kiem", "an-toan"))
    completes(cast.an, first)
    completes(cast.an, second)
    completes(cast.em, first)
    here = f"/units/{cast.da_nang}/awards/path?path=thanh-vien"
    assert "Còn thiếu 1 khóa" in dieu.visit(f"{here}&show=cannot").text
    dieu.visit(here).submit("Cấp giấy cho 1 người", reason="Theo kế hoạch")
    jobs.run_pending()
    assert [paper.subject for paper in papers().values()] == [f"path:thanh-vien:{cast.an.id}"]
    assert papers()["Trần Văn An"].printed["paper"]["course"] == "Thành viên tổ"


def test_an_event_gives_papers_of_attendance_until_it_is_taken_back(cast: Cast, dieu: Visitor) -> None:
    certificates.set_issuer(**ISSUER)
    event, other, teaching = (
        activities.note(
            key=kind + title, unit_id=cast.hai_chau, kind=kind, title=title, category="digital", held_on=date(2026, 9, 5),
            periods={cast.an.id: 800}, by_id=1,
        )
        for kind, title in (("event", "Tập huấn"), ("event", "Hội nghị"), ("teaching", "Giảng"))
    )  # fmt: skip
    activities.take_back(activity=other, reason="Nhầm", by_id=1)
    db.session.commit()
    page = dieu.visit(f"/activities/{event.id}").click("Cấp giấy tham dự")
    page.submit("Cấp giấy cho 1 người", reason="Theo danh sách ký tên")
    jobs.run_pending()
    facts = papers()["Trần Văn An"].printed["paper"]["facts"]
    assert facts == ["6 giờ", "05/09/2026"]
    assert "Không cấp giấy cho sự kiện đã gỡ" in dieu.visit(f"/activities/{other.id}/awards").text
    assert dieu.fetch(f"/activities/{teaching.id}/awards").status_code == 404
    activities.take_back(activity=event, reason="Không có thật", by_id=1)
    db.session.commit()
    page = dieu.visit(f"/activities/{event.id}").click("Xem giấy tham dự đã cấp").lint()
    assert "1 giấy đã cấp không tự mất giá trị" in page.text
    assert papers()["Trần Văn An"].label in page.links()


def test_a_job_that_was_stopped_goes_on_without_gap(year: int, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "CHUNK", 1)
    source = Source(Kind.GOAL, cast.da_nang, "dx", year)

    class Killed(Exception):
        pass

    def dies(done: int, total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        issuing.issue_to_all(source, reason="x", by_id=1, progress=dies)
    db.session.rollback()
    told: list[tuple[int, int]] = []
    assert len(papers()) == 1
    result = issuing.issue_to_all(source, reason="x", by_id=1, progress=lambda *state: told.append(state))
    assert (result, told) == ({"issued": 1, "refused": 0}, [(1, 1)])
    assert sorted(paper.number for paper in papers().values()) == [1, 2]


def test_a_name_that_cannot_be_printed_is_left_out_and_told(year: int, cast: Cast, dieu: Visitor) -> None:
    cast.an.full_name = "Nguyễn 字"
    db.session.commit()
    here = f"/units/{cast.da_nang}/awards/goal?year={year}"
    dieu.visit(here).submit("Cấp giấy cho 2 người", reason="x")
    jobs.run_pending()
    assert set(papers()) == {"Bùi Văn Bốn"}
    assert "1 người có tên chứa ký tự không in được" in dieu.visit(here).text


def test_without_an_issuer_nothing_can_be_issued(cast: Cast, dieu: Visitor) -> None:
    goals.publish(source=DX, by_id=None)
    db.session.commit()
    assert "Chưa có nơi cấp" in dieu.visit(f"/units/{cast.da_nang}/awards/goal").text


def test_long_lists_have_pages(year: int, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(Kind.GOAL, cast.da_nang, "dx", year)
    monkeypatch.setattr(queries, "PAGE", 1)
    first, second = queries.people(source, queries.Chance.READY, None)
    assert [row.id for row in queries.people(source, queries.Chance.READY, first.id)] == [second.id]
