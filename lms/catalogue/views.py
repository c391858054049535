"""Pages of the catalogue."""

from pathlib import Path

from flask import Blueprint, abort, render_template, request, send_file
from werkzeug.wrappers import Response

from lms import files, text
from lms.access import Permission, allow
from lms.catalogue import queries
from lms.catalogue.content import TOPICS
from lms.catalogue.package import MEDIA_TYPES
from lms.pages import YEAR_SECONDS

catalogue = Blueprint("catalogue", __name__)

# A picture that somebody uploaded must not run anything, even when it is opened by itself.
MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@catalogue.get("/courses")
@allow(Permission.OWN)
def index() -> str:
    """All courses, found by words and topic."""
    query, topic = text.clean(request.args.get("q", ""))[:100], request.args.get("topic", "")
    courses = queries.catalogue(query, topic if topic in TOPICS else "")
    versions = queries.current_versions(courses)
    return render_template(
        "catalogue/index.html", courses=courses, versions=versions, query=query, topic=topic, topics=TOPICS
    )


@catalogue.get("/media/<course>/<int:number>/<path:filename>")
@allow(Permission.OWN)
def media(course: str, number: int, filename: str) -> Response:
    """A picture of a published version."""
    digest = queries.numbered(course, number).media.get(f"media/{filename}")
    if digest is None:
        abort(404)
    kind = MEDIA_TYPES[Path(filename).suffix.lower()]
    response = send_file(files.path_of(digest), mimetype=kind, max_age=YEAR_SECONDS)
    response.headers["Content-Security-Policy"] = MEDIA_POLICY
    return response
