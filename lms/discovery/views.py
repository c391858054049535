"""The catalogue, and what of a course one takes along. Strangers see what is open; `course` is a slug."""

from io import BytesIO

from flask import Blueprint, abort, render_template, request, send_file
from flask_login import current_user
from werkzeug.http import quote_etag
from werkzeug.wrappers import Response

from lms import text
from lms.access import Permission, allow
from lms.catalogue import open_reading, search
from lms.catalogue import queries as catalogue
from lms.catalogue.content import KIT, TOPICS
from lms.catalogue.open_reading import is_open
from lms.catalogue.queries import Published
from lms.discovery import offline, queries, rules
from lms.language import locale
from lms.pages import asked_id
from lms.quizzes import asking
from lms.study import queries as study

discovery = Blueprint("discovery", __name__)

KEPT = "private, max-age=3600"
EVERYBODY = "all"
"""In place of a role: the catalogue without regard to roles."""


@discovery.get("/courses")
@allow(Permission.OWN, open_if=open_reading.is_any_open)
def index() -> str:
    """All courses: by need, role and topic, or what is found of them."""
    courses = catalogue.offered() if current_user.is_authenticated else open_reading.courses()
    topic, typed = request.args.get("topic", ""), text.clean(request.args.get("q", ""))[:100]
    chosen = [one for one in courses if one.content.topic == topic] if topic in TOPICS else courses
    if typed:
        return _found(typed, chosen, topic)
    roles = _roles()
    return render_template(
        "discovery/index.html",
        shelf=queries.shelf(current_user.person_id, chosen, roles),
        roles=roles,
        audiences=queries.audiences(courses),
        wants=rules.wants([one.content for one in chosen], locale()),
        query="",
        topic=topic,
        topics=TOPICS,
    )


@discovery.get("/courses/<course>/kit/<sheet>")
@allow(Permission.OWN, open_if=is_open)
def kit(course: str, sheet: str) -> str:
    """A sheet of the teach-back kit: the leaflet, the slides, or the role play."""
    published, _ = study.taken(current_user.person_id, course)
    page = next((page for page in published.content.kit if page.slug == f"kit-{sheet}"), None)
    if page is None or page.slug not in KIT:
        abort(404)
    return render_template(
        "discovery/kit.html",
        published=published,
        pictures=published.pictures,
        content=published.content,
        page=page,
        pieces=_pieces(published, page.slug),
    )


@discovery.get("/courses/<course>/summaries")
@allow(Permission.OWN, open_if=is_open)
def summaries(course: str) -> str:
    """What is to be remembered of each lesson, to print."""
    published, _ = study.taken(current_user.person_id, course)
    return render_template(
        "discovery/summaries.html",
        published=published,
        content=published.content,
        summaries={lesson.slug: offline.summary(published.html[lesson.slug]) for lesson in published.content.lessons},
    )


@discovery.get("/courses/<course>/offline.zip")
@allow(Permission.OWN, open_if=is_open)
def take_along(course: str) -> Response:
    """A course as pages that are read with no network."""
    published, _ = study.taken(current_user.person_id, course)
    tag = offline.tag(published)
    if request.if_none_match.contains(tag):
        return Response(status=304, headers={"ETag": quote_etag(tag), "Cache-Control": KEPT})
    archive, name = BytesIO(offline.archive(published)), f"{course}.zip"
    answer = send_file(archive, mimetype="application/zip", as_attachment=True, download_name=name, etag=tag)
    answer.headers["Cache-Control"] = KEPT
    return answer


def _found(typed: str, courses: list[Published], topic: str) -> str:
    page = asked_id("page") or 1
    return render_template(
        "discovery/found.html",
        answer=search.search(typed, courses, page),
        page=page,
        of=search.PAGE,
        query=typed,
        topic=topic,
        topics=TOPICS,
    )


def _roles() -> list[str]:
    """The role that was chosen, else the reader's own."""
    role = request.args.get("role", "")
    if role == EVERYBODY or (not role and not current_user.is_authenticated):
        return []
    return [role] if role else queries.own_roles(current_user.person_id)


def _pieces(published: Published, slug: str) -> list[str | asking.Asked]:
    return asking.pieces(published.html[slug], published.content.quiz, slug)
