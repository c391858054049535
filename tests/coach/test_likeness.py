"""What is alike is found, and nothing else: the index against comparing all with all."""

import time
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.coach.likeness import ALIKE, Alike, alike, fingerprint, likeness, of_question, shingles
from tests.coach.courses import options, question

SYLLABLES = ["xã", "phường", "thôn", "cổng", "hồ", "sơ", "mã", "đúng", "sai", "một"]
words = st.lists(st.sampled_from(SYLLABLES), max_size=12).map(" ".join)


@settings(max_examples=60)
@given(st.lists(words, max_size=25), words)
def test_the_index_finds_what_comparing_all_with_all_finds(texts: list[str], wanted: str) -> None:
    known = {number: found for number, text in enumerate(texts) if (found := shingles(text))}
    right = {n for n, found in known.items() if shingles(wanted) and likeness(found, shingles(wanted)) >= ALIKE}
    assert {n for n, _ in Alike(known).to(shingles(wanted))} == right


@settings(max_examples=60)
@given(words, words)
def test_likeness_is_a_share_that_goes_both_ways(one: str, other: str) -> None:
    first, second = shingles(one), shingles(other)
    assert 0 <= likeness(first, second) == likeness(second, first) <= 1
    assert likeness(first, first) == 1


def test_accents_capitals_and_signs_make_no_difference() -> None:
    assert shingles("Một cửa, liên thông!") == shingles("mot CUA lien thong")


def test_a_picture_is_as_alike_as_the_words_that_describe_it() -> None:
    one, other, third = (
        replace(question(0), text=f"Nút nào? ![{alt}](media/{name}.png)")
        for alt, name in (("Nút Lưu", "a"), ("Nút Lưu", "b-2"), ("Nút Gửi", "a"))
    )
    assert fingerprint(one) == fingerprint(other) != fingerprint(third)


def test_questions_are_the_same_in_whatever_order_their_options_stand() -> None:
    one = question(0, options=options("Hỏi lại", "Từ chối", "Chờ"))
    turned = question(0, id="b1", options=options("Chờ.", "Từ chối", "hỏi lại", right=2))
    assert fingerprint(one) == fingerprint(turned)
    assert fingerprint(one) != fingerprint(replace(one, options=options("Hỏi lại", "Từ chối", "Chờ", right=1)))


def test_a_question_with_one_word_changed_is_alike() -> None:
    one = question(0, text="Một phường mới sáp nhập có bao nhiêu đầu mối?")
    assert likeness(of_question(one), of_question(replace(one, text=one.text.replace("Một", "Mỗi")))) > ALIKE
    assert [pair[:2] for pair in alike([one, question(1), replace(one, id="q9")])] == [(0, 2)]


def test_five_thousand_are_compared_with_five_thousand_in_seconds() -> None:
    texts = {
        n: shingles(f"câu hỏi số {n} về việc {n % 97} ở nơi {n % 89} vào ngày {n * 7919 % 10007}") for n in range(5000)
    }
    start = time.process_time()
    index = Alike(texts)
    found = [index.to(text) for text in texts.values()]
    assert all(found)
    assert time.process_time() - start < 6
