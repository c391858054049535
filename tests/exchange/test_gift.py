"""GIFT as Moodle documents it: every type, names, categories, escapes, formats."""

from lms.catalogue.content import Gap, Option, Question
from lms.exchange import gift, gift_writing
from lms.exchange.carried import Carried
from lms.exchange.gathering import blank

BANK = r"""
// Ngân hàng thử

$CATEGORY: $course$/top/Luật/Nghị định

// [id:c-1] [tag:difficulty:hard] [tag:outcome:o2] [tag:lạ]
::Một lựa chọn:: Ai ký \{văn bản\}? {
  ~Chủ tịch # Không phải.
  =Bộ trưởng # Đúng.
  ~%50%Thứ trưởng
  #### Xem điều 5.
}

::Nhiều:: Chọn hai. {~%50%a ~%50%b ~%-50%c ~%-50%d}

Đúng hay sai\: 1 \= 1? {T#Xem lại.#Tốt.}

Tên tắt của chuyển đổi số? {=CĐS#Đúng =%100%C.Đ.S =%40%DX}

Bao nhiêu ngày? {#15:2}

Từ mấy đến mấy? {#10..20}

Ghép. {=**Đà Nẵng** -> miền Trung =Cần Thơ -> miền Tây = -> miền Bắc}

Tổ {=công nghệ số ~kỹ thuật số ~tin học} cộng đồng giúp bà con.

Thủ đô là {=Hà Nội =Ha Noi}, phải không?

Hãy kể một việc đã làm.{}

[html]<p>Dòng <b>một</b></p><p>Dòng hai</p>{=a ~b}

[markdown]Chọn **một**\nthôi{=*a* ~b}

Xếp theo thứ tự {>3 ALL VERTICAL ABSOLUTE SHOW
nhận
xử lý
trả
}
"""


def read(source: str = BANK) -> Carried:
    return gift.read("a.gift", source.encode())


def of(kind: str) -> list[Question]:
    return [question for question in read().questions if question.type == kind]


def test_names_topics_and_labels_come_from_comments_and_categories() -> None:
    first = of("single")[0]
    assert (first.id, first.difficulty, first.outcome) == ("c-1", "hard", "o2")
    assert read().topics == (("luat-nghi-dinh", "Luật / Nghị định"),) and first.topic == "luat-nghi-dinh"
    assert [remark.place for remark in read().remarks if remark.key == "unknown-label"] == ["7"]


def test_choices_with_comments_and_shares() -> None:
    first = of("single")[0]
    assert first.text == "Ai ký {văn bản}?"
    assert first.options[1] == Option("Bộ trưởng", True, "Đúng.") and not first.options[2].right
    assert first.right_feedback == first.wrong_feedback == "Xem điều 5."
    assert [option.right for option in of("multiple")[0].options] == [True, True, False, False]
    assert {remark.key for remark in read().remarks} == {"unknown-label", "lost-weight", "lost-answer", "no-rubric"}


def test_what_is_typed() -> None:
    truth, short, (days, span) = of("true-false")[0], of("short")[0], of("numeric")
    assert (truth.text, truth.answer, truth.right_feedback, truth.wrong_feedback) == (
        "Đúng hay sai: 1 = 1?", True, "Tốt.", "Xem lại.")  # fmt: skip
    assert short.answers == ("CĐS", "C.Đ.S") and short.forgive == ("case",)
    assert (days.answer, days.tolerance, span.answer, span.tolerance) == (15, 2, 15, 5)


def test_matching_ordering_and_missing_words() -> None:
    assert of("matching")[0].pairs[0] == (r"\*\*Đà Nẵng\*\*", "miền Trung") and of("matching")[0].extra == ("miền Bắc",)
    assert of("ordering")[0].items == ("nhận", "xử lý", "trả")
    chosen, typed = of("cloze")
    assert chosen.text == "Tổ [[a]] cộng đồng giúp bà con."
    assert chosen.gaps == (Gap("a", options=("công nghệ số", "kỹ thuật số", "tin học")),)
    assert typed.gaps == (Gap("a", answers=("Hà Nội", "Ha Noi"), forgive=("case",)),)


def test_formats_of_texts() -> None:
    html, marked = of("single")[1:3]
    assert html.text == "Dòng **một**\n\nDòng hai"
    assert marked.text == "Chọn **một**\nthôi" and marked.options[0].text == "*a*"


def test_the_writer_says_what_gift_does_not_know() -> None:
    several = blank("cloze", id="q1", text="[[a]] và [[b]].", gaps=(Gap("a", ("x",)), Gap("b", ("y",))))
    file = blank("file", id="q2", text="Nộp.")
    content, remarks = gift_writing.write(Carried((several, file)))
    assert [(remark.place, remark.key, remark.is_error) for remark in remarks] == [
        ("q1", "gaps-not-in-format", True), ("q2", "type-not-in-format", True)]  # fmt: skip
    assert b"{" not in content
