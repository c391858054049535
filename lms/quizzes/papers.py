"""Files that learners hand in: known by what is in them and never by their name, kept by content, only ever downloaded.

A stored file is one text of a response: sha256, size in bytes, media type and name, with spaces between.
"""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple, Self

from flask import send_file
from sqlalchemy.exc import NoResultFound
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from lms import archives, files, text

MOST_FILES = 3
MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 120
OFFICE = "application/vnd.openxmlformats-officedocument."
OFFICE_FOLDERS = {
    "word/": f"{OFFICE}wordprocessingml.document",
    "xl/": f"{OFFICE}spreadsheetml.sheet",
    "ppt/": f"{OFFICE}presentationml.presentation",
}
ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    OFFICE_FOLDERS["word/"]: ".docx",
    OFFICE_FOLDERS["xl/"]: ".xlsx",
    OFFICE_FOLDERS["ppt/"]: ".pptx",
}


class Refused(ValueError):
    """A file that is not taken; `trouble` completes the message key `paper.<trouble>`."""

    def __init__(self, trouble: str, name: str = "") -> None:
        super().__init__(trouble)
        self.trouble, self.name = trouble, name


class Paper(NamedTuple):
    """A stored file."""

    sha256: str
    size: int
    type: str
    name: str

    @classmethod
    def read(cls, line: str) -> Self:
        """The file that a text of a response names."""
        sha256, size, kind, name = line.split(" ", 3)
        return cls(sha256, int(size), kind, name)

    @property
    def line(self) -> str:
        return f"{self.sha256} {self.size} {self.type} {self.name}"


def changed(lines: Sequence[str], dropped: Iterable[str], uploads: Iterable[FileStorage]) -> list[str]:
    """A response without the dropped files (by sha256) and with the uploaded ones. Raises `Refused`."""
    gone = set(dropped)
    papers = [paper for paper in map(Paper.read, lines) if paper.sha256 not in gone]
    papers += [_kept(upload) for upload in uploads if upload.filename]
    once = list({paper.sha256: paper for paper in papers}.values())
    if len(once) > MOST_FILES:
        raise Refused("too-many")
    return [paper.line for paper in once]


def type_of(content: bytes) -> str | None:
    """The media type of a content; None when it is none of ours, or carries macros."""
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return files.type_of(content)


def download(lines: Sequence[str], sha256: str) -> Response:
    """One file of a response, to be saved and never shown inside the site. Raises NoResultFound when it has no such file."""
    paper = next((paper for paper in map(Paper.read, lines) if paper.sha256 == sha256), None)
    if paper is None:
        raise NoResultFound
    return send_file(files.path_of(sha256), mimetype=paper.type, as_attachment=True, download_name=paper.name)


def _kept(upload: FileStorage) -> Paper:
    name = text.clean(PurePosixPath((upload.filename or "").replace("\\", "/")).name)
    with upload.stream as source:
        content = source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused("too-large", name)
    kind = type_of(content)
    if kind is None:
        raise Refused("other-type", name)
    stem = PurePosixPath(name).stem[:LONGEST_NAME] or "tep"
    return Paper(files.put(content), len(content), kind, f"{stem}{ENDINGS[kind]}")


def _office_type(content: bytes) -> str | None:
    try:
        names = archives.unzip(content)
    except archives.UnsafeArchive:
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for folder, kind in OFFICE_FOLDERS.items() if any(n.startswith(folder) for n in names)), None)
