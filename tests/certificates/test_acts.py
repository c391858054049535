"""What is done with papers of the register: each act once, with reason and actor, in a chain that can be read."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from lms import clock, files
from lms.catalogue import queries as catalogue
from lms.certificates import actions, awards, printing, queries, register, wording
from lms.certificates.actions import NotAllowed
from lms.certificates.design import default
from lms.certificates.designs import CertificateDesign
from lms.certificates.models import Certificate, CertificateAct
from lms.certificates.queries import Filter
from lms.certificates.register import Entry
from lms.certificates.rules import Act, Kind, State
from lms.certificates.wording import Award
from lms.db import OPEN_END, db
from lms.fonts import UnprintableText
from lms.network.models import Assignment, Person
from tests.certificates.designs import NAMES
from tests.certificates.papers import ISSUER, completed, issued, newcomer, open_school
from tests.people import Cast, account

BY = 1
DAY = date(2026, 9, 5)


@pytest.fixture
def ga(cast: Cast) -> Person:
    open_school()
    return newcomer(cast, "Ngô Thị Ga", 31)


def for_months(months: int, kind: str = "course") -> None:
    """Papers of a kind expire from now on."""
    issuer = queries.issuer()
    assert issuer is not None
    design = default(kind, issuer)
    data = {**design.as_data(), "months": months}
    made = CertificateDesign(
        issuer_id=issuer.id, kind=kind, number=1, data=data, saves=1, saved_at=clock.now(), published_at=clock.now()
    )
    db.session.add(made)
    db.session.commit()


def again(paper: Certificate) -> Certificate:
    return db.session.get_one(Certificate, paper.id, populate_existing=True)


def acts_of(paper: Certificate) -> list[tuple[str, str]]:
    return [(act.act, act.reason) for act in queries.acts(paper.id)]


def test_a_paper_with_an_error_is_replaced_once_and_both_stay(ga: Person) -> None:
    paper = issued(ga)
    ga.full_name = "Ngô Thị Gà"
    made = [actions.replace_paper(certificate=paper, reason="Sai dấu", by_id=BY, periods=6.5) for _ in range(2)]
    assert made[0] is made[1] and (made[0].number, made[0].relation) == (2, Act.REPLACE)
    assert made[0].printed["paper"]["name"] == "Ngô Thị Gà" and "6,5 tiết" in made[0].printed["paper"]["facts"]
    assert paper.printed["paper"]["name"] == "Ngô Thị Ga"
    assert (again(paper).state, made[0].state) == (State.SUPERSEDED, State.VALID)
    assert queries.chain(paper) == queries.chain(made[0]) == [paper, made[0]]
    assert acts_of(paper) == acts_of(made[0]) == [("replace", "Sai dấu")]
    assert queries.of_completion(paper.completion_id or 0) == made[0]
    with pytest.raises(NotAllowed, match="superseded"):
        actions.revoke(certificate=paper, reason="Nhầm", by_id=BY)


def test_a_lost_paper_is_confirmed_as_often_as_asked_and_each_form_once(ga: Person) -> None:
    paper = issued(ga)
    first, same, second = (
        actions.confirm(certificate=paper, key=key, reason="Mất", by_id=BY)
        for key in ("form-one--", "form-one--", "form-two--")
    )
    assert first is same and (first.number, second.number) == (2, 3)
    assert first.kind == Kind.CONFIRMATION and first.printed["wording"]["title"] == "GIẤY XÁC NHẬN"
    assert any(paper.label in fact for fact in first.printed["paper"]["facts"])
    assert again(paper).state is State.VALID
    with pytest.raises(NotAllowed):
        actions.confirm(certificate=first, key="form-three", reason="Mất", by_id=BY)


def test_a_revocation_takes_confirmations_along_and_is_taken_back_by_another_act(ga: Person) -> None:
    paper = issued(ga)
    confirmation = actions.confirm(certificate=paper, key="form-one--", reason="Mất", by_id=BY)
    for _ in range(2):
        actions.revoke(certificate=paper, reason="Nhầm người", by_id=BY)
    assert {again(paper).state, again(confirmation).state} == {State.REVOKED}
    for _ in range(2):
        actions.reinstate(certificate=paper, reason="Thu hồi nhầm", authority="QĐ 12/QĐ-SKHCN", by_id=BY)
    assert {again(paper).state, again(confirmation).state} == {State.VALID}
    assert acts_of(paper) == [("confirm", "Mất"), ("revoke", "Nhầm người"), ("reinstate", "Thu hồi nhầm")]
    actions.revoke(certificate=paper, reason="Đúng là sai", by_id=BY)
    assert again(paper).revoked_reason == "Đúng là sai"


def test_what_was_withdrawn_is_not_reinstated(ga: Person) -> None:
    done = completed(ga)
    paper = actions.issue(completion=done, published=catalogue.current("khoa-thu"))
    actions.revoke(certificate=paper, reason="Không đạt", by_id=BY)
    done.withdrawn_at = clock.now()
    with pytest.raises(NotAllowed, match="completion-withdrawn"):
        actions.reinstate(certificate=paper, reason="x", authority="x", by_id=BY)


def test_a_paper_expires_and_is_renewed_by_act(ga: Person) -> None:
    for_months(12)
    paper = issued(ga)
    until = paper.expires_on
    assert until is not None and paper.state is State.VALID
    with clock.stopped(clock.at(until - timedelta(days=60))):
        assert paper.expires_soon
    with clock.stopped(clock.at(until)):
        assert paper.state is State.EXPIRED
        made = [actions.renew(certificate=paper, reason="Bồi dưỡng lại", by_id=BY) for _ in range(2)]
        assert made[0] is made[1] and made[0].state is State.VALID and again(paper).state is State.SUPERSEDED
        assert made[0].expires_on is not None and made[0].expires_on > until
        actions.confirm(certificate=made[0], key="form-one--", reason="Mất", by_id=BY)
    assert awards.award_of(paper).expires_on == until


def test_what_stands_for_a_paper_is_worth_as_long_as_the_paper(ga: Person) -> None:
    for_months(12)
    paper = issued(ga)
    end = paper.expires_on
    assert end is not None
    with clock.stopped(clock.at(end - timedelta(days=3))):
        corrected = actions.replace_paper(certificate=paper, reason="Sai dấu", by_id=BY)
        assert (corrected.issued_on, corrected.expires_on) == (end - timedelta(days=3), end)
    with clock.stopped(clock.at(end + timedelta(days=100))):
        confirmed = actions.confirm(certificate=corrected, key="a" * 12, reason="Mất", by_id=BY)
        assert (confirmed.expires_on, confirmed.state) == (end, State.EXPIRED)


def test_a_confirmation_does_not_stand_where_its_paper_is_revoked(ga: Person) -> None:
    paper = issued(ga)
    confirmed = actions.confirm(certificate=paper, key="a" * 12, reason="Mất", by_id=BY)
    actions.revoke(certificate=paper, reason="Nhầm", by_id=BY)
    with pytest.raises(NotAllowed, match="original-revoked"):
        actions.reinstate(certificate=again(confirmed), reason="Xin lại", authority="QĐ 1", by_id=BY)
    actions.reinstate(certificate=again(paper), reason="Xin lại", authority="QĐ 1", by_id=BY)
    assert (again(paper).state, again(confirmed).state) == (State.VALID, State.VALID)


def test_the_register_of_a_unit_knows_who_served_there_on_the_papers_day_or_serves_today(
    ga: Person, cast: Cast
) -> None:
    paper, today = issued(ga), clock.today()
    wide = {"start": date(1990, 1, 1), "end": date(2199, 1, 1)}

    def known(unit_id: int) -> bool:
        found = sa.select(Certificate.id).where(*queries.conditions(Filter(unit_id=unit_id, **wide)))
        return paper.id in db.session.scalars(found).all()

    def served(unit_id: int, start: date, end: date) -> None:
        db.session.execute(sa.delete(Assignment).where(Assignment.person_id == ga.id))
        line = {"person_id": ga.id, "unit_id": unit_id, "role": "dedicated", "nature": "full-time", "is_primary": True}
        db.session.add(Assignment(**line, from_on=start, to_on=end, recorded_at=clock.now()))
        db.session.commit()

    assert known(cast.da_nang) and not known(cast.hue)
    served(cast.hue, today - timedelta(days=900), today - timedelta(days=1))
    assert not known(cast.hue) and not known(cast.da_nang)
    served(cast.hue, today, OPEN_END)
    assert known(cast.hue)
    with clock.stopped(clock.at(today + timedelta(days=40))):
        served(cast.hue, today - timedelta(days=10), today + timedelta(days=10))
        assert known(cast.hue), "as on the day of the paper"


def test_who_completes_a_course_again_gets_a_paper_that_follows_on_the_first(ga: Person) -> None:
    for_months(12)
    first = completed(ga)
    version = catalogue.current("khoa-thu")
    paper = actions.issue(completion=first, published=version)
    first.withdrawn_at = clock.now()
    db.session.flush()
    with clock.stopped(clock.now() + timedelta(days=400)):
        again_completed = completed(ga)
        made = [actions.issue(completion=again_completed, published=version) for _ in range(2)]
        assert made[0] is made[1] and made[0].predecessor_id == paper.id
        assert (again(paper).state, made[0].state) == (State.SUPERSEDED, State.VALID)


def test_a_paper_that_is_good_for_ever_needs_no_renewal(ga: Person) -> None:
    paper = issued(ga)
    with pytest.raises(NotAllowed, match="valid"):
        actions.renew(certificate=paper, reason="x", by_id=BY)


@pytest.mark.parametrize("act", [Act.REPLACE, Act.CONFIRM])
def test_a_refused_act_costs_no_number(ga: Person, act: Act) -> None:
    paper = issued(ga)
    do: dict[Act, Callable[[], Certificate]] = {
        Act.REPLACE: lambda: actions.replace_paper(certificate=paper, reason="x", by_id=BY),
        Act.CONFIRM: lambda: actions.confirm(certificate=paper, key="form-one--", reason="x", by_id=BY),
    }
    ga.full_name = "Nguyễn 字 Lan"
    if act is Act.REPLACE:
        with pytest.raises(UnprintableText):
            do[act]()
        ga.full_name = "Ngô Thị Ga"
    assert do[act]().number == 2, "the name on a confirmation is that of the paper it confirms"


def test_states_in_the_database_are_those_of_the_rule(ga: Person, cast: Cast) -> None:
    for_months(1)
    papers = [issued(newcomer(cast, f"Người {letter}", 40 + n)) for n, letter in enumerate("abc")]
    actions.revoke(certificate=papers[0], reason="x", by_id=BY)
    actions.replace_paper(certificate=papers[1], reason="x", by_id=BY)
    day = papers[2].expires_on or DAY
    year = Filter(cast.da_nang, date(2020, 1, 1), date(2100, 1, 1))
    for today in (clock.today(), day):
        with clock.stopped(clock.at(today, 12)):
            every = {row.Certificate for row in queries.register(year)}
            found = {
                state: {
                    row.Certificate for row in queries.register(Filter(cast.da_nang, year.start, year.end, state=state))
                }
                for state in State
            }
            assert len(every) == 4
            assert found == {state: {one for one in every if one.state is state} for state in State}


def test_a_changed_issuer_or_design_changes_no_byte(ga: Person, cast: Cast) -> None:
    paper = issued(ga)
    name = printing.file_of(paper)
    before = files.read(name)
    actions.set_issuer(**ISSUER | {"name": "SỞ NỘI VỤ", "pattern": "{number:06}/{issuer}"})
    for_months(24)
    kept = again(paper)
    assert (kept.label, kept.sha256, files.read(str(kept.sha256)), kept.expires_on) == (paper.label, name, before, None)
    words, printed = wording.from_data(kept.printed)
    assert wording.press(words).print(printed)[:5] == b"%PDF-" and words.issuer == ISSUER["name"]
    assert issued(cast.an).label == "000002/GCN-KHCN", "the counter goes on"


def test_the_nearest_issuer_issues_and_each_counts_for_itself(cast: Cast) -> None:
    open_school()
    own = actions.set_issuer(**ISSUER | {"code": "HC"}, issuer=register.Issuer(), unit_id=cast.hai_chau)
    found = {place: queries.issuer_of_unit(getattr(cast, place)) for place in ("team", "hai_chau", "da_nang", "hue")}
    installations = queries.issuer()
    assert installations is not None and installations.id != own.id
    assert found == {"team": own, "hai_chau": own, "da_nang": installations, "hue": installations}
    assert queries.issuer_of_unit(None) == installations
    award = Award("Hội nghị")
    labels = [
        actions.issue_for(
            entry=Entry(Kind.ATTENDANCE, f"activity:{n}:1", cast.an.id, "An", "", award),
            issuer=who,
            reason="x",
            by_id=BY,
        ).label
        for n, who in enumerate((own, installations, own))
    ]
    year = clock.today().year
    assert labels == [f"1/{year}/HC", f"1/{year}/GCN-KHCN", f"2/{year}/HC"]
    installations.unit_id = cast.hue
    db.session.commit()
    assert queries.issuer_of_unit(cast.da_nang) is None, "no unit issues in the name of another"
    assert queries.issuer_of_unit(cast.hai_chau) == own


def test_every_kind_bears_names_of_every_form(cast: Cast) -> None:
    open_school()
    issuer = queries.issuer()
    assert issuer is not None
    award = Award("Nhà Rông Kon Tum", periods=8, hours=6, started_on=DAY, completed_on=DAY, year=2026, original="1")
    for kind in Kind:
        for number, name in enumerate(NAMES):
            entry = Entry(kind, f"{kind}:{number}", cast.an.id, name, "Buôn Đôn", award)
            paper = actions.issue_for(entry=entry, issuer=issuer, reason="x", by_id=BY)
            assert paper.printed["paper"]["name"] == name
    numbers = db.session.scalars(sa.select(Certificate.number).order_by(Certificate.number)).all()
    assert list(numbers) == list(range(1, len(Kind) * len(NAMES) + 1))


def test_every_act_tells_who_did_it(ga: Person, cast: Cast) -> None:
    paper = issued(ga)
    who = account(ga)
    actions.revoke(certificate=paper, reason="Nhầm", by_id=who.id)
    line = db.session.scalars(sa.select(CertificateAct)).one()
    assert (line.certificate_id, line.account_id, line.reason) == (paper.id, who.id, "Nhầm")
