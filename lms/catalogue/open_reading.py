"""Which courses anybody may read without an account: the setting PUBLIC_COURSES."""

from typing import Any

from flask import current_app

from lms.catalogue import queries
from lms.catalogue.content import Content
from lms.catalogue.queries import Published

FIVE_SKILLS = "five-skills"
SKILLS = frozenset(
    {
        "dich-vu-cong-truc-tuyen",
        "mua-sam-truc-tuyen",
        "nen-tang-so-trong-doi-song",
        "thanh-toan-truc-tuyen",
        "tu-bao-ve-tren-khong-gian-mang",
    }
)
"""The courses of the five basic digital skills, which the setting may name in one word."""


def is_open(course: str, **_others: Any) -> bool:
    """Whether a course is on offer to everybody."""
    return bool(_named()) and any(published.content.slug == course for published in courses())


def is_any_open() -> bool:
    """Whether anything is open at all."""
    return bool(_named())


def courses() -> list[Published]:
    """The courses that everybody may read, in Vietnamese order."""
    named = _named()
    return [published for published in queries.offered() if _is_named(published.content, named)] if named else []


def _named() -> frozenset[str]:
    return frozenset(current_app.config["PUBLIC_COURSES"])


def _is_named(content: Content, named: frozenset[str]) -> bool:
    return bool({content.slug, content.topic} & named) or (FIVE_SKILLS in named and content.slug in SKILLS)
