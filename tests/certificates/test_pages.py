"""Certificates in public and in the register: what a stranger can check, and what never changes."""

import pytest
import sqlalchemy as sa

from lms import clock, jobs
from lms.audit import AuditEntry
from lms.catalogue import queries as catalogue
from lms.certificates import actions, queries, views
from lms.certificates.models import Certificate
from lms.db import db
from lms.network.models import Person
from tests.catalogue.packages import publish
from tests.certificates.papers import ISSUER, completed, issued, newcomer, open_school
from tests.page import Visitor
from tests.people import Cast, account, person

UNPRINTABLE = "Nguyễn 字 Lan"


@pytest.fixture
def ga(cast: Cast) -> Person:
    open_school()
    return newcomer(cast, "Ngô Thị Ga", 31)


def test_a_stranger_checks_a_paper_by_its_symbol(ga: Person, visitor: Visitor) -> None:
    paper = issued(ga)
    page = visitor.visit(f"/verify/{paper.code}")
    assert (page.status, "còn giá trị" in page.title) == (200, True)
    for shown in ("Ngô Thị Ga", "Khóa học thử", paper.label, ISSUER["name"], f"{paper.issued_on:%d/%m/%Y}"):
        assert shown in page.text
    for kept in ("CB-7731", "0977000031", "Hải Châu", "Thuận Phước", str(paper.sha256)):
        assert kept not in page.html, "no more than what the paper itself says to whoever holds it"


def test_a_stranger_checks_a_paper_by_number_and_code(ga: Person, visitor: Visitor) -> None:
    paper, other = issued(ga), issued(newcomer_of(ga))
    form = visitor.visit("/verify")
    for code in (paper.code, paper.code.lower(), f"{paper.code[:5]}-{paper.code[5:]}", f" {paper.code} "):
        assert "còn giá trị" in form.submit("Kiểm tra", number=paper.label, code=code).title, code
    wrong = [
        form.submit("Kiểm tra", number=number, code=code)
        for number, code in (
            (other.label, paper.code),
            ("1", paper.code),
            (paper.label, "AAAAAAAAAA"),
            ("x", "%_'\"<>"),
        )
    ]
    assert {(page.status, page.text) for page in wrong} == {(404, wrong[0].text)}, (
        "a wrong number is not told from a wrong code"
    )
    assert "Ngô Thị Ga" not in wrong[0].html
    assert form.submit("Kiểm tra", number="", code=paper.code).status == 422


def newcomer_of(who: Person) -> Person:
    """A colleague."""
    return person("Đinh Văn Hà", f"{who.code}-2")


@pytest.mark.parametrize("code", ["AAAAAAAAAA", "%25", "' OR 1=1 --", "x" * 300, "1", "É" * 10, "../../etc/passwd"])
def test_an_unknown_code_is_unknown(ga: Person, visitor: Visitor, code: str) -> None:
    page = visitor.visit(f"/verify/{code}")
    assert page.status == 404


def test_nobody_can_try_codes_for_long(ga: Person, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "VERIFY_LIMIT", 3)
    paper = issued(ga)
    assert [visitor.visit(f"/verify/AAAAAAAAA{n}").status for n in range(4)] == [404, 404, 404, 429]
    assert visitor.visit(f"/verify/{paper.code}").status == 429
    with clock.stopped(clock.now() + views.VERIFY_WINDOW):
        assert visitor.visit(f"/verify/{paper.code}").status == 200


def test_a_revoked_paper_says_so_everywhere_and_keeps_its_number(ga: Person, dieu: Visitor) -> None:
    paper = issued(ga)
    page = dieu.visit(f"/certificates/{paper.id}/revoke")
    assert page.submit("Thu hồi", reason="  ").status == 422
    assert db.session.get_one(Certificate, paper.id, populate_existing=True).revoked_at is None
    assert page.submit("Thu hồi", reason="Cấp nhầm người").status == 200
    verdict = Visitor(dieu.app).visit(f"/verify/{paper.code}")
    assert (verdict.status, "đã bị thu hồi" in verdict.title) == (200, True)
    assert "Cấp nhầm người" not in verdict.html, "the reason is for the person and the register"
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "certificates.revoke")).one()
    assert (line.actor, line.detail) == ("dieu", {"reason": "Cấp nhầm người"})
    assert issued(newcomer_of(ga)).number == 2


def test_revoking_twice_keeps_the_first_reason(ga: Person, dieu: Visitor) -> None:
    paper = issued(ga)
    page = dieu.visit(f"/certificates/{paper.id}/revoke")
    page.submit("Thu hồi", reason="Lý do thứ nhất")
    page.submit("Thu hồi", reason="Lý do thứ hai")
    assert db.session.get_one(Certificate, paper.id, populate_existing=True).revoked_reason == "Lý do thứ nhất"


def test_a_paper_never_changes_whoever_signs_later(ga: Person, cast: Cast, visitor: Visitor) -> None:
    account(ga)
    paper = issued(ga)
    visitor.sign_in("giang")
    visitor.visit("/settings/issuers/1").submit("Lưu", name="SỞ NỘI VỤ", signatory_name="Lê Quang Nam")
    owner = Visitor(visitor.app)
    owner.sign_in(ga.code)
    before = owner.fetch(f"/my/certificates/{paper.id}.pdf")
    assert (before.mimetype, before.data[:5]) == ("application/pdf", b"%PDF-")
    assert before.headers["Cache-Control"] == "no-store"
    later = issued(newcomer_of(ga))
    again = owner.fetch(f"/my/certificates/{paper.id}.pdf")
    assert again.data == before.data
    assert paper.printed["wording"]["issuer"] == ISSUER["name"]
    assert later.printed["wording"]["issuer"] == "SỞ NỘI VỤ"
    changed = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.actor == "giang", AuditEntry.action.like("%issuer"))
    ).one()
    assert changed.detail["old"]["name"] == ISSUER["name"]


def test_a_name_that_no_font_can_set_stops_the_paper_and_nothing_else(ga: Person, cast: Cast) -> None:
    lan = newcomer(cast, UNPRINTABLE, 32)
    version = catalogue.current("khoa-thu")
    first = issued(ga)
    assert actions.issue_if_possible(completion=completed(lan), published=version) is None
    db.session.commit()
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "certificates.not-issued")).one()
    assert line.detail == {"reason": "UnprintableText"}
    assert (first.number, issued(newcomer_of(ga)).number) == (1, 2), "no number is lost"

    lan.full_name = "Nguyễn Thị Lan"
    db.session.commit()
    waiting = queries.waiting_completions()
    assert [actions.issue_missing(waiting) for _ in range(2)] == [1, 0]
    assert [c.number for c in queries.mine(lan.id)] == [3]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("code", "GCN\u2011KHCN"),
        ("name", "SỞ \N{PILE OF POO}"),
        ("place", "Đà Nẵng ①"),
        ("signatory_title", "Giám\nđốc \u2011"),
    ],
)
def test_an_issuer_has_only_what_can_be_printed(cast: Cast, visitor: Visitor, field: str, typed: str) -> None:
    visitor.sign_in("giang")
    page = visitor.visit("/settings/issuers/new").submit("Lưu", **ISSUER | {field: typed})
    assert page.status == 422 and "không in được" in page.text


def test_a_number_is_never_too_long_to_be_looked_up(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("giang")
    long = ISSUER | {"code": "G" * 30, "pattern": "{number}/{year}/{issuer}/SỐ CẤP GIẤY CHỨNG NHẬN"}
    page = visitor.visit("/settings/issuers/new").submit("Lưu", **long)
    assert page.status == 422 and "quá 60 ký tự" in page.text


def test_papers_of_before_the_issuer_was_set_up_are_issued_when_it_is(cast: Cast, visitor: Visitor) -> None:
    publish()
    assert actions.issue_if_possible(completion=completed(cast.an), published=catalogue.current("khoa-thu")) is None
    db.session.commit()
    visitor.sign_in("giang")
    visitor.visit("/settings/issuers/new").submit("Lưu", **ISSUER)
    assert jobs.run_pending() == 1
    assert [paper.number for paper in queries.mine(cast.an.id)] == [1]
