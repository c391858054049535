"""The words of the notation in Word and Excel, in both directions: `words.toml` beside this file lists them."""

import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from lms import text

WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


class _Flat(dict[int, str]):
    def __missing__(self, code: int) -> str:
        char = chr(code).translate(text.NO_STROKE)
        self[code] = unicodedata.normalize("NFD", char)[0].lower()[0]
        return self[code]


_flat = _Flat()


def flat(value: str) -> str:
    """A text without accents and case, of the same length, so that places found in it hold in the text too."""
    return value.translate(_flat)


@lru_cache(1 << 14)
def word(value: str) -> str:
    """A text as words are compared: folded, signs as spaces."""
    return text.slug(value)


def spelling(family: str, code: str) -> str:
    """How we write a thing."""
    return WORDS[family][code][0]


def meaning(family: str, value: str) -> str:
    """The code of what somebody wrote, or an empty text."""
    return _meanings(family).get(word(value), "")


@cache
def _meanings(family: str) -> dict[str, str]:
    return {word(spelling): code for code, spellings in WORDS[family].items() for spelling in (*spellings, code)}


@cache
def labels(family: str) -> dict[str, str]:
    """Every spelling of a family in flat letters, with its code."""
    return {flat(spelling): code for code, spellings in WORDS[family].items() for spelling in spellings}
