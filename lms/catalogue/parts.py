"""How the blocks that are more than text look in a lesson: video, audio, file, embed, question, slides."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from lms.catalogue import blocks, plain
from lms.language import gettext

TAGS = {"video", "audio", "track", "iframe", "section"}
ATTRIBUTES = {
    "video": {"src", "poster", "controls", "preload", "playsinline", "aria-label"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "track": {"kind", "src", "srclang", "label", "default"},
    "iframe": {"src", "title", "sandbox", "loading"},
    "section": {"class", "aria-label", "data-slides"},
}
FOUR_SPACES = 4
PLACE = re.compile(r'<div data-question="([^"]*)"></div>')


def container_parts(md: MarkdownIt) -> None:
    """A plugin: `::: video …` and the like, each rendered here."""
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("fence", "parts", _rule, {"alt": interrupted})


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.sCount[start] - state.blkIndent >= FOUR_SPACES:
        return False
    lines = state.getLines(start, end, state.blkIndent, False).split("\n")
    opened = blocks.OPEN.match(lines[0])
    if opened is None or opened[2] not in PARTS:
        return False
    if silent:
        return True
    body, after = blocks.body_of(lines, 0)
    before, state.parentType = (state.parentType, state.lineMax), "container"
    PARTS[opened[2]](_Part(state, start + 1, start + body, opened[2], (opened[3] or "").strip()))
    state.parentType, state.lineMax = before
    state.line = start + after
    return True


class _Part:
    """A container on its way into tokens: what it says, and its body between two lines."""

    def __init__(self, state: StateBlock, start: int, end: int, name: str, argument: str) -> None:
        self.state, self.start, self.end, self.name, self.argument = state, start, end, name, argument
        target, _, title = argument.partition(" ")
        self.target, self.title = target, title.strip() or PurePosixPath(target).name

    def html(self, content: str) -> None:
        self.state.push("html_block", "", 0).content = content

    def markdown(self, start: int, end: int) -> None:
        self.state.lineMax = end
        self.state.md.block.tokenize(self.state, start, end)

    def lines(self) -> list[str]:
        body = self.state.getLines(self.start, self.end, self.state.blkIndent, False)
        return body.split("\n") if self.end > self.start else []

    def options(self) -> Mapping[str, str]:
        """The lines `captions: …` and `poster: …` at the head of the body; the rest is left."""
        found: dict[str, str] = {}
        for line in self.lines():
            if option := plain.OPTION.match(line):
                found[option[1]] = option[2]
            elif line.strip():
                break
            self.start += 1
        return found

    def address(self, target: str) -> str:
        return escape(self.state.env["address"](target)) if target.startswith("media/") else ""

    @property
    def is_empty(self) -> bool:
        return not any(line.strip() for line in self.lines())


def _video(part: _Part) -> None:
    options, title = part.options(), escape(part.title)
    poster = f' poster="{part.address(options["poster"])}"' if "poster" in options else ""
    part.html(
        f'<figure class="media"><video controls playsinline preload="{"none" if poster else "metadata"}"{poster}'
        f' src="{part.address(part.target)}" aria-label="{title}">{_track(part, options)}</video>'
        f"<figcaption>{title}</figcaption></figure>\n"
    )
    _transcript(part, gettext("lesson.transcript-video"))


def _audio(part: _Part) -> None:
    part.options()
    title = escape(part.title)
    part.html(
        f'<figure class="media"><audio controls preload="none" src="{part.address(part.target)}" aria-label="{title}">'
        f"</audio><figcaption>{title}</figcaption></figure>\n"
    )
    _transcript(part, gettext("lesson.transcript-audio"))


def _track(part: _Part, options: Mapping[str, str]) -> str:
    if "captions" not in options:
        return ""
    label = escape(gettext("lesson.captions"))
    return f'<track kind="captions" srclang="vi" label="{label}" src="{part.address(options["captions"])}" default>'


def _transcript(part: _Part, words: str) -> None:
    if not part.is_empty:
        part.html(f'<details class="transcript"><summary>{escape(words)}</summary>\n')
        part.markdown(part.start, part.end)
        part.html("</details>\n")


def _file(part: _Part, note: str = "") -> None:
    kind = escape(PurePosixPath(part.target).suffix.removeprefix(".").upper())
    link = f'<a href="{part.address(part.target)}">{escape(part.title)}</a> <span class="file-kind">{kind}</span>'
    part.html(f'<div class="attachment"><p>{link}</p>\n{note}')
    part.markdown(part.start, part.end)
    part.html("</div>\n")


def _embed(part: _Part) -> None:
    """A package is shown in a frame from which nothing reaches the page; one that cannot be opened is offered as a file."""
    playable = part.state.env["playable"]
    if playable is None:
        note = f'<p>{escape(part.title)}</p>\n<p class="file-kind">{escape(gettext("lesson.left-out"))}</p>\n'
        part.html(f'<div class="attachment">{note}')
        part.markdown(part.start, part.end)
        part.html("</div>\n")
        return
    if part.target not in playable:
        _file(part, f'<p class="file-kind">{escape(gettext("lesson.not-playable"))}</p>\n')
        return
    title, opened = escape(part.title), f"{part.address(part.target)}?open=1"
    part.html(
        f'<figure class="media embed"><iframe src="{opened}" title="{title}" sandbox="allow-scripts" loading="lazy">'
        f'</iframe><figcaption>{title} · <a href="{opened}">{escape(gettext("lesson.open-alone"))}</a></figcaption>'
        "</figure>\n"
    )
    if not part.is_empty:
        part.html(f'<details class="transcript"><summary>{escape(gettext("lesson.in-words"))}</summary>\n')
        part.markdown(part.start, part.end)
        part.html("</details>\n")


def _question(part: _Part) -> None:
    """A place that each page fills with the question, because its form belongs to the reader."""
    part.html(f'<div data-question="{escape(part.argument)}"></div>\n')


def _slides(part: _Part) -> None:
    title = part.argument or gettext("lesson.slides")
    spans = blocks.slide_spans(part.lines()) if part.end > part.start else []
    part.html(f'<section class="slides" data-slides="" aria-label="{escape(title)}">\n')
    part.html(f'<p class="slides-title">{escape(title)}</p>\n')
    for number, (start, end) in enumerate(spans, start=1):
        label = gettext("lesson.slide", number=number, of=len(spans))
        part.html(f'<div class="slide" role="group" aria-label="{escape(label)}">\n')
        part.markdown(part.start + start, part.start + end)
        part.html("</div>\n")
    part.html("</section>\n")


PARTS: Mapping[str, Callable[[_Part], None]] = {
    "video": _video,
    "audio": _audio,
    "file": _file,
    "embed": _embed,
    "question": _question,
    "slides": _slides,
}


def cut_at_questions(html: str) -> Sequence[str]:
    """A lesson's HTML cut at its questions: HTML, question, HTML, question, …, HTML."""
    return PLACE.split(html)
