"""Lessons become safe HTML: what the format promises is there, and nothing that runs."""

import re
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue.render import ATTRIBUTES, CALLOUTS, TAGS, inline_html, lesson_html

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[đây](javascript:alert(1))",
    "[đây](JaVaScRiPt:alert(1))",
    "[đây](data:text/html;base64,PHNjcmlwdD4=)",
    "[đây](vbscript:x)",
    "<javascript:alert(1)>",
    "[đây][1]\n\n[1]: javascript:alert(1)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](https://a.vn/b.png)',
    '![x](https://a.vn/b.png "t\\" onload=\\"alert(1)")',
    '::: tip <b onclick="alert(1)">x</b>\nx\n:::',
    '| <i onclick="x"> " onclick="alert(1) |\n|---|\n| x |',
    "==<svg onload=alert(1)>==",
    "## <iframe src=//evil>\n",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "<style>*{display:none}</style>",
    "<details open ontoggle=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


SCHEME = re.compile(r"[\s\x00-\x20]*(?!https:)[a-z][a-z0-9+.\s-]*:", re.IGNORECASE)


def html(markdown: str) -> str:
    return lesson_html(markdown, address=lambda target: f"/at/{target}" if target.startswith("media/") else target)


def parsed(source: str) -> Element:
    return html5lib.parse(source, namespaceHTMLElements=False)


def assert_harmless(source: str) -> None:
    """No element, attribute or address beyond those that lessons may have."""
    body = parsed(source).find("body")
    assert body is not None
    for element in body.iter():
        if element is body:
            continue
        assert element.tag in TAGS, source
        extra = {"a": {"rel"}, "img": {"class"}, "em": {"class"}}.get(str(element.tag), set())
        assert set(element.keys()) <= ATTRIBUTES.get(str(element.tag), set()) | extra, source
        for name in ("href", "src"):
            assert SCHEME.match(element.get(name, "")) is None, source


@pytest.mark.parametrize("markdown", HOSTILE)
def test_nothing_in_a_lesson_runs(markdown: str) -> None:
    assert_harmless(html(markdown))
    assert_harmless(f"<p>{inline_html(markdown)}</p>")


PIECES = st.sampled_from(
    ["\n", "\n\n", "::: ", ":::", "tip", "check", "==", "- [ ] ", "|", "---", "[", "](", ")", "![", '"', "<", ">", "&", "*",
     "`", "## ", "javascript:", "onload=", "media/a.svg", "\t", "x", "đ"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_mixture_of_marks_breaks_out(markdown: str) -> None:
    assert_harmless(html(markdown))
    assert_harmless(f"<p>{inline_html(markdown, pictures='/media/a/1/')}</p>")


def test_a_picture_in_a_question_lies_where_the_page_says_or_is_told_in_words() -> None:
    words = '![Nút "Lưu" & gửi](media/nút-lưu.png "Góc phải") ở đâu?'
    shown = inline_html(words, pictures="/media/khoa-thu/1/")
    (picture,) = parsed(shown).iter("img")
    assert picture.attrib == {
        "class": "question-picture", "src": "/media/khoa-thu/1/n%C3%BAt-l%C6%B0u.png", "alt": 'Nút "Lưu" & gửi', "loading": "lazy",
    }  # fmt: skip
    assert shown.endswith('<em class="picture-caption">Góc phải</em> ở đâu?')
    assert inline_html(words) == '<em>▣ Nút "Lưu" &amp; gửi</em> ở đâu?'
    again = inline_html("Hỏi?\n![Nút](media/a.png)\nĐáp?", pictures="/media/khoa-thu/1/")
    assert again.count("<br>") == 1, "a picture ends its line by itself"
    for elsewhere in ("https://a.vn/b.png", "//a.vn/b.png", "media/../../sign-out", "/media/khac/1/b.png"):
        assert inline_html(f"![Hình]({elsewhere})", pictures="/media/khoa-thu/1/") == "<em>▣ Hình</em>"


def test_raw_html_is_shown_as_text() -> None:
    assert "<b>" in "".join(parsed(html("Gõ <b> để in đậm")).itertext())


@pytest.mark.parametrize("name", CALLOUTS)
def test_a_callout_has_its_title_or_the_usual_one(name: str) -> None:
    titled, untitled = (
        parsed(html(f"::: {name}{title}\nNội dung\n:::")).find(".//aside") for title in (" Chị Hạnh", "")
    )
    assert titled is not None
    assert untitled is not None
    assert titled.get("class") == f"callout callout-{name}"
    assert (titled[0].text, bool(untitled[0].text)) == ("Chị Hạnh", True)
    assert "." not in str(untitled[0].text), "a bare message key"


def test_a_list_of_boxes_is_a_checklist() -> None:
    found = parsed(html("- [ ] Một\n- [ ] **Hai**\n\n---\n\n- [ ] Ba\n- Bốn")).findall(".//ul")
    assert [element.get("class") for element in found] == ["checklist", None]
    assert ["".join(item.itertext()).strip() for item in found[0]] == ["Một", "Hai"]


def test_an_answer_is_folded_until_it_is_opened() -> None:
    details = parsed(html("::: check Tự hỏi\nCó phải không?\n\n==Không, vì **lý do** này.==\n:::")).find(".//details")
    assert details is not None
    assert details.get("open") is None
    assert "".join(details.itertext()).split("\n")[1].strip() == "Không, vì lý do này."


def test_a_picture_alone_is_a_figure_with_its_caption() -> None:
    figure = parsed(html('![Sơ đồ](media/a.svg "Hình 1. <Sơ đồ>")')).find(".//figure")
    assert figure is not None
    picture, caption = figure
    assert (picture.get("src"), picture.get("alt"), picture.get("loading")) == ("/at/media/a.svg", "Sơ đồ", "lazy")
    assert caption.text == "Hình 1. <Sơ đồ>"


def test_each_cell_of_a_table_knows_its_column() -> None:
    table = parsed(html("| Việc | *Hạn* |\n|---|---|\n| Nộp | 3 ngày |\n| Nhận | |")).find(".//table")
    assert table is not None
    assert [cell.get("data-label") for cell in table.iter("td")] == ["Việc", "Hạn"] * 2
    assert {cell.get("scope") for cell in table.iter("th")} == {"col"}


def test_headings_are_places_to_come_back_to_and_none_is_an_h1() -> None:
    body = parsed(html("# Một\n\n## Hai\n\n### Ba")).find("body")
    assert body is not None
    assert [(e.tag, e.get("id")) for e in body] == [("h2", "s-1"), ("h2", "s-2"), ("h3", "s-3")]


def test_a_link_leads_to_a_safe_place() -> None:
    link = parsed(html("[cổng](https://dichvucong.gov.vn/a?b=c)")).find(".//a")
    assert link is not None
    assert (link.get("href"), link.get("rel")) == ("https://dichvucong.gov.vn/a?b=c", "noopener")
