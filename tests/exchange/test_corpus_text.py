"""Messy files of other systems: each is read as far as it can be, and what is wrong is said at its place."""

import io

import pytest

from lms.exchange import formats
from tests.exchange.corpus import Messy
from tests.exchange.corpus_text import FILES
from tests.page import Visitor
from tests.people import Cast


@pytest.mark.parametrize("messy", FILES, ids=lambda messy: messy.name)
def test_a_messy_file_says_what_is_wrong_at_its_place(messy: Messy) -> None:
    carried = formats.read(messy.name, messy.make())[1]
    said = [(remark.place, remark.key) for remark in carried.remarks]
    assert set(messy.said) <= set(said), said
    assert len(carried.questions) == messy.questions, said
    assert all(not remark.sentence.startswith("exchange.") for remark in carried.remarks)
    if not messy.said:
        assert not said


def test_none_breaks_the_page_where_it_is_sent(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("chi")
    sending = visitor.visit("/teach/imports")
    for messy in FILES:
        if messy.name != "qti-bomb.zip":
            page = sending.submit("Đọc tệp", upload=(io.BytesIO(messy.make()), messy.name))
            assert page.status == 200, messy.name
