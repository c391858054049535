"""Chance that is the same every time: SHA-256 of what is decided, so that two demos tell the same story. Pure."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def share(*about: object) -> float:
    """A number in [0, 1)."""
    digest = sha256("\x1f".join(map(str, about)).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def pick(choices: Sequence[T], *about: object) -> T:
    """One of the choices."""
    return choices[int(share(*about) * len(choices))]


def whole(low: int, high: int, *about: object) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int(share(*about) * (high - low + 1))
