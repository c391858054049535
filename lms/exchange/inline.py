"""Spans as Markdown and back: bold, italic, code, links, pictures. Pure.

What cannot be told exactly in spans stays Markdown in one raw span, so `markdown(spans(text)) == text` for every text.
"""

import re
from collections.abc import Iterable, Iterator

from lms.exchange.paragraphs import Span, Spans

SIGNS = re.compile(r"[\\`*_\[\]<&!~]")
ESCAPED = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])|`|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_(?=\S)|(?<=\S)_(?![^\W_])|&(?=#?\w+;)|<(?=[a-z]+:)|~(?=~)|!?\[(?=[^\[\]]*\]\()"
)
WRITTEN = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])|`(?P<code>[^`\n]+)`|\*\*(?P<bold>(?:[^*\\]|\\.)+)\*\*|\*(?P<italic>(?:[^*\\]|\\.)+)\*"
    r'|!\[(?P<alt>[^\[\]\\]*)\]\((?P<picture>media/[^()\s"]+)(?: "(?P<caption>[^"\\]*)")?\)'
    r"|\[(?P<words>[^\[\]\\]+)\]\((?P<link>[^()\s]+)\)",
    re.DOTALL,
)
EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)


def markdown(spans: Iterable[Span]) -> str:
    """The Markdown of spans."""
    return "".join(_written(span) for span in spans)


def spans(source: str) -> Spans:
    """The spans of a Markdown text that come back as the same text."""
    if not SIGNS.search(source):
        return (Span(source),) if source else ()
    found = tuple(_joined(_read(source)))
    return found if markdown(found) == source else (Span(source, is_raw=True),)


def plain(spans: Iterable[Span]) -> str:
    """The letters of spans, without their look."""
    return "".join(span.text for span in spans if not span.picture)


def _written(span: Span) -> str:
    if span.is_raw:
        return span.text
    if span.picture:
        caption = f' "{span.caption}"' if span.caption else ""
        return f"![{span.text}]({span.picture}{caption})"
    before, words, after = EDGES.fullmatch(span.text).groups()  # type: ignore[union-attr]
    if not words:
        return span.text
    words = f"`{words}`" if span.is_code and "`" not in words else ESCAPED.sub(r"\\\g<0>", words)
    words = f"[{words}]({span.link})" if span.link else words
    stars = "*" * (span.is_italic + 2 * span.is_bold)
    return f"{before}{stars}{words}{stars}{after}"


def _read(source: str) -> Iterator[Span]:
    at = 0
    for found in WRITTEN.finditer(source):
        yield Span(source[at : found.start()])
        yield _one(found)
        at = found.end()
    yield Span(source[at:])


def _one(found: re.Match[str]) -> Span:
    if (kind := found.lastgroup) == "escaped":
        return Span(found["escaped"])
    if kind == "code":
        return Span(found["code"], is_code=True)
    if kind in ("bold", "italic"):
        return Span(_unescaped(found[kind]), is_bold=kind == "bold", is_italic=kind == "italic")
    if found["picture"]:
        return Span(found["alt"], picture=found["picture"], caption=found["caption"] or "")
    return Span(found["words"], link=found["link"])


def _unescaped(words: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", words)


def _joined(found: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in found:
        if not (span.text or span.picture):
            continue
        if last and not last.picture and last._replace(text="") == span._replace(text=""):
            last = last._replace(text=last.text + span.text)
        else:
            if last:
                yield last
            last = span
    if last:
        yield last
