"""A trainer brings questions in, decides about doubles, searches, and keeps pools."""

from io import BytesIO

import sqlalchemy as sa

from lms.accounts.queries import accounts_of
from lms.banks import actions, rules
from lms.banks.arrival_views import sound
from lms.banks.models import Arrival, BankItem, BankItemVersion
from lms.banks.rules import Banked
from lms.catalogue.content import Question
from lms.db import db
from lms.exchange.carried import Carried
from tests.banks.bank import SUBJECTS, item, question
from tests.page import Visitor
from tests.people import Cast

NEW = "Chữ ký số là gì?"


def waiting(cast: Cast, known: list[BankItem], *questions: Question) -> int:
    """Questions at the door, brought by Chi, compared with these items."""
    made = actions.receive(
        unit_id=cast.da_nang, sharing="below", name="cau-hoi.txt", questions=questions, remarks=[],
        known=[_banked(one) for one in known], by_id=accounts_of([cast.chi.id])[cast.chi.id].id,
    )  # fmt: skip
    db.session.commit()
    return made.id


def _banked(one: BankItem) -> Banked:
    found = db.session.scalars(sa.select(BankItemVersion).filter_by(item_id=one.id, number=one.number)).one()
    return Banked(one.id, one.number, rules.question_of(found.question, one.code))


def texts() -> list[tuple[int, str]]:
    """(number, text) of all versions, by item."""
    found = db.session.scalars(sa.select(BankItemVersion).order_by(BankItemVersion.item_id, BankItemVersion.number))
    return [(version.number, version.question["text"]) for version in found]


def test_a_picture_is_told_to_stay_behind_and_its_words_stand_in_its_place(cast: Cast, visitor: Visitor) -> None:
    asked = question("Nút nào để lưu? ![Hình đĩa mềm](media/nut.png)", id="q7")
    assert sound(Carried((asked,)))[1] == [["q7", "banks.remark.picture-stays", {"name": "media/nut.png"}]]
    one = item(cast.da_nang, asked.text)
    visitor.sign_in("chi")
    for address in ("/teach/bank", f"/teach/bank/items/{one.id}"):
        assert "Nút nào để lưu? ▣ Hình đĩa mềm" in visitor.visit(address).text


def test_what_is_alike_stands_side_by_side_and_each_choice_is_followed(cast: Cast, visitor: Visitor) -> None:
    old = [item(cast.da_nang, SUBJECTS[n]) for n in (0, 1, 2)]
    near = [question(SUBJECTS[n].replace("?", " vậy?"), options=question(SUBJECTS[n]).options) for n in (0, 1, 2)]
    arrival = waiting(cast, old, question(NEW), *near, question(SUBJECTS[2]))
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/bank/arrivals/{arrival}")
    assert "Gần giống câu đã có" in page.text and "Đã có trong ngân hàng" in page.text
    page.submit("Đưa vào ngân hàng", **{"choice-1": "revise", "choice-2": "skip", "choice-3": "keep"})
    assert texts() == [
        (1, SUBJECTS[0]), (2, "Giấy khai sinh cấp ở đâu vậy?"), (1, SUBJECTS[1]), (1, SUBJECTS[2]), (1, NEW),
        (1, "Ai giữ mật khẩu của bà con vậy?"),
    ]  # fmt: skip


def test_sending_the_same_page_twice_lets_nothing_in_twice(cast: Cast, visitor: Visitor) -> None:
    arrival = waiting(cast, [], question(NEW))
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/bank/arrivals/{arrival}")
    for _ in range(2):
        page.submit("Đưa vào ngân hàng")
    assert len(texts()) == 1


def test_what_is_not_wanted_stays_outside(cast: Cast, visitor: Visitor) -> None:
    arrival = waiting(cast, [], question(NEW))
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/bank/arrivals/{arrival}").submit("Không đưa câu nào vào")
    assert page.url == "/teach/bank"
    assert texts() == [] and db.session.get_one(Arrival, arrival).state == "discarded"


def test_a_question_of_others_is_not_revised_by_who_may_only_use_it(cast: Cast, visitor: Visitor) -> None:
    shared = item(cast.hue, SUBJECTS[0], "everybody")
    arrival = waiting(
        cast, [shared], question("Viết lại", id="q1", source=f"{shared.id}@1", options=question().options)
    )
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/bank/arrivals/{arrival}")
    page.submit("Đưa vào ngân hàng", **{"choice-0": "revise"})
    assert texts() == [(1, SUBJECTS[0])]


def test_a_file_that_is_not_understood_is_refused_with_words(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("chi")
    page = visitor.visit("/teach/bank/arrivals/new")
    answered = page.submit("Đọc tệp", file=(BytesIO(b"\x00\x01"), "la.bin"))
    assert answered.status == 422 and "Không đọc được câu hỏi nào" in answered.text


def test_a_file_comes_in_goes_out_and_comes_back_as_what_it_was(cast: Cast, visitor: Visitor) -> None:
    gift = "Chữ ký số do ai cấp? {=Tổ chức chứng thực ~Bưu điện ~Chợ}\n\nMã OTP có được đọc cho người khác không? {FALSE}\n"
    visitor.sign_in("chi")
    page = visitor.visit("/teach/bank/arrivals/new").submit("Đọc tệp", file=(BytesIO(gift.encode()), "cau.gift"))
    assert "Câu mới" in page.text
    page.submit("Đưa vào ngân hàng")
    assert len(texts()) == 2
    out = visitor.fetch("/teach/bank/export?format=gift&anyway=1")
    assert out.status_code == 200 and "Chữ ký số".encode() in out.data
    again = visitor.visit("/teach/bank/arrivals/new").submit("Đọc tệp", file=(BytesIO(out.data), "lai.gift"))
    assert "Câu mới" not in again.text.split("Chia sẻ")[0]


def test_a_question_is_written_and_changed_by_a_form(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("chi")
    page = visitor.visit("/teach/bank/new?type=single")
    filled = {"text": NEW, "options-0-text": "Tổ chức chứng thực", "options-1-text": "Chợ", "bank-topic": "Chữ ký số"}
    refused = page.submit("Đưa vào ngân hàng", **filled)
    assert refused.status == 422 and texts() == [], "no option is right"
    page = refused.submit("Đưa vào ngân hàng", **filled, **{"options-0-right": "y"})
    assert NEW in page.text and "Chữ ký số" in page.text
    page = page.click("Sửa câu này").submit(
        "Lưu thành phiên bản mới", text="Ai cấp chữ ký số?", **{"bank-note": "Gọn hơn"}
    )
    assert "Gọn hơn" in page.text
    assert texts() == [(1, NEW), (2, "Ai cấp chữ ký số?")]


def test_questions_are_found_without_accents_and_by_what_they_are(cast: Cast, visitor: Visitor) -> None:
    item(cast.da_nang, SUBJECTS[0], author="Lê Bình")
    item(cast.da_nang, SUBJECTS[2], difficulty="hard", topic="An toàn")
    visitor.sign_in("chi")
    for query, seen in (("q=mat+khau", 2), ("difficulty=hard", 2), ("topic=An+to%C3%A0n", 2), ("type=essay", 0)):
        page = visitor.visit(f"/teach/bank?{query}")
        assert [n for n, text in ((1, SUBJECTS[0]), (2, SUBJECTS[2])) if text in page.text] == ([seen] if seen else [])
    assert SUBJECTS[0] in visitor.visit("/teach/bank?author=L%C3%AA+B%C3%ACnh").text
    assert SUBJECTS[0] not in visitor.visit("/teach/bank?state=retired").text


def test_an_item_tells_its_history_and_what_each_version_changed(cast: Cast, visitor: Visitor) -> None:
    one = item(cast.da_nang)
    actions.revise(item=one, question=question(right_feedback="Đúng rồi."), note="Thêm lời giải", by_id=None)
    db.session.commit()
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/bank/items/{one.id}")
    assert "Thêm lời giải" in page.text and "Chưa khóa học nào lấy câu này" in page.text
    changed = page.click("Phiên bản 2")
    assert "Đúng rồi." in changed.text and "Những chỗ khác nhau" in changed.text


def test_saying_the_same_again_is_no_new_version(cast: Cast) -> None:
    one = item(cast.da_nang)
    actions.revise(item=one, question=question(id="q7"), note="", by_id=None)
    assert one.number == 1


def test_sharing_and_retiring(cast: Cast, visitor: Visitor) -> None:
    one = item(cast.da_nang)
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/bank/items/{one.id}").submit("Lưu cách chia sẻ", sharing="everybody")
    assert "Mọi người" in page.text
    page = page.submit("Cất câu này")
    assert "Câu này đã cất" in page.text and SUBJECTS[0] not in visitor.visit("/teach/bank").text
    page.submit("Dùng lại câu này")
    assert SUBJECTS[0] in visitor.visit("/teach/bank").text


def test_a_pool_is_made_filled_and_emptied(cast: Cast, visitor: Visitor) -> None:
    chosen, other = item(cast.da_nang, SUBJECTS[0]), item(cast.da_nang, SUBJECTS[1], difficulty="hard")
    visitor.sign_in("chi")
    page = visitor.visit("/teach/bank/pools").submit("Tạo bộ", name="Thủ tục cơ bản")
    assert "Bộ này chưa có câu nào" in page.text
    page = visitor.visit("/teach/bank").submit("Đưa vào bộ", item=str(chosen.id))
    assert SUBJECTS[0] in page.text and SUBJECTS[1] not in page.text
    page = page.submit("Lưu bộ", difficulty="hard")
    assert SUBJECTS[1] in page.text, "of its difficulty"
    page = page.submit("Bỏ các câu đã chọn", item=str(chosen.id))
    assert SUBJECTS[0] not in page.text and SUBJECTS[1] in page.text
    again = visitor.visit("/teach/bank/pools").submit("Tạo bộ", name="Thủ tục cơ bản")
    assert again.status == 422 and "chọn tên khác" in again.text
    assert "Thủ tục" in visitor.visit("/teach/bank/blueprint").text and other.id


def test_who_changes_a_question_at_the_same_time_is_told_and_keeps_their_text(cast: Cast, visitor: Visitor) -> None:
    one = item(cast.da_nang)
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/bank/items/{one.id}/edit")
    actions.revise(item=one, question=question("Của người khác?"), note="", by_id=None)
    db.session.commit()
    page = page.submit("Lưu thành phiên bản mới", text="Của Chi?")
    assert page.status == 422 and "phiên bản 2" in page.text and "Của Chi?" in page.html
    page.submit("Lưu thành phiên bản mới")
    assert texts() == [(1, SUBJECTS[0]), (2, "Của người khác?"), (3, "Của Chi?")]


def test_the_same_question_of_one_unit_is_put_in_once(cast: Cast) -> None:
    assert item(cast.da_nang).id == item(cast.da_nang).id != item(cast.hue).id


def test_an_older_copy_does_not_undo_what_the_bank_says_by_now(cast: Cast, visitor: Visitor) -> None:
    one = item(cast.da_nang)
    actions.revise(item=one, question=question("Giấy khai sinh do ai cấp?"), note="", by_id=None)
    db.session.commit()
    arrival = waiting(cast, [one], question(id="q1", source=f"{one.id}@1"))
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/bank/arrivals/{arrival}")
    assert "Bản cũ của câu đã có" in page.text
    page.submit("Đưa vào ngân hàng")
    assert [number for number, _ in texts()] == [1, 2]
