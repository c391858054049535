"""Word files: as people write them in, and out and in again with nothing lost."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import HealthCheck, given, settings
from PIL import Image

from lms import text
from lms.catalogue.content import Content, Option, Question
from lms.catalogue.package import read as read_package
from lms.exchange import word
from lms.exchange.carried import Carried
from tests.catalogue.contents import contents
from tests.exchange.banks import banks
from tests.exchange.documents import saved
from tests.exchange.documents import word as made

SINGLE = Question("q01", "single", "", "", "easy", "Hỏi?", options=(Option("một", True), Option("hai")))
COURSES = Path(__file__).parents[2] / "courses"


def carried(content: Content, media: dict[str, bytes] | None = None) -> Carried:
    """A course as it is carried; its lessons without signs that no XML can hold."""
    lessons = (replace(x, text=text.NOT_TEXT.sub("", x.text).strip("\n")) for x in content.lessons)
    return Carried(content.quiz.questions, tuple(lessons), content.title, content.quiz.topics, media or {})


def add_picture(paragraph: Paragraph, alt: str) -> None:
    """A picture at the end of a paragraph, each of another colour."""
    target = BytesIO()
    Image.new("RGB", (20, 20), (len(alt), 0, 0)).save(target, "PNG")
    paragraph.add_run().add_picture(BytesIO(target.getvalue()))
    about = paragraph._p.find(".//" + qn("wp:docPr"))
    about.set("descr", alt)


def only(*lines: str) -> Question:
    """The one question that lines say."""
    (question,) = word.read("a.docx", made(*lines)).questions
    return question


@settings(max_examples=20, deadline=None)
@given(contents())
def test_any_course_comes_back_from_word_as_it_went(content: Content) -> None:
    sent = carried(content)
    back = word.read("a.docx", word.write(sent)[0])
    assert back.questions == sent.questions
    assert (back.lessons, back.title, back.topics) == (sent.lessons, sent.title, sent.topics)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(banks(has_pictures=True))
def test_pictures_in_questions_come_back_from_word(sent: Carried) -> None:
    back = word.read("a.docx", word.write(sent)[0])
    assert (back.questions, back.media) == (sent.questions, sent.media)


def test_pictures_of_a_paper_stand_in_its_question_and_its_options() -> None:
    paper = made("Câu 1. Nhìn hình, nút nào để lưu?", "", "A. ", "B. Không nút nào", "Đáp án: A", "Vì sao: xem ")
    opened = docx.Document(BytesIO(paper))
    for place, alt in ((1, "Màn hình soạn thư"), (2, "Nút hình đĩa mềm"), (4, "Ở đáp án")):
        add_picture(opened.paragraphs[place], alt)
    back = word.read("a.docx", saved(opened))
    (found,) = back.questions
    assert found.text == "Nhìn hình, nút nào để lưu?\n![Màn hình soạn thư](media/hinh-01.png)"
    assert [option.text for option in found.options] == ["![Nút hình đĩa mềm](media/hinh-02.png)", "Không nút nào"]
    assert [(remark.place, remark.key) for remark in back.remarks if "picture" in remark.key] == [
        ("5", "picture-not-here")
    ]


def test_a_picture_that_is_not_there_is_told_and_its_place_is_kept() -> None:
    sent = Carried((replace(SINGLE, text="Nút nào? ![Nút](media/nut.png)"),))
    content, remarks = word.write(sent)
    assert [(remark.place, remark.key) for remark in remarks] == [("q01", "lost-picture")]
    assert word.read("a.docx", content).questions == sent.questions


@pytest.mark.parametrize("folder", sorted(p.parent.name for p in COURSES.glob("*/course.toml")))
def test_a_shipped_course_comes_back_with_its_pictures(folder: str) -> None:
    package = read_package(COURSES / folder)
    assert package.content is not None
    sent = carried(package.content, package.media)
    content, losses = word.write(sent)
    back = word.read("a.docx", content)
    pictures = {path: content for path, content in sent.media.items() if path.endswith(word.PICTURES)}
    assert (back.questions, back.lessons, back.media) == (sent.questions, sent.lessons, pictures)
    assert not back.remarks
    left = {remark.place for remark in losses if remark.key == "word-carries-no-media"}
    assert left == sent.media.keys() - pictures.keys(), "what stays behind is said, file by file"
    assert {remark.key for remark in losses} <= {"word-shows-no-svg", "word-carries-no-media"}


def test_what_somebody_changed_in_word_counts_and_all_else_is_as_it_was() -> None:
    package = read_package(COURSES / "mang-luoi-chuyen-doi-so")
    assert package.content is not None
    sent = carried(package.content, package.media)
    opened = docx.Document(BytesIO(word.write(sent)[0]))
    target = next(p for p in opened.paragraphs if p.text.startswith("Câu 2. "))
    target.runs[-1].text = "Câu đã được sửa?"
    back = word.read("a.docx", saved(opened))
    assert back.questions[1] == replace(sent.questions[1], text="Câu đã được sửa?")
    assert (back.questions[0], back.questions[2:]) == (sent.questions[0], sent.questions[2:])
    assert back.lessons == sent.lessons


def test_an_appendix_that_a_stranger_wrote_brings_nothing_strange() -> None:
    sent = Carried((Question("q01", "single", "", "", "", "  ", options=()),), title="x", topics=(("t", "T"),))
    content = word.write(sent)[0]
    opened = docx.Document(BytesIO(content))
    for row in opened.tables[-1].rows[1:]:
        row.cells[2].text = row.cells[2].text.replace('"points":1', '"points":"\\u0000"').replace('"text":', '"texts":')
    assert not word.read("a.docx", saved(opened)).questions


def test_headings_are_lessons_and_sections() -> None:
    lines = ("# Chương I. Tổng quan", "## Bài 1. Mạng lưới", "Mở đầu.", "### Vì sao", "- một", "- hai", "Lưu ý: cẩn thận nhé.",
             "## Bài 2: Luật", "1. đọc", "2. làm", [["Việc", "Ai"], ["Họp", "Mọi người"]], [["Ví dụ: chị Hạnh"]])  # fmt: skip
    read = word.read("a.docx", made(*lines))
    assert read.title == "Chương I. Tổng quan"
    assert [(lesson.slug, lesson.title) for lesson in read.lessons] == [
        ("01-mang-luoi", "Mạng lưới"),
        ("02-luat", "Luật"),
    ]
    first, second = (lesson.text for lesson in read.lessons)
    assert first == "Mở đầu.\n\n## Vì sao\n\n- một\n- hai\n\n::: warning\ncẩn thận nhé.\n:::"
    assert second == (
        "1. đọc\n2. làm\n\n| Việc | Ai |\n| --- | --- |\n| Họp | Mọi người |\n\n::: example\nchị Hạnh\n:::"
    )


def test_questions_may_stand_among_lessons() -> None:
    read = word.read(
        "a.docx", made("# Bài 1. Một", "Trước.", "Câu 1. Hỏi?", "A. x", "*B. y", "Sau.", "# Bài 2. Hai", "Hết.")
    )
    assert [lesson.text for lesson in read.lessons] == ["Trước.\n\nSau.", "Hết."]
    assert [option.text for option in read.questions[0].options] == ["x", "y"]


def test_what_looks_like_markdown_stays_what_it_is() -> None:
    assert only("Câu 1. 2*3*4 = ? và [x](y)", "A. 24", "B. 9", "Đáp án: A").text == r"2\*3\*4 = ? và \[x](y)"


def test_the_types_of_questions_are_told_by_what_is_there() -> None:
    assert only("Câu 1. Hỏi?", "A. x", "B. y", "C. z", "Đáp án: A, C").type == "multiple"
    assert only("Câu 1. Trời xanh.", "Đáp án: Đúng").answer is True
    assert only("Câu 1. Trời xanh?", "A. Đúng", "B. Sai", "Đáp án: B").answer is False
    assert only("Câu 1. Mấy ngày?", "Đáp án: 1.234,5", "Đơn vị: ngày").answer == 1234.5
    assert only("Câu 1. Nơi tiếp nhận là bộ phận ....", "Đáp án: một cửa | 1 cửa").answers == ("một cửa", "1 cửa")
    assert only("Câu 1. Nộp ở .... và nhận ở ....", "Đáp án: cổng; xã").text == "Nộp ở [[a]] và nhận ở [[b]]"
    assert only("Câu 1. Ghép", [["x", "y"], ["u", "v"]]).pairs == (("x", "y"), ("u", "v"))  # type: ignore[arg-type]
    ordered = only("Câu 1. Thứ tự?", "A. nộp", "B. soạn", "C. nhận", "Đáp án: B – A – C", "Loại: Sắp xếp")
    assert ordered.items == ("soạn", "nộp", "nhận")
    essay = only("Câu 1. (Tự luận) Vì sao?", "Thang điểm:", "- Nêu đúng: 2 điểm", "- Có ví dụ (1,5đ)")
    assert [(line.text, line.points) for line in essay.rubric] == [("Nêu đúng", 2), ("Có ví dụ", 1.5)]


def test_everything_that_is_said_of_a_question_is_kept() -> None:
    read = only("Câu 1 (TH): Hỏi?", "A. x", "B. y", "Đáp án: A", "Giải thích: vì thế.", "Chủ đề: An toàn", "Điểm: 2 điểm",
                "Chuẩn đầu ra: o2", "Nhận xét B: xem lại")  # fmt: skip
    assert (read.difficulty, read.points, read.topic, read.outcome) == ("medium", 2, "an-toan", "o2")
    assert (read.right_feedback, read.options[1].feedback) == ("vì thế.", "xem lại")
