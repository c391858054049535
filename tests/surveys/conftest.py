"""A small survey, and enough people in Đà Nẵng to be asked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from lms import clock
from lms.db import db
from lms.network.models import Person
from lms.surveys import actions
from lms.surveys.models import Survey
from lms.surveys.rules import Division, Purpose
from tests.page import Visitor
from tests.people import Cast, person, post

SOURCE = """\
title = "Ý kiến về lớp học"

[[item]]
type = "section"
text = "Nội dung"

[[item]]
type = "single"
id = "way"
text = "Cách học nào hợp nhất?"
required = true
options = ["Tự học", "Lớp tập trung"]

[[item]]
type = "matrix"
id = "skills"
text = "Làm được đến đâu?"
rows = ["Nộp hồ sơ", "Lập bảng tính"]
low = "Chưa"
high = "Thạo"

[[item]]
type = "number"
id = "hours"
text = "Bao nhiêu giờ một tháng?"
least = 0
most = 60

[[item]]
type = "long"
id = "other"
text = "Ý kiến khác"
"""
TERMS: dict[str, Any] = {
    "unit_id": None, "role": None, "course_id": None, "is_after_completion": False, "is_named": False, "fewest": 5,
    "division": Division.UNIT.value,
}  # fmt: skip


@pytest.fixture
def town(cast: Cast) -> dict[str, list[Person]]:
    """Seven people of Hải Châu and eight of Thanh Khê, five of Huế; nobody of them has an account."""
    places = {"hai_chau": 7, "thanh_khe": 8, "hue": 5}
    found = {place: [crowd(cast, place, n) for n in range(many)] for place, many in places.items()}
    db.session.commit()
    return found


def crowd(cast: Cast, place: str, number: int) -> Person:
    who = person(f"Người {place} {number}", f"{place}-{number}".replace("_", "-"))
    post(who, getattr(cast, place), "focal-point")
    return who


def opened(unit_id: int | None, *, purpose: Purpose = Purpose.NEEDS, source: str = SOURCE, **terms: Any) -> Survey:
    """A survey that is open from today for a week; committed."""
    survey = actions.begin(purpose=purpose, source=source, terms=TERMS | {"unit_id": unit_id} | terms, by_id=None)
    actions.release(survey=survey, from_on=clock.today(), to_on=clock.today() + timedelta(days=7))
    db.session.commit()
    return survey


def answer(survey: Survey, people: Sequence[Person], way: int = 0, **more: Any) -> None:
    """These people answer alike; committed."""
    for who in people:
        actions.hand_in(survey=survey, person_id=who.id, answers={"way": way, **more})
    db.session.commit()


@pytest.fixture
def binh(cast: Cast, visitor: Visitor) -> Visitor:
    """HR of Đà Nẵng, signed in."""
    visitor.sign_in("binh")
    return visitor
