"""The formats that courses and banks come and go in, recognised by what is in a file, not by its name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lms.exchange.carried import Carried, Remark

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


FORMATS: tuple[Format, ...] = ()
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
