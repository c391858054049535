"""The shared bank's judgements: what a question is in the bank and in a course, what is alike, what a draw can use. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

import orjson

from lms import text
from lms.catalogue.content import DIFFICULTIES, Content, Draw, Outcome, Question, Quiz, question_from_data
from lms.coach.likeness import Alike, fingerprint, likeness, of_question, said

SOURCE = re.compile(r"[1-9][0-9]{0,8}@[1-9][0-9]{0,8}")


class Sharing(StrEnum):
    """Who else may use an item or a pool."""

    PRIVATE = "private"
    BELOW = "below"
    EVERYBODY = "everybody"


class Kind(StrEnum):
    """What the bank has of a question that arrives."""

    NEW = "new"
    SAME = "same"
    KNOWN = "known"
    OLDER = "older"
    ALIKE = "alike"
    TWICE = "twice"


class Choice(StrEnum):
    """What becomes of a question that arrives."""

    KEEP = "keep"
    SKIP = "skip"
    REVISE = "revise"


USUAL = {
    Kind.NEW: Choice.KEEP,
    Kind.SAME: Choice.SKIP,
    Kind.KNOWN: Choice.REVISE,
    Kind.OLDER: Choice.SKIP,
    Kind.ALIKE: Choice.KEEP,
    Kind.TWICE: Choice.SKIP,
}
"""What becomes of it when nobody says otherwise."""


@dataclass(frozen=True)
class Banked:
    """A version of an item: its question carries the item's code as id; `topic` and `outcome` are words."""

    item_id: int
    number: int
    question: Question
    is_active: bool = True

    @property
    def source(self) -> str:
        return f"{self.item_id}@{self.number}"


@dataclass(frozen=True)
class Match:
    """What the bank, or the same file (`twice`), has of an arriving question; `item_id` is the place then."""

    kind: Kind
    item_id: int = 0
    share: float = 0.0

    def as_data(self) -> list[Any]:
        return [self.kind.value, self.item_id, self.share]

    @classmethod
    def from_data(cls, data: Sequence[Any]) -> "Match":
        return cls(Kind(data[0]), int(data[1]), float(data[2]))


@dataclass(frozen=True)
class Cell:
    """How many questions of a topic and difficulty there are, and how many an attempt draws."""

    topic: str
    difficulty: str
    has: int
    asked: int

    @property
    def is_short(self) -> bool:
        return self.has < self.asked


def as_banked(question: Question, *, topic: str, outcome: str) -> Question:
    """A course's question on its way into the bank: with words for topic and outcome. Its id and source tell what it is."""
    return replace(question, topic=topic, outcome=outcome, excludes=())


def bare(question: Question) -> Question:
    """A question as the bank keeps it: without what only a course knows."""
    return replace(question, id="", source="", excludes=())


def data_of(question: Question) -> dict[str, Any]:
    """A question as JSON-ready data."""
    data: dict[str, Any] = orjson.loads(orjson.dumps(asdict(question)))
    return data


def question_of(data: Mapping[str, Any], id: str = "") -> Question:
    """The question of such data."""
    return replace(question_from_data(data), id=id)


def digest(question: Question) -> str:
    """The name of all that a question says."""
    return sha256(orjson.dumps(data_of(bare(question)), option=orjson.OPT_SORT_KEYS)).hexdigest()


def asks(question: Question) -> str:
    """The name of what a question asks, whatever the order of its options."""
    return sha256(fingerprint(question).encode()).hexdigest()


def searched(question: Question) -> str:
    """The text in which a question is found."""
    return text.fold(" ".join([*said(question), question.topic, question.outcome, question.author]))


def matches(arriving: Sequence[Question], known: Sequence[Banked]) -> list[Match]:
    """What the bank has of each arriving question: its own item, the same question, or one alike; else the file itself."""
    door = _Door(known)
    seen: dict[str, int] = {}
    found = []
    for place, question in enumerate(arriving):
        asking = asks(question)
        found.append(Match(Kind.TWICE, seen[asking], 1.0) if asking in seen else door.match(question, asking))
        seen.setdefault(asking, place)
    return found


class _Door:
    """All that is in the bank, by item, by code, by what it asks, and by how it sounds."""

    def __init__(self, known: Sequence[Banked]) -> None:
        self.by_id = {banked.item_id: banked for banked in known}
        self.by_code = {banked.question.id: banked for banked in known}
        self.by_asking = {asks(banked.question): banked for banked in known}
        self.index = Alike({banked.item_id: of_question(banked.question) for banked in known})

    def match(self, question: Question, asking: str) -> Match:
        if its_own := self._its_own(question):
            return Match(_became(question, its_own), its_own.item_id, self._share(question, its_own))
        if same := self.by_asking.get(asking):
            return Match(Kind.SAME, same.item_id, 1.0)
        near = self.index.to(of_question(question))
        return Match(Kind.ALIKE, *near[0]) if near else Match(Kind.NEW)

    def _its_own(self, question: Question) -> Banked | None:
        """The item that a question was taken from, or, if it still sounds like it, whose code it has."""
        item_id, _ = source_of(question)
        if item_id in self.by_id:
            return self.by_id[item_id]
        coded = self.by_code.get(question.id)
        return coded if coded and self._share(question, coded) >= self.index.least else None

    def _share(self, question: Question, banked: Banked) -> float:
        return likeness(of_question(question), self.index.texts[banked.item_id])


def _became(question: Question, its_own: Banked) -> Kind:
    """What became of an item since it was taken: nothing, something else here, or a newer version in the bank."""
    if digest(question) == digest(its_own.question):
        return Kind.SAME
    return Kind.OLDER if 0 < source_of(question)[1] < its_own.number else Kind.KNOWN


def source_of(question: Question) -> tuple[int, int]:
    """The (item, number) that a question was taken from; zeros when it was not."""
    item, _, number = question.source.partition("@")
    return (int(item), int(number)) if SOURCE.fullmatch(question.source) else (0, 0)


def sources(quiz: Quiz) -> dict[str, tuple[int, int]]:
    """The items that a quiz was filled from: (item, number) by question."""
    found = {question.id: source_of(question) for question in quiz.questions}
    return {id: source for id, source in found.items() if all(source)}


def taken(content: Content, items: Iterable[Banked], outcome: str) -> Quiz:
    """A course's quiz with copies of items that it has not yet: topics by their words, outcomes too, else `outcome`."""
    quiz = content.quiz
    topics = list(quiz.topics)
    questions = list(quiz.questions)
    present = {item_id for item_id, _ in sources(quiz).values()}
    for banked in items:
        if banked.item_id in present:
            continue
        present.add(banked.item_id)
        topic = _topic(topics, banked.question.topic)
        its_outcome = _outcome(content.outcomes, banked.question.outcome) or outcome
        new_id = free_id({question.id for question in questions})
        questions.append(replace(banked.question, id=new_id, topic=topic, outcome=its_outcome, source=banked.source))
    return replace(quiz, topics=tuple(topics), questions=tuple(questions))


def refreshed(quiz: Quiz, newer: Mapping[str, Banked]) -> Quiz:
    """A quiz with the newer text of some questions; what the course itself decides of them stays."""
    questions = (
        renewed(question, newer[question.id]) if question.id in newer else question for question in quiz.questions
    )
    return replace(quiz, questions=tuple(questions))


def renewed(question: Question, banked: Banked) -> Question:
    """A course's question with the text of a version of the bank, under what the course decides: id, topic, outcome …"""
    return replace(
        banked.question,
        id=question.id,
        topic=question.topic,
        outcome=question.outcome,
        difficulty=question.difficulty,
        excludes=question.excludes,
        source=banked.source,
    )


def compared(question: Question) -> Question:
    """A question without what its course decides, so that two can be compared for what they say."""
    return replace(question, topic="", outcome="")


def with_outcome(question: Question, outcomes: Mapping[str, str]) -> Question:
    """A question on its way into the bank, its outcome in words."""
    return replace(question, outcome=outcomes.get(question.outcome, question.outcome))


def numbers_in(source: str, item_id: int) -> list[int]:
    """The numbers of an item's versions that the text of a quiz names as sources."""
    return [int(number) for number in re.findall(rf'"{item_id}@([1-9][0-9]{{0,8}})"', source)]


def free_id(used: Collection[str]) -> str:
    """The first of q01, q02 … that no question has."""
    return next(name for number in range(1, len(used) + 2) if (name := f"q{number:02}") not in used)


def _topic(topics: list[tuple[str, str]], words: str) -> str:
    """The course's topic of these words; a new one when it has none."""
    folded = text.fold(words)
    for code, title in topics:
        if folded in (text.fold(title), code):
            return code
    stem = text.slug(words) or "chung"
    used = {code for code, _ in topics}
    code = next(name for n in range(len(used) + 1) if (name := stem if n == 0 else f"{stem}-{n + 1}") not in used)
    topics.append((code, words or code))
    return code


def _outcome(outcomes: Iterable[Outcome], words: str) -> str:
    folded = text.fold(words)
    return next((outcome.id for outcome in outcomes if folded and folded in (text.fold(outcome.text), outcome.id)), "")


def available(
    counts: Mapping[tuple[str, str], int], draws: Sequence[Draw] = (), topics: Sequence[str] = ()
) -> list[list[Cell]]:
    """A matrix with a row for each topic and a cell for each difficulty: what there is, and what the draws ask of it.

    `counts` by (topic, difficulty); draws of any topic or any difficulty ask nothing of one cell.
    """
    asked: dict[tuple[str, str], int] = {}
    for draw in draws:
        asked[draw.topic, draw.difficulty] = asked.get((draw.topic, draw.difficulty), 0) + draw.count
    rows = list(
        dict.fromkeys([*topics, *(topic for topic, _ in counts), *(draw.topic for draw in draws if draw.topic)])
    )
    return [
        [Cell(topic, level, counts.get((topic, level), 0), asked.get((topic, level), 0)) for level in DIFFICULTIES]
        for topic in rows
    ]
