"""Moodle XML: the types, their files, and calculated questions with their data."""

import base64
from xml.etree.ElementTree import fromstring

import pytest

from lms.catalogue.content import Criterion, Gap, Option
from lms.exchange import formulas, moodle, moodle_writing
from lms.exchange.carried import Carried
from lms.exchange.gathering import blank
from tests.exchange.corpus_text import question, quiz, single

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
DATA = (
    "<dataset_definition><name><text>{name}</text></name><dataset_items><dataset_item><number>2</number><value>{two}</value>"
    "</dataset_item><dataset_item><number>1</number><value>{one}</value></dataset_item></dataset_items></dataset_definition>"
)


def read(*questions: str) -> Carried:
    return moodle.read("a.xml", quiz(*questions))


def test_a_cloze_has_its_answers_inside_the_text() -> None:
    found = read(question("cloze", "", "Cấp {1:MULTICHOICE:=xã~huyện} có {1:MULTIRESPONSE:=x~=y}"))
    assert not found.questions and "gap-not-taken" in {remark.key for remark in found.remarks}, "an unknown gap is said"
    carried = read(question("cloze", "", "Cấp {1:MULTICHOICE:=xã~huyện#nhầm} có <b>{:SA:=tổ~%100%nhóm}</b> &amp; hết"))
    assert carried.questions[0].text == "Cấp [[a]] có **[[b]]** & hết"
    assert carried.questions[0].gaps == (Gap("a", options=("xã", "huyện")), Gap("b", ("tổ", "nhóm"), ("case",)))


def test_the_rows_of_a_dataset_become_variants() -> None:
    inner = "<answer fraction='100'><text>{a} * {B}</text><tolerance>0.1</tolerance><tolerancetype>2</tolerancetype></answer>"
    data = DATA.format(name="a", one=2, two=3) + DATA.format(name="B", one=5, two=0.5)
    data = f"<dataset_definitions>{data}</dataset_definitions>"
    found = read(question("calculated", inner + data, "Có {a} tổ, mỗi tổ {B} người")).questions[0]
    assert found.text == "Có {{a}} tổ, mỗi tổ {{b}} người" and found.answer == "{{ket_qua}}" and found.tolerance == 0.1
    assert found.variants == (
        (("a", "2"), ("b", "5"), ("ket_qua", "10")),
        (("a", "3"), ("b", "0.5"), ("ket_qua", "1.5")),
    )


@pytest.mark.parametrize(
    "formula",
    ["__import__('os')", "().__class__", "9**9**9**9", "1/0", "{a}.real", "1 if 1 else 2", "(" * 300, "1or 2", "x"],
)
def test_a_formula_is_never_code(formula: str) -> None:
    with pytest.raises(formulas.BadFormula):
        formulas.value(formula, {"a": 1})


def test_formulas_are_worked_out() -> None:
    assert formulas.value("sqrt(pow({a},2)) + -{b} % 3", {"a": 4, "b": 2}) == 5


def test_pictures_lie_in_the_file_and_come_with_the_question() -> None:
    data = base64.b64encode(SVG).decode()
    text = "<img src='@@PLUGINFILE@@/S%C6%A1%20%C4%91%E1%BB%93.svg' alt='Sơ đồ'> Hỏi?"
    made = single(text).replace(
        "</questiontext>", f"<file name='Sơ đồ.svg' encoding='base64'>{data}</file></questiontext>"
    )
    carried = read(made)
    assert carried.media == {"media/so-do.svg": SVG}
    assert carried.questions[0].text == "![Sơ đồ](media/so-do.svg) Hỏi?"
    assert not carried.remarks
    again = moodle.read("a.xml", moodle_writing.write(carried)[0])
    assert (again.media, again.questions[0].text) == (carried.media, carried.questions[0].text)


def test_a_right_side_that_serves_twice_becomes_gaps() -> None:
    pair = "<subquestion format='html'><text>{}</text><answer><text>{}</text></answer></subquestion>"
    found = read(
        question("matching", pair.format("Huế", "Trung") + pair.format("Vinh", "Trung") + pair.format("", "Bắc"))
    )
    assert found.questions[0].text == "Hỏi?\nHuế: [[a]]\nVinh: [[b]]"
    assert found.questions[0].gaps[1].options == ("Trung", "Bắc")
    assert [remark.key for remark in found.remarks] == ["matching-as-gaps"]


def test_words_are_chosen_for_numbered_gaps() -> None:
    options = "".join(
        f"<selectoption><text>{words}</text><group>{group}</group></selectoption>"
        for words, group in (("xã", 1), ("huyện", 1), ("ba", 2))
    )
    found = read(question("gapselect", options, "Cấp [[1]] có [[3]] tổ.")).questions[0]
    assert found.text == "Cấp [[a]] có [[b]] tổ." and found.gaps == (
        Gap("a", options=("xã", "huyện")),
        Gap("b", ("ba",), ("case",)),
    )


def test_an_essay_is_marked_by_what_its_markers_are_told() -> None:
    settings = "<defaultgrade>3</defaultgrade><responseformat>editor</responseformat><maxwordlimit>200</maxwordlimit>"
    notes = "<graderinfo format='html'><text>Nêu đủ ba ý</text></graderinfo>"
    found = read(question("essay", settings + notes)).questions[0]
    assert found.rubric == (Criterion("Nêu đủ ba ý", 3),) and found.most_words == 200


def test_what_is_written_is_moodles() -> None:
    several = blank(
        "multiple",
        id="q1",
        text="Chọn",
        options=(Option("a", True), Option("b", True), Option("c")),
        wrong_feedback="Xem lại",
    )
    root = fromstring(moodle_writing.write(Carried((several,)))[0])
    made = root.find("question[@type='multichoice']")
    assert (
        made is not None and made.findtext("single") == "false" and made.findtext("incorrectfeedback/text") == "Xem lại"
    )
    assert [answer.get("fraction") for answer in made.findall("answer")] == ["50", "50", "-50"]
