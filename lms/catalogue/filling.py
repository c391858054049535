"""Which questions of a bank fill the draws of a quiz: as many as can be, and never two that exclude each other. Pure."""

from collections.abc import Mapping, Sequence

from lms.catalogue.content import Draw, Question

MOST_STEPS = 300
"""How often a search with exclusions tries another question before it gives what it has: a page waits for it."""


def fill(draws: Sequence[Draw], questions: Sequence[Question]) -> Mapping[str, Draw]:
    """The chosen questions by id, each with the draw that it serves; earlier questions are preferred.

    A draw gives way to another that has no choice. Where the bank is too small, places stay empty.
    """
    places = [rule for rule in sorted(draws, key=_narrowest_first) for _ in range(rule.count)]
    apart = exclusions(questions)
    chosen = _Search(places, questions, apart).best if apart else _matched(places, questions)
    return {question: places[place] for question, place in chosen.items()}


def exclusions(questions: Sequence[Question]) -> Mapping[str, frozenset[str]]:
    """With which others each question never stands in an attempt; naming it on one side is enough."""
    known = {question.id for question in questions}
    apart: dict[str, set[str]] = {}
    for question in questions:
        for other in known.intersection(question.excludes) - {question.id}:
            apart.setdefault(question.id, set()).add(other)
            apart.setdefault(other, set()).add(question.id)
    return {question: frozenset(others) for question, others in apart.items()}


class _Search:
    """Fills the places as if nothing were excluded; where two clash, tries without the one's others, then without it."""

    def __init__(
        self, places: Sequence[Draw], questions: Sequence[Question], apart: Mapping[str, frozenset[str]]
    ) -> None:
        self.places, self.apart, self.steps = places, apart, 0
        self.best: dict[str, int] = {}
        self.most = len(_matched(places, questions))
        self._try(questions)

    def _try(self, questions: Sequence[Question]) -> bool:
        """Whether these fill as many places as the whole bank would without exclusions; `best` is the fullest so far."""
        self.steps += 1
        chosen = _matched(self.places, questions)
        if len(chosen) <= len(self.best):
            return False
        clash = next(
            (q.id for q in questions if q.id in chosen and self.apart.get(q.id, frozenset()) & chosen.keys()), ""
        )
        if not clash:
            self.best = chosen
            return len(chosen) == self.most
        alone = [q for q in questions if q.id not in self.apart[clash]]
        return self._try(alone) or (self.steps < MOST_STEPS and self._try([q for q in questions if q.id != clash]))


def _matched(places: Sequence[Draw], questions: Sequence[Question]) -> dict[str, int]:
    """The most places that can be filled, by question."""
    place_of: dict[str, int] = {}
    for place in range(len(places)):
        _fill(place, places, questions, place_of, set())
    return place_of


def _fill(
    place: int, places: Sequence[Draw], questions: Sequence[Question], place_of: dict[str, int], tried: set[str]
) -> bool:
    """Put a question that the place admits there: the first free one, or one whose place can be filled otherwise."""
    fitting = [q.id for q in questions if places[place].admits(q)]
    for question in sorted(fitting, key=place_of.__contains__):
        if question not in tried:
            tried.add(question)
            if question not in place_of or _fill(place_of[question], places, questions, place_of, tried):
                place_of[question] = place
                return True
    return False


def _narrowest_first(rule: Draw) -> int:
    return (not rule.topic) + (not rule.difficulty)
