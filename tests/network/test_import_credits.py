"""The ledger of credits is only ever added to, also by imports."""

import pytest
import sqlalchemy as sa

from lms.accounts.models import Account
from lms.db import db
from lms.goals.models import Credit, Exemption
from lms.network import imports
from tests.network.files import PEOPLE, credits, plan, take
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("app")


def row(periods: str = "8", state: str = "approved", category: str = "security") -> str:
    return f"CB1,Tập huấn,{category},{periods},2026-04-20,external,,,{state}"


def ledger() -> list[tuple[int, str, int, bool]]:
    """(entry, state, periods, reverses another?) in order."""
    entries = db.session.scalars(sa.select(Credit).order_by(Credit.entry))
    return [(e.entry, e.state, e.periods, e.reverses_id is not None) for e in entries]


def send(*rows: str) -> None:
    files = {"people.csv": PEOPLE, "credits.csv": credits(*rows)}
    take(files)
    again = plan(files).counts["credits"]
    assert (again.new, again.changed) == (0, 0)


def test_periods_are_kept_in_hundredths_and_the_same_row_twice_is_one_credit() -> None:
    send(row("7.5"), row("7.5"))
    assert ledger() == [(0, "approved", 750, False)]


def test_a_decision_on_a_pending_credit_is_written_on_it() -> None:
    send(row(state="chờ duyệt"))
    send(row(state="đã duyệt"))
    assert ledger() == [(0, "approved", 800, False)]


def test_other_periods_are_a_reversing_entry_and_a_new_one() -> None:
    send(row("8"))
    send(row("6"))
    assert ledger() == [(0, "approved", 800, False), (1, "approved", 800, True), (2, "approved", 600, False)]


@pytest.mark.parametrize("state", ["rejected", "reversed"])
def test_an_approved_credit_that_counts_no_longer_is_reversed(state: str) -> None:
    send(row())
    send(row(state=state))
    assert ledger() == [(0, "approved", 800, False), (1, "approved", 800, True)]


def test_a_reversed_credit_that_counts_again_is_a_new_entry() -> None:
    send(row())
    send(row(state="reversed"))
    send(row())
    assert [entry[0] for entry in ledger()] == [0, 1, 2]
    assert ledger()[-1] == (2, "approved", 800, False)


def test_a_rejected_credit_that_is_approved_after_all_is_a_new_entry() -> None:
    send(row(state="rejected"))
    send(row(state="approved"))
    assert ledger() == [(0, "rejected", 800, False), (1, "approved", 800, False)]


def test_an_exemption_holds_from_the_beginning_of_its_year_unless_it_says_otherwise() -> None:
    take({"people.csv": PEOPLE, "exemptions.csv": "person_id,policy,year,scope,target,reason\nCB1,dx,2026,goal,,ốm\n"})
    exemption = db.session.scalars(sa.select(Exemption)).one()
    assert (exemption.scope, exemption.target, exemption.from_on.isoformat()) == ("goal", "", "2026-01-01")


def test_an_exemption_that_hr_sends_counts_only_when_a_coordinator_has_approved_it(cast: Cast) -> None:
    sheet = "person_id,policy,year,scope,target,reason,from,revoked_on\nan,dx,2026,goal,,ốm,,\n"
    sender = db.session.scalars(sa.select(Account.id).where(Account.person_id == cast.binh.id)).one()
    batch = imports.store({"exemptions.csv": sheet.encode()}, account_id=sender)
    imports.apply(imports.plan({"exemptions.csv": sheet.encode()}, sender=sender), batch=batch)
    asked = db.session.scalars(sa.select(Exemption)).one()
    assert (asked.state, asked.requested_by_id) == ("requested", sender)
    again = imports.plan({"exemptions.csv": sheet.encode()}, sender=sender)
    assert again.counts["exemptions"].unchanged == 1


def test_an_exemption_that_the_operator_imports_was_decided_elsewhere(cast: Cast) -> None:
    sheet = "person_id,policy,year,scope,target,reason,from,revoked_on\nan,dx,2026,goal,,ốm,,\n"
    imports.apply(imports.plan({"exemptions.csv": sheet.encode()}), batch=imports.store({}))
    assert db.session.scalars(sa.select(Exemption.state)).one() == "approved"
