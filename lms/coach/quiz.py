"""What the coach says of a quiz: the bank as a whole, and each question. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import comb
from typing import Any

from lms import text
from lms.catalogue.content import Content, Question, Quiz
from lms.catalogue.pictures import as_words
from lms.coach.hint import Hint, hint, shortened
from lms.coach.likeness import alike
from lms.coach.reading import listed, turning, words

FILE = "quiz.toml"
CHOSEN = ("single", "multiple")
LEAST_TO_JUDGE = 8
CERTAIN = 0.01
"""How seldom chance alone would give what is called a bias."""
CHI_SQUARE = {1: 6.635, 2: 9.210, 3: 11.345, 4: 13.277, 5: 15.086, 6: 16.812, 7: 18.475}
"""The values that chance exceeds once in a hundred, by degrees of freedom (Fisher's table)."""
MUCH_LONGER = 3
LETTERS_LONGER = 45
LONG_STEM = 80

ALL_OR_NONE = re.compile(
    r"(tat ca|ca) (cac |nhung )?(dap an|phuong an|y|cau|lua chon|dieu)( \w+){0,2} (tren|deu (dung|sai|duoc)|nay)\W*"
    r"|tat ca (deu )?(dung|sai)\W*|(tat )?ca (hai|ba|bon|2|3|4)( y| cau| dap an| phuong an)?( tren)?( deu (dung|sai))?\W*"
    r"|khong (co )?(dap an|phuong an|y|cau) nao( o)?( tren)?( (la )?(dung|sai))?\W*|(tat ca )?(o )?tren deu (dung|sai)\W*"
    r"|(all|none) of the above\W*"
)
LETTERS = re.compile(r"(ca |both )?[a-f](, ?[a-f])* (va|and|&) [a-f]( deu (dung|sai))?\W*")


def hints(content: Content) -> Iterator[Hint]:
    """All hints about the quiz of a course."""
    quiz = replace(content.quiz, questions=tuple(map(as_words, content.quiz.questions)))
    yield from _position(quiz)
    yield from _length_of_right(quiz)
    yield from _draws(quiz)
    places = {question.id: number for number, question in enumerate(quiz.questions)}
    nearest = {other: (one, share) for one, other, share in reversed(list(alike(quiz.questions)))}
    for other, (one, share) in sorted(nearest.items()):
        yield from _near(quiz.questions[one], quiz.questions[other], places, share)
    for number, question in enumerate(quiz.questions):
        for check in CHECKS:
            yield from check(question, number)


def _position(quiz: Quiz) -> Iterator[Hint]:
    """Whether right answers stand at some places more often than chance puts them there: Pearson's chi-square test."""
    by_size: dict[int, Counter[int]] = defaultdict(Counter)
    for question in _singles(quiz):
        by_size[len(question.options)][_right_place(question)] += 1
    for size, counts in sorted(by_size.items()):
        total = sum(counts.values())
        if total < max(LEAST_TO_JUDGE, 3 * size) or size - 1 not in CHI_SQUARE:
            continue
        expected = total / size
        chi_square = sum((counts[place] - expected) ** 2 / expected for place in range(size))
        if chi_square > CHI_SQUARE[size - 1]:
            place, most = counts.most_common(1)[0]
            yield hint(FILE, "right-at-one-place", size, place, letter="ABCDEFGH"[place], times=most, all=total)


def _length_of_right(quiz: Quiz) -> Iterator[Hint]:
    """Whether the right option is the longest one more often than chance: the binomial test, with the mean chance."""
    found = [question for question in _singles(quiz) if len({len(o.text) for o in question.options}) > 1]
    if len(found) < LEAST_TO_JUDGE:
        return
    longest = sum(max(question.options, key=lambda o: len(o.text)).right for question in found)
    chance = sum(1 / len(question.options) for question in found) / len(found)
    if _at_least(longest, len(found), chance) < CERTAIN:
        yield hint(FILE, "right-is-longest", "bank", times=longest, all=len(found))


def _draws(quiz: Quiz) -> Iterator[Hint]:
    for draw in quiz.draws:
        fitting = sum(1 for question in quiz.questions if draw.admits(question))
        if draw.count <= fitting < 2 * draw.count:
            cell: dict[str, Any] = {
                "topic": dict(quiz.topics).get(draw.topic, draw.topic),
                "difficulty": draw.difficulty,
            }
            yield hint(FILE, "draw-uses-all", *cell.values(), draw.count, count=draw.count, has=fitting, **cell)


def _near(one: Question, other: Question, places: Mapping[str, int], share: float) -> Iterator[Hint]:
    """Two questions that are alike; an author who excluded one by the other knows it."""
    if other.id in one.excludes or one.id in other.excludes:
        return
    about: dict[str, Any] = {"question": other.id, "other": one.id, "share": round(100 * share)}
    yield hint(FILE, "alike-questions", one.text, other.text, block=places[other.id], **about)


def _all_or_none(question: Question, number: int) -> Iterator[Hint]:
    for option in _options(question):
        if ALL_OR_NONE.fullmatch(text.fold(option)) or LETTERS.fullmatch(text.fold(option)):
            yield _about(question, number, "all-of-the-above", option, text=shortened(option))


def _negative(question: Question, number: int) -> Iterator[Hint]:
    """A word that turns the question around, neither bold nor in capitals."""
    if question.type != "true-false" and (found := turning().search(question.text)):
        word = next(filter(None, found.groups()))
        yield _about(question, number, "negative-overlooked", question.text, word=word)


def _absolute(question: Question, number: int) -> Iterator[Hint]:
    """Words that give wrong options away: such as no right option has."""
    if any(listed("absolute").search(option.text) for option in question.options if option.right):
        return
    for option in question.options:
        if found := listed("absolute").search(option.text):
            yield _about(question, number, "absolute-word", option.text, word=found[0], text=shortened(option.text))


def _lengths(question: Question, number: int) -> Iterator[Hint]:
    """One option much longer than all others."""
    lengths = sorted(map(len, _options(question)))
    if len(lengths) > 1 and lengths[-1] > max(MUCH_LONGER * lengths[-2], lengths[-2] + LETTERS_LONGER):
        about = {"longest": lengths[-1], "others": lengths[-2]}
        yield _about(question, number, "one-option-longer", question.text, **about)


def _feedback(question: Question, number: int) -> Iterator[Hint]:
    said = (question.right_feedback, question.wrong_feedback, *(option.feedback for option in question.options))
    if not any(said) and not question.is_marked_by_hand:
        yield _about(question, number, "no-feedback", question.text)


def _stem(question: Question, number: int) -> Iterator[Hint]:
    if (count := words(question.text)) > LONG_STEM and question.type != "cloze":
        yield _about(question, number, "long-question", question.text, words=count, most=LONG_STEM)


CHECKS: Sequence[Callable[[Question, int], Iterator[Hint]]] = (
    _stem, _negative, _all_or_none, _absolute, _lengths, _feedback,
)  # fmt: skip


def _about(question: Question, number: int, key: str, *about: str, **values: Any) -> Hint:
    return hint(FILE, key, question.id, *about, block=number, question=question.id, **values)


def _singles(quiz: Quiz) -> list[Question]:
    return [q for q in quiz.questions if q.type == "single" and len(q.options) > 1 and any(o.right for o in q.options)]


def _right_place(question: Question) -> int:
    return next(place for place, option in enumerate(question.options) if option.right)


def _options(question: Question) -> list[str]:
    return [option.text for option in question.options] if question.type in CHOSEN else []


def _at_least(times: int, of: int, chance: float) -> float:
    """How likely something happens at least `times` times of `of`."""
    return sum(comb(of, n) * chance**n * (1 - chance) ** (of - n) for n in range(times, of + 1))
