"""How far a scope reaches in time: units and people belong where they are today, or else where they were last."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from lms import clock
from lms.access import Permission, Role
from lms.accounts.user import Held, SignedIn
from lms.db import OPEN_END, db
from lms.network.actions import rebuild_tree
from lms.network.models import Assignment, Level, UnitVersion
from tests.people import LONG_AGO, Cast, person, post, unit

TODAY = clock.today()
SOON, RECENTLY = TODAY + timedelta(days=30), TODAY - timedelta(days=30)


def hr_of(unit_id: int) -> SignedIn:
    return SignedIn("", 1, 1, 1, "hr", "HR", False, (Held(Role.LEARNER, None), Held(Role.UNIT_HR, unit_id)))


def reached(cast: Cast, unit_id: int) -> set[str]:
    """Which of the two provinces reaches a unit."""
    provinces = {"Đà Nẵng": cast.da_nang, "Huế": cast.hue}
    return {name for name, top in provinces.items() if hr_of(top).reaches_unit(Permission.READ_PEOPLE, unit_id)}


def person_reached(cast: Cast, person_id: int) -> set[str]:
    provinces = {"Đà Nẵng": cast.da_nang, "Huế": cast.hue}
    return {name for name, top in provinces.items() if hr_of(top).reaches_person(Permission.READ_PEOPLE, person_id)}


def moved(cast: Cast, on: date) -> int:
    """A commune that goes from Đà Nẵng to Huế on a day."""
    commune = unit("Xã Chuyển", Level.COMMUNE, "29999", cast.da_nang, end=on)
    later = db.session.scalars(sa.select(UnitVersion).where(UnitVersion.unit_id == commune)).one()
    copied = {c: getattr(later, c) for c in ("name", "kind", "level", "fold", "sort_key")}
    db.session.add(UnitVersion(unit_id=commune, parent_id=cast.hue, from_on=on, to_on=OPEN_END, **copied))
    db.session.flush()
    rebuild_tree()
    return commune


@pytest.mark.parametrize(("on", "whose"), [(RECENTLY, {"Huế"}), (TODAY, {"Huế"}), (SOON, {"Đà Nẵng"})])
def test_a_unit_that_moves_is_reached_from_where_it_is(cast: Cast, on: date, whose: set[str]) -> None:
    assert reached(cast, moved(cast, on)) == whose


def test_a_unit_that_is_no_more_is_reached_from_where_it_was_last(cast: Cast) -> None:
    abolished = unit("Xã Cũ", Level.COMMUNE, "28888", cast.da_nang, end=RECENTLY)
    coming = unit("Xã Mới", Level.COMMUNE, "27777", cast.hue, start=SOON)
    rebuild_tree()
    assert (reached(cast, abolished), reached(cast, coming)) == ({"Đà Nẵng"}, {"Huế"})
    assert reached(cast, 999) == set()


def test_a_person_is_reached_from_each_place_of_service_today(cast: Cast) -> None:
    post(cast.em, cast.hue, "trainer", RECENTLY, SOON, is_primary=False)
    assert person_reached(cast, cast.em.id) == {"Đà Nẵng", "Huế"}


def test_a_post_to_come_changes_nothing_yet(cast: Cast) -> None:
    db.session.execute(sa.update(Assignment).where(Assignment.person_id == cast.em.id).values(to_on=SOON))
    post(cast.em, cast.hue, "focal-point", SOON)
    assert person_reached(cast, cast.em.id) == {"Đà Nẵng"}


def test_who_left_is_reached_from_the_last_place_and_who_is_coming_from_the_first(cast: Cast) -> None:
    left, coming, nobody = person("Lý Văn Ích", "ich"), person("Hồ Thị Kim", "kim"), person("Mai Văn Lâm", "lam")
    post(left, cast.hue, "focal-point", LONG_AGO, RECENTLY - timedelta(days=300))
    post(left, cast.da_nang, "focal-point", RECENTLY - timedelta(days=300), RECENTLY)
    post(coming, cast.hue, "focal-point", SOON)
    assert person_reached(cast, left.id) == {"Đà Nẵng"}
    assert person_reached(cast, coming.id) == {"Huế"}
    assert person_reached(cast, nobody.id) == set()
