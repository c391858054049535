"""From sheets to figures: answers counted together, marked once for each that differs, and handed to the formulas. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from lms.analysis import rules, sheets
from lms.analysis.rules import QuestionFigures, QuizFigures, Sight, Spread
from lms.analysis.sheets import Line
from lms.catalogue.content import Question, Quiz
from lms.catalogue.variants import filled
from lms.quizzes import corrections
from lms.quizzes import rules as quizzes
from lms.quizzes.corrections import Change

TYPED = ("short", "numeric")
CHOSEN = ("single", "multiple")
SAMPLE = 20_000
"""So many sheets tell times to the second, and reliability to 0.005: more are not read for these two."""


class Row(NamedTuple):
    """A sheet with what its attempt came to."""

    version_id: int
    points: float
    points_of: float
    is_passed: bool
    answers: str
    seconds: str


@dataclass(frozen=True)
class Edition:
    """A version of a course as it was asked: its number, its quiz, and the corrections that hold for it."""

    number: int
    quiz: Quiz
    changes: tuple[Change, ...] = ()

    @cached_property
    def forms(self) -> Mapping[str, "Form"]:
        """Its questions, by id, in the form in which they can be counted together with other versions'."""
        return {q.id: Form.of(q, self.changes) for q in self.quiz.questions}


@dataclass(frozen=True)
class Form:
    """A question's text and key, without what does not change how it is answered: versions that agree in it count together."""

    question: Question
    void: str

    @classmethod
    def of(cls, question: Question, changes: Iterable[Change]) -> "Form":
        marking = corrections.marking(question, changes)
        first, *others = marking.keys
        return cls(corrections.bare(first), f"{marking.void or ''} {[corrections.key_of(key) for key in others]}")


@dataclass
class FormTally:
    """What was answered to one form of a question, in which versions."""

    question: Question
    changes: tuple[Change, ...]
    versions: list[int] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    seconds: Counter[float] = field(default_factory=Counter)

    @cached_property
    def figures(self) -> QuestionFigures:
        return rules.question(self.sights, self.seconds, self.chosen, self.offered)

    @property
    def is_void(self) -> bool:
        """Whether a correction gives everybody its points, or takes it out of the sum."""
        return corrections.marking(self.question, self.changes).void is not None

    @property
    def offered(self) -> list[str]:
        """What could be chosen."""
        if self.question.type in CHOSEN:
            return [str(n) for n in range(len(self.question.options))]
        return ["true", "false"] if self.question.type == "true-false" else []

    def chosen(self, response: tuple[str, ...]) -> tuple[str, ...]:
        """What a response chose; of types without choices nothing."""
        return response if self.question.type in (*CHOSEN, *TYPED, "true-false") else ()

    def is_right(self, key: str) -> bool:
        """Whether something that could be chosen or was typed is right, or a part of what is."""
        if self.question.type in TYPED:
            return any(sight.share == 1 for sight in self.sights if sight.response == (key,))
        keys = corrections.marking(self.question, self.changes).keys
        if self.question.type in CHOSEN:
            return any(question.options[int(key)].right for question in keys)
        return any(quizzes.mark(question, (key,)) == 1 for question in keys)


@dataclass
class Counts:
    """All sheets of a course, counted: lines by version and points, times by version and line, and each sheet's lines."""

    lines: dict[tuple[int, float, float], Counter[str]] = field(default_factory=dict)
    seconds: dict[int, Counter[tuple[str, str]]] = field(default_factory=dict)
    shares: Counter[float] = field(default_factory=Counter)
    passed: int = 0

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Counts":
        found = cls()
        together: dict[tuple[int, float, float], list[Row]] = {}
        for row in rows:
            together.setdefault(row[:3], []).append(row)
        for place, some in together.items():
            found._count(place, some)
        for row in sample(rows):
            times = found.seconds.setdefault(row.version_id, Counter())
            times.update(zip(row.answers.split("\n"), row.seconds.split(" "), strict=True))
        return found

    def _count(self, place: tuple[int, float, float], rows: Sequence[Row]) -> None:
        _, points, of = place
        self.lines[place] = Counter(chain.from_iterable(row.answers.split("\n") for row in rows))
        self.shares[points / of if of else 0.0] += len(rows)
        self.passed += sum(bool(row.is_passed) for row in rows)


class Worth(NamedTuple):
    """What a line is: of which form, its share of the points, and how many there could be: 0 when it was taken out."""

    form: Form
    line: Line
    share: float
    of: float

    @property
    def points(self) -> float:
        return self.share * self.of


def worths(counts: Counts, editions: Mapping[int, Edition]) -> dict[int, dict[str, Worth]]:
    """Each line that occurs, marked, by version."""
    found: dict[int, dict[str, Worth]] = {version_id: {} for version_id in editions}
    for (version_id, _, _), lines in counts.lines.items():
        known, edition = found[version_id], editions[version_id]
        known.update((text, _worth(sheets.read(text), edition)) for text in lines if text not in known)
    return found


def forms(
    counts: Counts, editions: Mapping[int, Edition], marked: Mapping[int, Mapping[str, Worth]]
) -> dict[Form, FormTally]:
    """What was answered to each form of each question."""
    found: dict[Form, FormTally] = {}
    for version_id, edition in editions.items():
        for form in edition.forms.values():
            question = edition.quiz.by_id[form.question.id]
            tally = found.setdefault(form, FormTally(question, edition.changes))
            tally.versions.append(edition.number)
        for (text, spent), n in counts.seconds.get(version_id, {}).items():
            if spent:
                found[marked[version_id][text].form].seconds[float(spent)] += n
    for (version_id, points, of), lines in counts.lines.items():
        for text, n in lines.items():
            worth = marked[version_id][text]
            found[worth.form].sights.append(_sight(worth, points, of, n))
    return found


def spread(rows: Sequence[Row], counts: Counts, marked: Mapping[int, Mapping[str, Worth]]) -> Spread:
    """The sums that reliability needs, over the questions that count; of very many attempts from a sample of them."""
    means = _means(counts, marked)
    beside = {v: {text: w.points - means[w.form] for text, w in known.items()} for v, known in marked.items()}
    expected = {v: {text: means[w.form] for text, w in known.items()} for v, known in marked.items()}
    counted = {v: {text: int(w.of > 0) for text, w in known.items()} for v, known in marked.items()}
    squares, sums, answers, pairs = 0.0, 0.0, 0, 0
    luck: Counter[float] = Counter()
    for row in sample(rows):
        lines = row.answers.split("\n")
        differences = list(map(beside[row.version_id].__getitem__, lines))
        squares += sum(x * x for x in differences)
        sums += sum(differences) ** 2
        luck[sum(map(expected[row.version_id].__getitem__, lines))] += 1
        length = sum(map(counted[row.version_id].__getitem__, lines))
        answers, pairs = answers + length, pairs + length * (length - 1)
    return Spread(sum(luck.values()), answers, pairs, squares, sums, _variance(luck))


def sample(rows: Sequence[Row]) -> Sequence[Row]:
    """All rows; of more than `SAMPLE` every second, third … one, spread evenly over them."""
    return rows[:: max(len(rows) // SAMPLE, 1)]


@dataclass(frozen=True)
class Statistics:
    """A quiz and its questions: `present` are the questions of the newest version in their order, `earlier` other forms."""

    quiz: QuizFigures
    present: tuple[FormTally, ...]
    earlier: tuple[FormTally, ...]

    def of(self, question: str) -> FormTally | None:
        """A question of the newest version."""
        return next((tally for tally in self.present if tally.question.id == question), None)

    def number(self, question: str) -> int:
        """The place of a question in the newest version, from 1."""
        return 1 + [tally.question.id for tally in self.present].index(question)


def statistics(rows: Sequence[Row], editions: Mapping[int, Edition]) -> Statistics:
    """Everything that the sheets of a course say; the editions come newest first."""
    counts = Counts.of(rows)
    marked = worths(counts, editions)
    tallies = forms(counts, editions, marked)
    points_of = sum(row.points_of for row in rows) / len(rows) if rows else 0.0
    quiz = rules.quiz(counts.shares, counts.passed, spread(rows, counts, marked), points_of)
    newest = next(iter(editions.values()))
    present = tuple(tallies[newest.forms[q.id]] for q in newest.quiz.questions)
    shown = {id(tally) for tally in present}
    return Statistics(quiz, present, tuple(t for t in tallies.values() if id(t) not in shown and t.sights))


def _worth(line: Line, edition: Edition) -> Worth:
    question = edition.quiz.by_id[line.question]
    form = edition.forms[line.question]
    if question.is_marked_by_hand:
        given = float(line.response[0]) * question.points if line.response else 0.0
        return Worth(
            form, line, float(quizzes.share(question, line.response, given, edition.changes)), _of(question, edition)
        )
    asked = filled(question, question.variants[line.variant - 1]) if line.variant else question
    return Worth(form, line, float(quizzes.share(asked, line.response, None, edition.changes)), _of(question, edition))


def _of(question: Question, edition: Edition) -> float:
    return float(quizzes.worth(question, edition.changes))


def _sight(worth: Worth, points: float, of: float, n: int) -> Sight:
    rest = (points - worth.points) / (of - worth.of) if of > worth.of else 0.0
    return Sight(worth.line.response, worth.line.variant, worth.share, points / of if of else 0.0, rest, n)


def _means(counts: Counts, marked: Mapping[int, Mapping[str, Worth]]) -> dict[Form, float]:
    sums: dict[Form, list[float]] = {}
    for (version_id, _, _), lines in counts.lines.items():
        for text, n in lines.items():
            worth = marked[version_id][text]
            total = sums.setdefault(worth.form, [0.0, 0.0])
            total[0] += worth.points * n
            total[1] += n
    return {form: points / n for form, (points, n) in sums.items()}


def _variance(counted: Mapping[float, int]) -> float:
    n = sum(counted.values())
    if n < 2:
        return 0.0
    mean = sum(value * w for value, w in counted.items()) / n
    return sum((value - mean) ** 2 * w for value, w in counted.items()) / (n - 1)
