"""One installation plays both: the commune that sends its closed year, and the province that receives it."""

from dataclasses import dataclass

import pytest
from flask import Flask

from lms.access import Role
from lms.db import db
from lms.federation import actions, packing
from lms.federation.models import FederationSender
from lms.yearbooks.models import YearBook
from tests import people
from tests.page import Visitor
from tests.yearbooks import story


@dataclass
class Stage:
    """A province, a commune of it that has closed its year, another one, and the sender of the commune."""

    province: int
    commune: int
    other: int
    book: YearBook
    sender: FederationSender

    def packed(self, *, with_names: bool = False) -> bytes:
        """The package of the commune's book, as it stands."""
        book = story.fresh(self.commune)
        return packing.packed(packing.official(book), with_names=with_names)


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Six people with outcomes of all kinds in the commune, one in the other; the commune is registered as a sender."""
    province, commune, other = story.place()
    story.publish()
    team = people.unit("Tổ số cộng đồng 1", story.Level.VILLAGE_TEAM, "48-Một-1", commune)
    story.rebuild_tree()
    for number, periods in enumerate((40, 40, 12, 44, 36), start=1):
        story.serve(f"nguoi-{number}", (commune, team)[number % 2], periods)
    story.serve("cho-khac", other, 40)
    story.judge()
    book = story.close(commune)
    with story.on(2027, 2, 1):
        sender = actions.register(
            unit_id=commune, takes_names=False, first_year=2026, public=packing.own_public(), from_on=story.CLOSED_ON
        )
        db.session.commit()
    return Stage(province, commune, other, book, sender)


@pytest.fixture
def coordinator(stage: Stage, visitor: Visitor) -> Visitor:
    """The coordinator of the province, in February."""
    return signed_in(visitor, Role.COORDINATOR, stage.province, "dieu-phoi")


def signed_in(visitor: Visitor, role: Role | None, unit_id: int | None, code: str) -> Visitor:
    """Somebody with a role over a unit opens the browser on 1 February."""
    who = people.person("Phan Quang Điều", code)
    people.account(who, role, unit_id)
    db.session.commit()
    with story.on(2027, 2, 1):
        visitor.sign_in(code)
    return visitor
