"""Logos and seals: what a clerk hands in becomes a small PNG that prints well and weighs little."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps

MOST_BYTES, MOST_PIXELS = 2_000_000, 12_000_000
SIDE, COLOURS = 400, 32
"""Enough for a seal of 34 mm at 300 dots an inch; all pictures have few colours, so that papers stay light."""
SMALLEST = 100
"""Below this a picture is a smudge on paper."""
SHARP = {"logo": 160, "seal": 270}
"""The longer side, in pixels, from which a picture has 200 dots an inch where it is printed."""
OPAQUE = 255


class BadPicture(ValueError):
    """A picture that cannot be taken. `problem` says why, with the message `design.wrong.<…>`."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


def accepted(content: bytes) -> bytes:
    """A PNG or JPEG as it is kept and printed: without margins, in few colours, see-through where it was. Raises BadPicture."""
    if len(content) > MOST_BYTES:
        raise BadPicture("picture-too-large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = _opened(content)
    except BadPicture:
        raise
    except Exception as error:
        raise BadPicture("picture-unreadable") from error
    if (box := picture.getchannel("A").getbbox()) is None:
        raise BadPicture("picture-empty")
    picture = picture.crop(box)
    if max(picture.size) < SMALLEST:
        raise BadPicture("picture-too-small")
    picture.thumbnail((SIDE, SIDE))
    target = BytesIO()
    picture.quantize(COLOURS, Image.Quantize.FASTOCTREE).convert("RGBA").save(target, "PNG", optimize=True)
    return target.getvalue()


def is_see_through(kept: bytes) -> bool:
    """Whether something of what lies below a picture can be seen."""
    with Image.open(BytesIO(kept)) as picture:
        return min(picture.convert("RGBA").getchannel("A").tobytes()) < OPAQUE


def side(kept: bytes) -> int:
    """The longer side in pixels."""
    with Image.open(BytesIO(kept)) as picture:
        return max(picture.size)


def is_kept(content: bytes) -> bool:
    """Whether a content is a picture as `accepted` gives them."""
    try:
        return side(content) <= SIDE
    except OSError:
        return False


def _opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content), formats=("PNG", "JPEG"))
    if picture.width * picture.height > MOST_PIXELS:
        raise BadPicture("picture-too-large")
    return ImageOps.exif_transpose(picture).convert("RGBA")
