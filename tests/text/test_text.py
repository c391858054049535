"""Vietnamese text as domain.md asks for it: cleaned at the boundary, folded for search, keyed for sorting."""

import unicodedata
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms import text

VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"
NAMES = [
    "Nguyễn Thị Thuỳ Dương", "Đặng Thị Em", "Y Thanh Hà Niê Kđăm", "H'Hen Niê", "Hoàng Phủ Ngọc Tường", "Ước", "Ksor Phước",
    "Trần Lê Quốc Toàn", "Đinh Y Nhi", "Điểu K'Rứ",
]  # fmt: skip

vietnamese = st.text(st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + " '-"))
any_text = st.text() | vietnamese | vietnamese.map(lambda words: unicodedata.normalize("NFD", words))


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  Trần   Văn\tAn ", "Trần Văn An"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Thuỳ Dương"), "Nguyễn Thị Thuỳ Dương"),
        ("Tr\u1ea7n", "Trần"),
        ("Tr\u00e2\u0300n", "Trần"),  # as Python's cp1258 decodes it: neither NFC nor NFD
        ("Trần\u00a0Văn\u2003An", "Trần Văn An"),
        ("Trần\u200bVăn An", "Trần Văn An"),
        ("An\u200d\u200c\u2060\ufeff", "An"),
        ("A\u00adn", "An"),
        ("\u202eAn\u202c", "An"),
        ("\u2066An\u2069", "An"),
        ("\u00d0à N\u1eb5ng", "Đà Nẵng"),  # eth for đ
        ("\u0189à N\u1eb5ng", "Đà Nẵng"),
        ("\u00f0ường \u0256i", "đường đi"),
        ("a\r\nb\nc\u2028d", "a b c d"),
        ("a\x00\x07b\x7f", "ab"),
        ("a\ud800b", "ab"),
        ("²", "²"),  # no NFKC on what people write
        ("ﬁ", "ﬁ"),
        ("H’Hen Niê", "H’Hen Niê"),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_a_line_enters_clean(typed: str, clean: str) -> None:
    assert text.clean(typed) == clean


def test_long_texts_keep_their_lines() -> None:
    assert text.clean_lines(" a \r\n\r\n  b\u00a0 c\rd ") == "a \n\n b c\nd"


def test_a_file_is_only_brought_to_nfc_and_unix_lines() -> None:
    assert text.normal("e\u0302\u0323  \r\n\tb\r") == "ệ  \n\tb\n"


@given(any_text)
@example("\u2066 a")
def test_cleaning_twice_is_cleaning_once(value: str) -> None:
    once = text.clean(value)
    assert text.clean(once) == once
    lines = text.clean_lines(value)
    assert text.clean_lines(lines) == lines


@given(any_text)
def test_clean_text_is_nfc_in_one_line_and_fits_every_database(value: str) -> None:
    clean = text.clean(value)
    assert unicodedata.is_normalized("NFC", clean)
    assert clean == " ".join(clean.split())
    assert "\x00" not in clean.encode("utf-8").decode()


@pytest.mark.parametrize(
    ("value", "folded"),
    [
        ("Chuyển đổi số", "chuyen doi so"),
        ("CHUYỂN ĐỔI SỐ", "chuyen doi so"),
        (unicodedata.normalize("NFD", "Chuyển đổi số"), "chuyen doi so"),
        ("Đà Nẵng", "da nang"),
        ("đa năng", "da nang"),
        ("\u00d0à N\u1eb5ng", "da nang"),
        ("Khánh Hoà", "khanh hoa"),
        ("Khánh Hòa", "khanh hoa"),
        ("  Thuỳ \u00a0 Dương ", "thuy duong"),
        ("H'Hen Niê", "h'hen nie"),
        ("Y Thanh Hà Niê Kđăm", "y thanh ha nie kdam"),
        ("Čư M'gar", "cu m'gar"),
        ("QĐ 1690/QĐ-TTg", "qd 1690/qd-ttg"),
        ("", ""),
    ],
)
def test_search_folds(value: str, folded: str) -> None:
    assert text.fold(value) == folded


@given(vietnamese)
def test_vietnamese_folds_to_ascii(value: str) -> None:
    assert text.fold(value).isascii()


@given(any_text)
@example("\u0130\u1e9e\u0149\ufb01")
def test_folding_what_is_clean_is_stable(value: str) -> None:
    folded = text.fold(text.clean(value))
    assert text.fold(folded) == folded
    assert text.fold(text.clean(unicodedata.normalize("NFD", value))) == folded


@given(vietnamese, vietnamese)
def test_a_part_is_found_in_the_whole(part: str, rest: str) -> None:
    assert text.fold(part) in text.fold(f"{rest} {part}")


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("CĐS", ["chuyen", "doi", "so"]),
        ("tổ CNSCĐ phường", ["to", "cong", "nghe", "so", "cong", "dong", "phuong"]),
        ("VTVL", ["vi", "tri", "viec", "lam"]),
        ("", []),
    ],
)
def test_abbreviations_of_the_field_are_spelt_out(query: str, terms: list[str]) -> None:
    assert text.search_terms(query) == terms


def shuffled(words: list[str]) -> list[str]:
    return Random(1690).sample(words, len(words))


@pytest.mark.parametrize(
    "order",
    [
        "ma mà mả mã má mạ",
        "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y",
        "an ăn ân ba bà dạ đa đá e ế ga oanh ông ơn tra trà uy ưa y",
        "hoa hòa hóa hoan hoàn hoang",
        "nga ngà ngã ngạ ngân nghe nhà",
        "cam cám canh cánh căn cần",
        "tám tăm tâm tân tấn",
        "10 2 a á b",
    ],
)
def test_words_sort_as_in_the_dictionary(order: str) -> None:
    words = order.split()
    assert sorted(shuffled(words), key=text.sort_key) == words


def test_titles_sort_word_by_word() -> None:
    titles = [
        "An Giang",
        "An ninh mạng",
        "Ăn",
        "Ấn phẩm",
        "Bà Nà",
        "Bàn",
        "Chuyển đổi số",
        "Công dân",
        "Dữ liệu",
        "Đà Nẵng",
    ]
    assert sorted(shuffled(titles), key=text.sort_key) == titles


def test_letters_come_before_tones_and_case_does_not_count() -> None:
    assert text.sort_key("mạ") < text.sort_key("man") < text.sort_key("mán")
    assert text.sort_key("ĐÀ NẴNG") == text.sort_key("đà nẵng")
    assert text.sort_key(unicodedata.normalize("NFD", "đà nẵng")) == text.sort_key("đà nẵng")


def test_the_cast_sorts_by_given_name() -> None:
    cast = ["Trần Văn An", "Lê Văn Ánh", "Nguyễn Thị Ân", "Lê Thị Bình", "Phạm Thị Chi", "Hoàng Văn Dũng", "Lý Đức"]
    cast += ["Đặng Thị Em", "Võ Hương Giang", "Hồ Oanh", "Phan Ông", "Nguyễn Thị Yến"]
    assert sorted(shuffled(cast), key=text.name_sort_key) == cast


def test_of_one_given_name_the_family_name_decides() -> None:
    names = ["An", "Lê An", "Lê Văn An", "Nguyễn An", "Nguyễn Thị An", "Trần An", "Lê Anh", "Lê Ánh"]
    assert sorted(shuffled(names), key=text.name_sort_key) == names


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_peoples_stay_as_they_are(name: str) -> None:
    assert text.clean(name) == name
    assert text.clean(unicodedata.normalize("NFD", name)) == name


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Nguyễn Thị Thuỳ Dương", "Dương"),
        ("H'Hen Niê", "Niê"),
        ("Y Thanh Hà Niê Kđăm", "Kđăm"),
        ("Ước", "Ước"),
        ("", ""),
    ],
)
def test_people_are_addressed_by_their_last_word(name: str, given: str) -> None:
    assert text.given_name(name) == given


@given(any_text)
def test_a_sort_key_is_that_of_the_clean_text_and_fits_every_database(value: str) -> None:
    for key in (text.sort_key, text.name_sort_key):
        assert key(value) == key(text.clean(value))
        assert "\x00" not in key(value).encode("utf-8").decode()


@pytest.mark.parametrize(
    ("value", "slug"),
    [("Mạng lưới chuyển đổi số", "mang-luoi-chuyen-doi-so"), ("  Đà Nẵng – 2026! ", "da-nang-2026"), ("…", "")],
)
def test_a_file_name_is_ascii(value: str, slug: str) -> None:
    assert text.slug(value) == slug


@given(any_text)
def test_any_text_has_a_plain_slug(value: str) -> None:
    assert all(char.isascii() and (char.isalnum() or char == "-") for char in text.slug(value))
