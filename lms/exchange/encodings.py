"""Text files as people send them: which letters they are written in, found out and told."""

import re

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
TCVN3 = re.compile("[®¬µ¸¶·¹Êª«§Ö×ØÜÞ]")
VNI = re.compile("[øûåäëïñ]")
VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
SHARE, KINDS = 40, 4


class NotText(ValueError):
    """The bytes are no text."""


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
            return source.replace("\r\n", "\n").replace("\r", "\n"), "" if encoding.startswith("utf-8") else encoding
    raise NotText


def old_font(source: str) -> str:
    """`TCVN3` or `VNI` when a text was written for the fonts of before Unicode; else empty."""
    letters = sum(map(str.isalpha, source)) or 1
    for name, signs in (("TCVN3", TCVN3), ("VNI", VNI)):
        found = signs.findall(source)
        is_usual = len(set(found)) >= KINDS and len(found) * SHARE > letters
        if is_usual and len(found) > 2 * len(VIETNAMESE.findall(source)):
            return name
    return ""
