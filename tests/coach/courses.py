"""A course in which the coach finds nothing, and ways to spoil it."""

from dataclasses import replace
from typing import Any

from lms.catalogue.content import Content, Draw, LegalBasis, Lesson, Option, Outcome, Question, Quiz

PROSE = "Chị Hạnh mở trang thủ tục và đọc từng dòng. Chị hỏi lại điều chưa rõ.\n\n" * 20
SUBJECTS = ("khai sinh", "đất đai", "xe máy", "thư viện", "hộ chiếu", "điện nước", "trường học", "cây xanh")
PLACES = ("ở bộ phận một cửa", "trên cổng quốc gia", "qua bưu điện", "tại nhà văn hóa")


def question(number: int, **fields: Any) -> Question:
    """A single choice like no other one of the course; the right option moves from place to place."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    options = [Option(f"{subject} {place}", right=n == number % 4) for n, place in enumerate(PLACES)]
    usual: dict[str, Any] = {
        "id": f"q{number + 1:02}", "type": "single", "topic": "t", "outcome": "o1", "difficulty": "easy",
        "text": f"Bác {'ABCDEFGHIKLMNOPQ'[number % 16]} hỏi về {subject}; chị chỉ bác tới đâu?", "right_feedback": "Đúng.",
        "options": tuple(options),
    }  # fmt: skip
    return Question(**(usual | fields))


def quiz(*questions: Question, **fields: Any) -> Quiz:
    usual: dict[str, Any] = {
        "passing": 0.7, "attempts": 0, "cool_down_minutes": 0, "time_limit_minutes": 0, "feedback": "after",
        "topics": (("t", "Thủ tục"),), "draws": (Draw(2),), "questions": questions or tuple(map(question, range(8))),
    }  # fmt: skip
    return Quiz(**(usual | fields))


def lesson(text: str = PROSE, **fields: Any) -> Lesson:
    usual: dict[str, Any] = {
        "slug": "01-bai", "title": "Bài", "minutes": 10, "outcomes": ("o1",), "summary": "", "text": text,
    }  # fmt: skip
    return Lesson(**(usual | fields))


def basis(number: str, **fields: str) -> LegalBasis:
    return LegalBasis(number=number, title="Văn bản", issued_on="2020-01-01", **fields)


def course(**fields: Any) -> Content:
    """The course, with some parts in place of the good ones."""
    usual: dict[str, Any] = {
        "slug": "khoa", "title": "Khóa", "summary": "", "topic": "skills", "category": "digital", "periods": 1,
        "law_as_of": "2026-11-01", "audience": (), "level": "basic", "outcomes": (Outcome("o1", "Làm được."),),
        "legal_basis": (), "en_title": "", "en_summary": "", "lessons": (lesson(),), "quiz": quiz(),
    }  # fmt: skip
    return Content(**(usual | fields))


def with_question(**fields: Any) -> Content:
    """The course with its first question spoilt."""
    return course(quiz=quiz(question(0, **fields), *map(question, range(1, 8))))


def options(*texts: str, right: int = 0) -> tuple[Option, ...]:
    return tuple(Option(text, n == right) for n, text in enumerate(texts))


def with_text(text: str, *bases: LegalBasis) -> Content:
    """The course with more text in its lesson, resting on these documents."""
    return course(lessons=(lesson(f"{PROSE}{text}"),), legal_basis=bases)


def moved(content: Content) -> Content:
    """The same with a further paragraph before each lesson."""
    lessons = tuple(replace(one, text=f"Một đoạn mở đầu.\n\n{one.text}") for one in content.lessons)
    return replace(content, lessons=lessons)
