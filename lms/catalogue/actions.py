"""Writes of the catalogue: publishing and retiring."""

from collections.abc import Collection
from urllib.parse import quote

import sqlalchemy as sa

from lms import audit, clock, files, text
from lms.catalogue import embeds, search
from lms.catalogue import media as kinds
from lms.catalogue.content import SLIDES, Content, Lesson
from lms.catalogue.models import Course, CourseVersion
from lms.catalogue.package import Package
from lms.catalogue.render import Address, lesson_html
from lms.db import db, hold


class NotPublishable(Exception):
    """A package with errors; they are in `package.problems`."""


def publish(*, package: Package, by_id: int | None, unit_id: int | None = None) -> CourseVersion:
    """Publish a package as the next version of its course; the same content again is the version that is there.

    A new course belongs to the unit `unit_id`, or to everybody. Raises `NotPublishable`.
    """
    if package.content is None or package.errors:
        raise NotPublishable
    content = package.content
    hold(f"publish:{content.slug}")
    course = db.session.scalar(sa.select(Course).where(Course.slug == content.slug).with_for_update())
    if course is None:
        course = Course(slug=content.slug, current_number=0, title="", topic="", sort_key="", fold="", unit_id=unit_id)
        db.session.add(course)
        db.session.flush()
    present = _version(course.id, course.current_number)
    media = {name: files.put(package.media[name]) for name in sorted(package.media)}
    if present and present.sha256 == content.sha256 and present.media == media:
        return present
    version = CourseVersion(
        course_id=course.id,
        number=course.current_number + 1,
        sha256=content.sha256,
        content=content.as_data(),
        lesson_html=_rendered(content, course.current_number + 1, embeds.playable(package.media)),
        media=media,
        published_at=clock.now(),
        published_by_id=by_id,
    )
    db.session.add(version)
    course.current_number, course.is_retired = version.number, False
    course.title, course.topic, course.sort_key = content.title, content.topic, text.sort_key(content.title)
    course.fold = text.fold(" ".join(_searched(content)))
    db.session.flush()
    search.index(version)
    audit.record("catalogue.publish", course, number=version.number, sha256=version.sha256)
    return version


def retire(*, course: Course, reason: str) -> None:
    """Take a course out of the catalogue; who is under way finishes."""
    if not course.is_retired:
        course.is_retired = True
        audit.record("catalogue.retire", course, reason=reason)


def bring_back(*, course: Course) -> None:
    """Offer a retired course again, in its current version."""
    if course.is_retired:
        course.is_retired = False
        audit.record("catalogue.bring-back", course)


def _version(course_id: int, number: int) -> CourseVersion | None:
    found = sa.select(CourseVersion).where(CourseVersion.course_id == course_id, CourseVersion.number == number)
    return db.session.scalar(found)


def rendered(content: Content, address: Address, playable: Collection[str] | None) -> dict[str, str]:
    """All pages of a course as HTML, by slug."""
    return {page.slug: lesson_html(_whole(page), address=address, playable=playable) for page in content.pages}


def _rendered(content: Content, number: int, playable: Collection[str]) -> dict[str, str]:
    def address(target: str) -> str:
        if target.startswith("media/"):
            return kinds.folder(content.slug, number) + quote(target.removeprefix("media/"))
        if target.endswith(".md"):
            return f"/courses/{content.slug}/lessons/{target.removesuffix('.md')}"
        return target

    return rendered(content, address, playable)


def _whole(page: Lesson) -> str:
    """The text of a page; that of the kit's slides is one block of slides."""
    return f":::::: slides {page.title}\n{page.text}\n::::::" if page.slug == SLIDES else page.text


def _searched(content: Content) -> list[str]:
    return [content.title, content.summary, content.en_title, *(lesson.title for lesson in content.lessons)]
