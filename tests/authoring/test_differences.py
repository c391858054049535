"""What differs between two versions can be read by a person: words, moved blocks, fields."""

from dataclasses import replace

import pytest

from lms.authoring import differences, merging
from lms.authoring.differences import Section
from lms.authoring.words import Kind, words
from lms.catalogue.content import Content, Option
from tests.catalogue.packages import package

BLOCKS = ("Đoạn một nói về hồ sơ.", "Đoạn hai nói về chữ ký số.", "Đoạn ba nói về kho dữ liệu.", "Đoạn bốn là lời kết.")


@pytest.fixture
def course() -> Content:
    found = package().content
    assert found
    return replace(found, lessons=(replace(found.lessons[0], text="\n\n".join(BLOCKS)),))


def with_text(course: Content, *blocks: str) -> Content:
    return replace(course, lessons=(replace(course.lessons[0], text="\n\n".join(blocks)),))


def told(section: Section) -> list[tuple[str, str]]:
    """Each change and its words: added ones in «», removed ones in []."""
    marks = {Kind.ADDED: "«{}»", Kind.REMOVED: "[{}]", Kind.SAME: "{}"}
    return [(c.kind.value, "".join(marks[part.kind].format(part.text) for part in c.parts)) for c in section.changes]


def test_the_same_course_differs_in_nothing(course: Content) -> None:
    assert differences.sections(course, course) == []


def test_a_phrase_that_was_changed_is_told_word_by_word() -> None:
    parts = words("Nộp hồ sơ tại bộ phận một cửa.", "Nộp hồ sơ trực tuyến tại nhà.")
    assert [(part.kind.value, part.text) for part in parts] == [
        ("same", "Nộp hồ sơ "), ("added", "trực tuyến "), ("same", "tại "), ("removed", "bộ phận một cửa"), ("added", "nhà"),
        ("same", "."),
    ]  # fmt: skip


def test_blocks_are_changed_added_removed_or_moved(course: Content) -> None:
    one, two, three, four = BLOCKS
    (section,) = differences.sections(
        course, with_text(course, three, one, two.replace("chữ ký", "con dấu"), "Hoàn toàn khác.")
    )
    assert (section.area, section.kind, section.title) == ("lesson", Kind.CHANGED, "Bài một")
    assert told(section) == [
        ("moved", three),
        ("changed", "Đoạn hai nói về [chữ ký]«con dấu» số."),
        ("added", "«Hoàn toàn khác.»"),
        ("removed", f"[{four}]"),
    ]


def test_lessons_that_were_renumbered_are_the_same_lessons(course: Content) -> None:
    first = course.lessons[0]
    other = replace(first, slug="02-bai-hai", title="Bài hai", text="Khác.")
    before = replace(course, lessons=(first, other))
    after = replace(course, lessons=(replace(other, slug="01-bai-hai"), replace(first, slug="02-bai-mot")))
    assert [(each.kind, each.title) for each in differences.sections(before, after)] == [(Kind.MOVED, "Bài hai")]
    fewer, more = replace(course, lessons=(first,)), replace(course, lessons=(first, other))
    assert [(each.kind, each.key) for each in differences.sections(fewer, more)] == [(Kind.ADDED, "02-bai-hai")]
    assert [(each.kind, each.key) for each in differences.sections(more, fewer)] == [(Kind.REMOVED, "02-bai-hai")]


def test_questions_and_settings_are_told_field_by_field(course: Content) -> None:
    asked = course.quiz.questions[0]
    changed = replace(asked, points=2, options=(Option("Câu này"), Option("Câu kia", right=True)))
    after = replace(course, periods=2, quiz=replace(course.quiz, attempts=3, questions=(changed,)))
    found = {
        section.area: [change.name for change in section.changes] for section in differences.sections(course, after)
    }
    assert found == {"course": ["periods"], "quiz": ["attempts"], "question": ["points", "options"]}
    question = differences.sections(course, after)[-1]
    assert told(question)[1] == ("changed", "[✓ ]Câu này\n«✓ »Câu kia")


def test_very_long_texts_are_told_as_a_whole() -> None:
    parts = words("a " * 4000, "b " * 4000)
    assert [part.kind for part in parts] == [Kind.REMOVED, Kind.ADDED]


BEFORE = "+++\ntitle = 'x'\n+++\n\nMột.\n\nHai.\n\nBa.\n"


@pytest.mark.parametrize(
    ("theirs", "mine", "both"),
    [
        ("Một!\n\nHai.\n\nBa.", "Một.\n\nHai.\n\nBa!", "Một!\n\nHai.\n\nBa!"),
        ("Một.\n\nHai.\n\nBa.\n\nBốn.", "Không.\n\nMột.\n\nBa.", "Không.\n\nMột.\n\nBa.\n\nBốn."),
        ("Một!\n\nHai.\n\nBa.", "Một?\n\nHai.\n\nBa.", None),
        ("Một.\n\nHai.\n\nBa.\n\nBốn.", "Một.\n\nHai.\n\nBa.\n\nNăm.", None),
        ("Một.\n\nBa.", "Một.\n\nHai!\n\nBa.", None),
        ("Một.\n\nBa.", "Một.\n\nBa.", "Một.\n\nBa."),
    ],
)
def test_changes_of_different_blocks_are_joined(theirs: str, mine: str, both: str | None) -> None:
    head = "+++\ntitle = 'x'\n+++\n\n"
    found = merging.joined("01-a.md", BEFORE, f"{head}{theirs}\n", f"{head}{mine}\n")
    assert found == (None if both is None else f"{head}{both}\n")


def test_changes_of_different_questions_are_joined() -> None:
    before = "[quiz]\npass = 0.5\n\n[[question]]\nid = 'q1'\n\n[[question]]\nid = 'q2'\n"
    found = merging.joined("quiz.toml", before, before.replace("0.5", "0.7"), before.replace("'q2'", "'q3'"))
    assert found == before.replace("0.5", "0.7").replace("'q2'", "'q3'")
