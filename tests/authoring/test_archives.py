"""Opening a ZIP that somebody sent: everything is checked before anything is unpacked."""

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.archives import UnsafeArchive, unzip


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def overlapping(copies: int = 200) -> bytes:
    """Many entries that all point to the same megabyte of zeros: the classic bomb that nests nothing."""
    source = zipped({"a": b"\0" * 1_000_000})
    end = source.rindex(b"PK\x05\x06")
    (start,) = struct.unpack("<L", source[end + 16 : end + 20])
    entry = source[start:end]
    entries = entry * copies
    tail = bytearray(source[end:])
    struct.pack_into("<HHLL", tail, 8, copies, copies, len(entries), start)
    return source[:start] + entries + bytes(tail)


def lying(true_size: int, told: int) -> bytes:
    """An entry whose directory tells a smaller size than it unpacks to."""
    source = bytearray(zipped({"a": b"\0" * true_size}))
    directory = source.rindex(b"PK\x01\x02")
    struct.pack_into("<L", source, directory + 24, told)
    struct.pack_into("<L", source, 22, told)
    return bytes(source)


def encrypted() -> bytes:
    source = bytearray(zipped({"a": b"x"}))
    source[6] |= 1
    source[source.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(source)


def test_a_good_archive_gives_its_files() -> None:
    files = {"khoa/course.toml": b"x", "khoa/media/Sơ đồ.svg": b"<svg/>"}
    assert unzip(zipped({**files, "khoa/media/": b""})) == files


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "archive.broken"),
        (b"no zip at all", "archive.broken"),
        (zipped({"a": b"x" * 1000})[:-30], "archive.broken"),
        (zipped({"a": b"x" * 1000}).replace(b"x" * 10, b"y" * 10, 1)[:40] + b"\0" * 60, "archive.broken"),
        (zipped({"a": b"\0" * 50_000_000}), "archive.too-large"),
        (zipped({f"{n}": b"" for n in range(501)}), "archive.too-large"),
        (zipped({f"{n}/": b"" for n in range(1001)}), "archive.too-large"),
        (zipped({"../evil": b"x"}), "archive.bad-path"),
        (zipped({"a/../../evil": b"x"}), "archive.bad-path"),
        (zipped({"/etc/passwd": b"x"}), "archive.bad-path"),
        (zipped({"a\\..\\evil": b"x"}), "archive.bad-path"),
        (overlapping(), "archive.too-large"),
        (overlapping(3), "archive.broken"),
        (encrypted(), "archive.broken"),
    ],
    ids=[
        "empty",
        "text",
        "cut",
        "garbled",
        "bomb",
        "crowd",
        "folders",
        "up",
        "up-inside",
        "root",
        "windows",
        "overlap",
        "pair",
        "locked",
    ],
)
def test_a_bad_archive_is_refused(content: bytes, key: str) -> None:
    with pytest.raises(UnsafeArchive) as refused:
        unzip(content)
    assert refused.value.key == key


def test_a_directory_of_a_million_entries_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(UnsafeArchive):
        unzip(b"PK\x01\x02".ljust(46, b"\0") * 1_000_000)


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    with pytest.raises(UnsafeArchive):
        unzip(lying(30_000_000, 10))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_damage_never_gives_more_than_a_refusal(place: int, junk: bytes) -> None:
    source = bytearray(zipped({"a/course.toml": b"title", "a/01-x.md": b"text " * 20}))
    source[place % len(source) : place % len(source) + len(junk)] = junk
    try:
        files = unzip(bytes(source))
    except UnsafeArchive:
        return
    assert all(".." not in name.split("/") for name in files)
