"""Drawing and showing questions. Pure: no clock, no database, no chance but the attempt's seed."""

from dataclasses import dataclass
from hashlib import sha256

from lms.catalogue.content import Question, Quiz
from lms.catalogue.filling import fill
from lms.catalogue.variants import filled

Order = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as one attempt shows it: `orders` are permutations of its options, sides, items or gap options.

    Of a question with variants, `question` is the filled one.
    """

    question: Question
    orders: tuple[Order, ...]

    @property
    def options(self) -> list[tuple[int, str]]:
        """(number as shown, text) of the options of a single or multiple choice."""
        return [(n, self.question.options[i].text) for n, i in enumerate(self.orders[0])]

    @property
    def rows(self) -> list[tuple[int, str]]:
        """(number as shown, text) of the left sides of a matching, or of the items to order."""
        texts = [left for left, _ in self.question.pairs] or list(self.question.items)
        return [(n, texts[i]) for n, i in enumerate(self.orders[0])]

    @property
    def targets(self) -> list[tuple[int, str]]:
        """(number as shown, text) of the right sides of a matching."""
        return [(n, targets_of(self.question)[i]) for n, i in enumerate(self.orders[1])]

    def gap_options(self, number: int) -> list[tuple[int, str]]:
        """(number as shown, text) of the choices of a gap; empty when it is typed."""
        gap = self.question.gaps[number]
        return [(n, gap.options[i]) for n, i in enumerate(self.orders[number])]


def draw(quiz: Quiz, seed: str) -> tuple[Shown, ...]:
    """The questions of an attempt in their order, each as shown. The same seed gives the same, for ever.

    Chance is SHA-256 of the seed and what is drawn, because no library promises the same shuffle in its next version.
    """
    chosen = fill(quiz.draws, sorted(quiz.questions, key=lambda q: _chance(seed, "draw", q.id)))
    in_order = sorted(chosen, key=lambda question: _chance(seed, "order", question))
    return tuple(shown(quiz.by_id[question], seed) for question in in_order)


def shown(question: Question, seed: str) -> Shown:
    """A question as the attempt with this seed shows it, in one of its variants."""
    question = _varied(question, seed)
    sizes = {
        "single": (len(question.options),),
        "multiple": (len(question.options),),
        "matching": (len(question.pairs), len(targets_of(question))),
        "ordering": (len(question.items),),
        "cloze": tuple(len(gap.options) for gap in question.gaps),
    }.get(question.type, ())
    return Shown(question, tuple(_permutation(size, seed, f"{question.id}/{n}") for n, size in enumerate(sizes)))


def targets_of(question: Question) -> list[str]:
    """The right sides of a matching, distractors last."""
    return [right for _, right in question.pairs] + list(question.extra)


def _varied(question: Question, seed: str) -> Question:
    if not question.variants:
        return question
    number = int.from_bytes(_chance(seed, "variant", question.id)) % len(question.variants)
    return filled(question, question.variants[number])


def _permutation(size: int, seed: str, label: str) -> Order:
    return tuple(sorted(range(size), key=lambda n: _chance(seed, label, str(n))))


def _chance(*parts: str) -> bytes:
    return sha256("\x1f".join(parts).encode()).digest()
