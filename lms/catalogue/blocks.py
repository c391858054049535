"""A lesson's Markdown as blocks, and back. Pure.

`join(split(text)) == text` for every text: a block keeps its own lines in `source`, and what stands between it and the next
one in `after`. What a trainer fills in instead of Markdown is in `plain.py`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CALLOUTS = ("situation", "law", "example", "mistake", "tip", "warning", "check", "summary")
MEDIA = ("video", "audio", "file", "embed")
PARTS = (*MEDIA, "question", "slides")
KINDS = ("text", "heading", "image", "table", "callout", "checklist", *PARTS)

OPEN = re.compile(r" {0,3}(:{3,})[ \t]*(\S+)(?:[ \t]+(.*))?$")
CLOSE = re.compile(r" {0,3}(:{3,})[ \t]*$")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
BOX = re.compile(r"[-*+] \[ \] (\S.*)$")
DELIMITERS = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
PIPE = re.compile(r"(?<!\\)\|")
PICTURE = re.compile(r'!\[((?:[^\[\]\\]|\\.)*)\]\(([^()\s<>"]+)(?:[ \t]+"((?:[^"\\]|\\.)*)")?\)[ \t]*$')
SLIDE_END = "---"


@dataclass(frozen=True, slots=True)
class Block:
    """One block; `line` is the 1-based line of the text on which it begins, `name` that of a callout."""

    kind: str
    source: str
    line: int = 1
    after: str = "\n\n"
    name: str = ""


def split(markdown: str) -> tuple[Block, ...]:
    """The blocks of a text, in their order."""
    lines = markdown.split("\n")
    spans = list(_spans(lines))
    if not spans:
        return (Block("text", "", after=markdown),) if markdown else ()
    starts = [start for start, _, _, _ in spans]
    blocks = [Block("text", "", after="\n".join(lines[: starts[0]]) + "\n")] if starts[0] else []
    for (start, end, kind, name), following in zip(spans, [*starts[1:], None], strict=True):
        between = ["", *lines[end:following], *([""] if following is not None else [])]
        after = "\n".join(between) if len(between) > 1 else ""
        blocks.append(Block(kind, "\n".join(lines[start:end]), start + 1, after, name))
    return tuple(blocks)


def join(blocks: Iterable[Block]) -> str:
    """The text of blocks: the inverse of `split`."""
    return "".join(block.source + block.after for block in blocks)


def arranged(blocks: Iterable[Block]) -> str:
    """The text of blocks that were moved or changed: one empty line between two, nothing at the ends."""
    return "\n\n".join(source for block in blocks if (source := block.source.strip("\n")))


def body_of(lines: Sequence[str], start: int) -> tuple[int, int]:
    """Where the body of the container that opens at a line ends, and where the container does. A question has no body."""
    opened = OPEN.match(lines[start])
    assert opened is not None
    least = len(opened[1])
    last = min(start + 2, len(lines)) if opened[2] == "question" else len(lines)
    for number in range(start + 1, last):
        closed = CLOSE.match(lines[number])
        if closed and len(closed[1]) >= least:
            return number, number + 1
    return (start + 1, start + 1) if opened[2] == "question" else (len(lines), len(lines))


def is_closed(source: str) -> bool:
    """Whether a container ends by a line of its own, and not because the text does."""
    lines = source.split("\n")
    end = body_of(lines, 0)
    return end[0] < end[1] or end[1] < len(lines) or lines[0].split()[1:2] == ["question"]


def slide_spans(lines: Sequence[str]) -> list[tuple[int, int]]:
    """The slides in the lines of a deck: (first line, line after the last)."""
    cuts = [number for number, line in enumerate(lines) if line.strip() == SLIDE_END]
    return list(zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(lines)], strict=True))


def _spans(lines: Sequence[str]) -> Iterable[tuple[int, int, str, str]]:
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        end, kind, name = _block_at(lines, at)
        yield at, end, kind, name
        at = end


def _block_at(lines: Sequence[str], at: int) -> tuple[int, str, str]:
    """(line after the block, kind, name of a callout)."""
    line = lines[at]
    if name := _container_name(line):
        end = body_of(lines, at)[1]
        return (end, "callout", name) if name in CALLOUTS else (end, name, "")
    if FENCE.match(line):
        return _after_fence(lines, at), "text", ""
    if HEADING.match(line):
        return at + 1, "heading", ""
    if RULE.match(line):
        return at + 1, "text", ""
    if ITEM.match(line):
        end = _after_list(lines, at)
        return end, "checklist" if all(map(BOX.match, lines[at:end])) else "text", ""
    end = _after_paragraph(lines, at)
    if end - at == 1 and PICTURE.match(line):
        return end, "image", ""
    is_table = end - at > 1 and "|" in line and DELIMITERS.match(lines[at + 1])
    return end, "table" if is_table and len(cells(line)) == len(cells(lines[at + 1])) else "text", ""


def _container_name(line: str) -> str:
    opened = OPEN.match(line)
    return opened[2] if opened and opened[2] in (*CALLOUTS, *PARTS) else ""


def _begins_another(line: str) -> bool:
    return bool(_container_name(line) or FENCE.match(line) or HEADING.match(line))


def _after_fence(lines: Sequence[str], at: int) -> int:
    opened = FENCE.match(lines[at])
    assert opened is not None
    mark = opened[1]
    for number in range(at + 1, len(lines)):
        line = lines[number].strip()
        if len(line) >= len(mark) and set(line) == {mark[0]}:
            return number + 1
    return len(lines)


def _after_list(lines: Sequence[str], at: int) -> int:
    end = at + 1
    for number in range(at + 1, len(lines)):
        line, is_inside = lines[number], lines[number].startswith(("  ", "\t"))
        if not line.strip():
            continue
        is_after_gap = number > end
        if (is_after_gap and not (is_inside or ITEM.match(line))) or (not is_inside and _begins_another(line)):
            break
        if RULE.match(line) and not is_inside:
            break
        end = number + 1
    return end


def _after_paragraph(lines: Sequence[str], at: int) -> int:
    for number in range(at + 1, len(lines)):
        if not lines[number].strip() or _begins_another(lines[number]):
            return number
    return len(lines)


def cells(line: str) -> list[str]:
    """The cells of a line of a table."""
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith(r"\|"):
        inner = inner[:-1]
    return [cell.strip().replace(r"\|", "|") for cell in PIPE.split(inner)]
