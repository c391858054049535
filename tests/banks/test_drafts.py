"""A draft takes questions from the bank, takes what is newer, and sends its own in."""

import sqlalchemy as sa

from lms.authoring import queries as authoring
from lms.authoring.models import Draft
from lms.banks import actions
from lms.banks.models import Arrival, BankItem
from lms.db import db
from tests.banks.bank import SUBJECTS, draft, item, question
from tests.page import Visitor
from tests.people import Cast


def sources(one: Draft) -> list[tuple[str, str]]:
    """(id, source) of the draft's questions."""
    db.session.expire_all()
    package = authoring.package(one)
    assert package.content and not package.errors, package.errors
    return [(q.id, q.source) for q in package.content.quiz.questions]


def test_questions_are_taken_as_copies_that_know_where_they_came_from(cast: Cast, visitor: Visitor) -> None:
    one, two = item(cast.da_nang, SUBJECTS[0]), item(cast.da_nang, SUBJECTS[1])
    written = draft(cast)
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/drafts/{written.id}/bank")
    page = page.submit("Lấy các câu đã chọn", item=[str(one.id), str(two.id)])
    assert "Đã lấy 2 câu" in page.html and "đã lấy" in page.text
    assert sources(written) == [("q1", ""), ("q01", f"{one.id}@1"), ("q02", f"{two.id}@1")]
    again = visitor.visit(f"/teach/drafts/{written.id}/bank")
    again.submit("Lấy các câu đã chọn", item=[str(one.id)])
    assert len(sources(written)) == 3, "once is enough"
    used = visitor.visit(f"/teach/bank/items/{one.id}")
    assert "Khóa học thử" in used.text and "Bản nháp" in used.text


def test_a_whole_pool_is_taken_at_once(cast: Cast, visitor: Visitor) -> None:
    one, two = item(cast.da_nang, SUBJECTS[0]), item(cast.da_nang, SUBJECTS[1])
    pool = actions.save_pool(pool=None, unit_id=cast.da_nang, name="Bộ", sharing="private", topic="", difficulty="")
    actions.fill_pool(pool=pool, item_ids=[one.id, two.id])
    actions.retire(item=two)
    written = draft(cast)
    visitor.sign_in("chi")
    visitor.visit(f"/teach/drafts/{written.id}/bank?pool={pool.id}").submit("Lấy cả bộ")
    assert sources(written) == [("q1", ""), ("q01", f"{one.id}@1")], "what is retired is offered to nobody"


def test_what_is_newer_is_shown_and_taken(cast: Cast, visitor: Visitor) -> None:
    one = item(cast.da_nang)
    written = draft(cast)
    visitor.sign_in("chi")
    visitor.visit(f"/teach/drafts/{written.id}/bank").submit("Lấy các câu đã chọn", item=str(one.id))
    actions.revise(
        item=db.session.get_one(BankItem, one.id), question=question("Khai sinh ở đâu?"), note="", by_id=None
    )
    db.session.commit()
    page = visitor.visit(f"/teach/drafts/{written.id}/bank")
    assert "1 câu có bản mới hơn" in page.text
    page = page.click("Xem chỗ khác nhau")
    assert SUBJECTS[0] in page.text and "Khai sinh ở đâu?" in page.text
    page = page.submit("Lấy bản mới của các câu đã chọn")
    assert "đều là bản mới nhất" in page.text
    assert sources(written)[-1] == ("q01", f"{one.id}@2")


def test_the_questions_of_a_course_wait_at_the_door_with_their_topics_and_outcomes_in_words(
    cast: Cast, visitor: Visitor
) -> None:
    written = draft(cast)
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/drafts/{written.id}/bank").submit("Gửi câu hỏi của bản nháp")
    assert "Câu mới" in page.text and "Chủ đề: Chủ đề." in page.text
    waiting = db.session.scalars(sa.select(Arrival)).one()
    assert (waiting.unit_id, waiting.questions[0]["outcome"]) == (cast.da_nang, "Làm được một việc.")
    page.submit("Đưa vào ngân hàng")
    assert "Câu hỏi nào?" in visitor.visit("/teach/bank").text


def test_questions_that_are_not_shared_cannot_be_taken(cast: Cast, visitor: Visitor) -> None:
    theirs, own = item(cast.hue, SUBJECTS[0]), item(cast.da_nang, SUBJECTS[1])
    written = draft(cast)
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/drafts/{written.id}/bank")
    page.submit("Lấy các câu đã chọn", item=[str(theirs.id), str(own.id)])
    assert sources(written)[1:] == [("q01", f"{own.id}@1")]
