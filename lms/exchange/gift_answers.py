"""What stands between the braces of a GIFT question, type by type, as the fields of a question."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.catalogue.content import Gap, Option
from lms.exchange.gathering import Gathering, even_weights, number
from lms.text import clean

SIGNS = str.maketrans(dict(zip("\x0e\x01\x02\x03\x04\x05\x06\x07", "\\~=#{}:\n", strict=True)))
FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
ANSWER = re.compile(r"([~=])\s*(?:%(-?\d{1,3}(?:\.\d*)?)%)?([^~=]*)")
TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
RANGE = re.compile(r"(.+?)\.\.(.+)")
GAP_SIGN = "\ue000"

Fields = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """One of the answers: marked right by `=`, worth a share when one is written, with a comment."""

    place: str
    is_right: bool
    share: float | None
    text: str
    comment: str


@dataclass
class Parsed:
    """A question taken apart: its text before and after the braces, what stands in them, the format of its texts."""

    gathering: Gathering
    line: int
    stem: str
    after: str
    answers: str
    format: str
    answers_line: int = 0

    def words(self, source: str) -> str:
        """A text of the question as Markdown."""
        source = source.strip()
        form = FORMAT.match(source)
        words = source[form.end() if form else 0 :].translate(SIGNS).strip()
        return self.gathering.formatted(str(self.line), words, form[1] if form else self.format)


def in_short(text: str) -> str:
    """The beginning of a text on one line, signs as they are meant."""
    return _plain(text)[:80]


def _plain(text: str) -> str:
    return clean(text.translate(SIGNS))


def _answers(parsed: Parsed) -> list[Answer]:
    """Among choices the right one has no share, so what looks like one there is text."""
    inner = parsed.answers if parsed.answers[:1] in ("~", "=") else f"={parsed.answers}"
    shared = "~" if "~" in inner else "~="
    found, line = [], parsed.answers_line
    for match in ANSWER.finditer(inner):
        sign, share, text = match[1], match[2] if match[1] in shared else None, match[3]
        words, _, comment = (text if share or not match[2] else f"%{match[2]}%{text}").partition("#")
        found.append(
            Answer(str(line), sign == "=", float(share) / 100 if share else None, words.strip(), comment.strip())
        )
        line += match[0].count("\n")
    return found


def _single(parsed: Parsed) -> Fields:
    answers = _answers(parsed)
    for answer in answers:
        if not answer.is_right and answer.share:
            parsed.gathering.remark(answer.place, "lost-weight", share=f"{answer.share * 100:g}")
    return {"options": tuple(_option(parsed, answer, answer.is_right) for answer in answers)}


def _multiple(parsed: Parsed) -> Fields:
    shares = [(answer, answer.share or 0.0) for answer in _answers(parsed)]
    right = sum(share > 0 for _, share in shares)
    if right and not even_weights(right, [(share > 0, share) for _, share in shares]):
        parsed.gathering.remark(str(parsed.line), "uneven-weights")
    return {"options": tuple(_option(parsed, answer, share > 0) for answer, share in shares)}


def _option(parsed: Parsed, answer: Answer, is_right: bool) -> Option:
    return Option(parsed.words(answer.text), is_right, parsed.words(answer.comment) if answer.comment else "")


def _true_false(parsed: Parsed) -> Fields:
    """`T#comment when wrong#comment when right`"""
    truth, wrong, right = [part.strip() for part in [*parsed.answers.split("#", 2), "", ""][:3]]
    comments = {"right_feedback": right, "wrong_feedback": wrong}
    return {
        "answer": TRUTH[truth.upper()],
        **{name: parsed.words(words) if words else "" for name, words in comments.items()},
    }


def _typed(parsed: Parsed) -> Fields:
    """Typed answers: those that are wholly right."""
    full = []
    for answer in _answers(parsed):
        if answer.share is not None and answer.share < 1:
            share = f"{answer.share * 100:g}"
            parsed.gathering.remark(answer.place, "lost-answer", answer=in_short(answer.text), share=share)
        else:
            full.append(answer)
    comments = dict.fromkeys(parsed.words(answer.comment) for answer in full if answer.comment)
    texts = tuple(_plain(answer.text) for answer in full)
    return {"answers": texts, "forgive": ("case",), "right_feedback": "\n\n".join(comments)}


def _numeric(parsed: Parsed) -> Fields:
    """`#5:0.1`, `#1..5`, or several with shares, of which the first that is wholly right counts."""
    inner = parsed.answers[1:].strip()
    several = [_numeric_part(match[3], match[2]) for match in ANSWER.finditer(inner)] if "=" in inner else []
    parts = several or [_numeric_part(inner, None)]
    share, written, comment = next((part for part in parts if part[0] == 1), parts[0])
    for other_share, other, _ in parts:
        if (other_share, other) != (share, written):
            parsed.gathering.remark(str(parsed.line), "lost-answer", answer=other, share=f"{other_share * 100:g}")
    answer, tolerance = _span(written)
    return {"answer": answer, "tolerance": tolerance, "right_feedback": parsed.words(comment) if comment else ""}


def _numeric_part(words: str, share: str | None) -> tuple[float, str, str]:
    written, _, comment = words.partition("#")
    return float(share) / 100 if share else 1, written.translate(SIGNS).strip(), comment.strip()


def _span(written: str) -> tuple[float | None, float]:
    """(answer, tolerance) of `5:0.1` and of `4.9..5.1`."""
    if ends := RANGE.fullmatch(written):
        low, high = number(ends[1]), number(ends[2])
        if low is None or high is None:
            return None, 0
        middle = round((low + high) / 2, 9)
        return (int(middle) if middle == int(middle) else middle), round(abs(high - low) / 2, 9)
    answer, _, tolerance = written.partition(":")
    return number(answer), number(tolerance or "0") or 0


def _matching(parsed: Parsed) -> Fields:
    pairs, extra = [], []
    for answer in _answers(parsed):
        left, _, right = f"{answer.text}{'#' if answer.comment else ''}{answer.comment}".partition("->")
        if left.strip():
            pairs.append((parsed.words(left), _plain(right)))
        else:
            extra.append(_plain(right))
    return {"pairs": tuple(pairs), "extra": tuple(extra)}


def _ordering(parsed: Parsed) -> Fields:
    """A line of settings after `>`, then the items in their order."""
    lines = [line.strip() for line in parsed.answers.split("\n")[1:]]
    return {"items": tuple(parsed.words(line) for line in lines if line)}


def _cloze(parsed: Parsed) -> Fields:
    """A missing word: the answers stand inside the sentence."""
    answers = _answers(parsed)
    for answer in answers:
        if answer.comment:
            parsed.gathering.remark(answer.place, "lost-option-feedback", words=in_short(answer.comment))
        if answer.share not in (None, 1, 0):
            parsed.gathering.remark(answer.place, "lost-weight", share=f"{(answer.share or 0) * 100:g}")
    texts = [(answer.is_right, _plain(answer.text)) for answer in answers]
    if all(is_right for is_right, _ in texts):
        gap = Gap("a", answers=tuple(words for _, words in texts), forgive=("case",))
    else:
        gap = Gap("a", options=tuple(words for _, words in sorted(texts, key=lambda each: not each[0])))
    text = parsed.words(f"{parsed.stem}{GAP_SIGN}{parsed.after}")
    return {"text": text.replace(GAP_SIGN, "[[a]]"), "gaps": (gap,)}


READERS: Mapping[str, Callable[[Parsed], Fields]] = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _true_false,
    "short": _typed,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": lambda parsed: {},
}
