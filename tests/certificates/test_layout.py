"""Texts on the page: whatever is written, nothing leaves the page and nothing runs into anything else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms import fonts
from lms.certificates import lines, sheet, wording
from lms.certificates.design import Design
from lms.certificates.frame import BAND, INSET
from lms.certificates.lines import Line
from lms.certificates.pdf import Paper
from lms.certificates.sheet import Sheet
from tests.certificates.designs import AN, ISSUER, LETTERS, LONG, WORDING, designs, paper

EXTREMES = {
    "usual": AN,
    "long": LONG,
    "short": replace(AN, name="An", unit="", course="AI"),
    "capitals": replace(LONG, name=LONG.name.upper(), course=LONG.course.upper()),
    "endless": replace(AN, name="Ệ " * 200, unit="Ệ " * 300, course="Ệ " * 500, number="8" * 300, code="W" * 300),
    "one endless word": replace(AN, name="Ẵ" * 300, unit="Ẵ" * 300, course="Ẵ" * 300),
}
EDGE = INSET + BAND
letters = st.text(alphabet=st.sampled_from(sorted(fonts.printable())), min_size=1, max_size=120)


def setting(design: Design, who: Paper) -> tuple[Sheet, list[Line]]:
    made = Sheet(wording.wording_of(ISSUER, design))
    return made, made.lines(paper(design, who))


def assert_inside(design: Design, who: Paper) -> None:
    made, found = setting(design, who)
    width, height = made.layout.size
    for line in found:
        assert line.x > EDGE
        assert line.x + lines.width_of(line.text, line.face, line.size) < width - EDGE
        assert EDGE < line.y - 0.22 * line.size < line.y + line.size < height - EDGE


@pytest.mark.parametrize("who", EXTREMES.values(), ids=EXTREMES)
@pytest.mark.parametrize("design", designs().values(), ids=designs())
def test_no_line_leaves_the_frame(design: Design, who: Paper) -> None:
    assert_inside(design, who)


@settings(deadline=None, max_examples=40)
@given(letters, letters, letters, st.sampled_from(list(designs().values())))
def test_nothing_leaves_the_frame_whatever_is_written(name: str, unit: str, course: str, design: Design) -> None:
    assert_inside(design, replace(AN, name=name, unit=unit, course=course))


@settings(deadline=None, max_examples=40)
@given(letters, letters, st.sampled_from(["rich", "bilingual", "portrait, all"]))
def test_texts_of_a_design_of_any_length_stay_inside(title: str, other: str, like: str) -> None:
    design = replace(designs()[like], title=title, lead=other, deed=other, basis=other, note=other)
    assert_inside(design, AN)


@pytest.mark.parametrize("who", EXTREMES.values(), ids=EXTREMES)
@pytest.mark.parametrize("design", designs().values(), ids=designs())
def test_stacked_accents_never_touch_the_line_above(design: Design, who: Paper) -> None:
    made = Sheet(wording.wording_of(ISSUER, design))
    middle = [line for _, part in made._story(paper(design, who)) for line in part]
    for above, below in pairwise(middle):
        assert above.y - below.y >= 0.22 * above.size + 1.02 * below.size
    assert made.layout.story_bottom <= middle[-1].y
    assert middle[0].y + 1.02 * middle[0].size <= made.layout.lead


@pytest.mark.parametrize("who", [AN, LONG], ids=["usual", "long"])
@pytest.mark.parametrize("design", designs().values(), ids=designs())
def test_no_two_lines_run_into_each_other(design: Design, who: Paper) -> None:
    _, found = setting(design, who)
    boxes = [
        (
            line.x,
            line.y - 0.1 * line.size,
            line.x + lines.width_of(line.text, line.face, line.size),
            line.y + 0.7 * line.size,
        )
        for line in found
    ]
    for (one, first), (other, second) in combinations(zip(found, boxes, strict=True), 2):
        is_apart = first[2] <= second[0] or second[2] <= first[0] or first[3] <= second[1] or second[3] <= first[1]
        assert is_apart, (one, other)


def test_stock_that_is_printed_already_gets_the_rest_where_it_wants_it() -> None:
    stock = designs()["stock"]
    _, there = setting(stock, AN)
    _, plain = setting(replace(stock, right=0.0, up=0.0), AN)
    shifts = {(round(a.x - b.x, 3), round(a.y - b.y, 3)) for a, b in zip(there, plain, strict=True)}
    assert shifts == {(round(4.5 * 72 / 25.4, 3), round(-3 * 72 / 25.4, 3))}
    assert {WORDING.nation, WORDING.issuer, WORDING.title}.isdisjoint(line.text for line in there)


def test_a_name_shrinks_before_it_wraps() -> None:
    sizes = {name: lines.fit(name, sheet.NAME, 300) for name in ("Lê Nam", "Nguyễn Thị Thuỳ Dương", LONG.name)}
    assert sizes["Lê Nam"] == (sheet.NAME.size, ("Lê Nam",))
    size, found = sizes["Nguyễn Thị Thuỳ Dương"]
    assert sheet.NAME.smallest <= size < sheet.NAME.size
    assert len(found) == 1
    assert len(sizes[LONG.name][1]) == 2


def test_two_lines_are_balanced() -> None:
    assert lines.halves("Nguyễn Trần Công Tằng Tôn Nữ", fonts.SEMIBOLD) == ("Nguyễn Trần", "Công Tằng Tôn Nữ")
    assert lines.halves("Kđăm", fonts.SEMIBOLD) == ("Kđăm",)


def test_letters_of_the_highlands_are_put_together_where_the_typeface_lacks_them() -> None:
    for face in (fonts.REGULAR, fonts.SEMIBOLD, fonts.BOLD):
        with fonts.TTFont(BytesIO(fonts.program(face))) as font:
            glyphs, cmap = font["glyf"], font.getBestCmap()
            for letter, base in fonts.BREVES.items():
                made, plain = glyphs[cmap[ord(letter)]], glyphs[cmap[ord(base)]]
                assert made.yMax > plain.yMax + 50, "the breve is above"
                assert abs((made.xMin + made.xMax) - (plain.xMin + plain.xMax)) < 60, "and in the middle"
            assert set(fonts.BREVES) <= fonts.printable()


def test_the_faces_can_be_registered_from_many_threads() -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: fonts.register(), range(32)))


def test_kerning_brings_letters_together() -> None:
    apart = sum(fonts.advances(fonts.BOLD)[char] for char in "Tạ Vân")
    assert fonts.setting("Tạ Vân", fonts.BOLD).width < apart - 100


def test_web_fonts_are_small_and_hold_every_letter_and_keep_their_names(tmp_path: Path) -> None:
    names = fonts.build_web_fonts(tmp_path)
    assert list(names) == [400, 600, 700]
    assert sum((tmp_path / name).stat().st_size for name in names.values()) < 60_000
    assert fonts.build_web_fonts(tmp_path / "again") == names
    for name in names.values():
        with fonts.TTFont(tmp_path / name) as font:
            assert set(map(ord, LETTERS + "«»–—…•")) <= set(font.getBestCmap())
            assert {"kern", "mark"} == {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
