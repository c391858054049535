"""What a file of others brought with it, and what it could not bring."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lms.catalogue.content import Lesson, Question
from lms.language import gettext


@dataclass(frozen=True)
class Remark:
    """A sentence about a place of a file (paragraph, cell, line, item). An error stops the item; else it is a loss or a doubt."""

    place: str
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    is_error: bool = False

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in the reader's language."""
        return gettext(f"exchange.{self.key}", **self.values)

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


class Source(NamedTuple):
    """A paragraph, cell or line of the file as it was read, under the name by which remarks call it."""

    place: str
    text: str


@dataclass
class Carried:
    """Questions and lessons as they were understood; `topics` as (id, title); `media` by path (`media/…`).

    `source` shows the file as it was read, `places` where each question (by id) and lesson (by slug) begins, `starts`
    where anything begins, also what was left out; all may be empty.
    """

    questions: tuple[Question, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    title: str = ""
    topics: tuple[tuple[str, str], ...] = ()
    media: dict[str, bytes] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    source: tuple[Source, ...] = ()
    places: dict[str, str] = field(default_factory=dict)
    starts: tuple[str, ...] = ()

    @property
    def errors(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.is_error]
