"""Each page of recognition makes as many SQL statements for many rows as for one, and it reads in English too."""

import pytest

from lms import clock
from lms.access import Role
from lms.accounts.models import Account
from lms.db import db
from lms.goals.models import Exemption
from lms.recognition import actions, activities
from lms.recognition.evidence import Paper
from tests.certificates.papers import newcomer
from tests.page import Visitor
from tests.pages.test_statements import MOST, counted
from tests.people import Cast, account, person
from tests.recognition.papers import DAY, PDF, publish_goal

PAGES = {
    "binh": ("/claims", "/claims/1", "/people/{an}/exemptions", "/people/{an}/absences", "/units/{unit}/activities",
             "/activities/1", "/units/{unit}/activities/sheet", "/units/{unit}/activities/new"),
    "dieu": ("/decisions", "/decisions/claims/1", "/decisions/exemptions/1", "/units/{unit}/exemptions"),
    "an": ("/my/claims", "/my/claims/1", "/my/claims/new"),
}  # fmt: skip


def work(cast: Cast, by: Account, number: int) -> None:
    """One more claim, request and event, each of somebody new; the event is everybody's."""
    who = newcomer(cast, f"Người {number}", number)
    for claimant in (who, cast.an):
        claim, _ = actions.submit(
            person_id=claimant.id, kind="external", title=f"Lớp {number}", provider="Học viện", category="digital",
            periods=800, completed_on=DAY, module=None, papers=[Paper("application/pdf", PDF)],
        )  # fmt: skip
    actions.review(claim=claim, periods=0, category="digital", module=None, reason="Giấy mờ", by_id=by.id)
    actions.appeal(claim=claim, text="Đã chụp lại")
    for target in (who, cast.an):
        exemption = Exemption(
            person_id=target.id, policy="dx", year=DAY.year, scope="module", target=f"khoa-{number}", reason="Đã học",
            from_on=DAY, state="requested", requested_by_id=by.id, recorded_at=clock.now(),
        )  # fmt: skip
        db.session.add(exemption)
    activities.note(
        key=f"event-{number}", unit_id=cast.da_nang, kind="event", title=f"Hội nghị {number}", category="digital",
        held_on=DAY, periods={who.id: 100, cast.an.id: 100}, by_id=by.id,
    )  # fmt: skip
    db.session.commit()


@pytest.mark.parametrize("reader", PAGES)
def test_no_page_asks_once_for_each_row(reader: str, dieu: Visitor, cast: Cast) -> None:
    publish_goal()
    by = account(person("Tạ Thị Hoa", "hoa"), Role.UNIT_HR, cast.da_nang)
    db.session.commit()
    visitor = dieu if reader == "dieu" else Visitor(dieu.app)
    if reader != "dieu":
        visitor.sign_in(reader)
    visitor.speak("en")
    sent: list[dict[str, int]] = []
    for number in (1, 2, 3, 4):
        work(cast, by, number)
        counts = {}
        for address in PAGES[reader] if number in (1, 4) else ():
            with counted() as statements:
                visitor.visit(address.format(an=cast.an.id, unit=cast.da_nang))
            counts[address] = len(statements)
        sent.append(counts)
    assert sent[0] == sent[3]
    assert max(sent[0].values()) <= MOST, sent[0]
