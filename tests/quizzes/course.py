"""A course whose quiz a test has written, published, with people who take it."""

from typing import Any

from lms.catalogue import actions, queries
from lms.catalogue.content import Content, Criterion, Lesson, Outcome, Question, Quiz
from lms.catalogue.package import Package
from lms.catalogue.queries import Published
from lms.learning import actions as learning
from tests.quizzes.bank import question

SLUG = "khoa-thu"
RUBRIC = (Criterion("Nêu đủ ý", 6), Criterion("Có ví dụ", 4))


def essay(id_: str = "q90", **fields: Any) -> Question:
    return question("essay", id_, rubric=RUBRIC, points=10, most_words=50, **fields)


def file(id_: str = "q91") -> Question:
    return question("file", id_, rubric=(Criterion("Đúng mẫu", 5),), points=5)


def content(quiz: Quiz, slug: str = SLUG) -> Content:
    """A course of one lesson around a quiz."""
    lesson = Lesson("01-bai-mot", "Bài một", 10, ("o1",), "Tóm tắt", "Nội dung.")
    return Content(
        slug=slug, title="Khóa thử", summary="Để thử.", topic="skills", category="digital", periods=2,
        law_as_of="2026-01-01", audience=(), level="basic", outcomes=(Outcome("o1", "Làm được"),), legal_basis=(),
        en_title="", en_summary="", lessons=(lesson,), quiz=quiz,
    )  # fmt: skip


def publish(quiz: Quiz, slug: str = SLUG, media: dict[str, bytes] | None = None) -> Published:
    """Publish a quiz as a course."""
    actions.publish(package=Package(content(quiz, slug), media or {}, []), by_id=None)
    return queries.current(slug)


def take(person_id: int, published: Published) -> None:
    """Somebody reads all lessons, so that the quiz is the last thing missing."""
    enrolment_id = learning.enrol(person_id=person_id, published=published)
    for lesson in published.content.lessons:
        learning.finish_lesson(enrolment_id=enrolment_id, lesson=lesson.slug)
