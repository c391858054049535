"""Reads of the catalogue. What is published is immutable, so each process keeps what it has once read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound

from lms import text
from lms.catalogue.content import Content
from lms.catalogue.media import folder
from lms.catalogue.models import Course, CourseVersion
from lms.db import AnyRow, db, rows
from lms.language import locale


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """A version of a course: its content, and its lessons as HTML by slug. Each process keeps one of a version."""

    course_id: int
    version_id: int
    number: int
    content: Content
    html: Mapping[str, str]
    media: Mapping[str, str]

    @property
    def pictures(self) -> str:
        """Where the pictures of its questions lie."""
        return folder(self.content.slug, self.number)


_columns = (
    sa.select(Course.id.label("course_id"), CourseVersion.id.label("version_id"), CourseVersion.number, CourseVersion.sha256)
    .join(CourseVersion, CourseVersion.course_id == Course.id)
)  # fmt: skip
_current = _columns.where(Course.slug == sa.bindparam("slug"), CourseVersion.number == Course.current_number)
_version = _columns.where(CourseVersion.id == sa.bindparam("version_id"))
_numbered = _columns.where(Course.slug == sa.bindparam("slug"), CourseVersion.number == sa.bindparam("number"))


_versions = _columns.where(CourseVersion.id.in_(sa.bindparam("version_ids", expanding=True)))
_is_current = CourseVersion.number == Course.current_number
_by_slug = _columns.where(_is_current, Course.slug.in_(sa.bindparam("slugs", expanding=True)))
_offered = _columns.where(CourseVersion.number == Course.current_number, Course.is_retired.is_(False)).order_by(
    Course.sort_key
)


def offered() -> list[Published]:
    """All courses on offer in their current versions, in Vietnamese order."""
    return [_published(row) for row in rows(_offered)]


def is_offered(course_id: int) -> bool:
    """Whether new learners may begin a course."""
    return any(row.course_id == course_id for row in rows(_offered))


def current(slug: str) -> Published:
    """The version of a course that new learners get. Raises NoResultFound."""
    return _published(_one(rows(_current, slug=slug)))


def version(version_id: int) -> Published:
    """A version by id. Raises NoResultFound."""
    return _published(_one(rows(_version, version_id=version_id)))


def numbered(slug: str, number: int) -> Published:
    """A version by its number. Raises NoResultFound."""
    return _published(_one(rows(_numbered, slug=slug, number=number)))


def catalogue(query: str = "", topic: str = "") -> Sequence[Course]:
    """The courses on offer, in Vietnamese order; `query` is matched without accents, abbreviations spelt out."""
    courses = sa.select(Course).where(Course.is_retired.is_(False)).order_by(Course.sort_key)
    if topic:
        courses = courses.where(Course.topic == topic)
    for term in text.search_terms(query):
        courses = courses.where(Course.fold.contains(term, autoescape=True))
    found = db.session.scalars(courses).all()
    return sorted(found, key=lambda course: not _has_exactly(course, query)) if query else found


def versions(version_ids: Sequence[int]) -> dict[int, Published]:
    """These versions by id."""
    return {row.version_id: _published(row) for row in rows(_versions, version_ids=version_ids)}


def by_slug(slugs: Sequence[str]) -> dict[str, Published]:
    """The current versions of the courses with these slugs; unknown ones are left out."""
    found = [_published(row) for row in rows(_by_slug, slugs=slugs)]
    return {version.content.slug: version for version in found}


def course(slug: str) -> Course:
    """A course, published once at least. Raises NoResultFound."""
    return db.session.scalars(sa.select(Course).where(Course.slug == slug)).one()


def stored(version_id: int) -> CourseVersion:
    """A version as a row. Raises NoResultFound."""
    return db.session.get_one(CourseVersion, version_id)


def titles(published: Iterable[Published]) -> dict[str, str]:
    """The titles of courses by slug, in the reader's language."""
    return {version.content.slug: version.content.words_in(locale())[0] for version in published}


def all_titles() -> dict[str, str]:
    """The titles of all courses by slug, as they were first written."""
    return {row.slug: row.title for row in db.session.execute(sa.select(Course.slug, Course.title))}


def history(course_id: int) -> Sequence[AnyRow]:
    """The versions of a course, newest first: id, number, published_at, published_by_id, sha256."""
    columns = sa.select(
        CourseVersion.id,
        CourseVersion.number,
        CourseVersion.published_at,
        CourseVersion.published_by_id,
        CourseVersion.sha256,
    )
    return db.session.execute(
        columns.where(CourseVersion.course_id == course_id).order_by(CourseVersion.number.desc())
    ).all()


def _one(found: Sequence[AnyRow]) -> AnyRow:
    if not found:
        raise NoResultFound
    return found[0]


def _published(row: AnyRow) -> Published:
    return _kept(row.course_id, row.version_id, row.number, row.sha256)


@lru_cache(maxsize=512)
def _kept(course_id: int, version_id: int, number: int, sha256: str) -> Published:
    stored = sa.select(CourseVersion.content, CourseVersion.lesson_html, CourseVersion.media)
    content, html, media = db.session.execute(stored.where(CourseVersion.id == version_id)).one()
    return Published(course_id, version_id, number, Content.from_data(content), html, media)


def _has_exactly(course: Course, query: str) -> bool:
    return text.clean(query).casefold() in course.title.casefold()
