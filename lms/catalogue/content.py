"""A course as data: frozen, comparable, and the same whether it comes from a folder or from the database."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any, Self

import orjson

TOPICS = ("network", "services", "safety", "data", "leadership", "skills")
CATEGORIES = ("digital", "security", "state", "defence", "theory", "position")
LEVELS = ("basic", "intermediate", "advanced")
DIFFICULTIES = ("easy", "medium", "hard")
FEEDBACK = ("nothing", "score", "after")
FEEDBACK_WHEN = ("at-once", "done")
RETRY = ("all", "wrong")
MARKED_BY_HAND = ("essay", "file")
SLIDES = "kit-slides"
KIT = ("kit-leaflet", SLIDES, "kit-role-play")
"""What a course is taught on with: a page to print, slides to show, a play to act."""

LAW_DAYS = ("issued_on", "in_force_from", "in_force_to")
SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
"""The code of a course."""

Variant = tuple[tuple[str, str], ...]
"""The values of a question's parameters in one variant: (name, text), in the author's order."""


@dataclass(frozen=True)
class Outcome:
    """What a learner can do afterwards; `competencies` are the codes of frames that it builds (`frame:code`)."""

    id: str
    text: str
    en: str = ""
    competencies: tuple[str, ...] = ()


@dataclass(frozen=True)
class LegalBasis:
    """A document that the course rests on. Dates are ISO texts; an empty one is not known."""

    number: str
    title: str
    issuer: str = ""
    issued_on: str = ""
    in_force_from: str = ""
    in_force_to: str = ""
    replaced_by: str = ""


@dataclass(frozen=True)
class Lesson:
    """`text` is Markdown; `minutes` the reading time that the author expects."""

    slug: str
    title: str
    minutes: int
    outcomes: tuple[str, ...]
    summary: str
    text: str


@dataclass(frozen=True)
class Option:
    text: str
    right: bool = False
    feedback: str = ""


@dataclass(frozen=True)
class Gap:
    """A gap of a cloze: typed when there are `answers`, chosen when there are `options` (the first one is right)."""

    id: str
    answers: tuple[str, ...] = ()
    forgive: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Criterion:
    """A line of a rubric: what a marker looks for, and the points it is worth."""

    text: str
    points: float


@dataclass(frozen=True)
class Question:
    """One question of a bank; which fields count depends on `type` (see courses/README.md).

    Texts may hold `{{name}}`; each attempt fills them from one of the `variants`. `excludes` names questions that never
    stand in the same attempt. `source` tells which item of the shared bank it was taken from (`id@number`).
    """

    id: str
    type: str
    topic: str
    outcome: str
    difficulty: str
    text: str
    points: float = 1
    right_feedback: str = ""
    wrong_feedback: str = ""
    options: tuple[Option, ...] = ()
    answer: bool | float | str | None = None
    tolerance: float = 0
    unit: str = ""
    answers: tuple[str, ...] = ()
    forgive: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    extra: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    most_words: int = 0
    variants: tuple[Variant, ...] = ()
    excludes: tuple[str, ...] = ()
    author: str = ""
    licence: str = ""
    source: str = ""

    @property
    def is_marked_by_hand(self) -> bool:
        return self.type in MARKED_BY_HAND

    @property
    def places(self) -> tuple[int, ...]:
        """What is right, as authors write it: for each pair its own right side, items in order from 1, options first."""
        if self.items:
            return tuple(range(1, len(self.items) + 1))
        return tuple(range(len(self.pairs))) or (0,) * len(self.gaps)


@dataclass(frozen=True)
class Draw:
    """`count` questions of a topic and difficulty; an empty one means any."""

    count: int
    topic: str = ""
    difficulty: str = ""

    def admits(self, question: Question) -> bool:
        return self.topic in ("", question.topic) and self.difficulty in ("", question.difficulty)


@dataclass(frozen=True)
class Quiz:
    """`passing` is the share of the points that passes; limits of 0 mean none.

    `feedback`: what a learner sees of an attempt, nothing · score · after (right answers and comments); `feedback_when`:
    at-once (when it is handed in) · done (when they passed, or have no attempt left). `retry`: whether a further attempt
    asks all questions anew, or only the wrong ones (all · wrong). `markers`: how many people mark essays and files.
    """

    passing: float
    attempts: int
    cool_down_minutes: int
    time_limit_minutes: int
    feedback: str
    topics: tuple[tuple[str, str], ...]
    draws: tuple[Draw, ...]
    questions: tuple[Question, ...]
    grace_seconds: int = 30
    feedback_when: str = "at-once"
    retry: str = "all"
    markers: int = 1

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    @property
    def length(self) -> int:
        """The number of questions in an attempt."""
        return sum(draw.count for draw in self.draws)


@dataclass(frozen=True)
class Content:
    """Everything that a version of a course says. Periods are tiết of 45 minutes.

    `wants` are the needs it answers, as ends of the sentence «I want to …»; `next` the slugs of courses that follow from it;
    `kit` the sheets of the teach-back kit, whose slugs are among `KIT`.
    """

    slug: str
    title: str
    summary: str
    topic: str
    category: str
    periods: float
    law_as_of: str
    audience: tuple[str, ...]
    level: str
    outcomes: tuple[Outcome, ...]
    legal_basis: tuple[LegalBasis, ...]
    en_title: str
    en_summary: str
    lessons: tuple[Lesson, ...]
    quiz: Quiz
    wants: tuple[str, ...] = ()
    en_wants: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    kit: tuple[Lesson, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The content as JSON-ready data; `from_data` is its inverse."""
        data: dict[str, Any] = orjson.loads(orjson.dumps(asdict(self)))
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        quiz = data["quiz"]
        texts = {name: tuple(data.get(name, ())) for name in ("audience", "wants", "en_wants", "next")}
        pages = {name: tuple(_page(page) for page in data.get(name, ())) for name in ("lessons", "kit")}
        return cls(
            **{
                **data,
                **texts,
                **pages,
                "outcomes": tuple(_outcome(o) for o in data["outcomes"]),
                "legal_basis": tuple(LegalBasis(**b) for b in data["legal_basis"]),
                "quiz": Quiz(
                    **{
                        **quiz,
                        "topics": tuple(tuple(t) for t in quiz["topics"]),
                        "draws": tuple(Draw(**d) for d in quiz["draws"]),
                        "questions": tuple(question_from_data(q) for q in quiz["questions"]),
                    }
                ),
            }
        )

    @cached_property
    def sha256(self) -> str:
        """The name of this content: two packages that say the same have the same."""
        return sha256(orjson.dumps(self.as_data(), option=orjson.OPT_SORT_KEYS)).hexdigest()

    @cached_property
    def lesson_by_slug(self) -> Mapping[str, Lesson]:
        return {lesson.slug: lesson for lesson in self.lessons}

    @cached_property
    def pages(self) -> tuple[Lesson, ...]:
        """All that is read: the lessons, then the kit."""
        return self.lessons + self.kit

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    def words_in(self, locale: str) -> tuple[str, str]:
        """Title and summary in a locale."""
        if locale == "en" and self.en_title:
            return self.en_title, self.en_summary
        return self.title, self.summary

    @property
    def law_day(self) -> date:
        return date.fromisoformat(self.law_as_of)


def _outcome(data: Mapping[str, Any]) -> Outcome:
    return Outcome(**{**data, "competencies": tuple(data.get("competencies", ()))})


def _page(data: Mapping[str, Any]) -> Lesson:
    return Lesson(**{**data, "outcomes": tuple(data["outcomes"])})


def question_from_data(data: Mapping[str, Any]) -> Question:
    """A question from the data that `as_data` made of it."""
    return Question(
        **{
            **data,
            "options": tuple(Option(**o) for o in data["options"]),
            "answers": tuple(data["answers"]),
            "forgive": tuple(data["forgive"]),
            "pairs": tuple((left, right) for left, right in data["pairs"]),
            "extra": tuple(data["extra"]),
            "items": tuple(data["items"]),
            "gaps": tuple(
                Gap(g["id"], tuple(g["answers"]), tuple(g["forgive"]), tuple(g["options"])) for g in data["gaps"]
            ),
            "rubric": tuple(Criterion(**c) for c in data.get("rubric", ())),
            "variants": tuple(tuple((name, value) for name, value in v) for v in data.get("variants", ())),
            "excludes": tuple(data.get("excludes", ())),
        }
    )
