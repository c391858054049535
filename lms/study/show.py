"""Small things that templates ask of questions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from lms.catalogue.check import GAP
from lms.catalogue.content import Gap, Question
from lms.catalogue.pictures import in_words
from lms.catalogue.render import inline_html

BOLD = re.compile(r"\*\*(.+?)\*\*")
DOTS = "……"
IN_MEDIA = "](media/"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a gap stands in a cloze: its number in the question, and the gap."""

    number: int
    gap: Gap


@pass_context
def inline(context: Context, text: str, pictures: str = "") -> Markup:
    """The text of a question or option as safe inline HTML.

    Its pictures lie at `pictures`, else where the page says (`pictures=` of the template); nowhere: their words are shown.
    """
    return _inline(text, (pictures or context.get("pictures", "")) if IN_MEDIA in text else "")


@lru_cache(maxsize=1 << 12)
def _inline(text: str, pictures: str) -> Markup:
    return Markup(inline_html(text, pictures=pictures))


def brief(text: str, most: int = 140) -> str:
    """The beginning of what a question asks, in a line, its gaps as dots: for lists."""
    words = BOLD.sub(r"\1", GAP.sub(DOTS, " ".join(in_words(text).split())))
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"


@pass_context
def paragraphs(context: Context, text: str) -> Markup:
    """A comment as paragraphs."""
    parts = (inline(context, part) for part in text.split("\n\n") if part.strip())
    return Markup("").join(map(Markup("<p>{}</p>").format, parts))


def in_order(question: Question, given: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The items of an ordering in their right order, each with the place that a response gave it."""
    places = given or [""] * len(question.items)
    return [(item, place) for _, item, place in sorted(zip(question.places, question.items, places, strict=True))]


@lru_cache(maxsize=1 << 10)
def cloze_parts(question: Question) -> tuple[str | Place, ...]:
    """A cloze cut into its texts and gaps, in reading order."""
    numbers = {gap.id: number for number, gap in enumerate(question.gaps)}
    pieces = GAP.split(question.text)
    return tuple(
        Place(numbers[piece], question.gaps[numbers[piece]]) if index % 2 else piece
        for index, piece in enumerate(pieces)
    )
