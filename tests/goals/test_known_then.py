"""Every question can be put as of a past day, and by what the system knew then."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock, history, jobs
from lms.audit import AuditEntry
from lms.db import db
from lms.goals import actions, past
from lms.goals.models import Credit
from lms.network import imports
from lms.network.models import Assignment
from tests.goals.facts import DX_TEXT, MODULE, publish, told
from tests.goals.test_figures import credit
from tests.page import Visitor
from tests.people import Cast, person, post

WINTER, SPRING, SUMMER, AUTUMN = (datetime(2026, month, 1, 5, tzinfo=UTC) for month in (1, 3, 6, 9))


@pytest.fixture
def chuyen(app: Flask, cast: Cast) -> Iterator[int]:
    """Recorded in spring as dedicated; in summer 40 periods of May are recorded; in autumn the post is corrected."""
    with clock.stopped(WINTER):
        publish()
    with clock.stopped(SPRING):
        who = person("Lê Văn Chuyên", "chuyen")
        held = post(who, cast.hai_chau, "dedicated", date(2026, 1, 1))
    with clock.stopped(SUMMER):
        for category, periods in (("digital", 32), ("security", 8)):
            credit(who, periods, activity=category, category=category, on=date(2026, 5, 5)).module = MODULE
    with clock.stopped(AUTUMN):
        history.keep(Assignment.__table__, Assignment.id == held.id)
        held.role, held.recorded_at = "incident-response", clock.now()
        db.session.commit()
    return who.id


def answer(app: Flask, known_at: str, as_of: str = "2026-12-31") -> tuple[str, str, str]:
    rows = told(app, "evaluate", policy="dx", year=2026, as_of=as_of, known_at=known_at)
    found = next((row for row in rows if row["person_id"] == "chuyen"), None)
    return (found["due"], found["earned"], found["status"]) if found else ("", "", "")


def test_what_was_recorded_later_was_not_known(app: Flask, chuyen: int) -> None:
    assert answer(app, "2026-02-28") == ("", "", "")
    assert answer(app, "2026-03-31") == ("40", "0", "not-met")
    assert answer(app, "2026-06-30") == ("40", "40", "met")
    assert answer(app, "2026-09-30") == ("32", "40", "not-met")


def test_as_of_a_day_what_began_later_is_not_there(app: Flask, chuyen: int) -> None:
    assert answer(app, "2026-08-31", as_of="2026-04-30")[1:] == ("0", "overdue")
    assert answer(app, "2026-08-31", as_of="2026-05-05")[1:] == ("40", "met")


def test_an_import_that_was_undone_was_known_until_then(app: Flask, cast: Cast) -> None:
    with clock.stopped(SPRING):
        publish()
        sheet = "person_id,activity,category,periods,completed_on,source\nan,Lớp,digital,8,2026-02-02,external\n"
        batch = imports.store({"credits.csv": sheet.encode()})
        imports.apply(imports.plan({"credits.csv": sheet.encode()}), batch=batch)
        db.session.commit()
    with clock.stopped(SUMMER):
        imports.undo(batch)
        db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(Credit.id))) == 0
    known = history.known(Credit.__table__, [cast.an.id], SPRING + timedelta(days=1))
    assert [row["periods"] for row in known] == [800]
    assert history.known(Credit.__table__, [cast.an.id], SUMMER) == []


def test_a_policy_judges_by_the_version_that_was_published_then(app: Flask, chuyen: int) -> None:
    with clock.stopped(AUTUMN + timedelta(days=20)):
        actions.publish(source=_with_more_for_responders(), by_id=None)
        db.session.commit()
    assert answer(app, "2026-09-10")[0] == "32"
    assert answer(app, "2026-10-31")[0] == "48"


def test_a_person_page_answers_for_a_past_day(cast: Cast, chuyen: int, visitor: Visitor) -> None:
    visitor.sign_in("binh")
    page = visitor.visit(f"/people/{chuyen}/goal/dx?year=2026&as-of=30/04/2026")
    assert "30/04/2026" in page.text
    assert visitor.visit(f"/people/{chuyen}/goal/dx?year=2026&as-of=31/12/2199").status == 422
    assert visitor.visit(f"/people/{chuyen}/goal/dx?year=2026&as-of=hôm+qua").status == 422


def test_a_unit_report_of_a_past_day_is_made_once_and_kept(cast: Cast, chuyen: int, visitor: Visitor) -> None:
    visitor.sign_in("binh")
    form = visitor.visit(f"/units/{cast.da_nang}/goal/past?year=2026")
    waiting = form.submit("Lập báo cáo", **{"as-of": "30/06/2026", "known-on": "30/06/2026"})
    address = f"{waiting.response.request.path}?{waiting.response.request.query_string.decode()}"
    assert jobs.run_pending() == 1
    page = visitor.visit(address)
    assert "30/06/2026" in page.text
    assert "Phường Hải Châu" in page.text
    lines = visitor.download(page, "Tải danh sách từng người").get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert any(line.startswith("chuyen,Lê Văn Chuyên,Phường Hải Châu,40,40,") for line in lines)
    assert (
        db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc())).first() == "goals.export-past"
    )
    form.submit("Lập báo cáo", **{"as-of": "30/06/2026", "known-on": "30/06/2026"})
    assert jobs.run_pending() == 0
    db.session.execute(sa.update(jobs.Job).values(state="failed"))
    db.session.commit()
    form.submit("Lập báo cáo", **{"as-of": "30/06/2026", "known-on": "30/06/2026"})
    assert jobs.run_pending() == 1, "what failed is tried again"


def test_who_may_not_export_sees_a_past_day_and_takes_nobody_out(cast: Cast, chuyen: int, visitor: Visitor) -> None:
    visitor.sign_in("giang")
    waiting = visitor.visit(f"/units/{cast.da_nang}/goal/past?year=2026").submit("Lập báo cáo")
    jobs.run_pending()
    page = visitor.visit(f"{waiting.response.request.path}?{waiting.response.request.query_string.decode()}")
    assert "Phường Hải Châu" in page.text
    assert "Tải danh sách từng người" not in page.text


def test_a_person_page_tells_the_entries_that_were_known_then(cast: Cast, chuyen: int, visitor: Visitor) -> None:
    visitor.sign_in("binh")
    address = f"/people/{chuyen}/goal/dx?year=2026&as-of=31/05/2026"
    assert "05/05/2026" in visitor.visit(address).text
    assert "05/05/2026" not in visitor.visit(f"{address}&known-on=31/05/2026").text


def test_a_report_of_a_past_day_has_those_whose_post_was_taken_back_since(cast: Cast) -> None:
    sheet = {"assignments.csv": b"person_id,unit_code,role,nature,from\nvua,20242,dedicated,full-time,2026-01-01\n"}
    with clock.stopped(SPRING):
        who = person("Lê Vừa Đến", "vua")
        db.session.commit()
        batch = imports.store(sheet)
        imports.apply(imports.plan(sheet), batch=batch)
        db.session.commit()
    with clock.stopped(SUMMER):
        imports.undo(batch)
        db.session.commit()
    then = past.Question(cast.da_nang, "dx", 2026, date(2026, 4, 1), SPRING + timedelta(days=1), "was")
    assert who.id in past._candidates(then)
    assert who.id not in past._candidates(then._replace(known_at=SUMMER + timedelta(days=1)))


def _with_more_for_responders() -> str:
    return DX_TEXT.replace("periods = 32", "periods = 48")
