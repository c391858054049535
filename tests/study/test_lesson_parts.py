"""What a lesson holds beside text, as a learner meets it."""

import pytest

from tests.catalogue.packages import LESSON, publish
from tests.catalogue.test_parts import FILES, VIDEO, WORDS
from tests.page import Visitor
from tests.people import Cast

PARTS = (
    VIDEO,
    f"::: embed media/a.zip Gói\n{WORDS}:::",
    "::: slides Bài\nMột\n\n---\n\nHai\n:::",
    "::: question q1\n:::",
)
HERE = "/courses/khoa-thu/lessons/01-bai-mot"


@pytest.fixture
def an(cast: Cast, visitor: Visitor) -> Visitor:
    """A learner, signed in, before a lesson with everything."""
    publish(**{"01-bai-mot.md": "\n\n".join([LESSON, *PARTS]), **FILES})
    visitor.sign_in("an")
    return visitor


def test_a_question_inside_a_lesson_is_answered_at_once_and_again(an: Visitor) -> None:
    page = an.visit(HERE)
    answered = {value: page.submit("Xem đúng chưa", q1=value) for value in ("0", "1")}
    assert sorted("Chưa đúng" in found.text for found in answered.values()) == [False, True]
    assert answered["0"].url == HERE
    wrong = next(found for found in answered.values() if "Chưa đúng" in found.text)
    assert "Chưa đúng" in wrong.submit("Trả lời lại").text, "what was chosen stays"
    assert "Xem đúng chưa" in an.visit(HERE).text, "nothing is kept"
    assert an.client.post(f"{HERE}/questions/q9", data={}).status_code in (400, 404)


def test_a_lesson_with_everything_stays_light_and_is_printed_whole(an: Visitor) -> None:
    page = an.visit(HERE)
    assert len(page.html.encode()) < 40_000
    assert [script.get("src", "").split("?")[0].rpartition("/")[2] for script in page.tree.iter("script")].count(
        "slides.js"
    ) == 1
    printed = an.visit(f"{HERE}/print")
    assert "Câu hỏi nào?" in printed.text
    assert "Hai" in printed.text
