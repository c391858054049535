"""What a key says: letters, truths, numbers, words; and how a question's key is written. Pure."""

import re
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from lms import text
from lms.catalogue.check import GAP, PARAMETER
from lms.catalogue.content import Question
from lms.exchange.notation import flat, meaning, spelling, word

if TYPE_CHECKING:
    from lms.exchange.parts import Parts

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SEPARATOR = re.compile(r"\s*(?:[,;&+/|–\-]|\bva\b|\band\b|\s)\s*")
RUN = re.compile(r"[A-Za-z](?:" + SEPARATOR.pattern + r"[A-Za-z])*\s*[.)]?")
LETTER_FIRST = re.compile(r"\(?([A-Za-z])\s*[.):\-–]\s*(\S.*)", re.DOTALL)
JUDGED = re.compile(r"\b([a-z])\s*[.):\-–]?\s*(dung|sai|d|s)\b")
TRUTHS = sorted(word(spelling("truth", code)) for code in ("true", "false"))
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
POINTS = re.compile(r"(?<=\d)\s*d(?:iem)?\s*$")
ARROW = re.compile(r"\s*(?:->|→|–|-|,|;|<|\s)\s*")


@dataclass
class Choice:
    """A line that can be chosen, under its letter; `is_marked`: it looks like the right one (bold, red, a star)."""

    letter: str
    text: str
    is_marked: bool = False
    feedback: str = ""
    place: str = ""


def listed(words: str) -> list[str]:
    """Several answers: on lines of their own, else between bars, else between semicolons."""
    sign = next((sign for sign in ("\n", "|", ";") if sign in words), "\n")
    return [clean for each in words.split(sign) if (clean := text.clean(each))]


def separated(words: str) -> list[str]:
    """Words between commas, semicolons, bars or lines."""
    return [clean for each in re.split(r"[,;|\n]", words) if (clean := text.clean(each))]


def number(words: str) -> float | None:
    """1.234,5 · 1234.5 · 1.234 (which is a thousand and more) · 12 as a number."""
    plain = words.replace(" ", "")
    if THOUSANDS.fullmatch(plain) or ("," in plain and plain.rfind(".") < plain.find(",")):
        plain = plain.replace(".", "").replace(",", ".")
    elif plain.rfind(",") < plain.find("."):
        plain = plain.replace(",", "")
    try:
        found = float(plain)
    except ValueError:
        return None
    if not isfinite(found) or not re.fullmatch(r"[\d.+\-eE]+", plain):
        return None
    return int(found) if found.is_integer() and abs(found) < 1 << 53 else found


def points(words: str) -> float | None:
    """A number that may be followed by the word for points."""
    named = POINTS.search(flat(words))
    return number(words[: named.start()] if named else words)


def written(value: float) -> str:
    """A number as it is read back: 1234,5."""
    return repr(int(value)) if float(value).is_integer() and abs(value) < 1 << 53 else repr(value).replace(".", ",")


def amount(words: str) -> float | str | None:
    """The answer to a numeric question: a number, or the parameter that gives it."""
    return words if PARAMETER.fullmatch(words) else number(words)


def kind(parts: "Parts") -> str:
    """The type of a question that does not tell it; empty when there is nothing to go by."""
    answer = parts.fields.get("answer", "")
    if parts.rubric or parts.fields.get("most_words"):
        return "essay"
    if parts.gaps and GAP.search(parts.text):
        return "cloze"
    if parts.pairs:
        return "matching"
    if parts.choices:
        return _kind_of_choice(parts)
    if meaning("truth", answer) and not answer.isdigit():
        return "true-false"
    if amount(answer) is not None:
        return "numeric"
    return "short" if answer else ""


def _kind_of_choice(parts: "Parts") -> str:
    if sorted(word(choice.text) for choice in parts.choices) == TRUTHS:
        return "true-false"
    return "multiple" if len(right_letters(parts)) > 1 else "single"


def right_letters(parts: "Parts") -> set[str]:
    """The letters of the right choices: as the key says, else as they are marked. What is wrong is remarked once."""
    marked = {choice.letter for choice in parts.choices if choice.is_marked}
    if len(marked) == len(parts.choices):  # all look alike: that is the look of the page
        marked = set()
    answer = parts.fields.get("answer", "")
    if not answer:
        if not marked and not _is_said(parts, "no-right"):
            parts.say("no-right", is_error=True)
        return marked
    found = letters(answer, parts.choices)
    if found is None:
        if not _is_said(parts, "answer-no-letter"):
            parts.say("answer-no-letter", parts.places.get("answer", ""), is_error=True, answer=answer)
        return set()
    if marked and marked != found and not _is_said(parts, "marked-otherwise"):
        said = {"answer": ", ".join(sorted(found)), "marked": ", ".join(sorted(marked))}
        parts.say("marked-otherwise", parts.places.get("answer", ""), is_error=True, **said)
    return found


def letters(answer: str, choices: list[Choice]) -> set[str] | None:
    """The letters that a key names: `B`, `B và D`, `ABD`, `B. Huyện`, the words of a choice, `a) Đ b) S`."""
    known = {choice.letter for choice in choices}
    if RUN.fullmatch(flat(answer).strip(" .()")):
        found = {each.upper() for each in SEPARATOR.split(flat(answer).strip(" .()")) if each}
        return found if found <= known else None
    if answer.isupper() and answer.isalpha() and set(answer) <= known and len(set(answer)) == len(answer):
        return set(answer)
    same = {choice.letter for choice in choices if word(answer) and word(choice.text) == word(answer)}
    if same:
        return same if len(same) == 1 else None
    judged = JUDGED.findall(flat(answer))
    if len(judged) == len(choices) > 1:
        return {letter.upper() for letter, truth in judged if truth.startswith("d")} & known
    first = LETTER_FIRST.fullmatch(answer.strip())
    return {first[1].upper()} if first and first[1].upper() in known else None


def truth(parts: "Parts") -> bool | None:
    """The answer to a true-false question, also when it is chosen by letter."""
    answer = parts.fields.get("answer", "")
    if not parts.choices:
        return {"true": True, "false": False}.get(meaning("truth", answer))
    if (said := meaning("truth", answer)) and not answer.isdigit() and letters(answer, parts.choices) is None:
        return said == "true"
    right = right_letters(parts)
    chosen = [meaning("truth", choice.text) for choice in parts.choices if choice.letter in right]
    return chosen == ["true"] if len(chosen) == 1 else None


def ordered(parts: "Parts") -> list[str]:
    """The items of an ordering question in the order that the key says, else as they stand."""
    by_letter = {choice.letter: choice.text for choice in parts.choices}
    wanted = [each.upper() for each in ARROW.split(parts.fields.get("answer", "").strip(" .")) if each]
    if all(each.isdigit() for each in wanted):
        wanted = [LETTERS[int(each) - 1] if 0 < int(each) <= 26 else each for each in wanted]
    if not wanted:
        return list(by_letter.values())
    if sorted(wanted) != sorted(by_letter):
        answer = parts.fields.get("answer", "")
        parts.say("bad-order", parts.places.get("answer", ""), is_error=True, answer=answer)
        return []
    return [by_letter[each] for each in wanted]


def key(question: Question) -> str:
    """The answer of a question as it is written behind its label."""
    if question.type in ("single", "multiple"):
        return ", ".join(LETTERS[i % 26] for i, option in enumerate(question.options) if option.right)
    if question.type == "true-false" and isinstance(question.answer, bool):
        return spelling("truth", "true" if question.answer else "false")
    if question.type == "ordering":
        return " – ".join(LETTERS[i % 26] for i in range(len(question.items)))
    if question.type == "short":
        return " | ".join(question.answers)
    if isinstance(question.answer, str) or question.answer is None:
        return question.answer or ""
    return written(question.answer)


def choices(question: Question) -> list[Choice]:
    """The lettered lines of a question."""
    lines = [(option.text, option.feedback) for option in question.options] or [(item, "") for item in question.items]
    return [Choice(LETTERS[i % 26], words, False, feedback) for i, (words, feedback) in enumerate(lines)]


def _is_said(parts: "Parts", key: str) -> bool:
    return any(remark.key == key for remark in parts.remarks)
