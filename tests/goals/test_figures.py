"""The stored standings and figures are what the facts say, whatever happens to the facts and to the tree."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock
from lms.db import OPEN_END, db
from lms.goals import actions, figures, rebuilding
from lms.goals.models import Credit, Exemption, Figure, Standing
from lms.network.actions import rebuild_tree
from lms.network.models import Absence, Assignment, Level, Person, Succession, UnitVersion
from tests.goals.facts import publish
from tests.people import Cast, person, post, unit

ROLES = ("dedicated", "focal-point", "community-member", "incident-response")
Act = Callable[[Random, Cast], set[int]]


def nothing_differs() -> bool:
    return rebuilding.check(progress=lambda done, total: None).is_nothing


def credit(
    who: Person, periods: int, *, activity: str = "x", category: str = "digital", on: date | None = None
) -> Credit:
    entry = Credit(
        person_id=who.id, activity=activity, category=category, periods=100 * periods, completed_on=on or clock.today(),
        source="internal", state="approved", entry=0, recorded_at=clock.now(),
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    return entry


def _day(dice: Random) -> date:
    return clock.today() - timedelta(days=dice.randrange(-60, 400))


def _anybody(dice: Random) -> Person:
    return dice.choice(db.session.scalars(sa.select(Person).order_by(Person.id)).all())


def someone_learns(dice: Random, cast: Cast) -> set[int]:
    who = _anybody(dice)
    credit(
        who,
        dice.choice((4, 10, 30)),
        activity=f"a{dice.random()}",
        category=dice.choice(("digital", "security")),
        on=_day(dice),
    )
    return {who.id}


def someone_is_away(dice: Random, cast: Cast) -> set[int]:
    who, start = _anybody(dice), _day(dice)
    away = Absence(
        person_id=who.id,
        type=f"t{dice.random()}",
        from_on=start,
        to_on=start + timedelta(days=dice.randrange(5, 200)),
        recorded_at=clock.now(),
    )
    db.session.add(away)
    return {who.id}


def someone_takes_a_post(dice: Random, cast: Cast) -> set[int]:
    who, start = _anybody(dice), _day(dice)
    place = dice.choice((cast.da_nang, cast.hai_chau, cast.team, cast.thanh_khe, cast.hue))
    held = sa.select(Assignment.id).where(Assignment.person_id == who.id, Assignment.from_on == start)
    if db.session.scalar(held) is None:
        post(
            who, place, dice.choice(ROLES), start, dice.choice((OPEN_END, start + timedelta(days=90))), is_primary=False
        )
    return {who.id}


def someone_comes(dice: Random, cast: Cast) -> set[int]:
    who = person(f"Người {dice.random()}", f"p{dice.random()}")
    post(who, cast.team, dice.choice(ROLES), _day(dice))
    return {who.id}


def someone_is_exempt(dice: Random, cast: Cast) -> set[int]:
    who = _anybody(dice)
    once = sa.select(Exemption.id).where(Exemption.person_id == who.id)
    if db.session.scalar(once) is None:
        db.session.add(
            Exemption(
                person_id=who.id,
                policy="dx",
                year=clock.today().year,
                scope="goal",
                reason="x",
                from_on=date(2020, 1, 1),
                recorded_at=clock.now(),
            )
        )
    return {who.id}


def a_unit_moves(dice: Random, cast: Cast) -> set[int]:
    version = db.session.scalars(sa.select(UnitVersion).where(UnitVersion.unit_id == cast.team)).one()
    version.parent_id = dice.choice((cast.hai_chau, cast.thanh_khe, cast.hue))
    rebuild_tree()
    return set(db.session.scalars(sa.select(Assignment.person_id).where(Assignment.unit_id == cast.team)))


ACTS: tuple[Act, ...] = (
    someone_learns, someone_learns, someone_learns, someone_is_away, someone_takes_a_post, someone_comes,
    someone_is_exempt, a_unit_moves,
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_the_stored_figures_are_a_recount(cast: Cast, seed: int) -> None:
    publish()
    actions.refresh(person_ids=None)
    dice = Random(seed)
    for number in range(40):
        people = dice.choice(ACTS)(dice, cast)
        actions.refresh(person_ids=people)
        db.session.commit()
        if number % 10 == 9:
            assert nothing_differs()
        if number % 15 == 14:
            figures.fold()
    assert nothing_differs()


def test_children_sum_to_their_parent(cast: Cast) -> None:
    publish()
    actions.refresh(person_ids=None)
    year = clock.today().year
    nation = figures.of_unit(cast.nation, "dx", year)
    parts = [figures.of_unit(place, "dx", year) for place in (cast.da_nang, cast.hue)]
    assert sum(nation.values()) == sum(sum(part.values()) for part in parts) == 4


def test_a_credit_changes_the_figures_of_all_units_above_at_once(cast: Cast) -> None:
    publish()
    actions.refresh(person_ids=None)
    year, module = clock.today().year, "mang-luoi-chuyen-doi-so"
    assert figures.of_unit(cast.team, "dx", year).get("met") is None
    credit(cast.an, 8).module = module
    actions.refresh(person_ids=[cast.an.id])
    for place in (cast.team, cast.hai_chau, cast.da_nang, cast.nation):
        assert figures.of_unit(place, "dx", year)["met"] == 1
    assert figures.divided(cast.da_nang, "dx", year, "role")["community-member"] == {"met": 1}


def test_folding_keeps_the_sums_and_drops_the_changes(cast: Cast) -> None:
    publish()
    actions.refresh(person_ids=None)
    credit(cast.an, 1)
    actions.refresh(person_ids=[cast.an.id])
    db.session.commit()
    before = figures.fingerprints(figures.stored([clock.today().year]))
    figures.fold()
    assert figures.fingerprints(figures.stored([clock.today().year])) == before
    assert not db.session.scalar(sa.select(sa.func.count()).where(Figure.is_change))


def test_a_wrong_figure_and_a_wrong_standing_are_found_and_mended(app: Flask, cast: Cast) -> None:
    publish()
    actions.refresh(person_ids=None)
    db.session.execute(sa.update(Standing).where(Standing.person_id == cast.an.id).values(status="met", digest=1))
    db.session.execute(sa.update(Figure).where(Figure.unit_id == cast.hue).values(people=7))
    db.session.commit()
    runner = app.test_cli_runner()
    found = runner.invoke(args=["goals", "rebuild", "--check"])
    assert found.exit_code == 1
    assert runner.invoke(args=["goals", "rebuild"]).exit_code == 0
    assert runner.invoke(args=["goals", "rebuild", "--check"]).exit_code == 0


def test_last_years_people_stand_where_their_unit_went_on_the_map_of_today(cast: Cast) -> None:
    publish()
    year = clock.today().year
    old = unit("Phường cũ", Level.COMMUNE, "cu", cast.hue, date(2020, 1, 1), date(year, 1, 1))
    who = person("Người cũ", "cu")
    post(who, old, "focal-point", date(2020, 1, 1), date(year, 1, 1))
    db.session.add(
        Succession(from_unit_id=old, to_unit_id=cast.hai_chau, type="merge", on=date(year, 1, 1), legal_basis="x")
    )
    rebuild_tree()
    actions.refresh(person_ids=None, years=[year - 1, year])
    assert sum(figures.of_unit(cast.hue, "dx", year - 1).values()) == 2
    assert sum(figures.of_unit(cast.hue, "dx", year - 1, on=figures.TODAY).values()) == 1
    was, today = (
        sum(figures.of_unit(cast.nation, "dx", year - 1, on=on).values()) for on in (figures.WAS, figures.TODAY)
    )
    assert was == today
    assert nothing_differs()


def test_of_two_posts_that_ask_for_the_same_the_first_recorded_is_told_wherever_the_database_keeps_it(
    app: Flask, cast: Cast
) -> None:
    publish()
    who = person("Người hai việc", "hai-viec")
    first = post(who, cast.hai_chau, "community-member")
    post(who, cast.hai_chau, "community-deputy")
    actions.refresh(person_ids=None)
    first.decision = "12/QĐ-UBND"
    db.session.flush()

    assert nothing_differs()
