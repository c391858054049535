"""How hard a text is to read: its sentences, and its load. Pure.

**What the load is, and what it is not.** The published formulas for Vietnamese (Nguyen and Henkin, "A Second Generation
Readability Formula for Vietnamese", Journal of Reading 29, 1985; Luong et al., "Assessing Vietnamese Text Readability
using Multi-Level Linguistic Features", 2020) need words cut out of syllables and graded word lists, which we do not
have. So the load has the form of Björnsson's LIX (1968), long sentences plus hard words: the mean number of syllables
of a sentence, plus the per cent of syllables that stand in office phrases (`words.toml`). It is not calibrated on
graded readers. It orders lessons among themselves, and its threshold is a setting.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("words.toml")

SENTENCE_END = re.compile(r"(?<=[.!?…;])[\"'»”’)\]*_]*(?:\s+|$)")
SYLLABLE = re.compile(r"\w[\w/%.,-]*")
MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`|==|~~")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ x]\]\s+)?")
NOT_PROSE = ("|", ":::", "#", "![", "---")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, or an item of a list, as it is read; `line` counts from 0."""

    line: int
    text: str

    @property
    def sentences(self) -> list[str]:
        return [part for part in (found.strip() for found in SENTENCE_END.split(self.text)) if words(part)]


@cache
def listed(name: str) -> re.Pattern[str]:
    """What finds the words and phrases of a list of `words.toml`."""
    phrases: list[str] = tomllib.loads(DATA.read_text("utf-8"))[name]
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


@cache
def turning() -> re.Pattern[str]:
    """What finds a word that turns a question around, in one of its groups."""
    patterns: list[str] = tomllib.loads(DATA.read_text("utf-8"))["turning"]
    return re.compile("|".join(patterns))


def words(text: str) -> int:
    """The syllables of a text, which is what Vietnamese counts as words."""
    return sum(1 for found in SYLLABLE.finditer(text) if any(char.isalnum() for char in found[0]))


def plain(markdown: str) -> str:
    """A line of Markdown as it is read."""
    return MARKS.sub("", LINK.sub(r"\1", markdown)).strip()


def paragraphs(markdown: str) -> Iterator[Paragraph]:
    """The paragraphs and list items of a text; headings, tables, pictures and the frames of blocks are none."""
    start = 0
    held: list[str] = []
    for number, line in enumerate([*markdown.split("\n"), ""]):
        begins_anew = not line.strip() or line.lstrip().startswith(NOT_PROSE) or ITEM.match(line) is not None
        if begins_anew and held:
            yield Paragraph(start, plain(" ".join(held)))
            held = []
        if not line.strip() or line.lstrip().startswith(NOT_PROSE):
            continue
        start = start if held else number
        held.append(ITEM.sub("", line).strip())


def load(found: Sequence[Paragraph]) -> float:
    """Mean syllables of a sentence plus the per cent of syllables in office phrases; 0 for no text."""
    sentences = [sentence for paragraph in found for sentence in paragraph.sentences]
    syllables = sum(map(words, sentences))
    if not syllables:
        return 0.0
    heavy = sum(words(phrase[0]) for sentence in sentences for phrase in listed("heavy").finditer(sentence))
    return syllables / len(sentences) + 100 * heavy / syllables
