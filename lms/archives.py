"""The one safe way to open a ZIP, and to write one: sizes, counts and overlaps are checked before anything is unpacked."""

import zipfile
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from lzma import LZMAError
from shutil import copyfileobj
from typing import IO, Self
from zlib import error as ZlibError

MOST_FILES = 500
MOST_BYTES = 40 * 1024 * 1024
EPOCH = (2000, 1, 1, 0, 0, 0)
UNIX = 3
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


class Archive:
    """A ZIP that is written into an open file, entry by entry, and holds none of them in memory: the same for the same entries.

    Names are UTF-8 and say so; what is too large for the old format takes the new one (ZIP64) by itself.
    """

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, path: str, content: bytes, day: date) -> None:
        """An entry as it is: for what is compressed already, such as PDF."""
        self._zip.writestr(_entry(path, day), content)

    def pack(self, path: str, source: IO[bytes], size: int, day: date) -> None:
        """An entry that is compressed, from an open file."""
        entry = _entry(path, day)
        entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, size
        with self._zip.open(entry, "w") as target:
            copyfileobj(source, target)


def _entry(path: str, day: date) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
    entry.create_system, entry.external_attr = UNIX, 0o644 << 16
    return entry


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
