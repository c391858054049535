"""Pages of marking: the queue, and one answer with its rubric."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.language import gettext
from lms.marking import actions, queries
from lms.marking.forms import MarkForm, mark_form
from lms.marking.queries import Work
from lms.quizzes import papers
from lms.quizzes.papers import Paper

marking = Blueprint("marking", __name__)

Page = str | Response | tuple[str, int]


@marking.get("/marking")
@allow(Permission.TEACH)
def queue() -> str:
    """What waits to be marked, oldest first; what one has in hand."""
    course = request.args.get("course", "")
    return render_template(
        "marking/queue.html",
        waiting=queries.queue(current_user, course),
        number=queries.number_waiting(current_user, course),
        courses=queries.courses_waiting(current_user),
        in_hand=queries.in_hand(current_user),
        course=course,
    )


@marking.post("/marking/next")
@allow(Permission.TEACH)
def take_next() -> Response:
    """Take the next answer of the queue, or the one before; the one in hand goes back unless it was marked."""
    course, here = request.form.get("course", ""), request.form.get("from", type=int)
    if here is not None:
        actions.release(answer_id=here, marker_id=current_user.person_id)
    return _to_next(course, here, is_back=request.form.get("go") == "back")


@marking.route("/marking/<int:answer_id>", methods=["GET", "POST"])
@allow(Permission.TEACH)
def answer(answer_id: int) -> Page:
    """An answer, its rubric, and one's mark."""
    work = queries.work(answer_id, current_user.person_id)
    form = mark_form(work.shown.question, work.own)
    if not form.validate_on_submit():
        return _answer_page(work, form), 422 if form.errors else 200
    try:
        is_out = actions.mark(answer_id=answer_id, marker_id=current_user.person_id, marked=form.marked)
    except actions.Taken:
        form.form_errors.append(gettext("marking.taken"))
        return _answer_page(work, form), 422
    flash(gettext("marking.marked-out" if is_out else "marking.marked"), "success")
    course = request.form.get("course", "")
    return _to_next(course, answer_id) if request.form.get("go") == "next" else _to_queue(course)


@marking.post("/marking/<int:answer_id>/claim")
@allow(Permission.TEACH)
def claim(answer_id: int) -> Response:
    """Take this answer."""
    return _take(answer_id, request.form.get("course", ""))


@marking.post("/marking/<int:answer_id>/release")
@allow(Permission.TEACH)
def release(answer_id: int) -> Response:
    """Give this answer back."""
    actions.release(answer_id=answer_id, marker_id=current_user.person_id)
    return _to_queue(request.form.get("course", ""))


@marking.get("/marking/<int:answer_id>/files/<int:number>")
@allow(Permission.TEACH)
def paper(answer_id: int, number: int) -> Response:
    """A file that was handed in, to be saved."""
    work = queries.work(answer_id, current_user.person_id)
    lines = work.answer.response if work.shown.question.type == "file" else []
    if not 1 <= number <= len(lines):
        abort(404)
    return papers.download(lines, Paper.read(lines[number - 1]).sha256)


def _answer_page(work: Work, form: MarkForm) -> str:
    pictures, course = work.published.pictures, request.values.get("course", "")
    return render_template("marking/answer.html", work=work, pictures=pictures, form=form, course=course)


def _to_next(course: str, here: int | None, *, is_back: bool = False) -> Response:
    following = queries.beside(current_user, course, here, is_back=is_back)
    if following is None:
        flash(gettext("marking.no-more"), "info")
        return _to_queue(course)
    return _take(following, course)


def _take(answer_id: int, course: str) -> Response:
    try:
        actions.claim(answer_id=answer_id, marker_id=current_user.person_id)
    except actions.Taken:
        flash(gettext("marking.taken"), "warning")
        return _to_queue(course)
    return redirect(url_for("marking.answer", answer_id=answer_id, course=course or None))


def _to_queue(course: str) -> Response:
    return redirect(url_for("marking.queue", course=course or None))
