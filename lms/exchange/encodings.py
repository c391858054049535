"""Text files as people send them: which letters they are written in, found out and told."""

import re

from lms.exchange.old_fonts import looks_old

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
HEAD = 200_000


class NotText(ValueError):
    """The bytes are no text that can be read; `key` is a message key after `exchange.`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def head(content: bytes) -> bytes:
    """The beginning of a text as its Latin letters, in whichever width: enough to recognise a format by."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content[:HEAD].replace(b"\0", b"") if wide else content[:HEAD]


def decode(content: bytes) -> tuple[str, str]:
    """(text, the encoding when it was not UTF-8), with Unix line ends. Raises `NotText`.

    Not yet NFC: in formats with escapes, a combining sign belongs to what the escape means, not to its letter.
    """
    marked = next((name for mark, name in MARKS.items() if content.startswith(mark)), "")
    for encoding in (marked,) if marked else ("utf-8", "cp1258", "cp1252"):
        try:
            source = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROLS.search(source):
            if looks_old(source if encoding.startswith("utf") else content.decode("cp1252", "replace")):
                raise NotText("old-font")
            return source.replace("\r\n", "\n").replace("\r", "\n"), "" if encoding.startswith("utf-8") else encoding
    raise NotText("not-text")
