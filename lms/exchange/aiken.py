"""Aiken: single choices as plain text. A question, its options `A. …`, then `ANSWER: B`.

Specification: docs.moodle.org, «Aiken format». Read are also stems of several lines, small letters, and «Đáp án: B».
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lms import text
from lms.catalogue.content import Option, Question
from lms.exchange import encodings, labels, markup, notation
from lms.exchange.carried import Carried, Remark
from lms.exchange.gathering import Gathering, blank, text_file
from lms.exchange.losses import Losses

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OPTION = re.compile(r"\s*([A-Za-z])[.)]\s+(.*)")
ANSWER = re.compile(r"\s*ANSWER\s*:\s*(.*?)\s*", re.IGNORECASE)
LETTER = re.compile(r"\s*([^:.]{1,20}?)\s*[:.]\s*([A-Za-z])\.?\s*")
LOOKS_SO = re.compile(rb"(?m)^\s*ANSWER\s*:\s*[A-Za-z]\s*$")


@dataclass
class Draft:
    """A question on its way."""

    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[int, str, str]] = field(default_factory=list)


def recognises(name: str, content: bytes) -> bool:
    """Whether a text has a line `ANSWER: B`."""
    head = encodings.head(content)
    return b"\0" not in head and bool(LOOKS_SO.search(head))


def read(name: str, content: bytes) -> Carried:
    """The questions of an Aiken file; a remark's place is a line."""
    gathering, source = text_file(content)
    draft: Draft | None = None
    for line_number, line in enumerate(source.split("\n"), start=1):
        if answer := _answer(line):
            _add(gathering, draft, line_number, answer.upper())
            draft = None
        elif line.strip():
            draft = _with_line(gathering, draft, line_number, line.strip())
    if draft:
        gathering.remark(str(draft.line), "aiken-no-answer", is_error=True)
    return gathering.carried()


def _answer(line: str) -> str:
    """What a line gives as the answer: `ANSWER: …` whatever it says, other words for it before a letter."""
    if answer := ANSWER.fullmatch(line):
        return answer[1].rstrip(".") or "?"
    letter = LETTER.fullmatch(line)
    return letter[2] if letter and notation.meaning("field", letter[1]) == "answer" else ""


def _with_line(gathering: Gathering, draft: Draft | None, line_number: int, line: str) -> Draft:
    """One more line: an option, more of the stem or of the last option, or the next question."""
    draft = draft or Draft(line_number)
    option = OPTION.fullmatch(line)
    if option and _is_next(option[1].upper(), draft):
        draft.options.append((line_number, option[1].upper(), option[2]))
    elif not draft.options:
        draft.stem.append(line)
    elif len(draft.options) >= 2:
        gathering.remark(str(draft.line), "aiken-no-answer", is_error=True)
        draft = Draft(line_number, [line])
    else:
        at, letter, words = draft.options[-1]
        draft.options[-1] = (at, letter, f"{words} {line}")
    return draft


def _is_next(letter: str, draft: Draft) -> bool:
    """Options begin with A and go on by the alphabet; what else looks like one is text."""
    expected = LETTERS[len(draft.options)] if len(draft.options) < len(LETTERS) else ""
    return bool(draft.stem) and (letter == expected or (bool(draft.options) and letter > draft.options[-1][1]))


def _add(gathering: Gathering, draft: Draft | None, line_number: int, answer: str) -> None:
    if draft is None or not draft.stem:
        gathering.remark(str(line_number), "answer-without-question", is_error=True)
        return
    letters = [letter for _, letter, _ in draft.options]
    if answer not in letters:
        gathering.remark(
            str(line_number), "answer-not-an-option", is_error=True, answer=answer, letters=", ".join(letters)
        )
        return
    options = tuple(Option(_words(words), letter == answer) for _, letter, words in draft.options)
    gathering.add(str(draft.line), blank("single", text=_words("\n".join(draft.stem)), options=options))


def _words(words: str) -> str:
    return markup.escaped(text.clean_lines(words))


def write(carried: Carried) -> tuple[bytes, list[Remark]]:
    """The single choices as an Aiken file, and what it cannot hold of them and of the others."""
    losses = Losses(carried)
    losses.remarks.append(Remark("", "lost-names"))
    written = [_question(question, losses) for question in carried.questions]
    return "\n".join(filter(None, written)).encode(), losses.remarks


def _question(question: Question, losses: Losses) -> str:
    if question.type != "single":
        losses.refuse(question, "type-not-in-format", type=question.type)
        return ""
    if len(question.options) > len(LETTERS):
        losses.refuse(question, "too-many-options", most=len(LETTERS))
        return ""
    question = losses.one_variant(question)
    losses.pictures(question)
    losses.lose_fields(question, "topic", "points", "right_feedback", "wrong_feedback", *labels.EVERYWHERE)
    for option in question.options:
        if option.feedback:
            losses.lose(question, "lost-option-feedback", words=option.feedback[:80])
    texts = [question.text, *(option.text for option in question.options)]
    if any(_words(_line(words)) != words for words in texts):
        losses.lose(question, "lost-marks")
    right = next(letter for letter, option in zip(LETTERS, question.options, strict=False) if option.right)
    return "\n".join([*_lines(question), f"ANSWER: {right}", ""])


def _lines(question: Question) -> Iterator[str]:
    yield _stem(_line(question.text))
    for letter, option in zip(LETTERS, question.options, strict=False):
        yield f"{letter}. {_line(option.text)}"


def _line(words: str) -> str:
    return " ".join(markup.plain(words).split())


def _stem(line: str) -> str:
    """A stem that looks like an answer would be read as one."""
    return f"«{line}»" if _answer(line) else line
