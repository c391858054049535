"""What a clerk may set, what is refused with words at the field, and that what was kept can always be read."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import orjson
import pytest
from PIL import Image

from lms.certificates import pictures, wording
from lms.certificates.design import KINDS, Design, Signatory, contrast, default, problems
from lms.certificates.pdf import draw
from lms.certificates.pictures import BadPicture
from tests.certificates.designs import AN, AWARD, ISSUER, WORDING, designs, paper

COURSE = default("course", ISSUER)
WRONG: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "no title": ({"title": ""}, {"title": "text-missing"}),
    "a long title": ({"title": "Giấy " * 20}, {"title": "too-long"}),
    "letters of another script": ({"note": "証明"}, {"note": "unprintable-letter"}),
    "another orientation": ({"orientation": "A3"}, {"orientation": "unknown-choice"}),
    "a fact twice": ({"facts": ("year", "year")}, {"facts": "fact-twice"}),
    "an unknown fact": ({"facts": ("height",)}, {"facts": "unknown-choice"}),
    "six facts": (
        {"facts": ("periods", "result", "completed", "period", "year", "hours")},
        {"facts": "too-many-facts"},
    ),
    "an end of nothing": ({"facts": ("expires",)}, {"months": "expires-without-months"}),
    "valid for a century": ({"months": 1200}, {"months": "months-out-of-range"}),
    "a colour by name": ({"accent": "red"}, {"accent": "colour-format"}),
    "yellow on white": ({"accent": "#ffd700"}, {"accent": "colour-too-pale"}),
    "a shift with a frame": ({"right": 2.0}, {"right": "shift-only-on-stock"}),
    "a shift off the page": ({"frame": "none", "up": 400.0}, {"up": "shift-too-far"}),
    "a shift to nowhere": ({"frame": "none", "up": float("nan")}, {"up": "shift-too-far"}),
    "stock with a frame": ({"stock": ("title",)}, {"stock": "stock-only-without-frame"}),
    "three who sign": ({"signatories": COURSE.signatories * 3}, {"signatories": "too-many-signatories"}),
    "a signatory of four titles": ({"signatories": (Signatory(("A",) * 4, "B"),)}, {"signatories": "too-many-titles"}),
    "a picture from elsewhere": ({"logo": "../../etc/passwd"}, {"logo": "unknown-picture"}),
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_printed_is_said_at_its_field(change: dict[str, Any], expected: dict[str, str]) -> None:
    assert problems(replace(COURSE, **change)) == expected


@pytest.mark.parametrize("design", designs().values(), ids=designs())
def test_a_design_is_kept_as_data(design: Design) -> None:
    assert problems(design) == {}
    assert Design.from_data(orjson.loads(orjson.dumps(design.as_data()))) == design


def test_a_design_of_an_earlier_version_can_be_read() -> None:
    few = {
        "kind": "course",
        "title": "GIẤY",
        "lead": "",
        "deed": "đã học",
        "facts": ["year"],
        "signatories": [],
        "gone": 1,
    }
    assert Design.from_data(few) == Design("course", "GIẤY", "", "đã học", ("year",), ())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_paper_from_the_first_day(kind: str) -> None:
    design = default(kind, ISSUER)
    shared, printed = wording.wording_of(ISSUER, design), paper(design)
    assert len(shared.facts) == len(printed.facts)
    assert wording.NOT_KNOWN not in printed.facts
    assert draw(shared, printed).startswith(b"%PDF-1.7")


@pytest.mark.parametrize("design", designs().values(), ids=designs())
def test_what_was_printed_can_be_printed_again(design: Design) -> None:
    shared, printed = wording.wording_of(ISSUER, design), paper(design)
    kept = orjson.loads(orjson.dumps(wording.as_data(shared, printed)))
    assert wording.from_data(kept) == (shared, printed)


def test_what_was_kept_before_there_were_designs_can_be_printed() -> None:
    kept = wording.as_data(WORDING, AN)
    for words in kept.values():
        for name in set(words) & {
            "look",
            "second",
            "co_titles",
            "co_signatory",
            "basis",
            "note",
            "facts_second",
            "symbol_alt",
        }:
            del words[name]
    assert wording.from_data(orjson.loads(orjson.dumps(kept))) == (WORDING, AN)


def test_facts_are_told_in_both_languages() -> None:
    design = replace(designs()["bilingual"], facts=("periods", "hours", "result", "period", "expires"))
    printed = paper(design)
    assert printed.facts == ("40 tiết", "30 giờ", "9,0/10", "01/08 – 05/09/2026", "04/09/2028")
    assert printed.facts_second == ("40 periods", "30 hours", "9.0/10", "01/08 – 05/09/2026", "04/09/2028")
    assert printed.dated_second == "Đà Nẵng, 5 September 2026"
    assert (printed.course_second, wording.wording_of(ISSUER, design).second.facts[0]) == (AWARD.english, "Length")


def test_what_is_not_known_leaves_a_dash() -> None:
    design = replace(COURSE, facts=("periods", "result", "period", "year", "hours"))
    bare = wording.personal(
        design=design,
        award=wording.Award("Khóa"),
        name="An",
        unit="",
        code="",
        url="",
        place="",
        issued_on=AN.issued_on,
        expires_on=None,
    )
    assert set(bare.facts) == {wording.NOT_KNOWN}


@pytest.mark.parametrize(
    ("issued_on", "months", "expected"),
    [
        (date(2026, 9, 5), 0, None),
        (date(2026, 9, 5), 12, date(2027, 9, 5)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 10, 31), 14, date(2027, 12, 31)),
    ],
)
def test_a_paper_expires_after_whole_months(issued_on: date, months: int, expected: date | None) -> None:
    assert replace(COURSE, months=months).expires_on(issued_on) == expected


def test_contrast_is_that_of_wcag() -> None:
    assert (round(contrast("#000000"), 1), contrast("#ffffff"), round(contrast("#767676"), 2)) == (21.0, 1.0, 4.54)


def photo(kind: str, size: tuple[int, int] = (900, 600)) -> bytes:
    Image.effect_noise(size, 90).convert("RGB").save(target := BytesIO(), kind)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_becomes_small_and_light(kind: str) -> None:
    kept = pictures.accepted(photo(kind))
    with Image.open(BytesIO(kept)) as picture:
        assert (picture.format, max(picture.size)) == ("PNG", pictures.SIDE)
    assert pictures.accepted(kept).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture-unreadable"),
        (photo("PNG")[:-900], "picture-unreadable"),
        (photo("GIF", (9, 9)), "picture-unreadable"),
        (b"\x89PNG" + bytes(3_000_000), "picture-too-large"),
    ],
    ids=["svg", "cut off", "gif", "heavy"],
)
def test_a_picture_that_cannot_be_printed_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(BadPicture) as refusal:
        pictures.accepted(content)
    assert refusal.value.problem == problem


def test_a_picture_with_nothing_on_it_is_refused() -> None:
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(target := BytesIO(), "PNG")
    with pytest.raises(BadPicture, match="empty"):
        pictures.accepted(target.getvalue())
