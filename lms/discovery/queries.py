"""Reads for the catalogue."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lms import clock, text
from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.discovery import rules
from lms.discovery.rules import Counting
from lms.goals import queries as goals
from lms.language import role_words
from lms.learning import queries as learning
from lms.learning.queries import Progress
from lms.study import queries as study


@dataclass(frozen=True, slots=True)
class Card:
    """A course as the catalogue shows it; `lessons` are those of the version that the reader takes."""

    published: Published
    progress: Progress | None = None
    lessons: int = 0
    counting: Counting | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The courses for a reader's roles, and the others."""

    fitting: Sequence[Card]
    others: Sequence[Card]


def shelf(person_id: int | None, courses: Sequence[Published], roles: Collection[str]) -> Shelf:
    """Courses as cards; without roles all of them fit."""
    cards = [Card(one) for one in courses] if person_id is None else _cards(person_id, courses)
    fits = [not roles or rules.is_for(card.published.content, roles) for card in cards]
    return Shelf(
        [card for card, is_fitting in zip(cards, fits, strict=True) if is_fitting],
        [card for card, is_fitting in zip(cards, fits, strict=True) if not is_fitting],
    )


def own_roles(person_id: int) -> list[str]:
    """The roles that a person holds today."""
    return study.roles(person_id, clock.today())


def audiences(courses: Sequence[Published]) -> list[str]:
    """The roles for which there are courses, by their words."""
    found = {role for one in courses for role in one.content.audience}
    return sorted(found, key=lambda role: text.sort_key(role_words(role)))


def _cards(person_id: int, courses: Sequence[Published]) -> list[Card]:
    standings = goals.standings(person_id, clock.today().year)
    progress = {one.course_id: one for one in learning.all_progress(person_id)}
    versions = catalogue.versions([one.version_id for one in progress.values()]) if progress else {}
    return [_card(one, progress.get(one.course_id), versions, standings) for one in courses]


def _card(
    published: Published,
    progress: Progress | None,
    versions: Mapping[int, Published],
    standings: Sequence[rules.Standing],
) -> Card:
    if progress is None:
        return Card(published, counting=rules.counting(published.content, standings))
    counting = None if progress.is_completed else rules.counting(published.content, standings)
    return Card(published, progress, len(versions[progress.version_id].content.lessons), counting)
