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

SPELT_OUT = {
    "ai": "trí tuệ nhân tạo",
    "attt": "an toàn thông tin",
    "cds": "chuyển đổi số",
    "cnscd": "công nghệ số cộng đồng",
    "cntt": "công nghệ thông tin",
    "csdl": "cơ sở dữ liệu",
    "dmst": "đổi mới sáng tạo",
    "dvc": "dịch vụ công",
    "dvctt": "dịch vụ công trực tuyến",
    "ioc": "trung tâm điều hành thông minh",
    "qlnn": "quản lý nhà nước",
    "tthc": "thủ tục hành chính",
    "ubnd": "ủy ban nhân dân",
    "vtvl": "vị trí việc làm",
}
"""The abbreviations of the field, by their folded letters."""

ALSO_WORDS = {"ai"}
"""What is an abbreviation in capitals only: in small letters it is a word."""

WORD = re.compile(r"[^\W_]+")


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
    return [word for term in fold(query).split() for word in _folded_long(term).split()]


def spelt(token: str, *, is_asked: bool = False) -> list[str]:
    """A word in small letters; an abbreviation of the field as the words that it stands for.

    In a text it is one in capitals only; who asks may write it as they like.
    """
    long = SPELT_OUT.get(fold(token)) if is_asked or token.isupper() else None
    return long.split() if long else [token.casefold()]


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


def capitalised(value: str) -> str:
    """A text with a capital in front; the rest stays as it is."""
    return value[:1].upper() + value[1:]


def given_name(full_name: str) -> str:
    """The name by which a person is addressed: the last word."""
    return full_name.rpartition(" ")[2]


def _folded_long(term: str) -> str:
    return fold(SPELT_OUT[term]) if term in SPELT_OUT and term not in ALSO_WORDS else term


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
