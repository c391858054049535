"""Pictures out of files of others: of a type that lessons can show, and small enough for a phone."""

import re
import warnings
from io import BytesIO

from PIL import Image

from lms.catalogue.media import PICTURE_BYTES

NAME = re.compile(r"[a-z0-9][a-z0-9._-]*\.(?:svg|png|jpe?g|webp)")
"""A name that a picture keeps in media/."""

SIGNS = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"RIFF": ".webp"}
CONVERTIBLE = (b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
MOST_PIXELS = 40_000_000
WIDTHS = (1600, 1200, 800, 500)


class BadPicture(ValueError):
    """A picture that cannot be shown; `key` is a message key after `exchange.`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def fitting(content: bytes) -> tuple[str, bytes]:
    """The ending and the content of a picture as it can be shown, made smaller when it is too large. Raises `BadPicture`."""
    ending = kind(content)
    if ending and len(content) <= PICTURE_BYTES:
        return ending, content
    if ending == ".svg" or not (ending or content.startswith(CONVERTIBLE)):
        raise BadPicture("picture-too-large" if ending else "picture-type")
    return smaller(content)


def kind(content: bytes) -> str:
    """The ending of a picture by its first bytes; empty for what lessons do not show."""
    if b"<svg" in content[:2000] and content.lstrip()[:1] == b"<":
        return ".svg"
    return next((ending for sign, ending in SIGNS.items() if content.startswith(sign)), "")


def smaller(content: bytes) -> tuple[str, bytes]:
    """A picture drawn again, no wider than a page needs. Raises `BadPicture`."""
    try:
        with (
            warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
            Image.open(BytesIO(content)) as picture,
        ):
            if picture.width * picture.height > MOST_PIXELS:
                raise BadPicture("picture-too-large")
            picture.load()
            for width in WIDTHS:
                ending, written = _written(picture, width)
                if len(written) <= PICTURE_BYTES:
                    return ending, written
    except BadPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise BadPicture("picture-too-large") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise BadPicture("picture-broken") from error
    raise BadPicture("picture-too-large")


def _written(picture: Image.Image, width: int) -> tuple[str, bytes]:
    has_clear_parts = picture.mode in ("RGBA", "LA", "P")
    copy = picture.convert("RGBA" if has_clear_parts else "RGB")
    copy.thumbnail((width, width * 2))
    target = BytesIO()
    if has_clear_parts:
        copy.save(target, "PNG", optimize=True)
    else:
        copy.save(target, "JPEG", quality=82)
    return ".png" if has_clear_parts else ".jpg", target.getvalue()
