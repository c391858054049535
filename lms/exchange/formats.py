"""The formats that courses and banks come and go in, recognised by what is in a file, not by its name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lms.exchange import (
    aiken,
    excel,
    gift,
    gift_writing,
    moodle,
    moodle_writing,
    plain_text,
    qti,
    qti_packages,
    refused,
    word,
)
from lms.exchange.carried import Carried, Remark

OFFICE = "application/vnd.openxmlformats-officedocument"

Recognise = Callable[[str, bytes], bool]
Read = Callable[[str, bytes], Carried]
Write = Callable[[Carried], tuple[bytes, list[Remark]]]


@dataclass(frozen=True)
class Format:
    """A format by its code; `ending` is how its files are called, `place` what a remark names: paragraph, cell, line, item.

    `read` never raises; `write` takes a `Carried` and says in its remarks what the format cannot hold.
    `recognises` is asked with the name and the content of a file.
    """

    code: str
    ending: str
    mimetype: str
    place: str
    recognises: Recognise
    read: Read
    write: Write | None = None


def _is_word(name: str, content: bytes) -> bool:
    return content.startswith(refused.ZIP) and b"word/" in content


def _is_table(name: str, content: bytes) -> bool:
    is_workbook = content.startswith(refused.ZIP) and (b"xl/" in content or b"opendocument.spreadsheet" in content)
    is_old_workbook = content.startswith(refused.OLE) and not refused.reason(content)
    return is_workbook or is_old_workbook or name.lower().endswith(".csv")


def _never(name: str, content: bytes) -> bool:
    """One reader reads every version of QTI, so one of them recognises them all."""
    return False


FORMATS: tuple[Format, ...] = (
    Format("word", ".docx", f"{OFFICE}.wordprocessingml.document", "paragraph", _is_word, word.read, word.write),
    Format("excel", ".xlsx", f"{OFFICE}.spreadsheetml.sheet", "cell", _is_table, excel.read, excel.write),
    Format("moodle", ".xml", "text/xml", "item", moodle.recognises, moodle.read, moodle_writing.write),
    Format("qti-30", ".zip", "application/zip", "item", qti.recognises, qti.read, qti_packages.writer("3.0")),
    Format("qti-22", ".zip", "application/zip", "item", _never, qti.read, qti_packages.writer("2.2")),
    Format("qti-21", ".zip", "application/zip", "item", _never, qti.read, qti_packages.writer("2.1")),
    Format("aiken", ".txt", "text/plain", "line", aiken.recognises, aiken.read, aiken.write),
    Format("gift", ".gift", "text/plain", "line", gift.recognises, gift.read, gift_writing.write),
    Format("text", ".txt", "text/plain", "line", plain_text.recognises, plain_text.read),
    Format("refused", "", "", "line", refused.recognises, refused.read),
)
"""In the order in which they are asked whether a file is theirs."""


def by_code(code: str) -> Format | None:
    """The format of that code."""
    return next((format for format in FORMATS if format.code == code), None)


def writable() -> Iterable[Format]:
    """The formats that courses and banks can be taken out in."""
    return (format for format in FORMATS if format.write)


def recognise(name: str, content: bytes) -> Format | None:
    """The format of a file, or None."""
    return next((format for format in FORMATS if format.recognises(name, content)), None)


def read(name: str, content: bytes) -> tuple[Format | None, Carried]:
    """What a file of any format brings, and the format; no format when none is recognised."""
    found = recognise(name, content)
    return found, found.read(name, content) if found else refused.read(name, content)
