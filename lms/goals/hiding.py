"""Figures for those who may not see names: no group so small that its people could be guessed, nor one that can be worked out.

A figure is (met, not met) of a unit. Everybody may open the page of every unit, so what is told of one must not give away
another: not by its sum, not by what its sisters tell, not by what its units tell. Pure.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

FEWEST = 5

Group = tuple[int, int]
Key = TypeVar("Key")


def is_safe(group: Group) -> bool:
    """Whether both parts are empty or large enough."""
    return all(people == 0 or people >= FEWEST for people in group)


def told(groups: Mapping[Key, Group]) -> set[Key]:
    """Those of some sisters whose sum is told, of which each may be told as well.

    What is left out must be several, safe together: the next smallest are left out with it until it is.
    """
    shown = {key for key, group in groups.items() if is_safe(group)}
    left = [group for key, group in groups.items() if key not in shown]
    for key in sorted(shown, key=lambda each: sum(groups[each])):
        if not left or (len(left) > 1 and is_safe(_together(left))):
            break
        if groups[key] != (0, 0):
            shown.remove(key)
            left.append(groups[key])
    return shown


def _together(groups: Iterable[Group]) -> Group:
    met, not_met = (sum(parts) for parts in zip(*groups, strict=True))
    return met, not_met
