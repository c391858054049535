"""A draft as its learners will see it: lessons on a phone and on a desk, and the quiz, tried without leaving a trace."""

import secrets
from fractions import Fraction
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.authoring import queries
from lms.authoring.editor_views import readable
from lms.authoring.models import Draft
from lms.authoring.opened import Opened, opened
from lms.authoring.views import Page, authoring
from lms.catalogue.render import lesson_html
from lms.pages import allow_framing
from lms.quizzes import asking
from lms.quizzes import rules as quizzes

WAYS = ("both", "phone", "desk")
MOST_SEED = 40


@authoring.get("/teach/drafts/<int:draft_id>/lessons/<lesson>/preview")
@allow(Permission.TEACH)
def preview(draft_id: int, lesson: str) -> Page:
    """A lesson side by side on a phone and on a desk, or on one of them."""
    found = opened(queries.draft(draft_id))
    if lesson not in found.lessons:
        abort(404)
    way = request.args.get("on", WAYS[0])
    return render_template(
        "authoring/preview.html",
        opened=found,
        draft=found.draft,
        slug=lesson,
        lesson=found.lesson(lesson),
        on=way if way in WAYS else WAYS[0],
        ways=WAYS,
    )


@authoring.get("/teach/drafts/<int:draft_id>/lessons/<lesson>/as-learner")
@allow(Permission.TEACH)
def as_learner(draft_id: int, lesson: str) -> Page:
    """A lesson with the learner's own page; only our own pages may frame it."""
    found = opened(queries.draft(draft_id))
    content = readable(found, "course.toml")
    words = found.lesson(lesson) or abort(404)
    code = request.args.get("asked", "")
    allow_framing()
    return render_template(
        "authoring/as_learner.html",
        draft=found.draft,
        pictures=pictures_of(found.draft),
        content=content,
        lesson=words,
        crumbs=[(content.title, None)],
        pieces=asking.pieces(html_of(found, words.text), content.quiz, lesson, code, request.args),
        answer_to=lambda code: url_for("authoring.answer_as_learner", draft_id=draft_id, lesson=lesson, code=code),
    )


@authoring.post("/teach/drafts/<int:draft_id>/lessons/<lesson>/as-learner/<code>")
@allow(Permission.TEACH)
def answer_as_learner(draft_id: int, lesson: str, code: str) -> Response:
    """Answer a question inside a lesson."""
    answer: dict[str, Any] = asking.fields(code, request.form.to_dict(flat=False))
    place: dict[str, Any] = {"draft_id": draft_id, "lesson": lesson, "asked": code, "_anchor": f"q-{code}"}
    return redirect(url_for("authoring.as_learner", **place, **answer))


@authoring.get("/teach/drafts/<int:draft_id>/try")
@allow(Permission.TEACH)
def try_quiz(draft_id: int) -> Page:
    """The quiz as an attempt would draw it: a new draw each time it is opened."""
    return _try_page(opened(queries.draft(draft_id)), secrets.token_hex(8), is_marked=False)


@authoring.post("/teach/drafts/<int:draft_id>/try")
@allow(Permission.TEACH)
def mark_try(draft_id: int) -> Page:
    """What the answers would earn. Nothing is stored, so this page is the only place where they are."""
    seed = request.form.get("seed", "")[:MOST_SEED]
    return _try_page(opened(queries.draft(draft_id)), seed, is_marked=True)


def html_of(found: Opened, markdown: str, *, has_anchors: bool = True) -> str:
    """Markdown of a draft as HTML, with the draft's own media and lessons."""

    def address(target: str) -> str:
        if target.startswith("media/"):
            name = target.removeprefix("media/")
            return url_for("authoring.draft_media", draft_id=found.draft.id, filename=name)
        if target.endswith(".md"):
            return url_for("authoring.as_learner", draft_id=found.draft.id, lesson=target.removesuffix(".md"))
        return target

    return lesson_html(markdown, address=address, playable=found.playable, has_anchors=has_anchors)


def pictures_of(draft: Draft) -> str:
    """Where the pictures of a draft's questions lie."""
    return url_for("authoring.media_list", draft_id=draft.id) + "/"


def _try_page(found: Opened, seed: str, *, is_marked: bool) -> str:
    content = readable(found, "quiz.toml")
    wrong = any(problem.file == "quiz.toml" and not problem.is_hint for problem in found.problems)
    drawn = [] if wrong else [shown.question.id for shown in quizzes.draw(content.quiz, seed)]
    sent = request.form if is_marked else None
    asked = [asking.asked(content.quiz.by_id[id], seed, sent) for id in drawn]
    points = sum(one.share * _points(one) for one in asked if one.share is not None)
    return render_template(
        "authoring/try_quiz.html",
        opened=found,
        draft=found.draft,
        pictures=pictures_of(found.draft),
        content=content,
        seed=seed,
        asked=asked,
        is_marked=is_marked,
        points=points,
        of=sum(_points(one) for one in asked if not one.question.is_marked_by_hand),
        by_hand=sum(one.question.is_marked_by_hand for one in asked),
    )


def _points(asked: asking.Asked) -> Fraction:
    return Fraction(str(asked.question.points))
