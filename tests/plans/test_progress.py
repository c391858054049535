"""Progress is counted from the ledger: the right people, once each."""

from datetime import date

from lms.db import db
from lms.goals import actions as goals
from lms.plans import actions, queries
from lms.plans.models import TrainingPlan
from lms.plans.rules import Need
from tests.people import Cast
from tests.plans.conftest import YEAR, item, learns


def counted(plan: TrainingPlan) -> list[int]:
    found = queries.plan(plan.id)
    reached = queries.reached(found)
    return [reached[one.id] for one in found.items]


def test_a_person_with_several_credits_counts_once(city: Cast, plan: TrainingPlan) -> None:
    item(plan)
    for month in (1, 2, 3):
        learns(city.binh, on=date(YEAR, month, 1))
    learns(city.an)
    assert counted(plan) == [2]


def test_people_of_other_units_do_not_count(city: Cast, plan: TrainingPlan) -> None:
    item(plan)
    learns(city.dung)
    assert counted(plan) == [0]


def test_only_credits_of_the_category_on_the_days_of_the_item_count(city: Cast, plan: TrainingPlan) -> None:
    item(plan, from_on=date(YEAR, 2, 1), to_on=date(YEAR, 3, 1))
    learns(city.binh, "digital", date(YEAR, 2, 5))
    learns(city.binh, on=date(YEAR, 1, 31))
    learns(city.binh, on=date(YEAR, 3, 1))
    assert counted(plan) == [0]
    learns(city.binh, on=date(YEAR, 2, 28))
    assert counted(plan) == [1]


def test_a_course_counts_in_the_whole_year_and_no_other(city: Cast, plan: TrainingPlan) -> None:
    item(plan, competency="module:khoa-thu", from_on=date(YEAR, 2, 1), to_on=date(YEAR, 3, 1))
    learns(city.binh, on=date(YEAR - 1, 12, 31), module="khoa-thu")
    assert counted(plan) == [0]
    learns(city.binh, on=date(YEAR, 1, 1), module="khoa-thu")
    assert counted(plan) == [1]


def test_what_is_pending_or_reversed_does_not_count(city: Cast, plan: TrainingPlan) -> None:
    item(plan, competency="periods")
    learns(city.binh, "digital", state="pending")
    entry = learns(city.an)
    learns(city.an, entry=1, reverses_id=entry.id)
    assert counted(plan) == [0]


def test_each_item_counts_its_own_roles_and_place(city: Cast, plan: TrainingPlan) -> None:
    item(plan, "roles", roles=["community-member"])
    item(plan, "place", unit_id=city.hai_chau)
    item(plan, "both", roles=["dedicated"], unit_id=city.hai_chau)
    item(plan, "all")
    for who in (city.binh, city.an):
        learns(who)
    assert counted(plan) == [1, 1, 0, 2]


def test_needs_come_from_the_standings_and_fall_with_seats(city: Cast, plan: TrainingPlan) -> None:
    lines = {(need.role, need.competency): need for need in queries.needs(plan, {})}
    assert lines["dedicated", "security"] == Need("dedicated", "security", 1)
    item(plan, roles=["dedicated"], seats=5)
    lines = {(need.role, need.competency): need for need in queries.needs(queries.plan(plan.id), {})}
    assert lines["dedicated", "security"].uncovered == 0
    assert lines["dedicated", "periods"].uncovered == 0
    assert lines["community-member", "periods"].uncovered == 1


def test_a_plan_for_next_year_has_needs_and_no_progress_yet(city: Cast) -> None:
    made = actions.draft(unit_id=city.da_nang, year=YEAR + 1, policy="dx", by_id=None)
    item(made, from_on=date(YEAR + 1, 1, 1), to_on=date(YEAR + 2, 1, 1))
    learns(city.binh)
    assert counted(made) == [0]
    assert queries.needs(made, {})


def test_who_has_learnt_is_needed_no_more(city: Cast, plan: TrainingPlan) -> None:
    learns(city.binh)
    goals.refresh(person_ids=[city.binh.id])
    db.session.commit()
    assert ("dedicated", "security") not in {(need.role, need.competency) for need in queries.needs(plan, {})}
