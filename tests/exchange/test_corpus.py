"""Nobody's file is refused without a sentence that says where and what to do, and none breaks a page."""

import io

import pytest
import sqlalchemy as sa

from lms.authoring.models import Draft
from lms.db import db
from lms.exchange import formats
from tests.exchange.corpus import FILES, Messy
from tests.page import Visitor
from tests.people import Cast

LARGE = {"two-thousand.docx", "far-below.xlsx", "bomb.docx"}


def test_there_are_many() -> None:
    assert len({messy.name for messy in FILES}) == len(FILES) > 60


@pytest.mark.parametrize("messy", FILES, ids=lambda messy: messy.name)
def test_a_messy_file_says_what_is_wrong_at_its_place(messy: Messy) -> None:
    carried = formats.read(messy.name, messy.make())[1]
    said = [(remark.place, remark.key) for remark in carried.remarks]
    assert set(messy.said) <= set(said), said
    assert (len(carried.questions), len(carried.lessons)) == (messy.questions, messy.lessons), said
    assert all(not str(remark).endswith(f"exchange.{remark.key}") for remark in carried.remarks)
    if not messy.said:
        assert not said


def test_no_file_breaks_a_page_or_leaves_something_behind(cast: Cast, visitor: Visitor) -> None:
    if db.engine.dialect.name == "postgresql":
        pytest.skip("reading a file asks no database")
    visitor.sign_in("chi")
    sending = visitor.visit("/teach/imports")
    for messy in FILES:
        if messy.name not in LARGE:
            page = sending.submit("Đọc tệp", upload=(io.BytesIO(messy.make()), messy.name))
            assert page.status == 200, messy.name
            assert ("Đưa vào bản nháp" in page.text) == bool(messy.questions or messy.lessons), messy.name
    assert db.session.scalar(sa.select(sa.func.count(Draft.id))) == 0
