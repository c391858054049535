"""Pages of corrections: making one, seeing whom it concerns, applying it as shown."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.catalogue import queries as catalogue
from lms.catalogue.content import Question
from lms.catalogue.queries import Published
from lms.language import gettext
from lms.pages import asked_id, page_of
from lms.quizzes import corrections as marking
from lms.quizzes import queries as quizzes
from lms.quizzes.corrections import Kind
from lms.quizzes.models import Correction
from lms.regrading import actions, queries
from lms.regrading.actions import Refused
from lms.regrading.forms import CorrectionForm
from lms.regrading.rules import Effect, Stage

regrading = Blueprint("regrading", __name__)

Page = str | Response | tuple[str, int]
REFRESH_SECONDS = "2"
RUNNING = (Stage.TRYING, Stage.APPLYING)


@regrading.get("/teach/<course>/corrections")
@allow(Permission.TEACH)
def corrections(course: str) -> str:
    """The corrections of a course's questions."""
    published = catalogue.current(course)
    return render_template(
        "regrading/corrections.html",
        content=published.content,
        corrections=queries.corrections(published.course_id),
    )


@regrading.route("/teach/<course>/statistics/<code>/correct", methods=["GET", "POST"])
@allow(Permission.TEACH)
def correct(course: str, code: str) -> Page:
    """Say what is wrong with a question, and see whom it concerns."""
    published = _writable(course)
    question = published.content.quiz.by_id.get(code) or abort(404)
    form = CorrectionForm(question, quizzes.changes(published.version_id))
    if not form.validate_on_submit():
        page = render_template("regrading/correct.html", form=form, **_about(published, question))
        return page, 422 if form.errors else 200
    made = actions.correct(
        published=published,
        question=code,
        kind=Kind(form.kind.data),
        key=form.key,
        reason=form.reason.data or "",
        by_id=current_user.account_id,
        actor=current_user.login,
    )
    return _to(made)


@regrading.get("/teach/corrections/<int:correction_id>")
@allow(Permission.TEACH)
def correction(correction_id: int) -> Response:
    """What a correction says, whom it concerns, what came of it."""
    found, kind = queries.correction(correction_id), request.args.get("list", Effect.LOSES.value)
    if kind not in list(Effect):
        abort(404)
    job, course = queries.job_of(found), queries.course(found)
    published = catalogue.version(queries.version_ids(found)[-1])
    question = published.content.quiz.by_id[found.question]
    effects, more = page_of(queries.effects(current_user, found.id, Effect(kind), asked_id("after") or 0), queries.PAGE)
    is_running = found.state in RUNNING
    response = make_response(
        render_template(
            "regrading/correction.html",
            correction=found,
            course=course,
            kind=kind,
            kinds=list(Effect),
            effects=effects,
            more=more and more.CorrectionEffect.id,
            job=job,
            has_failed=queries.has_failed(found),
            new_key=marking.with_key(question, found.key) if found.key else None,
            draft_id=queries.draft_with_old_key(found) if found.holds_from else None,
            **_about(published, question),
        )
    )
    if is_running and job and not job.is_ended:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


@regrading.post("/teach/corrections/<int:correction_id>/try")
@allow(Permission.TEACH)
def try_again(correction_id: int) -> Response:
    """Find out anew whom a correction concerns."""
    found = queries.correction(correction_id, lock=True)
    actions.try_again(correction=found, by_id=current_user.account_id, actor=current_user.login)
    return _to(found)


@regrading.post("/teach/corrections/<int:correction_id>/apply")
@allow(Permission.TEACH)
def apply(correction_id: int) -> Response:
    """Let what was shown come into force."""
    found = queries.correction(correction_id, lock=True)
    try:
        actions.apply(correction=found, by_id=current_user.account_id, actor=current_user.login)
    except Refused as refused:
        flash(gettext(f"regrading.refused.{refused.reason}"), "warning")
        actions.try_again(correction=found, by_id=current_user.account_id, actor=current_user.login)
    return _to(found)


@regrading.post("/teach/corrections/<int:correction_id>/discard")
@allow(Permission.TEACH)
def discard(correction_id: int) -> Response:
    """Put a correction aside."""
    found = queries.correction(correction_id, lock=True)
    actions.discard(correction=found)
    return redirect(url_for("regrading.corrections", course=queries.course(found).slug))


def _writable(slug: str) -> Published:
    """A course that the reader may correct, because they may publish it; 404 for others."""
    if not queries.may_correct(slug):
        abort(404)
    return catalogue.current(slug)


def _about(published: Published, question: Question) -> dict[str, object]:
    number = 1 + [q.id for q in published.content.quiz.questions].index(question.id)
    return {
        "published": published,
        "pictures": published.pictures,
        "content": published.content,
        "question": question,
        "number": number,
    }


def _to(found: Correction) -> Response:
    return redirect(url_for("regrading.correction", correction_id=found.id))
