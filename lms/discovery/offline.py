"""A course as plain pages with relative links: to be read with no network, from a folder or a memory stick."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import current_app

from lms import archives, assets, files
from lms.catalogue.actions import rendered
from lms.catalogue.content import Lesson
from lms.catalogue.queries import Published
from lms.catalogue.render import MEDIA
from lms.language import speaking
from lms.quizzes import asking

SUMMARY = re.compile(r'<aside class="callout callout-summary">.*?</aside>', re.DOTALL)
STYLE = "style.css"


MOST_KEPT, LARGEST_KEPT = 32, 2_000_000
"""So many archives are kept by a process, none larger than so many bytes: strangers may ask for them, too."""

_kept: dict[str, bytes] = {}


def tag(published: Published) -> str:
    """What names the content of an archive: the version, and the style sheet that goes along."""
    return f"{published.version_id}-{published.content.sha256[:16]}-{assets.present().digest}"


def archive(published: Published) -> bytes:
    """The pages as a ZIP, the same for the same version, in a folder of the course's name."""
    key = tag(published)
    if key in _kept:
        return _kept[key]
    folder = published.content.slug
    made = archives.zipped({f"{folder}/{name}": content for name, content in contents(published)})
    if len(made) <= LARGEST_KEPT:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = made
    return made


def write(published: Published, folder: Path) -> None:
    """The pages as files of a folder."""
    for name, content in contents(published):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def contents(published: Published) -> Iterator[tuple[str, bytes]]:
    """Pages, style sheet, and the media that the pages show or offer, by name; `index.html` is where one begins."""
    with speaking("vi"):
        pages = dict(_pages(published, rendered(published.content, _address, None)))
    yield from ((name, page.encode()) for name, page in pages.items())
    yield STYLE, assets.present().sheets.encode()
    shown = "".join(pages.values())
    for name, digest in published.media.items():
        if _address(name) in shown:
            yield name, files.read(digest)


def _pages(published: Published, html: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    content = published.content
    values: dict[str, Any] = {"published": published, "content": content, "locale": "vi", "pictures": MEDIA}
    yield "index.html", _page("discovery/offline_course.html", **values)
    for page in content.pages:
        pieces = asking.pieces(html[page.slug], content.quiz, page.slug)
        around = _neighbours(content.lessons, page)
        name = "discovery/offline_page.html"
        yield f"{page.slug}.html", _page(name, page=page, pieces=pieces, neighbours=around, **values)
    kept = {lesson.slug: summary(html[lesson.slug]) for lesson in content.lessons}
    yield "summaries.html", _page("discovery/offline_summaries.html", summaries=kept, **values)


def summary(lesson_html: str) -> str:
    """What of a lesson is to be remembered, as HTML; empty when it says nothing."""
    return "".join(SUMMARY.findall(lesson_html))


def _address(target: str) -> str:
    if target.startswith("media/"):
        return quote(target)
    return f"{target.removesuffix('.md')}.html" if target.endswith(".md") else target


def _page(name: str, **values: Any) -> str:
    return current_app.jinja_env.get_template(name).render(values)


def _neighbours(lessons: tuple[Lesson, ...], page: Lesson) -> tuple[Lesson | None, Lesson | None]:
    if page not in lessons:
        return None, None
    place = lessons.index(page)
    return lessons[place - 1] if place else None, lessons[place + 1] if place + 1 < len(lessons) else None
