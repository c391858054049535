"""Moodle's embedded answers: `{1:MULTICHOICE:=right~wrong#comment}` inside a text, to gaps and back.

Specification: docs.moodle.org, «Embedded Answers (Cloze) question type».
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lms.catalogue.content import Gap
from lms.exchange import markup
from lms.exchange.labels import gap_ids
from lms.exchange.pieces import as_text
from lms.text import clean

ANSWER = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^\\}])*)\}")
TYPED = {"SHORTANSWER": True, "SA": True, "MW": True, "SHORTANSWER_C": False, "SAC": False, "MWC": False}
"""Types that are typed, and whether capitals are forgiven."""
NUMBERS = ("NUMERICAL", "NM")
SEVERAL = ("MULTIRESPONSE", "MULTIRESPONSE_H", "MULTIRESPONSE_S", "MULTIRESPONSE_HS", "MR", "MRH", "MRS", "MRHS")
PART = re.compile(r"((?:\\.|[^\\~])*)(?:~|\Z)", re.DOTALL)
SHARE = re.compile(r"=|%(-?\d+(?:\.\d*)?)%")
COMMENT = re.compile(r"(?<![\\&])#")
OPEN, CLOSE = "\ue000", "\ue001"
"""Around a gap's name while its text goes through other hands."""
MARKED = re.compile("\ue000([a-z0-9]+)\ue001")
TO_ESCAPE = re.compile(r'[\\}#~/"]')


@dataclass
class Embedded:
    """A text with gaps, and what could not be taken over, as (key, values)."""

    text: str
    gaps: list[Gap] = field(default_factory=list)
    remarks: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def say(self, key: str, **values: Any) -> None:
        """Something is not taken over."""
        self.remarks.append((key, values))


def read(source: str) -> Embedded:
    """The gaps of a text, their places marked; an answer of a type that is not known leaves a place without a gap."""
    found = list(ANSWER.finditer(source))
    made = Embedded("")
    at = 0
    for id, match in zip(gap_ids(len(found)), found, strict=True):
        gap = _gap(id, match[2], match[3], made)
        made.text += source[at : match.start()] + f"{OPEN}{id}{CLOSE}"
        made.gaps += [gap] if gap else []
        at = match.end()
    made.text += source[at:]
    if len({match[1] or "1" for match in found}) > 1:
        made.say("uneven-gaps")
    return made


def _gap(id: str, kind: str, inner: str, made: Embedded) -> Gap | None:
    parts = [(share, words) for share, words in _parts(inner, made) if words]
    right = [words for share, words in parts if share == 1]
    if kind in SEVERAL or not right:
        made.say("gap-not-taken", type=kind)
        return None
    for share, words in parts:
        if share not in (0, 1):
            made.say("lost-answer", answer=words, share=f"{share * 100:g}")
    if kind in TYPED or kind in NUMBERS:
        if kind in NUMBERS:
            right = [_without_tolerance(words, made) for words in right]
        return Gap(id, answers=tuple(right), forgive=("case",) if TYPED.get(kind, True) else ())
    wrong = [words for share, words in parts if share != 1]
    if len(right) > 1:
        made.say("one-right-of-gap", answer=right[0])
    return Gap(id, options=(right[0], *wrong)) if wrong else Gap(id, answers=tuple(right))


def _without_tolerance(words: str, made: Embedded) -> str:
    answer, _, tolerance = words.partition(":")
    if tolerance not in ("", "0"):
        made.say("lost-tolerance", answer=words)
    return answer


def _parts(inner: str, made: Embedded) -> Iterator[tuple[float, str]]:
    """(share, words) of the alternatives."""
    for match in PART.finditer(inner):
        words, *comment = COMMENT.split(match[1], maxsplit=1)
        share = SHARE.match(words)
        if comment and comment[0].strip():
            made.say("lost-option-feedback", words=_unescaped(comment[0])[:80])
        worth = 0.0 if share is None else float(share[1]) / 100 if share[1] else 1.0
        yield worth, clean(_unescaped(words[share.end() if share else 0 :]))


def _unescaped(words: str) -> str:
    """What the words mean: escapes resolved, and the HTML that most such texts are."""
    return markup.plain(markup.from_html(re.sub(r"\\(.)", r"\1", words)).text)


def marked(text: str) -> str:
    """A text of ours with the places of its gaps marked."""
    return re.sub(r"\[\[([a-z0-9]+)\]\]", rf"{OPEN}\1{CLOSE}", text)


def placed(text: str) -> str:
    """The inverse of `marked`."""
    return MARKED.sub(r"[[\1]]", text)


def write(gap: Gap) -> str:
    """A gap as an embedded answer, its words as HTML."""
    if gap.options:
        right, *wrong = map(_escaped, gap.options)
        return f"{{1:MULTICHOICE:{'~'.join([f'={right}', *(f'%0%{words}' for words in wrong)])}}}"
    kind = "SHORTANSWER" if gap.forgive else "SHORTANSWER_C"
    return f"{{1:{kind}:{'~'.join(f'={_escaped(words)}' for words in gap.answers)}}}"


def _escaped(words: str) -> str:
    return TO_ESCAPE.sub(r"\\\g<0>", as_text(words))
