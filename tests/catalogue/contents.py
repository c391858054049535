"""Any course, for tests with hypothesis: every type of question, and texts as people really paste them."""

from typing import Any

from hypothesis import strategies as st

from lms import text
from lms.catalogue.content import (
    CATEGORIES,
    DIFFICULTIES,
    FEEDBACK,
    FEEDBACK_WHEN,
    KIT,
    LEVELS,
    RETRY,
    TOPICS,
    Content,
    Criterion,
    Draw,
    Gap,
    LegalBasis,
    Lesson,
    Option,
    Outcome,
    Question,
    Quiz,
)

ODD = (
    "Nghị định số 13/2023/NĐ-CP", "«đúng» hay ”sai“", "ơ\u0301", "Ðà Nẵng", "a\\b", "\\u00e9", '"', '"""', "'''", "+++", ":::",
    "::: tip Mẹo", "[[question]]", "[[a]]", "{{so_ngay}}", "# không phải ghi chú", "==đáp án==", "**đậm**", "1.234,5", "\u0301",
    "|", "- [ ] việc", "=", "}", "€", "𝒙", "🎓", "\u00a0", "A. B. C.", "true", "null", "<b>", "&amp;", "%s", "{0}",
)  # fmt: skip
WORDS = st.sampled_from(ODD) | st.text(max_size=8)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
NUMBERS = st.integers(0, 9999) | st.floats(0, 9999, allow_nan=False)
PARTS = st.integers(1, 100) | st.floats(0.25, 100)


def lines(least: int = 0) -> st.SearchStrategy[str]:
    """Some lines of clean text, as forms and files let them in."""
    return _joined("\n", text.clean_lines, least)


def line(least: int = 1) -> st.SearchStrategy[str]:
    """One line of clean text."""
    return _joined(" ", text.clean, least)


def several(items: st.SearchStrategy[Any], least: int = 0, most: int = 4) -> st.SearchStrategy[tuple[Any, ...]]:
    """A tuple of a few."""
    return st.lists(items, min_size=least, max_size=most).map(tuple)


def markdown() -> st.SearchStrategy[str]:
    """A lesson's text, kept as it was written but for its ends."""
    wild = st.lists(WORDS, max_size=6).map("\n\n".join)
    return wild.map(lambda value: text.normal(_encodable(value)).strip("\n"))


@st.composite
def questions(draw: st.DrawFn, kind: str, number: int = 1) -> Question:
    """A question of a type, with a right key and any words."""
    fields: dict[str, Any] = KEYS[kind](draw)
    return Question(
        **{
            "id": f"q{number:02}", "type": kind, "topic": "t1", "outcome": "o1",
            "difficulty": draw(st.sampled_from(DIFFICULTIES)), "text": draw(lines(1)), "points": draw(PARTS),
            "right_feedback": draw(lines()), "wrong_feedback": draw(lines()), "author": draw(line(0)),
            "licence": draw(line(0)), "source": draw(line(0)), **fields,
        }
    )  # fmt: skip


@st.composite
def quizzes(draw: st.DrawFn) -> Quiz:
    """A quiz with questions of all types, in any order."""
    kinds = draw(st.permutations(sorted(KEYS)).map(lambda found: found[: len(KEYS) // 2]))
    bank = [draw(questions(kind, number)) for number, kind in enumerate(kinds, start=1)]
    return Quiz(
        passing=draw(st.floats(0.01, 1)), attempts=draw(st.integers(0, 9)), cool_down_minutes=draw(st.integers(0, 60)),
        time_limit_minutes=draw(st.integers(0, 90)), feedback=draw(st.sampled_from(FEEDBACK)),
        topics=(("t1", draw(line())),), draws=(Draw(1), Draw(1, "t1", draw(st.sampled_from(("", *DIFFICULTIES))))),
        questions=tuple(bank), grace_seconds=draw(st.integers(0, 90)), feedback_when=draw(st.sampled_from(FEEDBACK_WHEN)),
        retry=draw(st.sampled_from(RETRY)), markers=draw(st.integers(1, 2)),
    )  # fmt: skip


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """A course that could have been read from a folder."""
    english = draw(st.booleans())
    wants = draw(several(line(), most=2))
    kit = draw(st.lists(st.sampled_from(KIT), unique=True).map(lambda slugs: [slug for slug in KIT if slug in slugs]))
    return Content(
        slug="khoa-thu", title=draw(line()), summary=draw(line()), topic=draw(st.sampled_from(TOPICS)),
        category=draw(st.sampled_from(CATEGORIES)), periods=draw(PARTS), law_as_of=draw(st.dates()).isoformat(),
        audience=draw(several(st.sampled_from(("dedicated", "focal-point", "community-member")))),
        level=draw(st.sampled_from(LEVELS)),
        outcomes=(Outcome("o1", draw(line()), draw(line(0)) if english else "", draw(several(line()))),),
        legal_basis=draw(several(_legal_basis(), most=2)),
        en_title=draw(line()) if english else "", en_summary=draw(line()) if english else "",
        lessons=tuple(draw(_page(f"{number:02}-bai", ("o1",))) for number in range(1, draw(st.integers(1, 3)) + 1)),
        quiz=draw(quizzes()),
        wants=wants, en_wants=wants if english else (), next=draw(several(st.just("khoa-sau"), most=2)),
        kit=tuple(draw(_page(slug, ())) for slug in kit),
    )  # fmt: skip


def _page(slug: str, outcomes: tuple[str, ...]) -> st.SearchStrategy[Lesson]:
    return st.builds(Lesson, st.just(slug), line(), st.integers(1, 600), st.just(outcomes), line(0), markdown())


def _legal_basis() -> st.SearchStrategy[LegalBasis]:
    days = st.just("") | st.dates().map(str)
    return st.builds(LegalBasis, line(), line(), line(0), days, days, days, line(0))


def _options(draw: st.DrawFn, rights: int) -> tuple[Option, ...]:
    texts = draw(st.lists(line(), min_size=3, max_size=5, unique=True))
    return tuple(Option(words, place < rights, draw(lines())) for place, words in enumerate(texts))


def _cloze(draw: st.DrawFn) -> dict[str, Any]:
    typed = Gap("a", answers=draw(several(line(), 1)), forgive=draw(_forgiven()))
    chosen = Gap("b2", options=draw(several(line(), 2)))
    return {"text": f"{draw(line())} [[a]] {draw(line())} [[b2]]", "gaps": (typed, chosen)}


def _numeric(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        return {"answer": draw(NUMBERS), "tolerance": draw(NUMBERS), "unit": draw(line(0))}
    values = draw(st.lists(line() | st.integers(-99, 99).map(str), min_size=1, max_size=3))
    return {"text": "{{tong}}?", "answer": "{{tong}}", "variants": tuple((("tong", value),) for value in values)}


def _by_hand(draw: st.DrawFn) -> dict[str, Any]:
    rubric = draw(several(st.builds(Criterion, line(), st.integers(1, 9) | st.sampled_from((0.5, 1.5))), 1, 3))
    return {"rubric": rubric, "points": sum(criterion.points for criterion in rubric)}


def _forgiven() -> st.SearchStrategy[tuple[str, ...]]:
    return several(st.sampled_from(("case", "accents", "spaces")))


KEYS: dict[str, Any] = {
    "single": lambda draw: {"options": _options(draw, 1), "excludes": draw(several(NAMES))},
    "multiple": lambda draw: {"options": _options(draw, 2)},
    "true-false": lambda draw: {"answer": draw(st.booleans())},
    "short": lambda draw: {"answers": draw(several(line(), 1)), "forgive": draw(_forgiven())},
    "numeric": _numeric,
    "matching": lambda draw: {
        "pairs": draw(several(st.tuples(line(), line()), 2)), "extra": draw(several(line()))},
    "ordering": lambda draw: {"items": draw(several(line(), 3))},
    "cloze": _cloze,
    "essay": lambda draw: {**_by_hand(draw), "most_words": draw(st.integers(0, 900))},
    "file": _by_hand,
}  # fmt: skip
"""What each type of question needs beside its text."""


def _joined(by: str, clean: Any, least: int) -> st.SearchStrategy[str]:
    found = st.lists(WORDS, min_size=least, max_size=4).map(lambda words: clean(by.join(words)))
    return found.map(lambda value: value or ("a" if least else ""))


def _encodable(value: str) -> str:
    return value.encode("utf-8", "ignore").decode().lstrip("\ufeff")
