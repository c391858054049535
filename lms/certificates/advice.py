"""What a clerk should think over before a design is published: it may be printed, yet somebody may object. Pure."""

from collections.abc import Iterator

from lms import text
from lms.certificates import pictures
from lms.certificates.design import Design
from lms.certificates.pdf import PictureOf

ENTITLED_WORD = " chung chi "
"""Folded: papers of this name are for programmes and institutions that a decree names."""


def advice(design: Design, picture_of: PictureOf) -> list[str]:
    """Codes of `design.advice.<…>`, the gravest first."""
    return list(_advice(design, picture_of))


def _advice(design: Design, picture_of: PictureOf) -> Iterator[str]:
    said = text.fold(f"{design.title} {design.deed}")
    if ENTITLED_WORD in f" {said} ":
        yield "entitled-only"
    if design.is_bilingual and not (design.english.title and design.english.deed):
        yield "english-missing"
    if not any(one.name for one in design.signatories):
        yield "nobody-signs"
    if design.seal and not pictures.is_see_through(picture_of(design.seal)):
        yield "seal-covers"
    for field in ("logo", "seal"):
        name = getattr(design, field)
        if name and pictures.side(picture_of(name)) < pictures.SHARP[field]:
            yield f"{field}-coarse"
