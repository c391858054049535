"""Questions in plain text, as they are typed in Word, pasted from a mail or exported by it: `Câu 1 … A. … Đáp án: B`."""

import re
from pathlib import PurePosixPath

from lms import text
from lms.exchange import word
from lms.exchange.carried import Carried, Source
from lms.exchange.exam_text import START
from lms.exchange.gathering import text_file
from lms.exchange.notation import flat
from lms.exchange.paragraphs import Block, Paragraph, Span, tidy

LONGEST = 4_000_000


def recognises(name: str, content: bytes) -> bool:
    """Whether a text has lines that begin with «Câu 1»."""
    if b"\0" in content[:1000] or len(content) > LONGEST:
        return False
    found = flat(text.normal(content[:20_000].decode("utf-8", "replace")))
    return any(START.match(line.strip()) for line in re.split(r"\n", found) if line.strip().startswith("cau"))


def read(name: str, content: bytes) -> Carried:
    """The questions of a text, by lines."""
    gathering, source = text_file(content)
    if not source:
        return Carried(remarks=gathering.remarks)
    lines = [(number, line) for number, line in enumerate(source.split("\n"), start=1) if line.strip()]
    blocks: list[Block] = [Paragraph(tidy([Span(line)]), place=str(number)) for number, line in lines]
    carried = word.understood(blocks, {}, PurePosixPath(text.clean(name)).stem)
    carried.source = tuple(Source(str(number), line.strip()[: word.SHOWN]) for number, line in lines)
    return carried
