"""What search compares: pages as words, a query as words, and the part of a page that shows why it was found. Pure.

All texts are brought to one form: small letters, abbreviations of the field spelt out, one space between words and at both
ends; once with accents and once without. A word of a page and its words in that form stand at the same place.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from sys import intern
from typing import NamedTuple, Self

from lms import text
from lms.catalogue.content import Content, Lesson

TAG = re.compile(r"<[^>]*>")
KINDS = ("course", "lesson", "kit", "topic")
"""What is found; of two that fit as well the earlier comes first."""

SCATTERED = 5
"""The level of what has all words, but not in a row."""

MOST = 16
"""How many words of a query count."""

BEFORE, AFTER = 9, 22
"""How many words of a page are shown before what was found, and from there on."""


class Part(NamedTuple):
    """A part of a text; marked when it was asked for."""

    text: str
    is_marked: bool


class Page(NamedTuple):
    """What is to be found: a course, a lesson, a sheet of the kit, or a topic of the quiz."""

    kind: str
    slug: str
    title: str
    text: str

    @property
    def row(self) -> tuple[str, ...]:
        """As the index keeps it: kind, slug, title, the text a word a line, its words, and these without accents."""
        cut = list(_pieces(self.text))
        words = joined([word for _, word in cut])
        return self.kind, self.slug, self.title, "\n".join(piece for piece, _ in cut), words, folded(words)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as it is compared; `pieces` is its text a word a line, a word that stands for several with empty lines after it."""

    kind: str
    slug: str
    title: str
    pieces: str
    words: str
    fold: str
    title_words: str
    title_fold: str
    folds: frozenset[str]

    @classmethod
    def of(cls, kind: str, slug: str, title: str, pieces: str, words: str, fold: str) -> Self:
        title_words = joined([word for _, word in _pieces(title)])
        title_fold = folded(title_words)
        folds = frozenset(map(intern, f"{title_fold}{fold}".split()))
        return cls(kind, slug, title, pieces, words, fold, title_words, title_fold, folds)


class Found(NamedTuple):
    """An entry of a course (by its place) that holds all that was asked for; the smaller `rank`, the better."""

    rank: tuple[int, ...]
    course: int
    entry: Entry


class Asked(NamedTuple):
    """Words that were asked for, as written and without accents."""

    words: str
    fold: str


@dataclass(frozen=True)
class Query:
    """What somebody looks for."""

    typed: str

    @cached_property
    def words(self) -> Sequence[str]:
        tokens = text.WORD.findall(self.typed)[:MOST]
        return [word for token in tokens for word in text.spelt(token, is_asked=True)]

    @cached_property
    def phrase(self) -> Asked:
        return _asked(self.words)

    @cached_property
    def terms(self) -> Sequence[Asked]:
        """The words one by one, each once, the longest first: they are the rarest."""
        return [_asked([word]) for word in sorted(dict.fromkeys(self.words), key=len, reverse=True)]

    @cached_property
    def pairs(self) -> Sequence[Asked]:
        """Words that stand side by side: most words of Vietnamese are two syllables."""
        return [_asked(pair) for pair in pairwise(self.words)]


def joined(words: Iterable[str]) -> str:
    """Words as one text in which each stands between spaces."""
    return f" {' '.join(words)} "


def folded(words: str) -> str:
    """The same without accents."""
    return f" {text.fold(words)} "


def pages(content: Content, lesson_html: Mapping[str, str]) -> Iterator[Page]:
    """Everything of a version that is found."""
    wants = ". ".join((*content.wants, *content.en_wants))
    said = filter(None, (content.summary, wants, content.en_title, content.en_summary))
    yield Page("course", "", content.title, text.clean(" · ".join(said)))
    for kind, group in (("lesson", content.lessons), ("kit", content.kit)):
        yield from (_read(kind, page, lesson_html[page.slug]) for page in group)
    yield from (Page("topic", code, title, "") for code, title in content.quiz.topics)


def find(query: Query, entries: Iterable[tuple[int, Entry]]) -> list[Found]:
    """The entries that hold all words of a query, the best first; each comes with the place of its course."""
    sought = set(query.phrase.fold.split())
    held = [(place, entry) for place, entry in entries if sought <= entry.folds]
    return sorted(
        (Found(_rank(query, place, entry), place, entry) for place, entry in held), key=lambda found: found.rank
    )


def excerpt(query: Query, entry: Entry) -> list[Part]:
    """The part of a page that shows what was found, else its beginning."""
    place = _place(query, entry)
    start, end = max(0, place - BEFORE), place + AFTER
    pieces, words = entry.pieces.split("\n", end), entry.words.split(None, end)
    parts = list(_marked(list(zip(pieces[start:end], words[start:end], strict=False)), query))
    before = [Part("… ", False)] if start else []
    after = [Part("…", False)] if end < len(pieces) else []
    return [*before, *parts, *after]


def marked(query: Query, title: str) -> list[Part]:
    """A whole title with what was asked for marked."""
    return list(_marked(list(_pieces(title)), query))


def _asked(words: Sequence[str]) -> Asked:
    together = joined(words)
    return Asked(together, folded(together))


def _read(kind: str, page: Lesson, lesson_html: str) -> Page:
    words = html.unescape(TAG.sub(" ", lesson_html.replace("<wbr>", "")))
    return Page(kind, page.slug, page.title, text.clean(f"{page.summary} {words}"))


def _rank(query: Query, place: int, entry: Entry) -> tuple[int, ...]:
    """Titles before texts, words in a row before words here and there, accents as typed first; then as in the catalogue."""
    level, row = _level(query, entry), 0
    if level == SCATTERED:
        row = -sum((pair.fold in entry.fold) + (pair.fold in entry.title_fold) for pair in query.pairs)
    return level, row, KINDS.index(entry.kind), place


def _level(query: Query, entry: Entry) -> int:
    words, fold = query.phrase
    if fold in entry.title_fold:
        return 0 if words in entry.title_words else 1
    if all(term.fold in entry.title_fold for term in query.terms):
        return 2
    if fold in entry.fold:
        return 3 if words in entry.words else 4
    return SCATTERED


def _place(query: Query, entry: Entry) -> int:
    """The number of the word at which the query is found: all of it, two words of it, or its longest word.

    Where the title says it all and the text does not, the text is shown from its beginning.
    """
    if query.phrase.fold in entry.title_fold and query.phrase.fold not in entry.fold:
        return 0
    for words, fold in (query.phrase, *query.pairs, *query.terms):
        for where, what in ((entry.words, words), (entry.fold, fold)):
            if (found := where.find(what)) >= 0:
                return where.count(" ", 0, found)
    return 0


def _marked(shown: Sequence[tuple[str, str]], query: Query) -> Iterator[Part]:
    """Words that were asked for, in a row when there are such rows; with accents as typed when they are there."""
    words = [word for _, word in shown]
    if query.phrase.words in joined(words):
        sought = [word in query.words for word in words]
    else:
        folds = query.phrase.fold.split()
        sought = [text.fold(word) in folds for word in words]
    runs = [(is_sought, [piece for piece, _ in run]) for is_sought, run in _runs(sought, shown)]
    fewest = 2 if any(is_sought and len(run) > 1 for is_sought, run in runs) else 1
    for is_sought, run in runs:
        yield from _parts("".join(run), is_sought and len(run) >= fewest)


def _runs(sought: Sequence[bool], shown: Sequence[tuple[str, str]]) -> Iterator[tuple[bool, list[tuple[str, str]]]]:
    for is_sought, run in groupby(zip(sought, shown, strict=True), key=lambda line: line[0]):
        yield is_sought, [line for _, line in run]


def _parts(run: str, is_marked: bool) -> Iterator[Part]:
    """A marked run without the signs around it."""
    found = [match.span() for match in text.WORD.finditer(run)]
    if not (is_marked and found):
        yield Part(run, False)
        return
    start, end = found[0][0], found[-1][1]
    yield from (
        part for part in (Part(run[:start], False), Part(run[start:end], True), Part(run[end:], False)) if part.text
    )


def _pieces(value: str) -> Iterator[tuple[str, str]]:
    """Each word with the signs after it, and the same in the form for comparing; the first with what stands before it."""
    matches = list(text.WORD.finditer(value))
    ends = [*(match.start() for match in matches[1:]), len(value)]
    start = 0
    for match, end in zip(matches, ends, strict=False):
        first, *others = text.spelt(match[0])
        yield value[start:end], first
        yield from (("", word) for word in others)
        start = end
