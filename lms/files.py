"""Files by their content: stored once under their SHA-256, never changed."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

from flask import current_app

SIGNATURES = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
"""How contents begin that people hand in, by media type."""


def type_of(content: bytes) -> str | None:
    """The media type of a content; None when it is none of ours."""
    return next((kind for kind, signature in SIGNATURES.items() if content.startswith(signature)), None)


def put(content: bytes | Iterable[bytes]) -> str:
    """Store a content; its SHA-256 in hex is its name from now on."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with NamedTemporaryFile(dir=folder, prefix=".part-", delete=False) as target:
        for part in (content,) if isinstance(content, bytes) else content:
            digest.update(part)
            target.write(part)
        target.flush()
        os.fsync(target.fileno())
    name = digest.hexdigest()
    path = _path(name)
    path.parent.mkdir(exist_ok=True)
    os.replace(target.name, path)
    return name


def path_of(name: str) -> Path:
    """Where the content named `name` lies. Raises FileNotFoundError when it is not stored."""
    path = _path(name)
    if not (len(name) == 64 and name.isalnum() and path.is_file()):
        raise FileNotFoundError(name)
    return path


def read(name: str) -> bytes:
    """The content named `name`. Raises FileNotFoundError when it is not stored."""
    return path_of(name).read_bytes()


def _folder() -> Path:
    return Path(current_app.config["INSTANCE_PATH"]) / "files"


def _path(name: str) -> Path:
    return _folder() / name[:2] / name
