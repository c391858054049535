"""The course editor: a draft, what its course is, its quiz, its files, and any of them as text."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.authoring import editing, queries
from lms.authoring.editor_forms import HeadForm, MediaForm, NewLessonForm, QuizForm, SourceForm, counts_of
from lms.authoring.opened import Opened, opened
from lms.authoring.saving import is_script, receipt, refused, save
from lms.authoring.views import Page, authoring
from lms.catalogue import views as catalogue
from lms.catalogue import writing
from lms.catalogue.content import DIFFICULTIES, Content
from lms.network import queries as network

TEXTS = ("course.toml", "quiz.toml")


@authoring.get("/teach/drafts/<int:draft_id>")
@allow(Permission.TEACH)
def draft(draft_id: int) -> Page:
    """The editor: the lessons of a draft, what is missing, and the ways on."""
    return _overview(opened(queries.draft(draft_id)))


@authoring.get("/teach/drafts/<int:draft_id>/head")
@allow(Permission.TEACH)
def head(draft_id: int) -> Page:
    """What the course is, as a form."""
    found = opened(queries.draft(draft_id))
    return _head_page(found, HeadForm(formdata=None, data=HeadForm.shown(readable(found, "course.toml"))))


@authoring.post("/teach/drafts/<int:draft_id>/head")
@allow(Permission.TEACH)
def save_head(draft_id: int) -> Page:
    """Save what the course is; or only make room for another row."""
    form = HeadForm()
    found = opened(queries.draft(draft_id), form.base.data)
    content = readable(found, "course.toml")
    if what := request.form.get("do", "").removeprefix("more-"):
        return _head_page(found, form.grow(what))
    if not form.validate_on_submit():
        return refused() if is_script() else (_head_page(found, form), 422)
    written = writing.head(form.content(content))
    new = save(found, {**found.files, "course.toml": written}, act="head")
    return receipt(new, url_for("authoring.head", draft_id=draft_id))


@authoring.post("/teach/drafts/<int:draft_id>/lessons")
@allow(Permission.TEACH)
def add_lesson(draft_id: int) -> Page:
    """A new lesson at the end."""
    form = NewLessonForm()
    found = opened(queries.draft(draft_id), form.base.data)
    if not form.validate_on_submit():
        return _overview(found, form), 422
    outcomes = [outcome.id for outcome in found.content.outcomes] if found.content else []
    files, slug = editing.added_lesson(found.files, form.name.data or "", outcomes if len(outcomes) == 1 else [])
    new = save(found, files, act="add-lesson")
    return receipt(new, url_for("authoring.lesson", draft_id=draft_id, lesson=slug))


@authoring.post("/teach/drafts/<int:draft_id>/order")
@allow(Permission.TEACH)
def order_lessons(draft_id: int) -> Page:
    """Put the lessons in another order: one up or down by a button, or all at once by dragging."""
    found = opened(queries.draft(draft_id), request.form.get("base"))
    verb, _, slug = request.form.get("do", "").partition(":")
    order = request.form.get("order", "").split() or found.lessons
    place = found.lessons.index(slug) if slug in found.lessons else -1
    by = {"up": -1, "down": 1}.get(verb, 0)
    order = editing.moved(order, place, by) if by else order
    new = save(found, editing.reordered(found.files, order), act="order-lessons")
    button = f"{verb}-{_kept_inside(place + by, len(order))}" if by else None
    return receipt(new, url_for("authoring.draft", draft_id=draft_id, _anchor=button))


@authoring.post("/teach/drafts/<int:draft_id>/lessons/<lesson>/remove")
@allow(Permission.TEACH)
def remove_lesson(draft_id: int, lesson: str) -> Page:
    """Take a lesson out; earlier revisions keep it."""
    found = opened(queries.draft(draft_id), request.form.get("base"))
    new = save(found, editing.removed_lesson(found.files, lesson), act="remove-lesson")
    return receipt(new, url_for("authoring.draft", draft_id=draft_id))


@authoring.get("/teach/drafts/<int:draft_id>/quiz")
@allow(Permission.TEACH)
def draft_quiz(draft_id: int) -> Page:
    """The settings of the quiz, and how many questions of each kind it draws."""
    found = opened(queries.draft(draft_id))
    quiz = readable(found, "quiz.toml").quiz
    return _quiz_page(found, QuizForm(formdata=None, data=QuizForm.shown(quiz)), counts_of(quiz))


@authoring.post("/teach/drafts/<int:draft_id>/quiz")
@allow(Permission.TEACH)
def save_quiz(draft_id: int) -> Page:
    """Save the settings of the quiz; or only make room for another topic."""
    form = QuizForm()
    found = opened(queries.draft(draft_id), form.base.data)
    quiz = readable(found, "quiz.toml").quiz
    if request.form.get("do"):
        return _quiz_page(found, form.grow(), request.form)
    if not form.validate_on_submit():
        return refused() if is_script() else (_quiz_page(found, form, request.form), 422)
    new = save(found, {**found.files, "quiz.toml": writing.quiz(form.quiz(quiz, request.form))}, act="quiz")
    return receipt(new, url_for("authoring.draft_quiz", draft_id=draft_id))


@authoring.get("/teach/drafts/<int:draft_id>/media")
@allow(Permission.TEACH)
def media_list(draft_id: int) -> Page:
    """The files that the course brings."""
    return _media_page(opened(queries.draft(draft_id)), MediaForm(formdata=None))


@authoring.post("/teach/drafts/<int:draft_id>/media")
@allow(Permission.TEACH)
def add_media(draft_id: int) -> Page:
    """Add a file; or take one out."""
    form = MediaForm()
    found = opened(queries.draft(draft_id), form.base.data)
    address = url_for("authoring.media_list", draft_id=draft_id)
    if unwanted := request.form.get("remove"):
        kept = {path: digest for path, digest in found.media.items() if path != unwanted}
        return receipt(save(found, found.files, media=kept, act="remove-media"), address)
    if not form.validate_on_submit():
        return _media_page(found, form), 422
    return receipt(save(found, found.files, media=form.upload.stored(found.media)[1], act="add-media"), address)


@authoring.get("/teach/drafts/<int:draft_id>/media/<path:filename>")
@allow(Permission.TEACH)
def draft_media(draft_id: int, filename: str) -> Response:
    """A picture, a film, a file of a draft; tomorrow its name may be another one's."""
    digest = queries.current(queries.draft(draft_id)).media.get(f"media/{filename}")
    return catalogue.served(filename, digest, keep_seconds=0) if digest else abort(404)


@authoring.get("/teach/drafts/<int:draft_id>/text/<filename>")
@allow(Permission.TEACH)
def source(draft_id: int, filename: str) -> Page:
    """A file of the package as its text."""
    found = opened(queries.draft(draft_id))
    if filename not in found.files and filename not in TEXTS:
        abort(404)
    return _source_page(found, filename, SourceForm(formdata=None, data={"source": found.files.get(filename, "")}))


@authoring.post("/teach/drafts/<int:draft_id>/text/<filename>")
@allow(Permission.TEACH)
def save_source(draft_id: int, filename: str) -> Page:
    """Save a file of the package as its text."""
    form = SourceForm()
    found = opened(queries.draft(draft_id), form.base.data)
    if filename not in found.files and filename not in TEXTS:
        abort(404)
    if not form.validate_on_submit():
        return refused() if is_script() else (_source_page(found, filename, form), 422)
    new = save(found, {**found.files, filename: f"{form.source.data}\n"}, act="text")
    return receipt(new, url_for("authoring.source", draft_id=draft_id, filename=filename))


def readable(found: Opened, filename: str) -> Content:
    """The course, or, when a text of it cannot be read at all, the page on which that is put right."""
    if found.content is None:
        broken = next((path for path in TEXTS if found.problems_in(path)), filename)
        abort(redirect(url_for("authoring.source", draft_id=found.draft.id, filename=broken)))
    return found.content


def _overview(found: Opened, form: NewLessonForm | None = None) -> str:
    lessons = [(slug, found.lesson(slug), found.problems_in(f"{slug}.md")) for slug in found.lessons]
    form = form or NewLessonForm(formdata=None)
    based(form, found)
    return render_template("authoring/draft.html", opened=found, draft=found.draft, lessons=lessons, form=form)


def _head_page(found: Opened, form: HeadForm) -> str:
    based(form, found)
    roles = network.role_codes()
    return render_template("authoring/head.html", opened=found, draft=found.draft, form=form.offer(roles))


def _quiz_page(found: Opened, form: QuizForm, counts: Any) -> str:
    based(form, found)
    asked = found.content.quiz.questions if found.content else ()
    there = {(q.topic, level): 0 for q in asked for level in (*DIFFICULTIES, "")}
    for question in asked:
        for level in (question.difficulty, ""):
            there[question.topic, level] = there.get((question.topic, level), 0) + 1
    return render_template(
        "authoring/draft_quiz.html",
        opened=found,
        draft=found.draft,
        form=form.offer(),
        counts=counts,
        there=there,
        all=len(asked),
        difficulties=DIFFICULTIES,
    )


def _media_page(found: Opened, form: MediaForm) -> str:
    based(form, found)
    texts = "\n".join(found.files.values())
    rows = [(path, path in texts) for path in sorted(found.media)]
    return render_template("authoring/media_list.html", opened=found, draft=found.draft, form=form, rows=rows)


def _source_page(found: Opened, filename: str, form: SourceForm) -> str:
    based(form, found)
    return render_template(
        "authoring/source.html",
        opened=found,
        draft=found.draft,
        filename=filename,
        form=form,
        problems=found.problems_in(filename),
    )


def based(form: Any, found: Opened) -> None:
    """The page is made from the revision that was opened, whatever the form came with."""
    form.base.raw_data, form.base.data = None, str(found.number)


def _kept_inside(place: int, length: int) -> int:
    return min(max(place, 0), max(length - 1, 0))
