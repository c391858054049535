"""Absences: noted with their last day, corrected with a trace, counted at once."""

import sqlalchemy as sa

from lms import history
from lms.db import db
from lms.network.models import Absence
from tests.page import Page, Visitor
from tests.people import Cast
from tests.recognition.papers import publish_goal, standing


def noted(visitor: Visitor, person_id: int, last_on: str = "31/08/2026", **values: str) -> Page:
    form = {"type": "maternity", "from_on": "01/03/2026", "last_on": last_on} | values
    return visitor.visit(f"/people/{person_id}/absences").submit("Ghi thời gian vắng", **form)


def absences() -> list[tuple[str, str]]:
    db.session.rollback()
    found = db.session.scalars(sa.select(Absence).order_by(Absence.id))
    return [(absence.type, absence.to_on.isoformat()) for absence in found]


def test_an_absence_lowers_what_is_due(binh: Visitor, cast: Cast) -> None:
    publish_goal()
    assert standing(cast.an.id).effective_days == 365
    page = noted(binh, cast.an.id)
    assert ("31/08/2026" in page.text, absences()) == (True, [("maternity", "2026-09-01")])
    assert standing(cast.an.id).effective_days == 365 - 184


def test_correcting_the_end_keeps_what_was_known(binh: Visitor, cast: Cast) -> None:
    publish_goal()
    page = noted(binh, cast.an.id).click("Sửa ngày cuối")
    assert page.submit("Lưu ngày cuối", last_on="28/02/2026").status == 422
    page.submit("Lưu ngày cuối", last_on="31/05/2026")
    assert standing(cast.an.id).effective_days == 365 - 92
    assert db.session.scalars(sa.select(history.Superseded)).one().content["to_on"] == "2026-09-01"
    page.submit("Lưu ngày cuối", last_on="")
    assert absences() == [("maternity", "9999-12-31")], "not yet back"


def test_absences_may_overlap_and_the_same_one_is_noted_once(binh: Visitor, cast: Cast) -> None:
    noted(binh, cast.an.id)
    assert noted(binh, cast.an.id).status == 200
    again = noted(binh, cast.an.id, "30/09/2026")
    assert (again.status, "Hãy sửa ngày cuối" in again.text) == (422, True)
    noted(binh, cast.an.id, type="sickness")
    assert absences() == [("maternity", "2026-09-01"), ("sickness", "2026-09-01")]


def test_nobody_notes_their_own_absence(binh: Visitor, both: Visitor, cast: Cast) -> None:
    noted(both, cast.binh.id)
    assert not binh.visit(f"/people/{cast.binh.id}/absences").forms()
    page = binh.visit("/absences/1").submit("Lưu ngày cuối", last_on="")
    assert (page.status, absences()) == (422, [("maternity", "2026-09-01")])
