"""Each hint: what brings it about, and what does not."""

import time
from datetime import date

import pytest
from flask import Flask

from lms.catalogue.content import Content, Draw, Outcome
from lms.coach.rules import hints
from lms.coach.words import sentence
from lms.language import LOCALES, speaking
from tests.coach.courses import basis, course, lesson, moved, options, question, quiz, with_question, with_text

DAY = date(2026, 11, 20)
LONG = " ".join(["chữ"] * 40)
OLD, NEW = "13/2023/NĐ-CP", "356/2025/NĐ-CP"
ENDED = basis("1/2020/QĐ-UBND", in_force_to="2026-01-31")


def keys(content: Content, *media: str) -> list[str]:
    return [hint.key for hint in hints(content, media, DAY)]


def test_of_a_good_course_nothing_is_said() -> None:
    assert keys(course()) == []


def test_pictures_of_questions_are_used_and_measured_by_their_words() -> None:
    picture = "![Nút Lưu](media/anh-chup-man-hinh-trang-cong-dich-vu-cong-quoc-gia-buoc-ba.png)"
    seen = with_question(options=options(f"Nút này {picture}", "Nút kia", "Không có nút"))
    assert keys(seen, picture[picture.index("media/") : -1]) == []


@pytest.mark.parametrize(
    ("key", "spoilt"),
    [
        ("outcome-without-lesson", course(outcomes=(Outcome("o1", ""), Outcome("o2", "")))),
        ("outcome-without-question", course(outcomes=(Outcome("o1", ""), Outcome("o2", "")))),
        ("long-lesson", course(lessons=(lesson(minutes=90),))),
        ("too-few-minutes", course(lessons=(lesson(minutes=1),))),
        ("too-many-minutes", course(lessons=(lesson("Ít chữ.", minutes=30),))),
        ("hard-to-read", course(lessons=(lesson("Đẩy mạnh công tác triển khai thực hiện một cách đồng bộ. " * 20),))),
        ("long-paragraph", with_text("Một câu có đúng sáu chữ. " * 21)),
        ("long-sentence", with_text(f"{LONG}.")),
        ("picture-without-words", with_text("![](media/a.png)")),
        ("picture-says-nothing", with_text("![Hình 1](media/a.png)")),
        ("picture-says-nothing", with_text("![so-do-to-chuc-bo-may.png](media/a.png)")),
        ("film-without-captions", with_text("::: video media/a.mp4 Phim\nLời thoại đây.\n:::")),
        ("film-without-transcript", with_text("::: audio media/a.mp3 Tiếng\n:::")),
        ("law-past-its-end", with_text(f"Theo Nghị định {OLD}, phải hỏi ý kiến.")),
        ("law-past-its-end", with_text(f"Theo {ENDED.number}.", ENDED)),
        ("law-to-come", with_text("Theo 9/2027/NĐ-CP.", basis("9/2027/NĐ-CP", in_force_from="2027-01-01"))),
        ("law-not-named", with_text("Theo Luật 148/2025/QH15 và Quyết định 1690/QĐ-TTg.", basis("1690/QĐ-TTg"))),
        ("basis-past-its-end", course(legal_basis=(ENDED,))),
        ("basis-past-its-end", course(legal_basis=(basis(OLD),))),
        ("right-at-one-place", course(quiz=quiz(*(question(n, options=options(*"abcd")) for n in range(12))))),
        (
            "right-is-longest",
            course(quiz=quiz(*(question(n, options=options("dài nhất", "a", "b", "c")) for n in range(12)))),
        ),
        ("draw-uses-all", course(quiz=quiz(draws=(Draw(5),)))),
        ("alike-questions", with_question(text=f"{question(1).text} Vì sao?", options=question(1).options)),
        ("all-of-the-above", with_question(options=options("Tự nộp", "Nhờ nộp", "Tất cả các đáp án trên"))),
        ("all-of-the-above", with_question(options=options("Tự nộp", "Nhờ nộp", "Cả A và B"))),
        ("all-of-the-above", with_question(options=options("Tự nộp", "Nhờ nộp", "Cả ba ý trên đều đúng."))),
        ("negative-overlooked", with_question(text="Việc nào sau đây không thuộc bộ phận một cửa?")),
        ("negative-overlooked", with_question(text="Phát biểu nào dưới đây là sai?")),
        ("absolute-word", with_question(options=options("Hỏi lại", "Luôn luôn từ chối", "Chờ"))),
        ("one-option-longer", with_question(options=options("a" * 120, "b" * 20, "c" * 10))),
        ("no-feedback", with_question(right_feedback="")),
        ("long-question", with_question(text="chữ " * 81)),
    ],
)
def test_what_could_be_better_is_said(key: str, spoilt: Content) -> None:
    assert key in keys(spoilt)


@pytest.mark.parametrize(
    "fine",
    [
        with_text(f"::: law Trích\n{LONG}.\n:::"),
        with_text(f"Nghị định {OLD} đã được thay thế.", basis("1/2020/QĐ-UBND")),
        with_text(f"Nghị định {OLD}. Nay là {NEW}.", basis(NEW)),
        with_text("Gọi 24/7, từ ngày 01/07/2026, phòng 12/A, và/hoặc 3/4."),
        course(legal_basis=(basis(OLD, in_force_to="2025-12-31", replaced_by=f"Nghị định {NEW}"), basis(NEW))),
        with_text("![Người dân đưa giấy tờ cho cán bộ ở quầy](media/a.png)"),
        with_text("::: video media/a.mp4 Phim\ncaptions: media/a.vtt\n\nLời thoại đây.\n:::"),
        with_question(text="Việc nào sau đây **không** thuộc bộ phận một cửa?"),
        with_question(text="Việc nào sau đây KHÔNG thuộc bộ phận một cửa?"),
        with_question(text="Chị nên làm gì khi bà con không có điện thoại?"),
        with_question(text="Bác hỏi: có phải ra huyện không?"),
        with_question(options=options("Tuyệt đối giữ kín mã", "Luôn luôn đọc mã", "Gửi mã")),
        with_question(options=options("Cả nhà cùng xem", "Tất cả giấy tờ gốc", "Một bản sao")),
        with_question(excludes=("q02",), text=question(1).text, options=question(1).options),
    ],
)
def test_what_is_well_is_left_alone(fine: Content) -> None:
    assert keys(fine) == []


def test_files_that_no_lesson_uses_are_named() -> None:
    assert keys(course(), "media/a.png") == ["media-unused"]


def test_a_hint_points_to_its_block_and_line() -> None:
    found = hints(with_text(f"## Mục\n\nTheo Nghị định {OLD}.", basis(OLD, in_force_to="2025-12-31")), (), DAY)
    law = next(hint for hint in found if hint.key == "law-past-its-end")
    assert (law.file, law.block, law.line) == ("01-bai.md", 21, 43)


def test_a_code_stays_while_what_it_speaks_of_does() -> None:
    spoilt = with_text(f"Theo Nghị định {OLD}.\n\n{LONG}.")
    before, after = hints(spoilt, (), DAY), hints(moved(spoilt), (), DAY)
    assert [hint.code for hint in before] == [hint.code for hint in after]
    assert [hint.line for hint in before] != [hint.line for hint in after]
    changed = hints(with_text(f"Theo Nghị định {OLD}.\n\n{LONG} nữa."), (), DAY)
    assert len({hint.code for hint in before} & {hint.code for hint in changed}) == len(before) - 1


def test_every_hint_is_a_sentence_in_both_languages() -> None:
    spoilt = course(outcomes=(Outcome("o2", ""),), quiz=quiz(draws=(Draw(5),)), legal_basis=(ENDED,))
    for locale in LOCALES:
        with speaking(locale):
            said = [sentence(hint) for hint in hints(spoilt, (), DAY)]
        assert len(said) == 4 and not any("coach." in words or "%(" in words for words in said)


def test_three_hundred_questions_take_less_than_a_second() -> None:
    large = course(
        quiz=quiz(*(question(n, id=f"q{n}", text=f"{'xyz' * (n % 7)} {n} {n * n} hỏi gì?") for n in range(300)))
    )
    start = time.process_time()
    hints(large, (), DAY)
    assert time.process_time() - start < 1


def test_of_the_courses_that_come_with_the_product_nothing_is_said(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["courses", "coach"])
    assert (result.exit_code, result.output) == (0, "")
