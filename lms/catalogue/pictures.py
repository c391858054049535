"""Pictures in texts: where they are named, what is wrong with them, and the words that stand for them. Pure."""

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import replace

from lms.catalogue.content import Question

PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)")
WHOLE = re.compile(r"!\[([^\]]*)\]\((media/[^)\s]+)[^)]*\)")
SIGN = "▣ "
"""What stands before the description of a picture that cannot be shown."""


def problems(words: str, media: Container[str]) -> Iterator[tuple[str, str]]:
    """(key, target) of what is wrong with the pictures of a text."""
    for alternative, target in PICTURE.findall(words):
        if not alternative.strip():
            yield "picture-without-words", target
        if target not in media:
            yield "no-picture", target


def named(words: str) -> list[tuple[str, str]]:
    """(description, path) of the pictures of a text that lie in media/."""
    return WHOLE.findall(words) if "](media/" in words else []


def in_words(words: str) -> str:
    """A text with the descriptions of its pictures in their place."""
    return WHOLE.sub(lambda found: f"{SIGN}{found[1]}", words) if "](media/" in words else words


def texts(question: Question) -> Iterator[str]:
    """All Markdown of a question."""
    yield from (question.text, question.right_feedback, question.wrong_feedback)
    for option in question.options:
        yield from (option.text, option.feedback)
    yield from (left for left, _ in question.pairs)
    yield from question.items
    yield from (criterion.text for criterion in question.rubric)


def of_question(question: Question) -> list[str]:
    """The paths of the pictures of a question, each once."""
    return list(dict.fromkeys(path for words in texts(question) for _, path in named(words)))


def changed(question: Question, change: Callable[[str], str]) -> Question:
    """A question with all its Markdown changed; itself when it names no picture."""
    if not of_question(question):
        return question
    return replace(
        question,
        text=change(question.text),
        right_feedback=change(question.right_feedback),
        wrong_feedback=change(question.wrong_feedback),
        options=tuple(replace(o, text=change(o.text), feedback=change(o.feedback)) for o in question.options),
        pairs=tuple((change(left), right) for left, right in question.pairs),
        items=tuple(map(change, question.items)),
        rubric=tuple(replace(criterion, text=change(criterion.text)) for criterion in question.rubric),
    )


def as_words(question: Question) -> Question:
    """A question as it is measured: its pictures are the words that describe them."""
    return changed(question, in_words)
