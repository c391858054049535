"""The pages of a unit's figures: what they say, to whom they tell names, and to whom counts alone."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from lms import clock
from lms.accounts.models import Account
from lms.db import db
from lms.goals import actions, coverage, queries
from lms.goals.coverage import Cover, Unit, covered
from lms.network.actions import rebuild_tree
from lms.network.models import Assignment, Level
from tests.goals.facts import MODULE, publish
from tests.goals.test_figures import credit
from tests.page import Visitor, words
from tests.people import Cast, person, post, unit

DAY = date(2026, 6, 1)


@pytest.fixture
def judged(cast: Cast) -> Cast:
    """Thanh Khê has nine people: seven who have met the goal, two who have not."""
    publish()
    for number in range(9):
        who = person(f"Người {number}", f"n{number}")
        post(who, cast.thanh_khe, "community-member", date(2025, 1, 1))
        if number < 7:
            credit(who, 8).module = MODULE
    actions.refresh(person_ids=None)
    db.session.commit()
    return cast


def test_hr_sees_the_rate_the_call_list_and_the_people_behind_each_number(judged: Cast, visitor: Visitor) -> None:
    visitor.sign_in("binh")
    page = visitor.visit(f"/units/{judged.thanh_khe}/goal")
    assert "Đã đạt 77,8\u00a0% mục tiêu".replace("\u00a0", " ") in page.text
    assert {"Người 7", "Người 8"} <= set(page.links())
    people = page.click("7")
    assert "Người 0" in people.text
    assert "Người 8" not in people.text
    assert "8 tiết" in people.click("Người 0").text


def test_who_may_not_see_names_sees_counts_and_no_small_group(judged: Cast, visitor: Visitor) -> None:
    visitor.sign_in("dung")
    page = visitor.visit(f"/units/{judged.thanh_khe}/goal")
    assert page.status == 200
    assert "Người 7" not in page.text
    assert "không hiện trên không hiện người" in page.text
    assert "77,8" not in page.text
    assert visitor.visit(f"/units/{judged.thanh_khe}/goal/people").status == 403
    assert visitor.visit(f"/units/{judged.thanh_khe}/goal/past").status == 403
    whole = visitor.visit(f"/units/{judged.da_nang}/goal?by=role")
    assert "Phường Thanh Khê" in whole.text
    assert "Phường Thanh Khê: 2 người" not in whole.text
    untold = [cell for cell in whole.tree.iter("td") if words(cell) == "không hiện"]
    assert untold and {cell.get("data-value", "0") for cell in untold} == {"0"}, (
        "what sorts a cell tells no more than the cell"
    )


def test_each_unit_stands_beside_its_last_year(judged: Cast, visitor: Visitor) -> None:
    actions.refresh(person_ids=None, years=[clock.today().year - 1, clock.today().year])
    db.session.commit()
    visitor.sign_in("binh")
    page = visitor.visit(f"/units/{judged.da_nang}/goal")
    assert f"Năm {clock.today().year - 1}, cùng bản đồ" in page.text


def test_figures_are_divided_by_role_and_lead_to_those_people(judged: Cast, visitor: Visitor) -> None:
    visitor.sign_in("binh")
    page = visitor.visit(f"/units/{judged.da_nang}/goal?by=role")
    people = page.click("thành viên tổ công nghệ số")
    assert "Người 3" in people.text
    assert "Lê Thị Bình" not in people.text
    for by in ("employment", "position", "title"):
        assert visitor.visit(f"/units/{judged.da_nang}/goal?by={by}").status == 200
    assert visitor.visit(f"/units/{judged.da_nang}/goal?by=salary").status == 404


def test_the_wall_screen_draws_itself_anew_without_a_script(judged: Cast, visitor: Visitor) -> None:
    visitor.sign_in("binh")
    page = visitor.visit(f"/units/{judged.da_nang}/wall")
    assert page.response.headers["Refresh"] == "60"
    assert "Phường Thanh Khê" in page.text


def test_classes_are_reckoned_for_the_seats_asked_for(judged: Cast, visitor: Visitor) -> None:
    visitor.sign_in("binh")
    assert visitor.visit(f"/units/{judged.da_nang}/goal?seats=1").status == 200
    for nonsense in ("0", "-1", "1e9", "một"):
        assert visitor.visit(f"/units/{judged.da_nang}/goal?seats={nonsense}").status == 422


def test_who_has_signed_in_this_year_is_counted(judged: Cast, visitor: Visitor) -> None:
    visitor.sign_in("binh")
    actions.refresh(person_ids=[judged.binh.id])
    db.session.commit()
    assert "1 trên" in visitor.visit(f"/units/{judged.da_nang}/goal").text
    assert db.session.scalar(sa.select(Account.last_sign_in_at).where(Account.person_id == judged.binh.id))


UNITS = {
    1: Unit(None, "central"), 2: Unit(1, "province"), 3: Unit(2, "province"), 4: Unit(3, "province"),
    5: Unit(2, "commune"), 6: Unit(5, "village-team"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("until", "answers"),
    [
        ({}, {1: "no", 2: "no", 3: "no", 5: "no"}),
        ({4: date(9999, 12, 31)}, {1: "no", 2: "yes", 3: "yes", 5: "no"}),
        ({5: date(2026, 5, 1)}, {1: "no", 2: "no", 3: "no", 5: "vacant"}),
        ({6: date(9999, 12, 31)}, {1: "no", 2: "no", 3: "no", 5: "no"}),
    ],
)
def test_an_organisation_is_covered_by_whoever_serves_in_it_or_its_offices(
    until: dict[int, date], answers: dict[int, str]
) -> None:
    found = covered(UNITS, until, DAY)
    assert {unit_id: cover.state for unit_id, cover in found.items()} == answers
    assert found[5] in (Cover("no"), Cover("yes"), Cover("vacant", date(2026, 5, 1)))


def test_a_post_that_ends_leaves_a_vacancy_with_its_day(cast: Cast, visitor: Visitor) -> None:
    coverage.refresh()
    assert coverage.counts(cast.da_nang) == {"yes": 2, "no": 1}
    yesterday = clock.today() - timedelta(days=1)
    db.session.execute(sa.update(Assignment).where(Assignment.person_id == cast.em.id).values(to_on=yesterday))
    assert coverage.refresh() == 1
    db.session.commit()
    assert coverage.counts(cast.da_nang) == {"yes": 1, "no": 1, "vacant": 1}
    visitor.sign_in("binh")
    assert f"Khuyết từ ngày {yesterday:%d/%m/%Y}" in visitor.visit(f"/units/{cast.da_nang}/coverage").text


def test_the_figures_of_cover_follow_a_new_unit(cast: Cast) -> None:
    coverage.refresh()
    unit("Phường mới", Level.COMMUNE, "moi", cast.da_nang)
    rebuild_tree()
    coverage.refresh()
    assert coverage.counts(cast.da_nang)["no"] == 2
    assert coverage.counts(cast.nation)["no"] == coverage.counts(cast.da_nang)["no"] + 1


@pytest.mark.parametrize("statuses", [(), ("met",), ("at-risk", "overdue")])
def test_a_large_unit_lists_its_people_as_a_small_one_does(
    judged: Cast, monkeypatch: pytest.MonkeyPatch, statuses: tuple[str, ...]
) -> None:
    monkeypatch.setattr(queries, "SLICE", 3)
    asked = (judged.da_nang, "dx", clock.today().year)
    whole = queries.people_of(*asked, statuses=statuses)
    assert queries.people_in_order(*asked, statuses=statuses, limit=50) == whole
    first = queries.people_in_order(*asked, statuses=statuses, limit=2)
    after = (first[-1].sort_key, first[-1].person_id)
    assert [*first, *queries.people_in_order(*asked, statuses=statuses, after=after, limit=50)] == whole
