"""Counts for those who may not see names: a group so small that its people could be guessed is not told. Pure."""

from collections.abc import Mapping
from typing import TypeVar

FEWEST = 5

Key = TypeVar("Key")


def hidden(counts: Mapping[Key, int], total_is_known: bool = True) -> dict[Key, int | None]:
    """Counts with those of one to four people left out as None.

    Where the total is known, one hidden count could be worked out from the others: the next smallest is hidden too.
    """
    shown: dict[Key, int | None] = {key: None if 0 < count < FEWEST else count for key, count in counts.items()}
    left_out = [key for key, count in shown.items() if count is None]
    told = [key for key, count in counts.items() if count >= FEWEST]
    if total_is_known and len(left_out) == 1 and told:
        shown[min(told, key=lambda key: counts[key])] = None
    return shown
