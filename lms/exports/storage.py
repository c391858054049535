"""Where the files of exports lie: a folder for each, apart from the papers that are kept for good."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flask import current_app

PIECE = 1 << 20


class Busy(Exception):
    """Another worker is at work on the same export."""


@contextmanager
def writing(export_id: int) -> Iterator[IO[bytes]]:
    """A file that is begun anew, and becomes the export's when the block ends well; else nothing is left of it. Raises Busy."""
    folder = _folder(export_id)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "part"
    part.touch()
    with part.open("r+b") as target:
        try:
            fcntl.flock(target, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        target.truncate()
        try:
            yield target
            target.flush()
            os.fsync(target.fileno())
            os.replace(part, path(export_id))
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def path(export_id: int) -> Path:
    """The file of an export."""
    return _folder(export_id) / "file"


def digest(export_id: int) -> tuple[int, str]:
    """Size and SHA-256 of the file of an export."""
    with path(export_id).open("rb") as source:
        return os.fstat(source.fileno()).st_size, hashlib.file_digest(source, "sha256").hexdigest()


def remove(export_id: int) -> None:
    """Forget all that lies there of an export."""
    shutil.rmtree(_folder(export_id), ignore_errors=True)


def _folder(export_id: int) -> Path:
    return Path(current_app.config["INSTANCE_PATH"]) / "exports" / str(export_id)
