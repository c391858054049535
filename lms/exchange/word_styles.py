"""The styles by which a document of ours tells what a paragraph is. They are Word's own where Word has one."""

from typing import NamedTuple


class Style(NamedTuple):
    """A style: its id in the file, its name in Word's list (empty: `words.toml` says it), how paragraphs and runs look."""

    id: str
    name: str
    paragraph: str = ""
    run: str = ""
    kind: str = "paragraph"


INDENTED = '<w:ind w:left="567"/><w:spacing w:after="40"/>'
STYLES = {
    "title": Style("Title", "Title", '<w:spacing w:after="240"/>', '<w:b/><w:sz w:val="40"/>'),
    "heading-1": Style("Heading1", "heading 1", '<w:keepNext/><w:spacing w:before="360" w:after="120"/><w:outlineLvl w:val="0"/>',
                       '<w:b/><w:color w:val="0B57A4"/><w:sz w:val="32"/>'),
    "heading-2": Style("Heading2", "heading 2", '<w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="1"/>',
                       '<w:b/><w:sz w:val="28"/>'),
    "heading-3": Style("Heading3", "heading 3", '<w:keepNext/><w:spacing w:before="200" w:after="80"/><w:outlineLvl w:val="2"/>',
                       '<w:b/><w:i/>'),
    "caption": Style("Caption", "caption", '<w:jc w:val="center"/>', '<w:i/><w:sz w:val="22"/>'),
    "list": Style("ListParagraph", "List Paragraph", '<w:ind w:left="567"/><w:contextualSpacing/>'),
    "question": Style("TSCauHoi", "", '<w:keepNext/><w:spacing w:before="240" w:after="60"/>'),
    "option": Style("TSPhuongAn", "", INDENTED),
    "field": Style("TSGhiChuCauHoi", "", INDENTED, '<w:color w:val="404040"/><w:sz w:val="22"/>'),
    "lesson-field": Style("TSGhiChuBai", "", '<w:spacing w:after="40"/>', '<w:color w:val="404040"/><w:sz w:val="22"/>'),
    "callout": Style("TSKhung", "", '<w:keepNext/>', "<w:b/>"),
    "source": Style("TSNguyenVan", "", '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>',
                    '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/><w:sz w:val="20"/>'),
    "part": Style("TSPhan", "", '<w:keepNext/><w:pageBreakBefore/>', '<w:b/><w:sz w:val="32"/>'),
    "rest": Style("TSPhuLuc", "", "", '<w:color w:val="595959"/><w:sz w:val="16"/>'),
    "code": Style("TSMa", "", "", '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/>', "character"),
    "raw": Style("TSChuNguyenVan", "", "", '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>', "character"),
}  # fmt: skip
BY_ID = {style.id: code for code, style in STYLES.items()}
