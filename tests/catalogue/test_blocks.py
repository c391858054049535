"""A lesson's text and its blocks say the same."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue import blocks, plain
from lms.catalogue.blocks import CALLOUTS, Block
from lms.catalogue.plain import Asked, Callout, Checklist, Heading, Media, Picture, Slides, Table

LESSONS = sorted(Path("courses").glob("*/*.md"))
LESSON = """\
## Tình huống

Chị Hạnh nhận một cuộc gọi.
Người gọi xưng là công an.

- một

  còn nữa
- hai

::: warning Đừng
Không đọc mã OTP.

- [ ] này
:::
- [ ] Khóa tài khoản
- [ ] Gọi 113

![Sơ đồ](media/so-do.svg "Hình 1")

| Việc | Hạn |
|---|---|
| Nộp | 3 ngày |

::: video media/goi.mp4 Cuộc gọi lừa
captions: media/goi.vtt

Lời thoại.
:::
::: question q05
:::

```
## không phải tiêu đề
```
"""
PIECES = st.sampled_from(
    ["\n", "\n\n", "::: ", ":::", ":::: ", "tip", "slides", "question q1", "video media/a.mp4 x", "- [ ] ", "- ", "1. ", "  ",
     "|", "|---|", "---", "![a](media/b.svg)", "```", "~~~", "## ", "x", "đ", " ", "\t", "captions: media/a.vtt"]
)  # fmt: skip
WORDS = st.text('abc đĐ|[]"\\:-#*_`()!', max_size=12).map(lambda words: " ".join(words.split()))
PARAGRAPHS = st.lists(st.text("abc đ.", min_size=1, max_size=12).map(str.strip).filter(bool), max_size=3).map(
    "\n\n".join
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text()))
def test_joining_the_blocks_of_any_text_gives_the_text(markdown: str) -> None:
    assert blocks.join(blocks.split(markdown)) == markdown


@pytest.mark.parametrize("path", LESSONS, ids=str)
def test_every_lesson_of_ours_is_blocks_that_begin_on_their_lines(path: Path) -> None:
    text = path.read_text("utf-8")
    found = blocks.split(text)
    assert blocks.join(found) == text
    assert [text.split("\n")[b.line - 1] for b in found if b.source] == [
        b.source.split("\n")[0] for b in found if b.source
    ]


def test_a_lesson_is_cut_where_a_reader_would_cut_it() -> None:
    kinds = [(block.kind, block.name, block.line) for block in blocks.split(LESSON)]
    assert kinds == [
        ("heading", "", 1), ("text", "", 3), ("text", "", 6), ("callout", "warning", 11), ("checklist", "", 16),
        ("image", "", 19), ("table", "", 21), ("video", "", 25), ("question", "", 30), ("text", "", 33),
    ]  # fmt: skip


def test_a_block_that_is_not_closed_runs_to_the_end_and_says_so() -> None:
    whole = blocks.split("::: tip Nhớ\nmột\n\nhai")
    assert [block.kind for block in whole] == ["callout"]
    assert not blocks.is_closed(whole[0].source)
    assert blocks.is_closed("::: tip Nhớ\nmột\n:::")
    assert blocks.is_closed("::: question q1")


FORMS = st.one_of(
    st.builds(Heading, st.integers(2, 4), WORDS.filter(lambda w: w and not w.endswith("#"))),
    st.builds(Picture, st.just("media/a-b.svg"), WORDS, WORDS),
    st.integers(1, 3).flatmap(
        lambda width: st.lists(st.tuples(*[WORDS.filter(lambda w: not w.endswith("\\"))] * width), min_size=1, max_size=3)
    ).map(lambda rows: Table(tuple(rows))),
    st.builds(Callout, st.sampled_from(CALLOUTS), WORDS, PARAGRAPHS),
    st.builds(Checklist, st.lists(WORDS.filter(bool), min_size=1, max_size=3).map(tuple)),
    st.builds(Media, st.sampled_from(blocks.MEDIA), st.just("media/a.mp4"), WORDS, PARAGRAPHS,
              st.sampled_from(["", "media/a.vtt"]), st.sampled_from(["", "media/a.jpg"])),
    st.builds(Asked, st.just("q05")),
    st.builds(Slides, WORDS, st.lists(PARAGRAPHS, min_size=1, max_size=3).map(tuple)),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(FORMS)
def test_a_plain_form_is_written_as_one_block_that_reads_as_the_form(form: plain.Plain) -> None:
    found = blocks.split(form.source)
    assert len(found) == 1
    assert plain.FORMS[found[0].kind] is type(form)
    assert plain.plain(found[0]) == form


def test_a_note_in_a_note_keeps_its_own_marks() -> None:
    outer = Callout("example", "Ví dụ", "::: tip\nnày\n:::")
    assert outer.source.startswith(":::: example")
    assert plain.plain(Block("callout", outer.source, name="example")) == outer


def test_moved_blocks_stand_one_empty_line_apart() -> None:
    found = blocks.split("một\n## hai\n\n\n\nba\n")
    assert blocks.arranged(reversed(found)) == "ba\n\n## hai\n\nmột"
