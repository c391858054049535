"""The learner's pages of a quiz. Every one of them is one's own; `number` is the number of one's own attempt."""

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock
from lms.access import Permission, allow
from lms.catalogue import queries as catalogue
from lms.certificates import queries as certificates
from lms.goals import queries as goals
from lms.language import format_instant, gettext
from lms.learning import actions as learning
from lms.learning import queries as learned
from lms.learning import rules
from lms.quizzes import actions as quizzes
from lms.quizzes import papers
from lms.quizzes import queries as quizzed
from lms.quizzes import rules as quiz_rules
from lms.quizzes.queries import Given
from lms.quizzes.rules import Shown
from lms.study import actions, queries
from lms.study.queries import Sheet
from lms.study.views import study

Page = str | Response | tuple[str | Response, int]
ANSWER_FIELD = "answer"
MOST_VALUES = 50
TYPED = ("short", "numeric", "essay")


@study.get("/courses/<course>/quiz")
@allow(Permission.OWN)
def quiz(course: str) -> str:
    """Before an attempt: how the quiz goes, what was reached before, whether one may start."""
    published, _ = queries.taken(current_user.person_id, course)
    quiz, attempts = published.content.quiz, quizzed.attempts(current_user.person_id, published.course_id)
    granted, ended = quizzed.allowance(current_user.person_id, published.course_id), quizzed.ended(attempts)
    return render_template(
        "study/quiz.html",
        published=published,
        content=published.content,
        attempts=attempts,
        granted=granted,
        running=next((attempt for attempt in attempts if attempt.submitted_at is None), None),
        refusal=quiz_rules.refusal(quiz, ended, clock.now(), granted),
        again_at=queries.again_at(quiz, ended, granted),
        feedback=quiz_rules.feedback(quiz, ended, granted),
    )


@study.post("/courses/<course>/quiz")
@allow(Permission.OWN)
def start_quiz(course: str) -> Response:
    """Start an attempt, or go on with the open one."""
    published, _ = queries.taken(current_user.person_id, course)
    learning.enrol(person_id=current_user.person_id, published=published)
    try:
        attempt = quizzes.start(person_id=current_user.person_id, published=published)
    except quizzes.NotNow as reason:
        flash(gettext(f"quiz.refused.{reason.refusal}"), "warning")
        return redirect(url_for("study.quiz", course=course))
    return redirect(url_for("study.question", course=course, number=attempt.number, position=1))


@study.get("/courses/<course>/quiz/<int:number>/<int:position>")
@allow(Permission.OWN)
def question(course: str, number: int, position: int) -> Page:
    """One question of an open attempt."""
    sheet = _sheet(course, number)
    if sheet.attempt.submitted_at or sheet.is_late(clock.now()):
        return redirect(url_for("study.result", course=course, number=number))
    return _question_page(sheet, position)


@study.post("/courses/<course>/quiz/<int:number>/<int:position>")
@allow(Permission.OWN)
def save_answer(course: str, number: int, position: int) -> Page:
    """Save the answer; to a page it goes on, to a script it gives a receipt."""
    sheet = _sheet(course, number, lock=True)
    shown = _at(sheet, position)
    is_script = request.headers.get("Accept") == "application/json"
    after = _after(sheet, position)
    try:
        revision = actions.save_answer(sheet=sheet, shown=shown, values=_values(shown, sheet), base=_base())
    except papers.Refused as refused:
        return _question_page(sheet, position, error=gettext(f"paper.{refused.trouble}", name=refused.name)), 422
    except quizzes.Overtaken as overtaken:
        return _newer(sheet, position, overtaken.given, is_script)
    except quizzes.Ended:
        return _time_over(sheet, is_script)
    if is_script:
        receipt = gettext("quiz.saved-at", at=format_instant(clock.now()))
        return jsonify(revision=revision, receipt=receipt, next=after)
    return redirect(after)


@study.get("/courses/<course>/quiz/<int:number>/files/<digest>")
@allow(Permission.OWN)
def my_paper(course: str, number: int, digest: str) -> Response:
    """A file that one has handed in oneself."""
    sheet = _sheet(course, number)
    lines = [line for shown in sheet.drawn if shown.question.type == "file" for line in sheet.response_to(shown)]
    return papers.download(lines, digest)


@study.get("/courses/<course>/quiz/<int:number>/review")
@allow(Permission.OWN)
def review(course: str, number: int) -> Page:
    """Before handing in: which questions have an answer."""
    sheet = _sheet(course, number)
    if sheet.attempt.submitted_at:
        return redirect(url_for("study.result", course=course, number=number))
    return render_template(
        "study/review.html",
        published=sheet.published,
        content=sheet.published.content,
        attempt=sheet.attempt,
        sheet=sheet,
        seconds_left=sheet.seconds_left(clock.now()),
    )


@study.post("/courses/<course>/quiz/<int:number>/hand-in")
@allow(Permission.OWN)
def hand_in(course: str, number: int) -> Response:
    """Hand in: scored at once, and when it was the last thing missing, the course is completed."""
    attempt, published = queries.attempted(current_user.person_id, catalogue.current(course), number, lock=True)
    actions.hand_in(attempt=attempt, published=published)
    return redirect(url_for("study.result", course=course, number=number))


@study.get("/courses/<course>/quiz/<int:number>/result")
@allow(Permission.OWN)
def result(course: str, number: int) -> Page:
    """What an attempt gave, question by question when the author allows."""
    sheet = _sheet(course, number)
    published = sheet.published
    if sheet.attempt.submitted_at is None and sheet.seconds_left(clock.now()) != 0:
        return redirect(url_for("study.question", course=course, number=number, position=1))
    if sheet.attempt.submitted_at is None:
        return render_template(
            "study/time_over.html", published=published, content=published.content, attempt=sheet.attempt
        )
    attempts = quizzed.attempts(current_user.person_id, published.course_id)
    completion = learned.completion(current_user.person_id, published.course_id)
    progress = learned.progress(current_user.person_id, published.course_id)
    marked, granted = queries.as_marked(sheet), quizzed.allowance(current_user.person_id, published.course_id)
    return render_template(
        "study/result.html",
        published=published,
        pictures=published.pictures,
        content=published.content,
        attempt=sheet.attempt,
        sheet=marked,
        to_reread=queries.to_reread(marked),
        again_at=queries.again_at(published.content.quiz, quizzed.ended(attempts), granted),
        feedback=queries.feedback(current_user.person_id, published, attempts),
        open_lesson=rules.first_open_lesson(published, progress.done if progress else ()),
        certificate=certificates.of_completion(completion.id) if completion else None,
        following=queries.following(published.content) if completion else [],
        standings=goals.standings(current_user.person_id, clock.today().year) if completion else [],
    )


def _sheet(course: str, number: int, *, lock: bool = False) -> Sheet:
    return queries.sheet(current_user.person_id, catalogue.current(course), number, lock=lock)


def _at(sheet: Sheet, position: int) -> Shown:
    if not 1 <= position <= len(sheet.asked):
        abort(404)
    return sheet.asked[position - 1]


def _question_page(sheet: Sheet, position: int, *, newer: Given | None = None, error: str = "") -> str:
    """The page of a question; `newer` is an answer from elsewhere, which this page did not know when it sent its own."""
    shown = _at(sheet, position)
    given = newer or sheet.answers.get(shown.question.id)
    return render_template(
        "study/question.html",
        published=sheet.published,
        pictures=sheet.published.pictures,
        content=sheet.published.content,
        attempt=sheet.attempt,
        position=position,
        sheet=sheet,
        shown=shown,
        given=quiz_rules.as_shown(shown, given.response if given else []),
        base=given.revision if given else 0,
        own=request.form.get(ANSWER_FIELD, "") if newer and shown.question.type in TYPED else "",
        is_newer=newer is not None,
        seconds_left=sheet.seconds_left(clock.now()),
        error=error,
    )


def _newer(sheet: Sheet, position: int, given: Given, is_script: bool) -> Page:
    """This page is older than what is stored: it is told so, and shown what is stored."""
    if not is_script:
        return _question_page(sheet, position, newer=given), 409
    values = quiz_rules.as_shown(sheet.asked[position - 1], given.response)
    return jsonify(revision=given.revision, values=values, receipt=gettext("quiz.newer-elsewhere")), 409


def _time_over(sheet: Sheet, is_script: bool) -> Page:
    """The time is over: what was saved before stands. A script is only told, since what fails is not kept."""
    place = url_for("study.result", course=sheet.published.content.slug, number=sheet.attempt.number)
    if is_script:
        return jsonify(receipt=gettext("quiz.time-over"), next=place), 410
    actions.hand_in(attempt=sheet.attempt, published=sheet.published)
    flash(gettext("quiz.time-over"), "warning")
    return redirect(place)


def _after(sheet: Sheet, position: int) -> str:
    """Where the pressed button leads."""
    go, course, number = request.form.get("go"), sheet.published.content.slug, sheet.attempt.number
    target = position + {"back": -1, "stay": 0}.get(go or "", 1)
    if go == "review" or target > len(sheet.asked):
        return url_for("study.review", course=course, number=number)
    return url_for("study.question", course=course, number=number, position=max(target, 1))


def _base() -> int | None:
    """The revision that the page knew; None for a page that does not say."""
    return request.form.get("base", type=int)


def _values(shown: Shown, sheet: Sheet) -> list[str]:
    """The answer as the page sent it: one field, one for each row or gap, or files. Raises `papers.Refused`."""
    if shown.question.type == "file":
        return papers.changed(sheet.response_to(shown), request.form.getlist("drop"), request.files.getlist("files"))
    rows = len(shown.question.pairs or shown.question.items or shown.question.gaps)
    if rows:
        return [request.form.get(f"{ANSWER_FIELD}-{row}", "") for row in range(rows)]
    return request.form.getlist(ANSWER_FIELD)[:MOST_VALUES]
