"""H5P and SCORM packages: opened safely, and served so that nothing in them reaches a page of ours or its reader.

A package is code of others. Its files have an address of their own that carries no session: whoever may see the lesson gets
a signed code for some hours. They are answered with a policy that gives them an origin of their own and no network but
their own files.
"""

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from flask import current_app, request, send_file, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from lms import files
from lms.archives import UnsafeArchive, unzip

HOURS = 12
MOST_FILES = 2000
LAUNCH = re.compile(rb"""<resource\b[^>]*?\bhref\s*=\s*["']([^"'<>?#]+)""", re.IGNORECASE)
SUFFIXES = (".h5p", ".zip")


@dataclass(frozen=True)
class Opened:
    """A package: the page to begin with, and its files by path, named by their content."""

    start: str
    files: Mapping[str, str]


def start_of(contents: Mapping[str, bytes]) -> str | None:
    """The page with which a package begins: what its SCORM manifest says, else index.html; None when it has none."""
    launched = LAUNCH.search(contents.get("imsmanifest.xml", b""))
    if launched and (page := launched[1].decode("utf-8", "replace").removeprefix("./")) in contents:
        return page
    return "index.html" if "index.html" in contents else None


def trouble(content: bytes) -> str | None:
    """What is wrong with a package: the key of a problem; `embed-not-playable` when it can only be offered as a file."""
    try:
        contents = unzip(content, most_files=MOST_FILES)
    except UnsafeArchive:
        return "embed-broken"
    return None if start_of(contents) else "embed-not-playable"


def playable(media: Mapping[str, bytes]) -> set[str]:
    """The packages among the media of a course that have a page to begin with."""
    packages = {name: content for name, content in media.items() if PurePosixPath(name).suffix.lower() in SUFFIXES}
    return {name for name, content in packages.items() if trouble(content) is None}


def opened(digest: str) -> Opened | None:
    """A stored package, opened; None when it has no page to begin with."""
    return _opened(current_app.config["INSTANCE_PATH"], digest)


def address(digest: str) -> str | None:
    """Where a reader who may see the lesson opens the package."""
    found = opened(digest)
    return url_for("catalogue.packaged", code=_signer().dumps(digest), filename=found.start) if found else None


def answer(code: str, filename: str) -> Response | None:
    """A file of a package, for whoever has a code that is still good."""
    try:
        digest = str(_signer().loads(code, max_age=HOURS * 3600))
    except BadData:
        return None
    found = opened(digest)
    if found is None or filename not in found.files:
        return None
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    response = send_file(files.path_of(found.files[filename]), mimetype=kind, max_age=HOURS * 3600)
    response.headers.update(_headers(code))
    return response


def _headers(code: str) -> dict[str, str]:
    own = f"{request.host_url}packages/{code}/"
    return {
        "Content-Security-Policy": (
            f"sandbox allow-scripts; default-src {own} 'unsafe-inline' 'unsafe-eval' data: blob:; "
            "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
        ),
        "X-Frame-Options": "SAMEORIGIN",
        "Cross-Origin-Resource-Policy": "cross-origin",  # a frame without an origin is foreign even to its own files
        "Access-Control-Allow-Origin": "*",
    }


@lru_cache(maxsize=64)
def _opened(_instance: str, digest: str) -> Opened | None:
    contents = unzip(files.read(digest), most_files=MOST_FILES)
    start = start_of(contents)
    return Opened(start, {path: files.put(content) for path, content in contents.items()}) if start else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="packages")
