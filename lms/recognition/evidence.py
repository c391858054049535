"""Files of evidence: PDF, JPEG and PNG, known by what is in them and never by their name, kept by content."""

from typing import Any, NamedTuple

from flask import send_file
from werkzeug.wrappers import Response

from lms import files

MOST_FILES = 3
MOST_BYTES = 10 * 1024 * 1024
SIGNATURES = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class Paper(NamedTuple):
    """One file as it was sent; `type` is its media type."""

    type: str
    content: bytes


def type_of(content: bytes) -> str | None:
    """The media type of a content; None when it is none of ours."""
    return next((kind for kind, signature in SIGNATURES.items() if content.startswith(signature)), None)


def keep(paper: Paper) -> dict[str, Any]:
    """Store a file; what is remembered of it: type, size in bytes, sha256."""
    return {"type": paper.type, "size": len(paper.content), "sha256": files.put(paper.content)}


def download(type: str, sha256: str, name: str) -> Response:
    """A stored file to be saved, never shown inside the site."""
    return send_file(files.path_of(sha256), mimetype=type, as_attachment=True, download_name=f"{name}.{ENDINGS[type]}")
