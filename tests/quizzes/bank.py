"""A small bank with a question of every type."""

from typing import Any

from lms.catalogue.content import Draw, Gap, Option, Question, Quiz


def question(type_: str, id_: str = "q", topic: str = "law", difficulty: str = "easy", **fields: Any) -> Question:
    return Question(id=id_, type=type_, topic=topic, outcome="o1", difficulty=difficulty, text="?", **fields)


def options(right: str, wrong: str) -> tuple[Option, ...]:
    """Options `a`, `b` … of one letter each: the right ones first."""
    return tuple(Option(letter, letter in right) for letter in right + wrong)


SINGLE = question("single", options=options("a", "bcd"))
MULTIPLE = question("multiple", options=options("abc", "de"))
TRUE = question("true-false", answer=True)
FALSE = question("true-false", answer=False)
SHORT = question("short", answers=("Một cửa", "bộ phận một cửa"), forgive=("case", "accents", "spaces"))
STRICT = question("short", answers=("Một cửa",))
NUMERIC = question("numeric", answer=1234.5, tolerance=0)
ABOUT = question("numeric", answer=184, tolerance=2)
MATCHING = question("matching", pairs=(("1", "một"), ("2", "hai"), ("3", "ba"), ("4", "bốn")), extra=("năm", "sáu"))
ORDERING = question("ordering", items=("sáng", "trưa", "chiều", "tối"))
CLOZE = question(
    "cloze",
    gaps=(
        Gap("a", answers=("năm",), forgive=("accents",)),
        Gap("b", options=("đúng", "sai", "có lẽ")),
        Gap("c", answers=("Đà Nẵng", "thành phố Đà Nẵng"), forgive=("case", "accents")),
    ),
)
EVERY_TYPE = (SINGLE, MULTIPLE, TRUE, SHORT, NUMERIC, MATCHING, ORDERING, CLOZE)

RIGHT = {
    "single": ["0"],
    "multiple": ["0", "1", "2"],
    "true-false": ["true"],
    "short": ["Một cửa"],
    "numeric": ["1.234,5"],
    "matching": ["0", "1", "2", "3"],
    "ordering": ["1", "2", "3", "4"],
    "cloze": ["năm", "0", "Đà Nẵng"],
}


def quiz(*draws: Draw, questions: tuple[Question, ...], **settings: Any) -> Quiz:
    usual: dict[str, Any] = {
        "passing": 0.7, "attempts": 0, "cool_down_minutes": 0, "time_limit_minutes": 0, "feedback": "after", "topics": (),
    }  # fmt: skip
    return Quiz(draws=draws, questions=questions, **(usual | settings))


def bank(topics: str = "law data safety", each: int = 4) -> tuple[Question, ...]:
    """Questions of every topic, difficulty and type in turn."""
    found: list[Question] = []
    for topic in topics.split():
        for difficulty in ("easy", "medium", "hard"):
            for _ in range(each):
                sample = EVERY_TYPE[len(found) % len(EVERY_TYPE)]
                fields = {
                    name: getattr(sample, name)
                    for name in ("options", "answer", "answers", "forgive", "pairs", "extra", "items", "gaps")
                }
                found.append(question(sample.type, f"q{len(found):02}", topic, difficulty, **fields))
    return tuple(found)
