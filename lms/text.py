"""Vietnamese text: clean at the boundary, fold for search, key for sorting. Pure functions."""

import re
import unicodedata
from functools import lru_cache

ETH = str.maketrans("ÐðƉɖ", "ĐđĐđ")
SPACES = re.compile(r"\s+")
LINE_SPACES = re.compile(r"[^\S\n]+")
BREAKS = re.compile("[\u200b\u2028\u2029]")
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
NO_STROKE = str.maketrans("đĐðÐ", "dDdD")

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"": "0", "\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
RANK = {letter: chr(ord("A") + rank) for rank, letter in enumerate(LETTERS)}
SHAPES = {"\u0302", "\u0306", "\u031b"}

ABBREVIATIONS = {
    "cds": "chuyen doi so",
    "cntt": "cong nghe thong tin",
    "cnscd": "cong nghe so cong dong",
    "attt": "an toan thong tin",
    "dvc": "dich vu cong",
    "dvctt": "dich vu cong truc tuyen",
    "qlnn": "quan ly nha nuoc",
    "ubnd": "uy ban nhan dan",
    "dmst": "doi moi sang tao",
    "vtvl": "vi tri viec lam",
}


def clean(value: str) -> str:
    """One line of text as it may enter the system: NFC, `Ð` as `Đ`, plain single spaces, nothing invisible."""
    return SPACES.sub(" ", clean_lines(value)).strip()


def clean_lines(value: str) -> str:
    """Like `clean`, keeping line breaks: for long texts."""
    value = value.translate(ETH).replace("\r\n", "\n").replace("\r", "\n")
    value = INVISIBLE.sub("", NOT_TEXT.sub("", BREAKS.sub(" ", value)))
    return LINE_SPACES.sub(" ", unicodedata.normalize("NFC", value)).strip()


def normal(value: str) -> str:
    """A whole file's text: NFC and Unix line ends, all else as it was written."""
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))


def fold(value: str) -> str:
    """Text without accents and case, for search: `Chuyển đổi số` → `chuyen doi so`.

    Done here and stored, because neither database folds đ (see ARCHITECTURE.md, Vietnamese text).
    """
    return " ".join(map(_fold_word, value.split()))


def unaccented(value: str) -> str:
    """Text without accents, case kept: `Đà Nẵng` → `Da Nang`."""
    plain = unicodedata.normalize("NFD", value.translate(NO_STROKE))
    return "".join(char for char in plain if not unicodedata.combining(char))


def search_terms(query: str) -> list[str]:
    """The folded words of a query, abbreviations of the field spelt out."""
    return [word for term in fold(query).split() for word in ABBREVIATIONS.get(term, term).split()]


def sort_key(value: str) -> str:
    """A text whose code-point order is the Vietnamese dictionary order of `value`: letters first, then tones.

    Order of letters a ă â … y, of tones ngang huyền hỏi ngã sắc nặng (CLDR `vi`).
    """
    words = [_word_key(word) for word in clean(value).casefold().split(" ")]
    return " ".join(letters for letters, _ in words) + "\t" + " ".join(tones for _, tones in words)


def name_sort_key(full_name: str) -> str:
    """People are listed by given name (the last word), then by family and middle names."""
    rest, _, given = clean(full_name).rpartition(" ")
    return f"{sort_key(given)}\n{sort_key(rest)}"


def given_name(full_name: str) -> str:
    """The name by which a person is addressed: the last word."""
    return full_name.rpartition(" ")[2]


@lru_cache(maxsize=1 << 16)
def _fold_word(word: str) -> str:
    return unaccented(word).casefold()


@lru_cache(maxsize=1 << 16)
def _word_key(word: str) -> tuple[str, str]:
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", word):
        parts = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize("NFC", parts[0] + "".join(p for p in parts[1:] if p in SHAPES))
        letters.append(RANK.get(base, base))
        tones.append(next((TONES[p] for p in parts[1:] if p in TONES), "0"))
    return "".join(letters), "".join(tones)


def slug(value: str) -> str:
    """ASCII words joined by hyphens: for file names and addresses."""
    return re.sub(r"[^a-z0-9]+", "-", fold(value)).strip("-")
