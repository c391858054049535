"""A bank goes out in a format of others and comes back the same, but for what the writer's remarks say."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.catalogue.content import Question
from lms.exchange import formats, markup
from lms.exchange.carried import Carried, Remark
from lms.text import clean, clean_lines
from tests.exchange.banks import as_told, banks, respelt

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def without_marks(question: Question, _: Remark) -> Question:
    def bare(words: str) -> str:
        return markup.escaped(clean(markup.plain(words)))

    options = tuple(replace(option, text=bare(option.text)) for option in question.options)
    return replace(question, text=bare(question.text), options=options)


def without_notes(question: Question, _: Remark) -> Question:
    return replace(question, options=tuple(replace(option, feedback="") for option in question.options))


TOLD: Mapping[str, Callable[[Question, Remark], Question]] = {
    "lost-spelling": respelt,
    "lost-rubric-spelling": lambda question, remark: replace(question, rubric=respelt(question, remark).rubric),
    "lost-marks": without_marks,
    "lost-option-feedback": without_notes,
}


@pytest.mark.parametrize("code", ["gift", "moodle", "qti-21", "qti-30"])
def test_everything_comes_back_that_is_not_remarked(code: str) -> None:
    format = formats.by_code(code)
    assert format and format.write

    @QUICK
    @given(banks(has_pictures=code != "gift"))
    def comes_back(bank: Carried) -> None:
        content, remarks = format.write(bank)  # type: ignore[misc]
        back = format.read("a", content)
        assert list(back.questions) == as_told(bank, remarks, TOLD)
        assert back.topics == bank.topics
        assert back.media.items() <= bank.media.items()

    comes_back()


@QUICK
@given(banks())
def test_aiken_brings_back_single_choices_under_new_names(bank: Carried) -> None:
    format = formats.by_code("aiken")
    assert format and format.write
    content, remarks = format.write(bank)
    told = as_told(bank, remarks, TOLD)
    assert [replace(q, id="") for q in format.read("a", content).questions] == [replace(q, id="") for q in told]


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda value: value.encode("utf-8", "ignore")),
    st.sampled_from("{}<>&=~#:%[]"),
)
def test_no_bytes_make_a_reader_raise(content: bytes, sign: str) -> None:
    for format in formats.FORMATS:
        if format.code in ("gift", "aiken", "moodle", "qti-30"):
            format.read("a", content)
            format.read("a", f"x{sign}y{{=a{sign}~b}}\n\n".encode() + content)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab *_`<>&[]()!\\\n~", max_size=30).map(clean_lines))
def test_markdown_shows_the_same_after_html(words: str) -> None:
    there = markup.html(words)
    back = markup.from_html(there, picture=str)
    assert back.losses or markup.html(back.text) == markup.html(clean_lines(back.text))
    assert markup.from_html(markup.html(back.text), picture=str).text == back.text, "twice is once"
    assert markup.plain(markup.escaped(words)) == words or "\n" in words
