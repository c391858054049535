"""A draft open on the desk: one revision of it, as far as it can be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lms import files
from lms.authoring import editing, queries
from lms.authoring.models import Draft
from lms.catalogue import embeds, media
from lms.catalogue.content import Content, Lesson
from lms.catalogue.package import Package, Problem, read_files
from lms.pages import Number

UNREAD = {"media-other-content"}
"""What a package of names alone cannot know of its media."""


@dataclass(frozen=True)
class Opened:
    """A revision: `files` are its texts by path, `media` names of stored contents by path."""

    draft: Draft
    number: int
    files: Mapping[str, str]
    media: Mapping[str, str]

    @cached_property
    def package(self) -> Package:
        """What the texts say; media are known by name only, because a page need not read a film."""
        texts = {path: source.encode() for path, source in self.files.items()}
        return read_files(self.draft.slug, texts | dict.fromkeys(self.media, b""))

    @property
    def content(self) -> Content | None:
        return self.package.content

    @property
    def problems(self) -> list[Problem]:
        return [problem for problem in self.package.problems if problem.key not in UNREAD]

    @property
    def lessons(self) -> list[str]:
        return editing.lesson_names(self.files)

    def lesson(self, slug: str) -> Lesson | None:
        """A lesson by its slug; None when its head cannot be read."""
        return self.content.lesson_by_slug.get(slug) if self.content else None

    def problems_in(self, path: str) -> list[Problem]:
        """What is wrong with one file."""
        return [problem for problem in self.problems if problem.file == path]

    def problems_of(self, question: str) -> list[Problem]:
        """What is wrong with one question."""
        return [problem for problem in self.problems if problem.values.get("question") == question]

    def media_of(self, *roles: str) -> list[str]:
        """The media of some kinds, by path."""
        return sorted(path for path in self.media if (kind := media.kind(path)) and kind.role in roles)

    @cached_property
    def playable(self) -> set[str]:
        """The packages that have a page to begin with."""
        return {path for path in self.media_of("package") if embeds.trouble(files.read(self.media[path])) is None}


def opened(draft: Draft, base: str | None = None) -> Opened:
    """A draft as it is, or as it was at the revision `base` that a form was made from. Raises NoResultFound."""
    number = int(base) if base and re.fullmatch(Number.regex, base) else draft.revision
    found = queries.revision(draft, number)
    return Opened(draft, number, found.files, found.media)
