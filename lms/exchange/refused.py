"""Files that are none of our formats, told by their first bytes: each gets the sentence that says what to do."""

from lms.exchange.carried import Carried, Remark

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
INSIDE_OLE = (
    ("EncryptedPackage", "file-encrypted"),
    ("WordDocument", "word-old"),
    ("PowerPoint Document", "file-slides"),
)
INSIDE_ZIP = (
    (b"course.toml", "file-is-course"),
    (b"opendocument.text", "file-odt"),
    (b"ppt/presentation.xml", "file-slides"),
    (b"vnd.ms-word", "word-broken"),
)
FIRST = (
    (b"%PDF", "file-pdf"),
    (b"{\\rtf", "file-rtf"),
    (b"\x89PNG", "file-picture"),
    (b"\xff\xd8\xff", "file-picture"),
    (b"GIF8", "file-picture"),
    (b"Rar!", "file-rar"),
    (b"7z\xbc\xaf", "file-rar"),
)


def reason(content: bytes) -> str:
    """The key of the sentence for a file that nobody reads; empty when there is nothing special about it."""
    if not content.strip():
        return "file-empty"
    if content.startswith(OLE):
        return next((key for name, key in INSIDE_OLE if name.encode("utf-16-le") in content), "")
    if content.startswith(ZIP):
        return next((key for name, key in INSIDE_ZIP if name in content), "")
    return next((key for sign, key in FIRST if content.startswith(sign)), "")


def recognises(name: str, content: bytes) -> bool:
    """Whether a file is known to be none of ours."""
    return bool(reason(content))


def read(name: str, content: bytes) -> Carried:
    """Nothing, and the sentence."""
    return Carried(remarks=[Remark("", reason(content) or "file-unknown", is_error=True)])
