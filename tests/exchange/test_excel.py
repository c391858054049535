"""Excel files: out and in again with nothing lost, and safe to open."""

from io import BytesIO
from zipfile import ZipFile

from hypothesis import given, settings

from lms.catalogue.content import Content, Lesson, Option, Question
from lms.exchange import excel
from lms.exchange.carried import Carried
from tests.catalogue.contents import contents
from tests.exchange.test_word import carried


@settings(max_examples=8, deadline=None)
@given(contents())
def test_any_course_comes_back_from_excel_as_it_went(content: Content) -> None:
    sent = carried(content)
    back = excel.read("a.xlsx", excel.write(sent)[0])
    assert back.questions == sent.questions
    assert (back.lessons, back.title, back.topics) == (sent.lessons, sent.title, sent.topics)


def test_a_text_never_becomes_a_formula() -> None:
    options = (Option("=1+1", True), Option("@SUM(A1)"))
    sent = Carried((Question("q01", "single", "", "", "easy", '=HYPERLINK("x")', options=options),))
    content = excel.write(sent)[0]
    with ZipFile(BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert excel.read("a.xlsx", content).questions == sent.questions


def test_a_lesson_may_be_longer_than_a_cell() -> None:
    lesson = carried_lesson("chữ " * 20_000)
    sent = Carried(lessons=(lesson,))
    assert excel.read("a.xlsx", excel.write(sent)[0]).lessons == sent.lessons


def test_pictures_are_said_to_stay_behind() -> None:
    remarks = excel.write(Carried(media={"media/x.png": b"x"}))[1]
    assert [(remark.place, remark.key) for remark in remarks] == [("media/x.png", "excel-carries-no-media")]


def carried_lesson(words: str) -> Lesson:
    """A lesson of words."""
    return Lesson("01-dai", "Dài", 10, (), "", words.strip())
