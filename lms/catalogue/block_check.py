"""What makes the blocks of a lesson right: they end, their files are there, and nobody is left out who cannot hear or see."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lms.catalogue import blocks, embeds, media, plain
from lms.catalogue.blocks import MEDIA, Block
from lms.catalogue.content import Content

if TYPE_CHECKING:
    from lms.catalogue.package import _Reader

CONTAINERS = ("callout", *MEDIA, "slides")
HOLDERS = ("callout", "slides")
ROLES: Mapping[str, tuple[str, ...]] = {
    "video": ("video",),
    "audio": ("audio",),
    "file": ("document", "package", "picture", "audio", "video"),
    "embed": ("package",),
}


def check_blocks(content: Content, files: Mapping[str, bytes], report: "_Reader") -> None:
    """Report the problems of all blocks of all lessons and of the kit."""
    for lesson in content.pages:
        name = f"{lesson.slug}.md"
        body, first = _body(report.texts[name])
        for block, line in walk(body, first):
            _Check(content, files, report, name, line).of(block)


def walk(markdown: str, first_line: int = 1) -> Iterator[tuple[Block, int]]:
    """All blocks of a text with their lines, also those inside callouts and slides."""
    for block in blocks.split(markdown):
        line = first_line + block.line - 1
        yield block, line
        if block.kind in HOLDERS:
            lines = block.source.split("\n")
            yield from walk("\n".join(lines[1 : blocks.body_of(lines, 0)[0]]), line + 1)


def _body(source: str) -> tuple[str, int]:
    """A lesson's text without its head, and the line on which it begins."""
    head, _, body = source.partition("\n+++\n")
    return body, head.count("\n") + 3


class _Check:
    """The problems of one block."""

    def __init__(self, content: Content, files: Mapping[str, bytes], report: "_Reader", name: str, line: int) -> None:
        self.content, self.files, self.report, self.name, self.line = content, files, report, name, line

    def say(self, key: str, *, is_hint: bool = False, **values: str) -> None:
        self.report.problem(self.name, self.line, key, is_hint=is_hint, **values)

    def of(self, block: Block) -> None:
        if block.kind in CONTAINERS and not blocks.is_closed(block.source):
            self.say("block-not-closed")
        if block.kind in MEDIA:
            self.media(plain.Media.read(block.source))
        elif block.kind == "question":
            self.question(plain.Asked.read(block.source).question)
        elif block.kind == "slides" and not any(plain.Slides.read(block.source).slides):
            self.say("empty-slides")

    def media(self, part: plain.Media) -> None:
        named = {part.target: ROLES[part.kind], part.captions: ("captions",), part.poster: ("picture",)}
        for target, roles in named.items():
            if target not in self.files:
                if target or roles == ROLES[part.kind]:
                    self.say("no-media", target=target)
            elif (kind := media.kind(target)) and kind.role not in roles:
                self.say("media-of-other-kind", target=target, kinds=", ".join(media.suffixes(*roles)))
        if not part.title:
            self.say("media-without-title", is_hint=True, target=part.target)
        if part.kind in ("video", "audio") and not part.body:
            self.say("no-transcript", target=part.target)
        if part.kind == "video" and not part.captions:
            self.say("no-captions", is_hint=True, target=part.target)
        if part.kind == "embed":
            self.embed(part)

    def embed(self, part: plain.Media) -> None:
        if not part.body:
            self.say("embed-without-words", target=part.target)
        content = self.files.get(part.target)
        if content and (key := embeds.trouble(content)):
            self.say(key, is_hint=key == "embed-not-playable", target=part.target)

    def question(self, asked: str) -> None:
        question = self.content.quiz.by_id.get(asked)
        if question is None:
            self.say("unknown-lesson-question", question=asked)
        elif question.is_marked_by_hand:
            self.say("lesson-question-by-hand", question=asked)
