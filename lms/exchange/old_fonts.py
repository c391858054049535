"""Texts for the fonts of before Unicode (TCVN3, VNI), in which a wrong letter stands for each right one. Pure."""

import re

FONT = re.compile(r"\.vn|vni-", re.IGNORECASE)
LATIN = re.compile("[\u0080-\u00ff]")
UNICODE = re.compile("[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
WRONG = re.compile(r"[A-Za-z][µ¸¶·¹®¬¨©ª«ÇËÎÏÑÖ×ØÜÞßäåæçëîïñöøûüþ]|®[A-Za-z]|[aeouy][øûï]|ö[ôùøû]|[aeo][âê][ùøûõï]")


def is_font(name: str) -> bool:
    """Whether a font is one of them."""
    return bool(FONT.match(name))


def needs_font(words: str) -> bool:
    """Whether a text that stands in such a font says something else without it."""
    return bool(LATIN.search(words)) and not UNICODE.search(words)


def looks_old(words: str) -> bool:
    """Whether a text betrays itself by pairs of letters that no Vietnamese word has."""
    return not words.isascii() and not UNICODE.search(words) and len(WRONG.findall(words)) > 1
