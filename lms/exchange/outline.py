"""Which headings of a document are lessons, which are sections, and what stands under each. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from lms import text
from lms.catalogue.content import Lesson
from lms.exchange import inline, lesson_text
from lms.exchange.answers import number
from lms.exchange.carried import Remark
from lms.exchange.notation import flat
from lms.exchange.paragraphs import Block, Paragraph, paragraphs

NAMED = (
    (re.compile(r"(?:chuong|phan)\s+(?:\d+|[ivx]+)\b"), 1),
    (re.compile(r"(?:bai|chuyen de)\s+(?:\d+|[ivx]+)\b"), 2),
    (re.compile(r"(?:[ivx]+|\d+)[.)]\s+\S"), 3),
)
LESSON = re.compile(r"(?:bai|chuyen de)\s+(?:\d+|[ivx]+)\b")
NUMBERED = re.compile(r"\s*(?:bai|chuyen de)\s+(?:\d+|[ivx]+)\s*[.:\-–]\s*(?=\S)")
LONGEST_HEADING = 150
WORDS_A_MINUTE = 180
MOST_MINUTES = 600
LESSON_SLUG = re.compile(r"\d\d-[a-z0-9-]{1,80}")


@dataclass
class Part:
    """A heading and what stands under it. `asks`: questions came under it."""

    heading: Paragraph | None
    blocks: list[Block] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    asks: bool = False

    @property
    def title(self) -> str:
        return "" if self.heading is None else text.clean(inline.plain(self.heading.spans))


def with_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, in which bold lines such as «Bài 1.» are headings when the author used no styles for them."""
    if any(isinstance(block, Paragraph) and block.style == "heading" for block in blocks):
        return list(blocks)
    return [_promoted(block) if isinstance(block, Paragraph) else block for block in blocks]


def lesson_level(blocks: Sequence[Block]) -> int:
    """The level of the headings that begin lessons; 0 when there are none."""
    headings = [block for block in blocks if isinstance(block, Paragraph) and block.style == "heading"]
    if not headings:
        return 0
    named = Counter(heading.level for heading in headings if LESSON.match(flat(heading.plain).strip()))
    if named:
        return named.most_common(1)[0][0]
    levels = sorted({heading.level for heading in headings})
    is_title = len(levels) > 1 and [h.level for h in headings].count(levels[0]) == 1 and headings[0].level == levels[0]
    has_title = any(isinstance(block, Paragraph) and block.style == "title" for block in blocks)
    return levels[1] if is_title and not has_title else levels[0]


def lesson(part: Part, position: int, top: int) -> tuple[Lesson, list[Remark]]:
    """The lesson that a part is."""
    source, remarks = lesson_text.markdown(part.blocks, top)
    title = part.title
    cut = NUMBERED.match(flat(title))
    title = title[cut.end() :] if cut else title
    slug = part.fields.get("slug", "")
    if not LESSON_SLUG.fullmatch(slug):
        slug = f"{position:02}-{text.slug(title)[:60].strip('-') or 'bai'}"
    outcomes = tuple(text.clean(each) for each in part.fields.get("outcomes", "").split(",") if text.clean(each))
    return Lesson(slug, title, _minutes(part, source), outcomes, part.fields.get("summary", ""), source), remarks


def loose(part: Part) -> list[Remark]:
    """A remark at each block that belongs to no lesson and no question."""
    return [Remark(block.place, "not-taken") for block in part.blocks]


def has_words(part: Part, least: int) -> bool:
    """Whether at least so many words stand under a heading, or a picture."""
    texts = [paragraph.plain for block in part.blocks for paragraph in paragraphs(block)]
    return sum(len(words.split()) for words in texts) >= least


def _promoted(block: Paragraph) -> Paragraph:
    found = flat(block.plain).strip()
    if block.style or block.label or not block.is_bold or len(found) > LONGEST_HEADING or "\n" in block.plain:
        return block
    level = next((level for pattern, level in NAMED if pattern.match(found)), 0)
    return replace(block, style="heading", level=level) if level else block


def _minutes(part: Part, source: str) -> int:
    said = re.match(r"\s*(\d{1,3})", part.fields.get("minutes", ""))
    found = number(said[1]) if said else None
    return min(int(found) if found else max(1, ceil(len(source.split()) / WORDS_A_MINUTE)), MOST_MINUTES)
