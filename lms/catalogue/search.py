"""The search over the catalogue. Its index is a table; what it says of a version never changes, so each process keeps it.

Pages are compared in the process, not by the databases: both give the same answer, and faster than either can.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from lms.catalogue.content import Content
from lms.catalogue.models import Course, CourseVersion, SearchPage
from lms.catalogue.queries import Published
from lms.catalogue.wording import Entry, Found, Part, Query, excerpt, find, marked, pages
from lms.db import db, insert_rows, rows

COLUMNS = ("course_id", "version_id", "kind", "slug", "position", "title", "pieces", "words", "fold")
PAGE = 10
MOST_KEPT = 2000
"""Of how many versions a process keeps the index."""

_kept: dict[tuple[int, str], Sequence[Entry]] = {}
_pages = (
    sa.select(SearchPage.version_id, *(getattr(SearchPage, name) for name in COLUMNS[2:]))
    .where(SearchPage.version_id.in_(sa.bindparam("version_ids", expanding=True)))
    .order_by(SearchPage.version_id, SearchPage.position)
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found, with what was asked for marked in its title and in a part of its text."""

    published: Published
    kind: str
    slug: str
    title: Sequence[Part]
    excerpt: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of what was found, and how much there is in all."""

    hits: Sequence[Hit]
    total: int


def search(typed: str, courses: Sequence[Published], page: int = 1) -> Answer:
    """What these courses say of a query, ten hits a page; of equal hits the earlier course comes first."""
    query = Query(typed)
    if not query.words:
        return Answer([], 0)
    found = find(query, [(place, entry) for place, kept in enumerate(entries(courses)) for entry in kept])
    shown = found[(page - 1) * PAGE : page * PAGE]
    return Answer([_hit(query, courses[one.course], one) for one in shown], len(found))


def entries(courses: Sequence[Published]) -> list[Sequence[Entry]]:
    """What the index has of versions; one that is not indexed says nothing."""
    keys = {one.version_id: (one.version_id, one.content.sha256) for one in courses}
    missing = [version_id for version_id, key in keys.items() if key not in _kept]
    if len(_kept) + len(missing) > MOST_KEPT:
        _kept.clear()
        missing = list(keys)
    if missing:
        found = groupby(rows(_pages, version_ids=missing), key=lambda row: row.version_id)
        _kept.update({keys[version_id]: [_entry(row) for row in lines] for version_id, lines in found})
    return [_kept.get(key, ()) for key in keys.values()]


def index(version: CourseVersion) -> None:
    """What search finds of a course is that of this version."""
    db.session.execute(sa.delete(SearchPage).where(SearchPage.course_id == version.course_id))
    found = enumerate(pages(Content.from_data(version.content), version.lesson_html))
    lines = ((version.course_id, version.id, place, *page.row) for place, page in found)
    insert_rows(sa.inspect(SearchPage).local_table, (*COLUMNS[:2], "position", "kind", "slug", *COLUMNS[5:]), lines)


def reindex() -> int:
    """Index all courses anew; their number."""
    current = sa.select(CourseVersion).join(Course).where(CourseVersion.number == Course.current_number)
    versions = db.session.scalars(current.order_by(CourseVersion.course_id)).all()
    for version in versions:
        index(version)
    return len(versions)


def _entry(row: Any) -> Entry:
    return Entry.of(row.kind, row.slug, row.title, row.pieces, row.words, row.fold)


def _hit(query: Query, published: Published, found: Found) -> Hit:
    entry = found.entry
    return Hit(published, entry.kind, entry.slug, marked(query, entry.title), excerpt(query, entry))
