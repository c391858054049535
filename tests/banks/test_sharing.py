"""Nobody sees what is not theirs or shared with them, on no page and through no door."""

import pytest
from flask import Flask

from lms.banks import actions
from lms.db import db
from tests.banks.bank import SUBJECTS, item, trainer
from tests.page import Visitor
from tests.people import Cast

SEEN = {
    # who: the items that they find; a place in the name of each says whose it is, and how it is shared
    "chi": {
        "da_nang-private",
        "da_nang-below",
        "da_nang-everybody",
        "hai_chau-private",
        "hue-everybody",
        "nation-below",
    },
    "hai": {"da_nang-below", "da_nang-everybody", "hai_chau-private", "hue-everybody", "nation-below"},
    "hoa": {"da_nang-everybody", "hue-private", "hue-everybody", "nation-below"},
}
PLACED = sorted(set().union(*SEEN.values()))


@pytest.fixture
def placed(cast: Cast) -> dict[str, int]:
    """Items of several units, shared in several ways; trainers of Đà Nẵng (Chi), of Hải Châu and of Huế."""
    trainer("Lê Hải", "hai", cast.hai_chau)
    trainer("Trần Hoa", "hoa", cast.hue)
    found = {}
    for number, name in enumerate(PLACED):
        unit, sharing = name.split("-")
        found[name] = item(getattr(cast, unit), f"{SUBJECTS[number % 4]} Số {number}", sharing).id
    return found


@pytest.mark.parametrize("who", SEEN)
def test_a_trainer_finds_and_opens_their_own_and_what_is_shared(
    app: Flask, placed: dict[str, int], visitor: Visitor, who: str
) -> None:
    visitor.sign_in(who)
    links = visitor.visit("/teach/bank").links().values()
    assert {name for name, id in placed.items() if f"/teach/bank/items/{id}" in links} == SEEN[who]
    opened = {name for name, id in placed.items() if visitor.fetch(f"/teach/bank/items/{id}").status_code == 200}
    assert opened == SEEN[who]


def test_who_may_use_a_question_may_not_change_it(app: Flask, placed: dict[str, int], visitor: Visitor) -> None:
    visitor.sign_in("hoa")
    shared = placed["da_nang-everybody"]
    page = visitor.visit(f"/teach/bank/items/{shared}")
    assert "Cất câu này" not in page.text
    page = visitor.visit(f"/teach/bank/items/{placed['hue-everybody']}")
    for act in ("retire", "restore", "share"):
        assert visitor.post(f"/teach/bank/items/{shared}/{act}", {**_token(page), "sharing": "private"}).status == 404


def test_a_pool_does_not_show_what_is_not_shared(cast: Cast, placed: dict[str, int], visitor: Visitor) -> None:
    pool = actions.save_pool(
        pool=None, unit_id=cast.hue, name="Bộ chung", sharing="everybody", topic="", difficulty="easy"
    )
    actions.fill_pool(pool=pool, item_ids=[placed["hue-private"]])
    db.session.commit()
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/bank/pools/{pool.id}")
    assert f"/teach/bank/items/{placed['hue-private']}" not in page.links().values()
    assert f"/teach/bank/items/{placed['da_nang-private']}" in page.links().values(), "its cell is of the reader's bank"
    assert "Sửa bộ này" not in page.text
    assert visitor.post(f"/teach/bank/pools/{pool.id}", {"name": "x"}).status in (400, 404)


def test_learners_have_no_bank(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("an")
    assert visitor.fetch("/teach/bank").status_code == 403


def _token(page: object) -> dict[str, str]:
    from tests.page import held_by

    return {"csrf_token": held_by(page.forms()[0])["csrf_token"]}  # type: ignore[attr-defined]
