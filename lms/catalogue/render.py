"""Lessons from Markdown to safe HTML. Rendered once, when a version is published."""

import re
from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from lms.catalogue import parts
from lms.catalogue.blocks import CALLOUTS
from lms.catalogue.pictures import SIGN
from lms.language import gettext, speaking

BOX = "[ ] "
MEDIA = "media/"
ANSWER = re.compile(r"\A==(.+)==\Z", re.DOTALL)
SEAM = re.compile(r"(?<=[./?=&@])(?=\w)")
"""Where an address may go on in the next line without being misread."""

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "s", "a", "code", "pre", "blockquote", "hr", "br", "table",
    "thead", "tbody", "tr", "th", "td", "img", "figure", "figcaption", "aside", "details", "summary", "div", "span", "wbr",
    *parts.TAGS,
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "loading", "title"},
    "ol": {"start"},
    "ul": {"class"},
    "aside": {"class"},
    "details": {"class"},
    "p": {"class"},
    "div": {"class", "tabindex", "role", "aria-label", "data-question"},
    "figure": {"class"},
    "span": {"class"},
    "h2": {"id"},
    "h3": {"id"},
    "th": {"scope"},
    "td": {"data-label"},
    **parts.ATTRIBUTES,
}

INLINE_TAGS = {"strong", "em", "code", "br", "wbr", "img"}
INLINE_ATTRIBUTES = {"img": {"src", "alt", "loading", "class"}, "em": {"class"}}

Address = Callable[[str], str]


def lesson_html(
    markdown: str, *, address: Address, playable: Collection[str] | None = (), has_anchors: bool = True
) -> str:
    """The HTML of a lesson, in Vietnamese whoever asks.

    `address` turns a target of the text (`media/…`, `02-….md`) into a URL; `playable` are the packages that can be opened,
    None leaves packages out.
    A block that stands alone on a page has no anchors.
    """
    with speaking("vi"):
        html = _markdown().render(markdown, {"address": address, "playable": playable, "has_anchors": has_anchors})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https"}, link_rel="noopener")


def inline_html(markdown: str, *, pictures: str = "") -> str:
    """A question's or an option's text: emphasis, line breaks, pictures on lines of their own, no blocks.

    `pictures` is the address under which those of media/ lie; without one, and for all others, stands what describes them.
    """
    html = _plain.renderInline(markdown, {"pictures": pictures})

    def kept(_tag: str, name: str, value: str) -> str | None:
        return value if name != "src" or (pictures and value.startswith(pictures)) else None

    return nh3.clean(html, tags=INLINE_TAGS, attributes=INLINE_ATTRIBUTES, attribute_filter=kept)


@cache
def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "breaks": False}).enable(["table", "strikethrough"])
    for name in CALLOUTS:
        container_plugin(md, name, render=_callout)
    md.use(parts.container_parts)
    md.core.ruler.push("checklists", _checklists)
    md.core.ruler.push("figures", _figures)
    md.core.ruler.push("answers", _answers)
    md.core.ruler.push("headings", _headings)
    md.core.ruler.push("tables", _tables)
    md.core.ruler.push("addresses", _addresses)
    md.add_render_rule("figure_caption", _caption)
    md.add_render_rule("code_inline", _code)
    return md


def _callout(renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Mapping[str, Any]) -> str:
    token = tokens[index]
    if token.nesting < 0:
        return "</aside>\n"
    name, _, title = token.info.strip().partition(" ")
    words = nh3.clean_text(title.strip() or gettext(f"callout.{name}"))
    return f'<aside class="callout callout-{name}"><p class="callout-title">{words}</p>\n'


def _checklists(state: StateCore) -> None:
    """A list whose items all begin with `[ ]` becomes a checklist."""
    for index, token in enumerate(state.tokens):
        if token.type == "bullet_list_open":
            inlines = [t for t in state.tokens[index : _close(state.tokens, index)] if t.type == "inline"]
            if inlines and all(t.content.startswith(BOX) for t in inlines):
                token.attrSet("class", "checklist")
                for inline in inlines:
                    first = (inline.children or [])[0]
                    first.content = first.content.removeprefix(BOX)


def _figures(state: StateCore) -> None:
    """A picture alone in its paragraph becomes a figure; its title is the caption."""
    for before, inline, after in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        pictures = inline.children or []
        if (
            inline.type == "inline"
            and before.type == "paragraph_open"
            and len(pictures) == 1
            and pictures[0].type == "image"
        ):
            picture = pictures[0]
            before.tag = after.tag = "figure"
            before.hidden = after.hidden = False
            picture.attrSet("loading", "lazy")
            if caption := picture.attrs.pop("title", None):
                note = Token("figure_caption", "figcaption", 0, content=str(caption))
                inline.children = [picture, note]


def _caption(renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Mapping[str, Any]) -> str:
    return f"<figcaption>{nh3.clean_text(tokens[index].content)}</figcaption>"


def _code(renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Mapping[str, Any]) -> str:
    return f"<code>{'<wbr>'.join(escapeHtml(part) for part in SEAM.split(tokens[index].content))}</code>"


def _picture(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    """A picture among the words of a question."""
    token = tokens[index]
    words = escapeHtml(renderer.renderInlineAsText(token.children, options, env))
    address, caption = _picture_address(token, env), str(token.attrGet("title") or "")
    if not address:
        return f"<em>{SIGN}{words}</em>"
    note = f'<em class="picture-caption">{escapeHtml(caption)}</em>' if caption else ""
    return f'<img class="question-picture" src="{address}" alt="{words}" loading="lazy">{note}'


def _picture_address(token: Token, env: Mapping[str, Any]) -> str:
    """Where a picture lies, as HTML; empty when the page cannot show it."""
    target = unquote(str(token.attrGet("src") or ""))
    is_ours = env["pictures"] and target.startswith(MEDIA) and ".." not in target
    return escapeHtml(env["pictures"] + quote(target.removeprefix(MEDIA))) if is_ours else ""


def _break(renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Mapping[str, Any]) -> str:
    """A new line, but where a picture has just ended one."""
    before = tokens[index - 1] if index else None
    has_ended = before is not None and before.type == "image" and _picture_address(before, env)
    return "\n" if has_ended else "<br>\n"


def _answers(state: StateCore) -> None:
    """`==…==` alone in its paragraph is folded until it is opened."""
    tokens: list[Token] = []
    for token in state.tokens:
        if (
            token.type == "inline"
            and ANSWER.match(token.content)
            and token.children
            and tokens[-1].type == "paragraph_open"
        ):
            token.children[0].content = token.children[0].content.removeprefix("==")
            token.children[-1].content = token.children[-1].content.removesuffix("==")
            summary = f'<details class="answer"><summary>{nh3.clean_text(gettext("callout.answer"))}</summary>\n'
            paragraph = tokens.pop()
            tokens += [Token("html_block", "", 0, content=summary), paragraph, token]
        elif token.type == "paragraph_close" and tokens and tokens[-1].type == "inline" and _is_answer(tokens):
            tokens += [token, Token("html_block", "", 0, content="</details>\n")]
        else:
            tokens.append(token)
    state.tokens = tokens


def _is_answer(tokens: list[Token]) -> bool:
    return len(tokens) > 2 and tokens[-3].type == "html_block" and tokens[-3].content.startswith("<details")


def _headings(state: StateCore) -> None:
    """Headings are places to come back to: `s-1`, `s-2`, …; a lesson has no h1 of its own."""
    number = 0
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"
        if token.type == "heading_open" and token.tag in ("h2", "h3"):
            number += 1
            if state.env["has_anchors"]:
                token.attrSet("id", f"s-{number}")


def _tables(state: StateCore) -> None:
    """Each cell knows its column's words, so that rows can be shown as cards on a phone."""
    labels: list[str] = []
    column = 0
    for index, token in enumerate(state.tokens):
        if token.type == "table_open":
            labels = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            words = state.tokens[index + 1].content
            labels.append(words)
            if words:
                token.attrs = {"scope": "col"}
            else:  # an empty corner heads nothing
                token.tag = state.tokens[index + 2].tag = "td"
        elif token.type == "td_open":
            label = labels[column] if column < len(labels) else ""
            token.attrs = {"data-label": re.sub(r"[*_`]", "", label)}
            column += 1


def _addresses(state: StateCore) -> None:
    address: Address = state.env["address"]
    for inline in state.tokens:
        for token in inline.children or []:
            name = {"image": "src", "link_open": "href"}.get(token.type)
            if name:
                token.attrSet(name, address(str(token.attrGet(name) or "")))


def _close(tokens: Sequence[Token], start: int) -> int:
    level = tokens[start].level
    return next(i for i in range(start + 1, len(tokens)) if tokens[i].level == level and tokens[i].nesting < 0)


_plain = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["link", "autolink"])
_plain.add_render_rule("code_inline", _code)
_plain.add_render_rule("image", _picture)
_plain.add_render_rule("softbreak", _break)
_plain.add_render_rule("hardbreak", _break)
