"""The files of published courses."""

from io import BytesIO
from pathlib import Path, PurePosixPath

from flask import Blueprint, abort, redirect, request, send_file
from werkzeug.wrappers import Response

from lms import files
from lms.access import Permission, allow
from lms.catalogue import embeds, open_reading, queries
from lms.catalogue import media as kinds
from lms.pages import YEAR_SECONDS

catalogue = Blueprint("catalogue", __name__)

# A picture that somebody uploaded must not run anything, even when it is opened by itself.
MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@catalogue.get("/media/<course>/<int:number>/<path:filename>")
@allow(Permission.OWN, open_if=open_reading.is_open)
def media(course: str, number: int, filename: str) -> Response:
    """A picture, a film, a file of a published version."""
    digest = queries.numbered(course, number).media.get(f"media/{filename}")
    if digest is None:
        abort(404)
    return served(filename, digest, keep_seconds=YEAR_SECONDS)


@catalogue.get("/packages/<code>/<path:filename>")
@allow(Permission.PUBLIC)
def packaged(code: str, filename: str) -> Response:
    """A file of an H5P or SCORM package: its frame has no session, so that the code in the address is the right to it."""
    return embeds.answer(code, filename) or abort(404)


def served(name: str, digest: str, *, keep_seconds: int) -> Response:
    """A stored file of a course under its name, which the reader's browser alone keeps; with `?open=1` the page of a package."""
    kind = kinds.kind(name)
    if kind is None:
        abort(404)
    if kind.role == "package" and "open" in request.args:
        return redirect(embeds.address(digest) or abort(404))
    return shown(name, files.path_of(digest), keep_seconds=keep_seconds)


def shown(name: str, source: Path | BytesIO, *, keep_seconds: int) -> Response:
    """A file of a course under its name, so that it runs nothing even when it is opened by itself."""
    kind = kinds.kind(name) or abort(404)
    response = send_file(
        source,
        mimetype=kind.mimetype,
        max_age=keep_seconds,
        as_attachment=not kind.is_shown,
        download_name=PurePosixPath(name).name,
    )
    response.headers["Content-Security-Policy"] = MEDIA_POLICY
    response.cache_control.public, response.cache_control.private = False, True
    return response
