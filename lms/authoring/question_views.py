"""Questions on the desk: the bank of a draft, and a form for each question."""

from dataclasses import replace

from flask import abort, render_template, request, url_for

from lms.access import Permission, allow
from lms.authoring import editing, queries
from lms.authoring.editor_views import based, readable
from lms.authoring.models import DraftRevision
from lms.authoring.opened import Opened, opened
from lms.authoring.preview_views import pictures_of
from lms.authoring.question_forms import FORMS, NewQuestionForm, QuestionForm
from lms.authoring.question_pictures import QuestionPicture
from lms.authoring.saving import is_script, receipt, refused, save
from lms.authoring.views import Page, authoring
from lms.banks import queries as bank
from lms.catalogue import writing
from lms.catalogue.content import Content, Question

QUIZ, PICTURE = "quiz.toml", "picture-"


@authoring.get("/teach/drafts/<int:draft_id>/questions")
@allow(Permission.TEACH)
def questions(draft_id: int) -> Page:
    """The questions of a draft."""
    found = opened(queries.draft(draft_id))
    return _list_page(found, readable(found, QUIZ), NewQuestionForm(formdata=None))


@authoring.post("/teach/drafts/<int:draft_id>/questions")
@allow(Permission.TEACH)
def add_question(draft_id: int) -> Page:
    """A new question of a type, at the end."""
    form = NewQuestionForm()
    found = opened(queries.draft(draft_id), form.base.data)
    content = readable(found, QUIZ)
    if not form.validate_on_submit() or form.type.data not in FORMS:
        return _list_page(found, content, form), 422
    new = _blank(content, str(form.type.data))
    saved = _save(found, content, (*content.quiz.questions, new), "add-question")
    return receipt(saved, url_for("authoring.question", draft_id=draft_id, code=new.id))


@authoring.get("/teach/drafts/<int:draft_id>/questions/<code>")
@allow(Permission.TEACH)
def question(draft_id: int, code: str) -> Page:
    """A question as a form."""
    found = opened(queries.draft(draft_id))
    content = readable(found, QUIZ)
    asked = _asked(content, code)
    kind = FORMS[asked.type]
    return _question_page(found, content, asked, kind(formdata=None, data=kind().show(asked)))


@authoring.post("/teach/drafts/<int:draft_id>/questions/<code>")
@allow(Permission.TEACH)
def save_question(draft_id: int, code: str) -> Page:
    """Save a question; or only make room for more rows."""
    found = opened(queries.draft(draft_id), request.form.get("base"))
    content = readable(found, QUIZ)
    asked = _asked(content, code)
    form = FORMS[asked.type]().offer(content, asked)
    picture = QuestionPicture(prefix=PICTURE).offer(found, form)
    if request.form.get("do"):
        return _question_page(found, content, asked, form.grow(), picture)
    is_right, is_shown = form.validate_on_submit(), picture.validate()
    if not (is_right and is_shown):
        return refused() if is_script() else (_question_page(found, content, asked, form, picture), 422)
    media = picture.put_into(form, found.media)
    changed = form.question(asked)
    there = tuple(changed if q.id == code else q for q in content.quiz.questions)
    new = _save(found, content, there, "question", media)
    return receipt(new, url_for("authoring.question", draft_id=draft_id, code=code))


@authoring.post("/teach/drafts/<int:draft_id>/questions/<code>/copy")
@allow(Permission.TEACH)
def copy_question(draft_id: int, code: str) -> Page:
    """The same question once more, to be changed."""
    found = opened(queries.draft(draft_id), request.form.get("base"))
    content = readable(found, QUIZ)
    copy = replace(_asked(content, code), id=_free_id(content), source="")
    saved = _save(found, content, (*content.quiz.questions, copy), "copy-question")
    return receipt(saved, url_for("authoring.question", draft_id=draft_id, code=copy.id))


@authoring.post("/teach/drafts/<int:draft_id>/questions/<code>/remove")
@allow(Permission.TEACH)
def remove_question(draft_id: int, code: str) -> Page:
    """Take a question out; earlier revisions keep it."""
    found = opened(queries.draft(draft_id), request.form.get("base"))
    content = readable(found, QUIZ)
    kept = tuple(
        replace(q, excludes=tuple(id for id in q.excludes if id != code))
        for q in content.quiz.questions
        if q.id != code
    )
    return receipt(_save(found, content, kept, "remove-question"), url_for("authoring.questions", draft_id=draft_id))


def _save(
    found: Opened,
    content: Content,
    questions: tuple[Question, ...],
    act: str,
    media: dict[str, str] | None = None,
) -> DraftRevision:
    written = writing.quiz(replace(content.quiz, questions=questions))
    return save(found, {**found.files, QUIZ: written}, media=media, act=act)


def _asked(content: Content, code: str) -> Question:
    """A question that has a form; one of an unknown type is put right in the text."""
    asked = content.quiz.by_id.get(code)
    return asked if asked is not None and asked.type in FORMS else abort(404)


def _blank(content: Content, kind: str) -> Question:
    topics, outcomes = content.quiz.topics, content.outcomes
    return Question(
        id=_free_id(content),
        type=kind,
        topic=topics[0][0] if topics else "",
        outcome=outcomes[0].id if outcomes else "",
        difficulty="medium",
        text="",
    )


def _free_id(content: Content) -> str:
    return editing.next_question_id([question.id for question in content.quiz.questions])


def _list_page(found: Opened, content: Content, form: NewQuestionForm) -> str:
    based(form, found)
    return render_template(
        "authoring/questions.html",
        opened=found,
        draft=found.draft,
        content=content,
        form=form.offer(),
        known=set(FORMS),
        topics=dict(content.quiz.topics),
        newer=bank.newer(content.quiz),
    )


def _question_page(
    found: Opened, content: Content, asked: Question, form: QuestionForm, picture: QuestionPicture | None = None
) -> str:
    based(form, found)
    picture = picture or QuestionPicture(prefix=PICTURE, formdata=None)
    ids = [question.id for question in content.quiz.questions]
    place = ids.index(asked.id)
    return render_template(
        "authoring/question.html",
        opened=found,
        draft=found.draft,
        content=content,
        question=asked,
        pictures=pictures_of(found.draft),
        topics=dict(content.quiz.topics),
        form=form.offer(content, asked),
        picture=picture.offer(found, form),
        source=writing.question(asked),
        problems=found.problems_of(asked.id),
        before=ids[place - 1] if place else None,
        after=ids[place + 1] if place + 1 < len(ids) else None,
    )
