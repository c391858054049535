"""The learner's pages of courses and lessons. Every one of them is one's own; `course` is a slug."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock
from lms.access import Permission, allow
from lms.catalogue import queries as catalogue
from lms.catalogue.open_reading import is_open
from lms.certificates import queries as certificates
from lms.learning import actions as learning
from lms.learning import queries as learned
from lms.learning import rules
from lms.quizzes import asking
from lms.quizzes import queries as quizzed
from lms.quizzes.papers import Paper
from lms.study import actions, queries, show

study = Blueprint("study", __name__)
study.add_app_template_filter(show.inline)
study.add_app_template_filter(show.brief)
study.add_app_template_filter(show.in_words)
study.add_app_template_filter(show.in_order)
study.add_app_template_filter(show.paragraphs)
study.add_app_template_filter(show.cloze_parts)
study.add_app_template_filter(Paper.read, "paper")


@study.get("/")
@allow(Permission.OWN)
def home() -> str:
    """How much is left this year, and the next step."""
    found = queries.home(current_user.person_id)
    titles = catalogue.by_slug([module for module, _ in found.overdue]) if found.overdue else {}
    return render_template("study/home.html", home=found, titles=titles, year=clock.today().year)


@study.get("/courses/<course>")
@allow(Permission.OWN, open_if=is_open)
def overview(course: str) -> str:
    """A course: what it gives, its lessons, one's progress, its quiz."""
    published, progress = queries.taken(current_user.person_id, course)
    done = progress.done if progress else frozenset()
    completion = learned.completion(current_user.person_id, published.course_id) if progress else None
    attempts = quizzed.attempts(current_user.person_id, published.course_id) if progress else []
    return render_template(
        "study/overview.html",
        published=published,
        content=published.content,
        taken=progress,
        step=rules.step_in(published, done),
        attempts=attempts,
        feedback=queries.feedback(current_user.person_id, published, attempts) if attempts else None,
        completion=completion,
        certificate=certificates.of_completion(completion.id) if completion else None,
        following=queries.following(published.content, is_stranger=not current_user.is_authenticated),
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
@allow(Permission.OWN, open_if=is_open)
def lesson(course: str, lesson: str) -> str:
    """One lesson."""
    published, progress = queries.taken(current_user.person_id, course)
    if lesson not in published.content.lesson_by_slug:
        abort(404)
    return render_template(
        "study/lesson.html",
        published=published,
        pictures=published.pictures,
        content=published.content,
        lesson=published.content.lesson_by_slug[lesson],
        pieces=asking.pieces(
            published.html[lesson], published.content.quiz, lesson, request.args.get("asked", ""), request.args
        ),
        answer_to=lambda code: url_for("study.answer_in_lesson", course=course, lesson=lesson, code=code),
        done=progress.done if progress else frozenset(),
        neighbours=rules.neighbours(published, lesson),
    )


@study.post("/courses/<course>/lessons/<lesson>/questions/<code>")
@allow(Permission.OWN)
def answer_in_lesson(course: str, lesson: str, code: str) -> Response:
    """Answer a question inside a lesson: nothing is stored, so the answer goes along in the address."""
    published, _ = queries.taken(current_user.person_id, course)
    if lesson not in published.content.lesson_by_slug or code not in published.content.quiz.by_id:
        abort(404)
    answer: dict[str, Any] = asking.fields(code, request.form.to_dict(flat=False))
    return redirect(url_for("study.lesson", course=course, lesson=lesson, asked=code, _anchor=f"q-{code}", **answer))


@study.get("/courses/<course>/lessons/<lesson>/print")
@allow(Permission.OWN, open_if=is_open)
def print_lesson(course: str, lesson: str) -> str:
    """A lesson to print."""
    published, _ = queries.taken(current_user.person_id, course)
    if lesson not in published.content.lesson_by_slug:
        abort(404)
    words = published.content.lesson_by_slug[lesson]
    pieces = asking.pieces(published.html[lesson], published.content.quiz, lesson)
    return render_template(
        "study/print_lesson.html", published=published, pictures=published.pictures, lesson=words, pieces=pieces
    )


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
