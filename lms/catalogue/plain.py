"""The plain forms of blocks: what a trainer fills in instead of Markdown. Pure.

Each form is read from the source of a block and written as one; `plain` gives the form only when it says all that the block does.
"""

import re
from dataclasses import dataclass
from typing import Protocol, Self

from lms.catalogue.blocks import (
    BOX,
    CLOSE,
    HEADING,
    MEDIA,
    OPEN,
    PICTURE,
    SLIDE_END,
    Block,
    body_of,
    cells,
    slide_spans,
    split,
)

OPTION = re.compile(r"(captions|poster):[ \t]*(\S+)[ \t]*$")


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
        rows = [cells(line) for number, line in enumerate(source.split("\n")) if number != 1]
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
