"""The learner's pages. Every one of them is one's own; `course` is a slug, `number` the number of one's own attempt."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock
from lms.access import Permission, allow
from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.certificates import queries as certificates
from lms.goals import queries as goals
from lms.language import format_instant, gettext
from lms.learning import actions as learning
from lms.learning import queries as learned
from lms.learning import rules
from lms.quizzes import actions as quizzes
from lms.quizzes import queries as quizzed
from lms.quizzes import rules as quiz_rules
from lms.quizzes.models import Attempt
from lms.quizzes.rules import Shown
from lms.study import actions, queries, show

study = Blueprint("study", __name__)
study.add_app_template_filter(show.inline)
study.add_app_template_filter(show.paragraphs)
study.add_app_template_filter(show.cloze_parts)

Page = str | Response | tuple[str, int]
ANSWER_FIELD = "answer"
MOST_VALUES = 50


@study.get("/")
@allow(Permission.OWN)
def home() -> str:
    """How much is left this year, and the next step."""
    found = queries.home(current_user.person_id)
    titles = catalogue.by_slug([module for module, _ in found.overdue]) if found.overdue else {}
    return render_template("study/home.html", home=found, titles=titles, year=clock.today().year)


@study.get("/courses/<course>")
@allow(Permission.OWN)
def overview(course: str) -> str:
    """A course: what it gives, its lessons, one's progress, its quiz."""
    published, progress = queries.taken(current_user.person_id, course)
    done = progress.done if progress else frozenset()
    completion = learned.completion(current_user.person_id, published.course_id) if progress else None
    return render_template(
        "study/overview.html",
        published=published,
        content=published.content,
        taken=progress,
        step=rules.step_in(published, done),
        attempts=quizzed.attempts(current_user.person_id, published.course_id) if progress else [],
        completion=completion,
        certificate=certificates.of_completion(completion.id) if completion else None,
    )


@study.post("/courses/<course>/start")
@allow(Permission.OWN)
def start(course: str) -> Response:
    """Begin a course, and open where one was last."""
    published, progress = queries.taken(current_user.person_id, course)
    if progress is None:
        learning.enrol(person_id=current_user.person_id, published=published)
    lesson, _, heading = ((progress.place if progress else None) or "").partition("#")
    if lesson not in published.content.lesson_by_slug:
        lesson = (
            rules.first_open_lesson(published, progress.done if progress else ()) or published.content.lessons[0].slug
        )
    return redirect(url_for("study.lesson", course=course, lesson=lesson, _anchor=heading or None))


@study.get("/courses/<course>/lessons/<lesson>")
@allow(Permission.OWN)
def lesson(course: str, lesson: str) -> str:
    """One lesson."""
    published, progress = queries.taken(current_user.person_id, course)
    if lesson not in published.content.lesson_by_slug:
        abort(404)
    return render_template(
        "study/lesson.html",
        published=published,
        content=published.content,
        lesson=published.content.lesson_by_slug[lesson],
        html=published.html[lesson],
        done=progress.done if progress else frozenset(),
        neighbours=rules.neighbours(published, lesson),
    )


@study.get("/courses/<course>/lessons/<lesson>/print")
@allow(Permission.OWN)
def print_lesson(course: str, lesson: str) -> str:
    """A lesson to print."""
    published, _ = queries.taken(current_user.person_id, course)
    if lesson not in published.content.lesson_by_slug:
        abort(404)
    words = published.content.lesson_by_slug[lesson]
    return render_template("study/print_lesson.html", published=published, lesson=words, html=published.html[lesson])


@study.post("/courses/<course>/lessons/<lesson>/done")
@allow(Permission.OWN)
def finish_lesson(course: str, lesson: str) -> Response:
    """The lesson is finished: on to the next one, or to the quiz."""
    published, _ = queries.taken(current_user.person_id, course)
    if lesson not in published.content.lesson_by_slug:
        abort(404)
    if actions.finish_lesson(person_id=current_user.person_id, published=published, lesson=lesson):
        return redirect(url_for("study.overview", course=course))
    following = rules.neighbours(published, lesson)[1]
    if following:
        return redirect(url_for("study.lesson", course=course, lesson=following))
    return redirect(url_for("study.quiz", course=course))


@study.post("/courses/<course>/lessons/<lesson>/place")
@allow(Permission.OWN)
def remember_place(course: str, lesson: str) -> tuple[str, int]:
    """Remember the heading that one has reached, for the next visit on any device."""
    published, progress = queries.taken(current_user.person_id, course)
    heading = request.form.get("heading", "")
    if progress and lesson in published.content.lesson_by_slug and heading.removeprefix("s-").isdecimal():
        learning.remember_place(enrolment_id=progress.enrolment_id, place=f"{lesson}#{heading}")
    return "", 204


@study.get("/courses/<course>/quiz")
@allow(Permission.OWN)
def quiz(course: str) -> str:
    """Before an attempt: how the quiz goes, what was reached before, whether one may start."""
    published, _ = queries.taken(current_user.person_id, course)
    attempts = quizzed.attempts(current_user.person_id, published.course_id)
    ended = [(attempt.submitted_at, bool(attempt.is_passed)) for attempt in attempts if attempt.submitted_at]
    return render_template(
        "study/quiz.html",
        published=published,
        content=published.content,
        attempts=attempts,
        running=next((attempt for attempt in attempts if attempt.submitted_at is None), None),
        refusal=quiz_rules.refusal(published.content.quiz, ended, clock.now()),
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
    attempt, published = _attempt(course, number)
    if attempt.submitted_at or quiz_rules.is_late(attempt.deadline_at, clock.now()):
        return redirect(url_for("study.result", course=course, number=number))
    drawn = quiz_rules.draw(published.content.quiz, attempt.seed)
    if not 1 <= position <= len(drawn):
        abort(404)
    responses = quizzed.responses(attempt.id)
    shown = drawn[position - 1]
    return render_template(
        "study/question.html",
        published=published,
        content=published.content,
        attempt=attempt,
        position=position,
        drawn=drawn,
        shown=shown,
        given=quiz_rules.as_shown(shown, responses.get(shown.question.id, [])),
        answered=[bool(responses.get(s.question.id)) for s in drawn],
    )


@study.post("/courses/<course>/quiz/<int:number>/<int:position>")
@allow(Permission.OWN)
def save_answer(course: str, number: int, position: int) -> Page:
    """Save the answer; to a page it goes on, to a script it gives a receipt."""
    attempt, published = _attempt(course, number, lock=True)
    drawn = quiz_rules.draw(published.content.quiz, attempt.seed)
    if not 1 <= position <= len(drawn):
        abort(404)
    shown = drawn[position - 1]
    is_saved = actions.save_answer(attempt=attempt, shown=shown, values=_values(shown), published=published)
    if request.headers.get("Accept") == "application/json":
        receipt = gettext("quiz.saved-at", at=format_instant(clock.now())) if is_saved else gettext("quiz.time-over")
        return receipt, 200 if is_saved else 410
    if not is_saved:
        flash(gettext("quiz.time-over"), "warning")
        return redirect(url_for("study.result", course=course, number=number))
    target = position + (-1 if request.form.get("go") == "back" else 1)
    if request.form.get("go") == "review" or target > len(drawn):
        return redirect(url_for("study.review", course=course, number=number))
    return redirect(url_for("study.question", course=course, number=number, position=max(target, 1)))


@study.get("/courses/<course>/quiz/<int:number>/review")
@allow(Permission.OWN)
def review(course: str, number: int) -> Page:
    """Before handing in: which questions have an answer."""
    attempt, published = _attempt(course, number)
    if attempt.submitted_at:
        return redirect(url_for("study.result", course=course, number=number))
    drawn = quiz_rules.draw(published.content.quiz, attempt.seed)
    responses = quizzed.responses(attempt.id)
    answered = [bool(responses.get(shown.question.id)) for shown in drawn]
    return render_template(
        "study/review.html",
        published=published,
        content=published.content,
        attempt=attempt,
        drawn=drawn,
        answered=answered,
    )


@study.post("/courses/<course>/quiz/<int:number>/hand-in")
@allow(Permission.OWN)
def hand_in(course: str, number: int) -> Response:
    """Hand in: scored at once, and when it was the last thing missing, the course is completed."""
    attempt, published = _attempt(course, number, lock=True)
    actions.hand_in(attempt=attempt, published=published)
    return redirect(url_for("study.result", course=course, number=number))


@study.get("/courses/<course>/quiz/<int:number>/result")
@allow(Permission.OWN)
def result(course: str, number: int) -> Page:
    """What an attempt gave, question by question when the author allows."""
    attempt, published = _attempt(course, number)
    if attempt.submitted_at is None:
        return render_template("study/time_over.html", published=published, content=published.content, attempt=attempt)
    drawn = quiz_rules.draw(published.content.quiz, attempt.seed)
    responses = quizzed.responses(attempt.id)
    marks = {s.question.id: quiz_rules.mark(s.question, responses.get(s.question.id, ())) for s in drawn}
    completion = learned.completion(current_user.person_id, published.course_id)
    progress = learned.progress(current_user.person_id, published.course_id)
    return render_template(
        "study/result.html",
        published=published,
        content=published.content,
        attempt=attempt,
        drawn=drawn,
        responses=responses,
        marks=marks,
        open_lesson=rules.first_open_lesson(published, progress.done if progress else ()),
        certificate=certificates.of_completion(completion.id) if completion else None,
        standings=goals.standings(current_user.person_id, clock.today().year) if completion else [],
    )


def _attempt(course: str, number: int, *, lock: bool = False) -> tuple[Attempt, Published]:
    present = catalogue.current(course)
    attempt = quizzed.attempt(current_user.person_id, present.course_id, number, lock=lock)
    return attempt, present if attempt.version_id == present.version_id else catalogue.version(attempt.version_id)


def _values(shown: Shown) -> list[str]:
    """The answer as the page sent it: one field, or one for each row or gap."""
    rows = len(shown.question.pairs or shown.question.items or shown.question.gaps)
    if rows:
        return [request.form.get(f"{ANSWER_FIELD}-{row}", "") for row in range(rows)]
    return request.form.getlist(ANSWER_FIELD)[:MOST_VALUES]
