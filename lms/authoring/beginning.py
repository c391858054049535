"""Writes that begin drafts from what is there: a version, a course of others, a package that was handed in."""

from dataclasses import replace

import sqlalchemy as sa

from lms.authoring import queries, rules
from lms.authoring.actions import Taken, begin, save
from lms.authoring.models import Draft
from lms.authoring.packing import Unpacked
from lms.catalogue import queries as catalogue
from lms.catalogue import writing
from lms.catalogue.models import Course
from lms.catalogue.queries import Published
from lms.db import db


def begin_from(*, course: Course, published: Published, by_id: int) -> Draft:
    """Begin the next version of a course with the text of a version. The draft knows the current one. Raises `Taken`."""
    current = catalogue.current(course.slug)
    return begin(
        slug=course.slug, title=published.content.title, unit_id=course.unit_id, by_id=by_id,
        files=writing.files(published.content), media=published.media, based_on=catalogue.stored(current.version_id),
    )  # fmt: skip


def bring(*, package: Unpacked, unit_id: int | None, by_id: int) -> Draft:
    """A package that was written elsewhere, as the next revision of its course's open draft, else as a new draft.

    Only a new course takes `unit_id`. Raises `Taken`, `Conflict`.
    """
    files, media, slug = package.texts, package.store_media(), package.slug
    if (draft := queries.open_draft(slug)) is not None:
        if not queries.may_write(draft.unit_id):
            raise Taken(slug)
        save(draft=draft, files=files, media=media, base=_base_of(draft, package), by_id=by_id, act="upload")
        return draft
    course = db.session.scalar(sa.select(Course).where(Course.slug == slug))
    if course is not None and not queries.may_write(course.unit_id):
        raise Taken(slug)
    return begin(
        slug=slug, title=rules.title_in(files) or slug, unit_id=course.unit_id if course else unit_id, by_id=by_id,
        files=files, media=media, based_on=catalogue.stored(catalogue.current(slug).version_id) if course else None,
    )  # fmt: skip


def _base_of(draft: Draft, package: Unpacked) -> int:
    draft_id, number = package.origin or (0, 0)
    return number if draft_id == draft.id and number <= draft.revision else draft.revision


def copy(*, published: Published, slug: str, title: str, unit_id: int | None, by_id: int) -> Draft:
    """A course of one's own that begins as a copy of a published one. Raises `Taken`."""
    content = replace(published.content, slug=slug, title=title)
    return begin(
        slug=slug, title=title, unit_id=unit_id, by_id=by_id, files=writing.files(content), media=published.media,
        based_on=catalogue.stored(published.version_id),
    )  # fmt: skip
