"""What a question is in the bank and in a course, and what is alike at the door."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.banks import rules, telling
from lms.banks.rules import Banked
from lms.catalogue.content import Draw
from tests.banks.bank import SUBJECTS, question
from tests.coach.courses import course

BANK = [Banked(n, 2, question(text, id=f"b{n}")) for n, text in enumerate(SUBJECTS, start=1)]


def kinds(*arriving: rules.Question) -> list[str]:
    return [match.kind for match in rules.matches(arriving, BANK)]


def test_a_question_at_the_door_is_new_the_same_alike_or_a_revision() -> None:
    same = question(SUBJECTS[1].upper(), id="q9", options=BANK[1].question.options[::-1])
    alike = question(SUBJECTS[2].replace("Ai", "Người nào"), options=BANK[2].question.options)
    exported = replace(BANK[3].question, right_feedback="Đúng.")
    taken = question("Viết lại hẳn", id="q01", source="1@2", options=())
    assert kinds(question("Chữ ký số là gì?"), same, alike, exported, taken) == [
        "new",
        "same",
        "alike",
        "known",
        "known",
    ]
    assert [match.item_id for match in rules.matches([same, alike, exported, taken], BANK)] == [2, 3, 4, 1]


def test_what_comes_twice_in_a_file_is_seen() -> None:
    new = question("Chữ ký số là gì?")
    assert kinds(new, replace(new, id="q2")) == ["new", "twice"]


def test_another_file_with_the_same_codes_is_no_revision() -> None:
    assert kinds(question("Chữ ký số là gì?", id="b1")) == ["new"]


def test_taken_questions_get_ids_topics_and_outcomes_of_the_course() -> None:
    quiz = rules.taken(course(), BANK[:2], "o1")
    first, second = quiz.questions[-2:]
    assert (first.id, first.topic, first.source) == ("q09", "t", "1@2"), "the course has this topic by its words"
    assert (second.id, second.outcome) == ("q10", "o1")
    assert rules.taken(replace(course(), quiz=quiz), BANK[:2], "o1") == quiz, "what is there is not taken again"


def test_a_topic_that_the_course_has_not_is_added() -> None:
    other = Banked(9, 1, question(topic="Chữ ký số"))
    quiz = rules.taken(course(), [other], "o1")
    assert quiz.topics[-1] == ("chu-ky-so", "Chữ ký số")
    assert quiz.questions[-1].topic == "chu-ky-so"


def test_the_newer_text_leaves_what_the_course_decides() -> None:
    quiz = rules.taken(course(), BANK[:1], "o1")
    kept = replace(quiz.questions[-1], difficulty="hard", excludes=("q01",))
    quiz = replace(quiz, questions=(*quiz.questions[:-1], kept))
    new = rules.refreshed(quiz, {"q09": Banked(1, 3, question("Khai sinh ở đâu?"))}).questions[-1]
    assert (new.text, new.source) == ("Khai sinh ở đâu?", "1@3")
    assert (new.id, new.topic, new.difficulty, new.excludes) == ("q09", "t", "hard", ("q01",))


def test_changes_name_what_differs_and_nothing_else() -> None:
    before = question()
    assert telling.changes(before, before) == []
    after = replace(
        before, right_feedback="Đúng.", options=(*before.options[:2], replace(before.options[2], right=True))
    )
    assert [key for key, _, _ in telling.changes(before, after)] == ["right-option", "option", "right-feedback"]


@settings(max_examples=60)
@given(st.sampled_from([*SUBJECTS, "Khác"]), st.sampled_from(["easy", "hard"]), st.text("aă đ?*", max_size=9))
def test_a_question_is_the_same_after_the_bank_kept_it(text: str, difficulty: str, feedback: str) -> None:
    one = question(text, difficulty=difficulty, wrong_feedback=feedback)
    assert rules.question_of(rules.data_of(one)) == one
    assert rules.digest(one) == rules.digest(replace(one, id="b7", source="7@1"))


def test_the_matrix_says_what_there_is_and_what_is_asked() -> None:
    rows = rules.available({("A", "easy"): 3}, [Draw(4, "A", "easy"), Draw(1, "B", "hard"), Draw(2)])
    assert [[(cell.has, cell.asked, cell.is_short) for cell in row] for row in rows] == [
        [(3, 4, True), (0, 0, False), (0, 0, False)],
        [(0, 0, False), (0, 0, False), (0, 1, True)],
    ]
