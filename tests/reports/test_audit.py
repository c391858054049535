"""The audit's page: newest first, page by page, by subject, and in words."""

from lms import audit
from lms.db import db
from tests.page import Visitor
from tests.people import Cast


def test_the_auditor_reads_what_was_done_page_by_page(cast: Cast, visitor: Visitor) -> None:
    for number in range(150):
        audit.record("goals.credit", f"credit:{number}", person=number)
    db.session.commit()
    visitor.sign_in("giang")
    page = visitor.visit("/audit")
    assert len(list(page.main.iter("tr"))) == 1 + 100
    assert "accounts.sign-in" not in page.text, "acts are told in words"
    older = page.click("Trang sau")
    assert "credit:0" in older.text
    assert "credit:149" not in older.text
    assert page.response.headers["Cache-Control"] == "no-store"


def test_the_audit_is_narrowed_down_to_one_subject(cast: Cast, visitor: Visitor) -> None:
    audit.record("goals.credit", "credit:1", activity="<b>đậm</b>")
    audit.record("goals.credit", "credit:12")
    db.session.commit()
    visitor.sign_in("giang")
    page = visitor.visit("/audit").submit("Lọc", subject="credit:1")
    assert "<b>đậm</b>" in page.text
    assert "credit:12" not in page.text
    for odd in ("?before=99999999999999999999", "?before=-1", "?before=x", "?subject=%00", "?before=٣"):
        assert visitor.visit(f"/audit{odd}").status in (200, 400)
