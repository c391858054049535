"""A lesson's Markdown as blocks, and back. Pure.

`join(split(text)) == text` for every text: a block keeps its own lines in `source`, and what stands between it and the next
one in `after`. A block whose kind has a plain form can be read as one (`plain`), and a plain form can be written (`source`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

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
OPTION = re.compile(r"(captions|poster):[ \t]*(\S+)[ \t]*$")
SLIDE_END = "---"
TARGET = re.compile(r"[^()\s<>\"]+")


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


class Plain(Protocol):
    """The plain form of a block."""

    @property
    def source(self) -> str: ...

    @classmethod
    def read(cls, source: str) -> Self | None:
        """The form of a source; None when it says more than the form can hold."""


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs and lists, as Markdown."""

    text: str

    @property
    def source(self) -> str:
        return self.text.strip("\n")

    @classmethod
    def read(cls, source: str) -> Self:
        return cls(source)


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 2 is a section, 3 a part of one."""

    level: int
    text: str

    @property
    def source(self) -> str:
        return f"{'#' * self.level} {_line(self.text)}"

    @classmethod
    def read(cls, source: str) -> Self | None:
        found = HEADING.match(source)
        return cls(len(found[1]), found[2] or "") if found else None


@dataclass(frozen=True, slots=True)
class Picture:
    """`alt` says in words what the picture shows."""

    target: str
    alt: str
    caption: str = ""

    @property
    def source(self) -> str:
        caption = f' "{_escaped(_line(self.caption), chr(34))}"' if self.caption.strip() else ""
        return f"![{_escaped(_line(self.alt), '[]')}]({self.target}{caption})"

    @classmethod
    def read(cls, source: str) -> Self | None:
        found = PICTURE.match(source)
        return cls(found[2], _unescaped(found[1], "[]"), _unescaped(found[3] or "", '"')) if found else None


@dataclass(frozen=True, slots=True)
class Table:
    """`cells` by rows, the first row being the head; every row is as long as the head."""

    cells: tuple[tuple[str, ...], ...]

    @property
    def source(self) -> str:
        head, *rows = [[_line(cell).replace("|", r"\|") for cell in row] for row in self.cells]
        return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])

    @classmethod
    def read(cls, source: str) -> Self:
        rows = [_cells(line) for number, line in enumerate(source.split("\n")) if number != 1]
        width = len(rows[0])
        return cls(tuple((*row, *[""] * (width - len(row)))[:width] for row in rows))


@dataclass(frozen=True, slots=True)
class Callout:
    """A framed note; without a title it has the usual one of its name."""

    name: str
    title: str
    body: str

    @property
    def source(self) -> str:
        return _container(self.name, _line(self.title), self.body)

    @classmethod
    def read(cls, source: str) -> Self:
        name, title, body = _opened(source)
        return cls(name, title, body)


@dataclass(frozen=True, slots=True)
class Checklist:
    """Things to tick off."""

    items: tuple[str, ...]

    @property
    def source(self) -> str:
        return "\n".join(f"- [ ] {_line(item)}" for item in self.items)

    @classmethod
    def read(cls, source: str) -> Self | None:
        found = [BOX.match(line) for line in source.split("\n")]
        return cls(tuple(item[1] for item in found if item)) if all(found) else None


@dataclass(frozen=True, slots=True)
class Media:
    """A video, a sound, a file or a package. `body` is the transcript, or what it holds in words."""

    kind: str
    target: str
    title: str
    body: str = ""
    captions: str = ""
    poster: str = ""

    @property
    def source(self) -> str:
        options = [f"{name}: {value}" for name in ("captions", "poster") if (value := getattr(self, name))]
        return _container(self.kind, f"{self.target} {_line(self.title)}", "\n".join([*options, self.body.strip("\n")]))

    @classmethod
    def read(cls, source: str) -> Self:
        kind, argument, body = _opened(source)
        target, _, title = argument.partition(" ")
        options, body = media_options(body)
        return cls(kind, target, title.strip(), body, options.get("captions", ""), options.get("poster", ""))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the bank that the lesson asks."""

    question: str

    @property
    def source(self) -> str:
        return f"::: question {self.question}\n:::"

    @classmethod
    def read(cls, source: str) -> Self:
        return cls(_opened(source)[1])


@dataclass(frozen=True, slots=True)
class Slides:
    """A deck: each slide is Markdown."""

    title: str
    slides: tuple[str, ...]

    @property
    def source(self) -> str:
        return _container("slides", _line(self.title), f"\n\n{SLIDE_END}\n\n".join(s.strip("\n") for s in self.slides))

    @classmethod
    def read(cls, source: str) -> Self:
        _, title, body = _opened(source)
        lines = body.split("\n")
        return cls(title, tuple("\n".join(lines[start:end]).strip("\n") for start, end in slide_spans(lines)))


FORMS: dict[str, type[Plain]] = {
    "text": Text,
    "heading": Heading,
    "image": Picture,
    "table": Table,
    "callout": Callout,
    "checklist": Checklist,
    **dict.fromkeys(MEDIA, Media),
    "question": Asked,
    "slides": Slides,
}


def plain(block: Block) -> Plain | None:
    """A block as its plain form; None when it says more than the form can hold, and only its Markdown shows all of it."""
    form = FORMS[block.kind].read(block.source)
    if form is None:
        return None
    again = split(form.source)
    return form if len(again) <= 1 and FORMS[block.kind].read(form.source) == form else None


def media_options(body: str) -> tuple[dict[str, str], str]:
    """The `captions:` and `poster:` lines at the head of a body, and the rest."""
    lines, options = body.strip("\n").split("\n"), {}
    while lines and (found := OPTION.match(lines[0])):
        options[found[1]] = found[2]
        lines.pop(0)
    return options, "\n".join(lines).strip("\n")


def numbered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks with their lines counted anew."""
    line, found = 1, []
    for block in blocks:
        found.append(replace(block, line=line))
        line += (block.source + block.after).count("\n")
    return tuple(found)


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
    return end, "table" if is_table and len(_cells(line)) == len(_cells(lines[at + 1])) else "text", ""


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


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith(r"\|"):
        inner = inner[:-1]
    return [cell.strip().replace(r"\|", "|") for cell in PIPE.split(inner)]


def _opened(source: str) -> tuple[str, str, str]:
    """(name, what follows it, body) of a container."""
    lines = source.split("\n")
    opened = OPEN.match(lines[0])
    assert opened is not None
    return opened[2], (opened[3] or "").strip(), "\n".join(lines[1 : body_of(lines, 0)[0]]).strip("\n")


def _container(name: str, argument: str, body: str) -> str:
    inner = max((len(found[1]) for line in body.split("\n") if (found := CLOSE.match(line))), default=2)
    marks = ":" * max(3, inner + 1)
    return "\n".join(filter(None, [f"{marks} {name} {argument}".rstrip(), body.strip("\n"), marks]))


def _line(value: str) -> str:
    return " ".join(value.split())


def _escaped(value: str, marks: str) -> str:
    return re.sub(rf"([\\{re.escape(marks)}])", r"\\\1", value)


def _unescaped(value: str, marks: str) -> str:
    return re.sub(rf"\\([\\{re.escape(marks)}])", r"\1", value)
