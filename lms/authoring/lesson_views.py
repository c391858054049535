"""A lesson on the desk: its blocks, each with its plain form and its Markdown; and the whole as one text."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from lms.access import Permission, allow
from lms.authoring import editing, queries
from lms.authoring.block_forms import KINDS, BlockForm, MarkdownBlock
from lms.authoring.editor_forms import LessonForm, SourceForm
from lms.authoring.editor_views import based, readable
from lms.authoring.models import DraftRevision
from lms.authoring.opened import Opened, opened
from lms.authoring.preview_views import html_of, pictures_of
from lms.authoring.saving import is_script, receipt, refused, save, whole
from lms.authoring.views import Page, authoring
from lms.catalogue import blocks, plain
from lms.catalogue.blocks import Block
from lms.catalogue.content import Question
from lms.catalogue.package import Problem
from lms.language import gettext
from lms.pages import asked_id

STEPS = {"up": -1, "down": 1, "remove": 0}


@dataclass(frozen=True)
class Shown:
    """A block as the page shows it: rendered, or the question that it asks, and what is wrong with it."""

    block: Block
    html: str
    question: Question | None
    problems: list[Problem]


@authoring.get("/teach/drafts/<int:draft_id>/lessons/<lesson>")
@allow(Permission.TEACH)
def lesson(draft_id: int, lesson: str) -> Page:
    """A lesson as blocks. `?block=3` opens the third one, `?add=image&block=3` a new one in its place; `?add` asks which."""
    found = opened(queries.draft(draft_id))
    listed = blocks.split(_text(found, lesson))
    place, kind = (asked_id("block") or 0) - 1, request.args.get("add", "")
    if "add" in request.args:
        at = min(place, len(listed)) if place >= 0 else len(listed)
        return _lesson_page(found, lesson, at, 0, _form(found, kind, KINDS[kind].blank) if kind in KINDS else None)
    if 0 <= place < len(listed):
        return _lesson_page(found, lesson, place, 1, *_forms(found, listed[place]))
    return _lesson_page(found, lesson)


@authoring.post("/teach/drafts/<int:draft_id>/lessons/<lesson>")
@allow(Permission.TEACH)
def save_lesson(draft_id: int, lesson: str) -> Page:
    """Save the head of a lesson."""
    form = LessonForm()
    found = opened(queries.draft(draft_id), form.base.data)
    source, before = _source(found, lesson), found.lesson(lesson)
    content = readable(found, "course.toml")
    if before is None:
        abort(404)
    if not form.offer(content).validate_on_submit():
        return refused() if is_script() else (_lesson_page(found, lesson, head=form), 422)
    new = save(found, _with(found, lesson, editing.with_head(source, form.lesson(before))), act="lesson-head")
    return receipt(new, url_for("authoring.lesson", draft_id=draft_id, lesson=lesson))


@authoring.post("/teach/drafts/<int:draft_id>/lessons/<lesson>/block")
@allow(Permission.TEACH)
def save_block(draft_id: int, lesson: str) -> Page:
    """Save a block from its plain form, or only make room in it for more."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        abort(400)
    form = KINDS[kind].form()
    found = opened(queries.draft(draft_id), form.base.data)
    form.offer(found)
    at, count = whole(form.at.data), whole(form.count.data)
    if what := request.form.get("do", "").removeprefix("more-"):
        form.grow(what)
        return _lesson_page(found, lesson, at, count, form)
    if not form.validate_on_submit():
        return refused() if is_script() else (_lesson_page(found, lesson, at, count, form), 422)
    media = form.with_media(found.media)
    return _saved_block(found, lesson, at, count, form.plain().source, media)


@authoring.post("/teach/drafts/<int:draft_id>/lessons/<lesson>/markdown")
@allow(Permission.TEACH)
def save_markdown(draft_id: int, lesson: str) -> Page:
    """Save a block from its Markdown."""
    form = MarkdownBlock()
    found = opened(queries.draft(draft_id), form.base.data)
    at, count = whole(form.at.data), whole(form.count.data)
    if not form.validate_on_submit():
        return refused() if is_script() else (_lesson_page(found, lesson, at, count, None, form), 422)
    return _saved_block(found, lesson, at, count, form.source.data, None)


@authoring.post("/teach/drafts/<int:draft_id>/lessons/<lesson>/move")
@allow(Permission.TEACH)
def move_block(draft_id: int, lesson: str) -> Page:
    """Move a block up or down or take it out, wherever it now stands; or put all in the order to which they were dragged."""
    seen = opened(queries.draft(draft_id), request.form.get("base"))
    verb, _, number = request.form.get("do", "").partition(":")
    if verb not in STEPS:
        order = list(map(whole, request.form.get("order", "").split()))
        changed = editing.arranged(_text(seen, lesson), order)
        return _moved(seen, lesson, changed, "")
    found = opened(queries.draft(draft_id))
    at = _now_at(seen, found, lesson, whole(number))
    if at is None:
        flash(gettext("editor.block-changed"), "warning")
        return redirect(url_for("authoring.lesson", draft_id=draft_id, lesson=lesson))
    markdown = _text(found, lesson)
    last = len(blocks.split(markdown)) - 1
    if verb == "remove":
        return _moved(found, lesson, editing.spliced(markdown, at, 1, []), f"block-{min(at, last - 1) + 1}")
    to = min(max(at + STEPS[verb], 0), last)
    return _moved(found, lesson, editing.shifted(markdown, at, STEPS[verb]), f"{_button(verb, to, last)}-{to + 1}")


@authoring.get("/teach/drafts/<int:draft_id>/lessons/<lesson>/text")
@allow(Permission.TEACH)
def lesson_text(draft_id: int, lesson: str) -> Page:
    """The whole lesson as one Markdown text."""
    found = opened(queries.draft(draft_id))
    return _text_page(found, lesson, SourceForm(formdata=None, data={"source": _text(found, lesson)}))


@authoring.post("/teach/drafts/<int:draft_id>/lessons/<lesson>/text")
@allow(Permission.TEACH)
def save_lesson_text(draft_id: int, lesson: str) -> Page:
    """Save the whole lesson as one text."""
    form = SourceForm()
    found = opened(queries.draft(draft_id), form.base.data)
    if not form.validate_on_submit():
        return refused() if is_script() else (_text_page(found, lesson, form), 422)
    changed = editing.with_body(_source(found, lesson), form.source.data)
    new = save(found, _with(found, lesson, changed), act="lesson-text")
    return receipt(new, url_for("authoring.lesson_text", draft_id=draft_id, lesson=lesson))


def _saved_block(found: Opened, lesson: str, at: int, count: int, markdown: str, media: dict[str, str] | None) -> Page:
    """The lesson with a block replaced. The script hears where the block now stands, since others may write above it."""
    source, sources = _source(found, lesson), editing.sources_of(markdown)
    changed = editing.spliced(editing.body(source), at, count, sources)
    new = save(found, _with(found, lesson, editing.with_body(source, changed)), media=media, act="block")
    place = _place(new, lesson, sources, at)
    anchor = None if place is None else f"block-{place + 1}"
    address = url_for("authoring.lesson", draft_id=found.draft.id, lesson=lesson, _anchor=anchor)
    if place is None:
        return receipt(new, address, gone=True)
    others = _others(source, at, count) == _others(new.files[f"{lesson}.md"], place, len(sources))
    is_same = others and place == at and len(sources) == count
    return receipt(new, address, at=place, count=len(sources), source="\n\n".join(sources), same=is_same)


def _others(source: str, at: int, count: int) -> list[str]:
    """The blocks of a lesson without those of one form."""
    found = editing.sources_of(editing.body(source))
    return found[:at] + found[at + count :]


def _moved(found: Opened, lesson: str, markdown: str, anchor: str) -> Page:
    changed = editing.with_body(_source(found, lesson), markdown)
    new = save(found, _with(found, lesson, changed), act="move-block")
    return receipt(new, url_for("authoring.lesson", draft_id=found.draft.id, lesson=lesson, _anchor=anchor or None))


def _now_at(seen: Opened, found: Opened, lesson: str, at: int) -> int | None:
    """Where a block that somebody saw now stands; None when it was changed or taken out since."""
    sources = editing.sources_of(_text(seen, lesson))
    return editing.place_of(_text(found, lesson), sources[at : at + 1], at) if at < len(sources) else None


def _place(new: DraftRevision, lesson: str, sources: list[str], near: int) -> int | None:
    return editing.place_of(editing.body(new.files.get(f"{lesson}.md", "")), sources, near)


def _source(found: Opened, lesson: str) -> str:
    """The file of a lesson; 404 when there is none."""
    return found.files.get(f"{lesson}.md") or abort(404)


def _text(found: Opened, lesson: str) -> str:
    return editing.body(_source(found, lesson))


def _with(found: Opened, lesson: str, source: str) -> dict[str, str]:
    return {**found.files, f"{lesson}.md": source}


def _form(found: Opened, kind: str, said: Any) -> BlockForm:
    form = KINDS[kind].form
    made = form(formdata=None, data={"kind": kind, **form().show(said)})
    made.offer(found)
    return made


def _forms(found: Opened, block: Block) -> tuple[BlockForm | None, MarkdownBlock]:
    """The plain form of a block, where it has one, and its Markdown."""
    said = plain.plain(block)
    form = _form(found, block.kind, said) if said is not None else None
    return form, MarkdownBlock(formdata=None, data={"source": block.source, "kind": block.kind})


def _button(verb: str, place: int, last: int) -> str:
    """The button that takes the focus: the one that was pressed, or at the end of the way the other one."""
    if place in (0, last) and last:
        return "down" if place == 0 else "up"
    return verb


def _lesson_page(
    found: Opened,
    lesson: str,
    at: int | None = None,
    count: int = 0,
    form: BlockForm | None = None,
    markdown: MarkdownBlock | None = None,
    head: LessonForm | None = None,
) -> str:
    read = found.lesson(lesson)
    for each in (form, markdown):
        if each is not None:
            based(each, found)
            each.at.data, each.count.data = str(at), str(count)
    if head is None and read is not None and found.content:
        head = LessonForm(formdata=None, data=LessonForm.shown(read)).offer(found.content)
    if head is not None:
        based(head, found)
    return render_template(
        "authoring/lesson.html",
        opened=found,
        draft=found.draft,
        pictures=pictures_of(found.draft),
        slug=lesson,
        lesson=read,
        shown=_shown(found, lesson),
        problems=found.problems_in(f"{lesson}.md"),
        head=head,
        at=at,
        count=count,
        form=form,
        markdown=markdown,
        kinds=list(KINDS),
    )


def _shown(found: Opened, lesson: str) -> list[Shown]:
    """The blocks of a lesson as the page shows them."""
    source = _source(found, lesson)
    head = source[: source.find(editing.body(source))].count("\n")
    problems = found.problems_in(f"{lesson}.md")
    asked = found.content.quiz.by_id if found.content else {}
    shown = []
    for block in blocks.split(editing.body(source)):
        first = head + block.line
        lines = range(first, first + block.source.count("\n") + 1)
        question = asked.get(plain.Asked.read(block.source).question) if block.kind == "question" else None
        html = "" if question else html_of(found, block.source, has_anchors=False)
        shown.append(Shown(block, html, question, [problem for problem in problems if problem.line in lines]))
    return shown


def _text_page(found: Opened, lesson: str, form: SourceForm) -> str:
    based(form, found)
    return render_template(
        "authoring/lesson_text.html",
        opened=found,
        draft=found.draft,
        slug=lesson,
        lesson=found.lesson(lesson),
        form=form,
        problems=found.problems_in(f"{lesson}.md"),
    )
