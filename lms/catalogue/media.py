"""The files that a course may bring: which kinds, how large, and whether their content is what their name says. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

KILOBYTE, MEGABYTE = 1000, 1_000_000
PICTURE_BYTES = 300 * KILOBYTE
HEAD_BYTES = 2048
ZIP = b"PK\x03\x04"
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Kind:
    """A kind of file. `role` is picture, video, audio, captions, document or package; `limit` in bytes."""

    role: str
    mimetype: str
    limit: int
    fits: Callable[[bytes], bool]

    @property
    def is_shown(self) -> bool:
        """Whether a page shows it; anything else is for saving."""
        return self.role in ("picture", "video", "audio", "captions")


def begins(*marks: bytes, at: int = 0) -> Callable[[bytes], bool]:
    """A content that has one of these marks at a place."""
    return lambda content: content[at:].startswith(marks)


def _is_svg(content: bytes) -> bool:
    return b"<svg" in content[:HEAD_BYTES].lower()


def _is_webp(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content[8:12] == b"WEBP"


def _is_mp3(content: bytes) -> bool:
    return content.startswith(b"ID3") or (len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0)


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


def _picture(mimetype: str, fits: Callable[[bytes], bool]) -> Kind:
    return Kind("picture", mimetype, PICTURE_BYTES, fits)


def _document(mimetype: str, fits: Callable[[bytes], bool] = begins(ZIP)) -> Kind:
    return Kind("document", mimetype, 10 * MEGABYTE, fits)


KINDS: Mapping[str, Kind] = {
    ".svg": _picture("image/svg+xml", _is_svg),
    ".png": _picture("image/png", begins(b"\x89PNG\r\n\x1a\n")),
    ".jpg": _picture("image/jpeg", begins(b"\xff\xd8\xff")),
    ".jpeg": _picture("image/jpeg", begins(b"\xff\xd8\xff")),
    ".webp": _picture("image/webp", _is_webp),
    ".mp4": Kind("video", "video/mp4", 60 * MEGABYTE, begins(b"ftyp", at=4)),
    ".webm": Kind("video", "video/webm", 60 * MEGABYTE, begins(b"\x1aE\xdf\xa3")),
    ".mp3": Kind("audio", "audio/mpeg", 20 * MEGABYTE, _is_mp3),
    ".m4a": Kind("audio", "audio/mp4", 20 * MEGABYTE, begins(b"ftyp", at=4)),
    ".ogg": Kind("audio", "audio/ogg", 20 * MEGABYTE, begins(b"OggS")),
    ".vtt": Kind("captions", "text/vtt", 300 * KILOBYTE, begins(b"WEBVTT", b"\xef\xbb\xbfWEBVTT")),
    ".pdf": _document("application/pdf", begins(b"%PDF-")),
    ".docx": _document(f"{OFFICE}.wordprocessingml.document"),
    ".xlsx": _document(f"{OFFICE}.spreadsheetml.sheet"),
    ".pptx": _document(f"{OFFICE}.presentationml.presentation"),
    ".odt": _document(f"{OPEN_DOCUMENT}.text"),
    ".ods": _document(f"{OPEN_DOCUMENT}.spreadsheet"),
    ".odp": _document(f"{OPEN_DOCUMENT}.presentation"),
    ".csv": _document("text/csv", _is_text),
    ".txt": _document("text/plain", _is_text),
    ".h5p": Kind("package", "application/zip", 40 * MEGABYTE, begins(ZIP)),
    ".zip": Kind("package", "application/zip", 40 * MEGABYTE, begins(ZIP)),
}


def kind(name: str) -> Kind | None:
    """The kind of a file by its name; None when courses may not bring it."""
    return KINDS.get(PurePosixPath(name).suffix.lower())


def trouble(name: str, content: bytes) -> tuple[str, dict[str, Any]] | None:
    """Why a file may not be brought: the key of a problem of a package and its values."""
    found = kind(name)
    if found is None:
        return "bad-media-type", {}
    if len(content) > found.limit:
        return "media-too-large", {"limit": f"{found.limit // KILOBYTE}"}
    return None if found.fits(content) else ("media-other-content", {})


def folder(course: str, number: int) -> str:
    """The address under which the files of a published version lie."""
    return f"/media/{course}/{number}/"


def suffixes(*roles: str) -> list[str]:
    """The endings of names of these kinds, for `accept` and for sentences."""
    return [suffix for suffix, found in KINDS.items() if found.role in roles]
