"""How alike texts are, and which of many are alike: shingles and Jaccard's share. Pure.

A text is the set of its pairs of neighbouring syllables, without accents and signs; two texts are as alike as the share
of pairs that they have in common (Jaccard 1901; shingles: Broder, "On the resemblance and containment of documents",
1997). To find what is alike among thousands, pairs are ordered from the rarest to the most frequent: texts whose share
is at least t must have in common k of their first n - ceil(t·n) + k pairs (for k = 1: Bayardo, Ma and Srikant, "Scaling
up all pairs similarity search", 2007; longer prefixes: Wang, Li and Feng, "Can we beat the prefix filtering?", 2012), so
that only those are looked up.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import astuple
from itertools import chain, pairwise
from math import ceil
from typing import Generic, TypeVar

from lms import text
from lms.catalogue.content import Question
from lms.catalogue.pictures import as_words

ALIKE = 0.6
SHARED = 3
"""How many of their rarest pairs texts that are alike must share."""
COMMON = 250
"""A pair of syllables that more texts than these have in common tells nothing, and is not looked up."""

WORD = re.compile(r"[a-z0-9]+")
Key = TypeVar("Key", bound=Hashable)


def shingles(*texts: str) -> frozenset[str]:
    """The pairs of neighbouring syllables of some texts; a text of one syllable is that syllable."""
    found: set[str] = set()
    for one in texts:
        words = WORD.findall(text.fold(one))
        found.update(f"{a} {b}" for a, b in pairwise(words))
        if len(words) == 1:
            found.add(words[0])
    return frozenset(found)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of pairs that two texts have in common: 0 nothing, 1 the same; of two empty texts 1."""
    if not one and not other:
        return 1.0
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def of_question(question: Question) -> frozenset[str]:
    """The shingles of all that a learner reads in a question."""
    return shingles(*said(question))


def said(question: Question) -> list[str]:
    """The texts of a question and of all that can be chosen or ordered in it, pictures as words."""
    question = as_words(question)
    pairs = [side for pair in question.pairs for side in pair]
    gaps = [choice for gap in question.gaps for choice in (*gap.options, *gap.answers)]
    options = [option.text for option in question.options]
    return [question.text, *options, *question.answers, *pairs, *question.extra, *question.items, *gaps]


def fingerprint(question: Question) -> str:
    """A text that is the same for questions that ask the same: without accents, signs, ids, and the order of choices."""
    question = as_words(question)
    rest = sorted(" ".join(WORD.findall(text.fold(one))) for one in said(question)[1:])
    right = sorted(text.fold(option.text) for option in question.options if option.right)
    answer = [str(value) for value in (question.answer, question.tolerance) if value is not None]
    rubric = [str(astuple(criterion)) for criterion in question.rubric]
    return "\n".join([question.type, " ".join(WORD.findall(text.fold(question.text))), *rest, *right, *answer, *rubric])


class Alike(Generic[Key]):
    """An index of texts by shingles, which answers which of them are like another one."""

    def __init__(self, texts: Mapping[Key, frozenset[str]], least: float = ALIKE) -> None:
        self.texts, self.least = texts, least
        self._times = Counter(shingle for found in texts.values() for shingle in found)
        self._places: dict[str, list[Key]] = defaultdict(list)
        for key, found in texts.items():
            for shingle in self._first(found):
                if self._times[shingle] <= COMMON:
                    self._places[shingle].append(key)

    def to(self, wanted: frozenset[str]) -> list[tuple[Key, float]]:
        """What is at least `least` like a text, the most alike first: (key, share)."""
        first = self._first(wanted)
        rare = [shingle for shingle in first if self._times[shingle] <= COMMON]
        shared = Counter(chain.from_iterable(self._places.get(shingle, ()) for shingle in rare))
        needed = max(1, min(SHARED, self._part(wanted)) - (len(first) - len(rare)))
        near = [key for key, count in shared.items() if count >= needed]
        shares = [(key, likeness(wanted, self.texts[key])) for key in near]
        return sorted((pair for pair in shares if pair[1] >= self.least), key=lambda pair: (-pair[1], str(pair[0])))

    def _first(self, found: frozenset[str]) -> Sequence[str]:
        """The rarest shingles, of which everything that is alike has some."""
        rarest = sorted(found, key=lambda shingle: (self._times[shingle], shingle))
        return rarest[: len(found) - self._part(found) + SHARED]

    def _part(self, found: frozenset[str]) -> int:
        """How many shingles a text has in common with whatever is alike, at least; the last digits of floats aside."""
        return ceil(self.least * len(found) - 1e-9)


def alike(questions: Sequence[Question], least: float = ALIKE) -> Iterator[tuple[int, int, float]]:
    """The pairs of questions that are alike, by their places: (earlier, later, share)."""
    texts = dict(enumerate(map(of_question, questions)))
    index = Alike(texts, least)
    for place, found in texts.items():
        for other, share in index.to(found):
            if other < place:
                yield other, place, share
