"""The words in a QR symbol: what went in comes out, in one size, and nobody else can write them."""

from datetime import date

import pytest
import segno
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.trust import keys, symbol
from lms.trust.symbol import NoSymbol, Words

AN = {
    "code": "K7QM4WXP92", "number": "12/2026/GCN-KHCN", "name": "Nguyễn Thị Thuỳ Dương",
    "course": "Kỹ năng số cơ bản cho Tổ công nghệ số cộng đồng", "issuer": "SỞ KHOA HỌC VÀ CÔNG NGHỆ THÀNH PHỐ ĐÀ NẴNG",
    "issued_on": date(2026, 9, 5),
}  # fmt: skip
LETTERS = st.text(st.characters(min_codepoint=0x20, exclude_categories=("Cs", "Cc")), max_size=30)


@pytest.fixture
def payload(installation: Flask) -> str:
    return symbol.text(**AN).split("#")[1]


def test_a_symbol_leads_to_the_verify_page_and_says_what_the_paper_says(installation: Flask) -> None:
    text = symbol.text(**AN)
    link, _, payload = text.partition("#")
    assert link == f"{installation.config['BASE_URL']}/v/K7QM4WXP92" and text.isascii()
    assert symbol.read(payload) == (Words(**AN), keys.signing_key("badge").kid)


def test_a_symbol_says_when_the_paper_expires(installation: Flask) -> None:
    ends = {**AN, "expires_on": date(2029, 9, 5)}
    text = symbol.text(**ends)
    assert symbol.read(text.split("#")[1])[0] == Words(**ends)
    assert segno.make(text, mode="byte", error="m", boost_error=False).version <= 15


def test_symbols_have_one_size_and_phones_can_read_them(installation: Flask) -> None:
    texts = [symbol.text(**{**AN, "name": name}) for name in ("An", AN["name"], "Y Thanh Hà Niê Kđăm", "H'Hen Niê")]
    assert len({len(text) for text in texts}) == 1
    assert segno.make(texts[0], mode="byte", error="m", boost_error=False).version == 13
    long = symbol.text(**{**AN, "name": "Nguyễn " * 14, "course": "Chuyển đổi số " * 12})
    assert segno.make(long, mode="byte", error="m", boost_error=False).version <= 15


def test_long_words_are_cut_where_one_sees_it_and_names_last(installation: Flask) -> None:
    long = {**AN, "name": "Nguyễn " * 14 + "An", "course": "Chuyển đổi số " * 12}
    words, _ = symbol.read(symbol.text(**long).split("#")[1])
    assert words.name == long["name"] and len(words.name) == 100
    assert words.course.endswith("…") and long["course"].startswith(words.course[:-1])
    longer, _ = symbol.read(symbol.text(**{**long, "name": "Ă" * 400}).split("#")[1])
    assert longer.name.endswith("…") and len(longer.name) > 100


@given(LETTERS, LETTERS, LETTERS, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_letter_comes_out_as_it_went_in(
    installation: Flask, name: str, number: str, issuer: str, day: date
) -> None:
    given = {**AN, "name": name, "number": number, "issuer": issuer, "issued_on": day}
    words = symbol.Words(**given)
    if len(symbol._fields(words)) <= 200:
        assert symbol.read(symbol.text(**given).split("#")[1])[0] == words


def test_one_changed_letter_is_found_wherever_it_is(payload: str) -> None:
    for place in range(0, len(payload) - 1, 7):
        changed = "B" if payload[place] != "B" else "C"
        with pytest.raises(NoSymbol):
            symbol.read(payload[:place] + changed + payload[place + 1 :])


@pytest.mark.parametrize("forged", ["", "A", "AAAA", "A" * 300, "%%%", "Đ", "A" * 5000, "=", "B" * 331])
def test_junk_is_no_symbol(installation: Flask, forged: str) -> None:
    keys.signing_key("badge")
    with pytest.raises(NoSymbol):
        symbol.read(forged)


def test_a_signature_for_something_else_is_none_for_a_symbol(installation: Flask) -> None:
    key = keys.signing_key("badge")
    message = bytes([1]) + keys.decoded(key.kid) + b"\0\0" + b"a\x01b\x01c\x01d\x01e"
    with pytest.raises(NoSymbol):
        symbol.read(keys.encoded(message + key.sign(message)))
    with pytest.raises(NoSymbol):
        symbol.read(keys.encoded(message + keys.signing_key("federation").sign(symbol.CONTEXT + message)))


def test_the_letters_are_told_apart() -> None:
    assert len(set(symbol.ALPHABET)) == len(symbol.ALPHABET) < 250
