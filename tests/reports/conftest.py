"""A unit with people of all kinds of names, certificates of two wordings, one of them revoked; and Bình, who takes them out."""

import pytest

from lms.catalogue import queries as catalogue
from lms.certificates import actions
from lms.db import db
from lms.goals import actions as goals
from lms.network.models import Person
from tests.architecture.source import ROOT
from tests.certificates.papers import ISSUER, issued, newcomer, open_school
from tests.page import Visitor
from tests.people import Cast

HOSTILE = (
    "=1+1",
    "+84 905 Lan",
    "-2 Mai",
    "@SUM(A1) Cúc",
    '=HYPERLINK("https://evil.example") Trúc',
    "../../Đào",
    'Tô; Hà, "Vy"',
)


@pytest.fixture
def staff(cast: Cast) -> list[Person]:
    """The people with certificates, in the order of their numbers."""
    open_school()
    for code in ("dx", "legal40"):
        goals.publish(source=(ROOT / f"courses/goals/{code}.toml").read_text("utf-8"), by_id=None)
    people = [cast.an, *(newcomer(cast, name, number) for number, name in enumerate(HOSTILE))]
    papers = [issued(who) for who in people[:4]]
    issued(cast.dung)
    actions.set_issuer(**ISSUER | {"name": "SỞ NỘI VỤ"})
    papers += [issued(who) for who in people[4:]]
    actions.revoke(certificate=papers[1], reason="=Cấp nhầm", by_id=1)
    assert catalogue.current("khoa-thu").number == 1
    goals.refresh(person_ids=None)
    db.session.commit()
    return people


@pytest.fixture
def binh(staff: list[Person], visitor: Visitor) -> Visitor:
    """HR of Đà Nẵng, signed in."""
    visitor.sign_in("binh")
    return visitor
