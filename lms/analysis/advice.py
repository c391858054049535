"""What figures mean for the author: which question to look at first, what was seen, and what to do. Pure.

Each rule waits until its interval, not only its figure, lies beyond the threshold: with few answers nothing is said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from lms.analysis.rules import Choice
from lms.analysis.tally import TYPED, FormTally, Statistics

ONE_ANSWER = ("single", "true-false")
OPTIONS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SLOW_FROM = 90

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to look at: `code` names the rule, `values` are what its words need, `urgency` 0 comes first."""

    code: str
    question: str
    number: int
    urgency: int
    values: Values

    def as_data(self) -> dict[str, Any]:
        return {"code": self.code, "question": self.question, "number": self.number, "values": dict(self.values)}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, its threshold, and the rules that have nothing more to say where it does."""

    code: str
    threshold: float
    finds: Callable[[FormTally, float, float], Values | None]
    silences: tuple[str, ...] = ()


def advice(statistics: Statistics) -> list[Advice]:
    """The advice on the questions of the newest version, the most urgent first."""
    usual = usual_seconds(statistics.present)
    found = [
        one
        for number, tally in enumerate(statistics.present, 1)
        if not tally.is_void
        for one in on_question(tally, number, usual)
    ]
    return sorted(found, key=lambda one: (one.urgency, one.number))


def on_question(tally: FormTally, number: int, usual: float) -> list[Advice]:
    """The advice on one question."""
    found: list[Advice] = []
    silent: set[str] = set()
    for urgency, rule in enumerate(RULES):
        values = None if rule.code in silent else rule.finds(tally, rule.threshold, usual)
        if values is not None:
            found.append(Advice(rule.code, tally.question.id, number, urgency, values))
            silent.update(rule.silences)
    return found


def usual_seconds(tallies: Sequence[FormTally]) -> float:
    """The time that the question in the middle takes; 0 when nothing is known."""
    times = [tally.figures.seconds.median for tally in tallies if tally.figures.seconds]
    return median(times) if times else 0.0


def letter(tally: FormTally, key: str) -> str:
    """An option as authors call it: A, B, C …; what is no option as it is."""
    return OPTIONS[int(key) % len(OPTIONS)] if tally.question.type in ("single", "multiple") else key


def _wrong_key(tally: FormTally, threshold: float, _usual: float) -> Values | None:
    """More choose a wrong answer than the right one, and they are many, or do better on the rest of the quiz.

    Where those who do well choose the right one, the question is only hard.
    """
    found = tally.figures.discrimination
    if tally.question.type not in ONE_ANSWER or (found and found.interval.low > 0):
        return None
    right = [c for c in tally.figures.choices if tally.is_right(c.key)]
    wrong = max((c for c in tally.figures.choices if c not in right), key=lambda c: c.n, default=None)
    best = max(right, key=lambda c: c.n, default=None)
    if not (wrong and best and wrong.chosen and best.chosen) or wrong.chosen.interval.low <= best.chosen.interval.high:
        return None
    if wrong.chosen.value < threshold and not _does_better(wrong, best):
        return None
    return {"choice": letter(tally, wrong.key), "share": wrong.chosen.value, "right": best.chosen.value}


def _does_better(wrong: Choice, right: Choice) -> bool:
    return wrong.rest is not None and right.rest is not None and wrong.rest > right.rest


def _typed_often(tally: FormTally, threshold: float, _usual: float) -> Values | None:
    """Something that is not accepted was typed by many."""
    if tally.question.type not in TYPED or tally.question.variants:
        return None
    wrong = [c for c in tally.figures.choices if not tally.is_right(c.key)]
    most = max(wrong, key=lambda c: c.n, default=None)
    if most is None or most.chosen is None or most.chosen.interval.low < threshold:
        return None
    return {"typed": most.key, "share": most.chosen.value}


def _negative(tally: FormTally, threshold: float, _usual: float) -> Values | None:
    found = tally.figures.discrimination
    return {"r": found.value} if found and found.interval.high < threshold else None


def _hard(tally: FormTally, threshold: float, _usual: float) -> Values | None:
    found = tally.figures.facility
    return {"share": found.value} if found and found.interval.high < threshold else None


def _omitted(tally: FormTally, threshold: float, _usual: float) -> Values | None:
    found = tally.figures.omitted
    return {"share": found.value} if found and found.interval.low > threshold else None


def _slow(tally: FormTally, threshold: float, usual: float) -> Values | None:
    found = tally.figures.seconds
    if not found or not usual or found.median < max(threshold * usual, SLOW_FROM):
        return None
    return {"seconds": found.median, "usual": usual}


def _easy(tally: FormTally, threshold: float, _usual: float) -> Values | None:
    found = tally.figures.facility
    return {"share": found.value} if found and found.interval.low > threshold else None


def _idle(tally: FormTally, threshold: float, _usual: float) -> Values | None:
    """Wrong options that practically nobody chooses."""
    if tally.question.type not in ("single", "multiple"):
        return None
    idle = [
        letter(tally, c.key)
        for c in tally.figures.choices
        if c.chosen and c.chosen.interval.high < threshold and not tally.is_right(c.key)
    ]
    return {"choices": ", ".join(idle), "share": threshold} if idle else None


RULES = (
    Rule("key", 0.5, _wrong_key, ("negative", "hard", "weak", "idle")),
    Rule("typed", 0.1, _typed_often, ("hard",)),
    Rule("negative", 0.0, _negative, ("weak",)),
    Rule("hard", 0.25, _hard, ("weak",)),
    Rule("omitted", 0.1, _omitted),
    Rule("easy", 0.95, _easy, ("weak", "idle")),
    Rule("weak", 0.1, _negative),
    Rule("slow", 3.0, _slow),
    Rule("idle", 0.05, _idle),
)
"""The most urgent first."""
