"""Whom a rule means: kinds of posts, chosen by what they are, with and, or and not. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

NOTHING: frozenset[str] = frozenset()
ATTRIBUTES = ("role", "level", "employment", "position", "title", "unit")


class Kind(NamedTuple):
    """What a selector sees of a post. `unit` holds the codes of the unit and of all above it."""

    role: str = ""
    level: str = ""
    employment: str = ""
    position: str = ""
    title: str = ""
    unit: frozenset[str] = NOTHING


@dataclass(frozen=True, slots=True)
class Selector:
    """Everything that is asked must hold, and of the values of one attribute one; who asks nothing means everybody.

    `any_of`: at least one of these selectors admits the post. `all_of`: each does. `none_of`: none does.
    """

    role: frozenset[str] = NOTHING
    level: frozenset[str] = NOTHING
    employment: frozenset[str] = NOTHING
    position: frozenset[str] = NOTHING
    title: frozenset[str] = NOTHING
    unit: frozenset[str] = NOTHING
    any_of: tuple["Selector", ...] = ()
    all_of: tuple["Selector", ...] = ()
    none_of: tuple["Selector", ...] = ()

    def admits(self, kind: Kind) -> bool:
        """Whether a post of this kind is meant."""
        return (
            (not self.role or kind.role in self.role)
            and (not self.level or kind.level in self.level)
            and (not self.employment or kind.employment in self.employment)
            and (not self.position or kind.position in self.position)
            and (not self.title or kind.title in self.title)
            and (not self.unit or not self.unit.isdisjoint(kind.unit))
            and (not self.any_of or any(each.admits(kind) for each in self.any_of))
            and all(each.admits(kind) for each in self.all_of)
            and not any(each.admits(kind) for each in self.none_of)
        )

    def parts(self) -> Iterator["Selector"]:
        """This selector and all within it."""
        yield self
        for inner in (*self.any_of, *self.all_of, *self.none_of):
            yield from inner.parts()

    @property
    def is_plain(self) -> bool:
        """Whether it only asks for attributes."""
        return not (self.any_of or self.all_of or self.none_of)


EVERYBODY = Selector()
