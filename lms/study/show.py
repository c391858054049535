"""Small things that templates ask of questions."""

import re
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from lms.catalogue.check import GAP
from lms.catalogue.content import Gap, Question
from lms.catalogue.render import inline_html

BOLD = re.compile(r"\*\*(.+?)\*\*")
DOTS = "……"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a gap stands in a cloze: its number in the question, and the gap."""

    number: int
    gap: Gap


@lru_cache(maxsize=1 << 12)
def inline(text: str) -> Markup:
    """The text of a question or option as safe inline HTML."""
    return Markup(inline_html(text))


def brief(text: str, most: int = 140) -> str:
    """The beginning of what a question asks, in a line, its gaps as dots: for lists."""
    words = BOLD.sub(r"\1", GAP.sub(DOTS, " ".join(text.split())))
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"


def paragraphs(text: str) -> Markup:
    """A comment as paragraphs."""
    return Markup("").join(Markup("<p>{}</p>").format(inline(part)) for part in text.split("\n\n") if part.strip())


@lru_cache(maxsize=1 << 10)
def cloze_parts(question: Question) -> tuple[str | Place, ...]:
    """A cloze cut into its texts and gaps, in reading order."""
    numbers = {gap.id: number for number, gap in enumerate(question.gaps)}
    pieces = GAP.split(question.text)
    return tuple(
        Place(numbers[piece], question.gaps[numbers[piece]]) if index % 2 else piece
        for index, piece in enumerate(pieces)
    )
