"""Files of evidence: PDF, JPEG and PNG, known by what is in them and never by their name, kept by content."""

from typing import Any, NamedTuple

from flask import send_file
from werkzeug.wrappers import Response

from lms import files

MOST_FILES = 3
MOST_BYTES = 10 * 1024 * 1024
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class Paper(NamedTuple):
    """One file as it was sent; `type` is its media type."""

    type: str
    content: bytes


def keep(paper: Paper) -> dict[str, Any]:
    """Store a file; what is remembered of it: type, size in bytes, sha256."""
    return {"type": paper.type, "size": len(paper.content), "sha256": files.put(paper.content)}


def download(type: str, sha256: str, name: str) -> Response:
    """A stored file to be saved, never shown inside the site."""
    return send_file(files.path_of(sha256), mimetype=type, as_attachment=True, download_name=f"{name}.{ENDINGS[type]}")
