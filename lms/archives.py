"""The one safe way to open a ZIP, and to write one: sizes, counts and overlaps are checked before anything is unpacked."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from lzma import LZMAError
from zlib import error as ZlibError

MOST_FILES = 500
MOST_BYTES = 40 * 1024 * 1024
EPOCH = (2000, 1, 1, 0, 0, 0)
ENTRY = b"PK\x01\x02"
BROKEN = (zipfile.BadZipFile, ZlibError, LZMAError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


class UnsafeArchive(ValueError):
    """A ZIP that is broken, too large, or made to do harm. `key` is a message key."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def unzip(content: bytes, *, most_files: int = MOST_FILES, most_bytes: int = MOST_BYTES) -> dict[str, bytes]:
    """The files of a ZIP by their path. Raises `UnsafeArchive`."""
    if content.count(ENTRY) > 2 * most_files:  # Reading a directory of a million entries would already do harm.
        raise UnsafeArchive("archive.too-large")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _refuse_harm(entries, most_files, most_bytes)
            return {entry.filename: _read(archive, entry) for entry in entries}
    except BROKEN as error:
        if isinstance(error, UnsafeArchive):
            raise
        raise UnsafeArchive("archive.broken") from error


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of files by their path, the same for the same files."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, EPOCH), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _refuse_harm(entries: list[zipfile.ZipInfo], most_files: int, most_bytes: int) -> None:
    if len(entries) > most_files or sum(entry.file_size for entry in entries) > most_bytes:
        raise UnsafeArchive("archive.too-large")
    if any(
        ".." in entry.filename.split("/") or entry.filename.startswith("/") or "\\" in entry.filename
        for entry in entries
    ):
        raise UnsafeArchive("archive.bad-path")
    ends = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < ends:
            raise UnsafeArchive("archive.broken")
        ends = entry.header_offset + entry.compress_size


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as source:
        content = source.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise UnsafeArchive("archive.too-large")
    return content
