"""Revisions and versions beside each other: reads what is compared, and says what differs."""

from collections.abc import Mapping
from dataclasses import dataclass

from lms.authoring import differences
from lms.authoring.differences import Section
from lms.authoring.models import DraftRevision
from lms.authoring.words import Kind
from lms.catalogue import queries as catalogue
from lms.catalogue import writing
from lms.catalogue.content import Content
from lms.catalogue.models import CourseVersion
from lms.catalogue.package import read_files
from lms.catalogue.queries import Published


@dataclass(frozen=True)
class Side:
    """What is compared: texts and media by path; `content` when they can be read as a course."""

    files: Mapping[str, str]
    media: Mapping[str, str]
    content: Content | None


NOTHING = Side({}, {}, None)


def of_revision(slug: str, revision: DraftRevision) -> Side:
    """A revision of a draft. Its media are known by name only: a page need not read a film."""
    texts = {path: content.encode() for path, content in revision.files.items()}
    package = read_files(slug, texts | dict.fromkeys(revision.media, b""))
    return Side(revision.files, revision.media, package.content)


def of_version(published: Published) -> Side:
    """A published version."""
    return Side(writing.files(published.content), published.media, published.content)


def of_stored(version: CourseVersion | None) -> Side:
    """A published version by its row; nothing for None."""
    return of_version(catalogue.version(version.id)) if version else NOTHING


def sections(before: Side, after: Side) -> list[Section]:
    """All that differs: as a course where both can be read as one, else file by file."""
    found: list[Section] = []
    if before.content and after.content:
        found = differences.sections(before.content, after.content)
    elif before.files != after.files:
        found = differences.of_files(before.files, after.files)
    return [*found, *_media(before.media, after.media)]


def _media(before: Mapping[str, str], after: Mapping[str, str]) -> list[Section]:
    changed = (path for path in sorted({*before, *after}) if before.get(path) != after.get(path))
    return [Section("media", _kind(path in before, path in after), path, path) for path in changed]


def _kind(was: bool, is_now: bool) -> Kind:
    return Kind.CHANGED if was and is_now else Kind.ADDED if is_now else Kind.REMOVED
