"""Messy files as people send them, made when a test asks for them: each with what must be said of it, and where."""

import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image

from tests.exchange.documents import add_table, document, saved, word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ONE = ("Câu 1. Hỏi?", "A. một", "B. hai", "Đáp án: A")
HEAD = ("Câu hỏi", "Phương án A", "Phương án B", "Đáp án")


@dataclass(frozen=True)
class Messy:
    """A file, the remarks that it must bring as (place, key), and how many questions and lessons are read in spite of all."""

    name: str
    make: Callable[[], bytes]
    said: tuple[tuple[str, str], ...] = ()
    questions: int = 1
    lessons: int = 0


def tracked() -> bytes:
    """A word put in and a word taken out, both not yet accepted."""
    made = document(*ONE)
    paragraph = made.paragraphs[0]._p
    mark = nsdecls("w") + ' w:id="1" w:author="x"'
    paragraph.append(parse_xml(f"<w:ins {mark}><w:r><w:t> thêm</w:t></w:r></w:ins>"))
    paragraph.append(parse_xml(f"<w:del {mark}><w:r><w:delText> bớt</w:delText></w:r></w:del>"))
    return saved(made)


def with_run(xml: str, *lines: Any) -> bytes:
    """A document whose first paragraph also has a run of XML."""
    made = document(*(lines or ONE))
    made.paragraphs[0]._p.append(parse_xml(f"<w:r {nsdecls('w')}>{xml}</w:r>"))
    return saved(made)


def text_box() -> bytes:
    """A question in a box that floats."""
    box = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in ONE)
    inner = f"<v:textbox><w:txbxContent>{box}</w:txbxContent></v:textbox>"
    return with_run(
        f'<w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">{inner}</v:shape></w:pict>', "Đề kiểm tra"
    )


def pictured(*, alt: str = "", size: tuple[int, int] = (20, 20), kind: str = "PNG", in_question: bool = False) -> bytes:
    """A lesson, or a question, with a picture."""
    target = BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(target, kind)
    target.seek(0)
    made = document(*ONE) if in_question else document("# Bài 1. Hình", "Xem hình sau đây.")
    paragraph = made.paragraphs[0] if in_question else made.add_paragraph()
    paragraph.add_run().add_picture(target)
    about = paragraph._p.find(".//" + qn("wp:docPr"))
    about.set("descr", alt)
    return saved(made)


def nested() -> bytes:
    """A table in a cell of a table."""
    made = document("# Bài 1. Bảng", "Bảng:")
    outer = add_table(made, [["ô ngoài", "x"], ["y", "z"]])
    add_table(outer.rows[0].cells[1], [["ô trong"]])
    return saved(made)


def merged() -> bytes:
    """A table whose cells were joined."""
    made = document("# Bài 1. Bảng")
    table = add_table(made, [["a", "b"], ["c", "d"]])
    table.cell(0, 0).merge(table.cell(0, 1))
    return saved(made)


def old_font() -> bytes:
    """Text typed for TCVN3."""
    made = document("C©u hái ®Çu tiªn", *ONE)
    made.paragraphs[0].runs[0].font.name = ".VnTime"
    return saved(made)


def soft_breaks() -> bytes:
    """A question typed in one paragraph with Shift + Enter."""
    made = document("Câu 1. Hỏi?")
    run = made.paragraphs[0].runs[0]
    for line in ("A. một", "B. hai", "Đáp án: B"):
        run.add_break(WD_BREAK.LINE)
        run.add_text(line)
    return saved(made)


def numbered_by_word() -> bytes:
    """Choices that Word letters by itself."""
    made = document("Câu 1. Hỏi?", "một", "hai", "Đáp án: B")
    numbering = made.part.numbering_part.element
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1."/></w:lvl>'
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{level}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for paragraph in made.paragraphs[1:3]:
        listed = OxmlElement("w:numPr")
        for tag, value in (("w:ilvl", "0"), ("w:numId", "90")):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            listed.append(child)
        paragraph._p.get_or_add_pPr().append(listed)
    return saved(made)


def repacked(change: Callable[[dict[str, bytes]], None], content: bytes | None = None) -> bytes:
    """A document whose parts were changed behind Word's back."""
    with zipfile.ZipFile(BytesIO(content or word(*ONE))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def with_doctype(files: dict[str, bytes], declared: bytes, used: bytes) -> None:
    """Declare entities in the text, and use one."""
    source = files["word/document.xml"].replace("Hỏi?".encode(), used)
    head, _, rest = source.partition(b"?>")
    files["word/document.xml"] = head + b"?><!DOCTYPE w:document [" + declared + b"]>" + rest


LAUGHS = b'<!ENTITY a "ha">' + b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 12))


def bomb(files: dict[str, bytes]) -> None:
    """A picture of a hundred and seventy megabytes of nothing."""
    files["word/media/x.png"] = b"\0" * 170_000_000


def book(fill: Callable[[Any, Any], None]) -> bytes:
    """A workbook with one sheet."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as made:
        fill(made, made.add_worksheet("Câu hỏi"))
    return target.getvalue()


def rows(*lines: tuple[Any, ...]) -> bytes:
    """A workbook of rows."""
    return book(lambda _, sheet: [sheet.write_row(n, 0, line) for n, line in enumerate(lines)])


def merged_cells(made: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ("Chủ đề", *HEAD))
    sheet.merge_range(1, 0, 2, 0, "Luật")
    for row in (1, 2):
        sheet.write_row(row, 1, (f"Hỏi {row}?", "một", "hai", "A"))


def a_date(made: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ("Hỏi?", "một", "", "A"))
    sheet.write_number(1, 2, 45_000, made.add_format({"num_format": "d/m/yyyy"}))


def a_formula(made: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ("Hỏi?", "một", "", "A"))
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")


def hidden(made: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ("Hỏi?", "một", "hai", "A"))
    other = made.add_worksheet("Nháp")
    other.write_row(0, 0, HEAD)
    other.write_row(1, 0, ("Hỏi ẩn?", "một", "hai", "A"))
    other.hide()


def far_below(made: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ("Hỏi?", "một", "hai", "A"))
    sheet.write_string(1_048_000, 0, "Hỏi xa?")


def many(files: dict[str, bytes]) -> None:
    """Two thousand questions where there was one."""
    head, first, rest = files["word/document.xml"].partition(b"<w:p>")
    one, end = (first + rest).rsplit(b"</w:p>", 1)
    copies = (one.replace("Câu 1".encode(), f"Câu {n}".encode()) + b"</w:p>" for n in range(1, 2001))
    files["word/document.xml"] = head + b"".join(copies) + end


KEY_TABLE = [["Câu", "1", "2"], ["Đáp án", "B", "A"]]
WORD = (
    Messy("one-line.docx", lambda: word("Câu 1. Hỏi?", "A. một\tB. hai\tC. ba   D. bốn", "ĐA: C")),
    Messy("one-line-with-the-question.docx", lambda: word("Câu 1: Hỏi?   A. một   B. hai", "Đáp án A")),
    Messy("soft-breaks.docx", soft_breaks),
    Messy("lettered-by-word.docx", numbered_by_word),
    Messy("small-letters.docx", lambda: word("1) Hỏi?", "a) một", "b) hai", "Đáp án: b"), questions=1),
    Messy("stars.docx", lambda: word("Câu 1. Hỏi?", "A. một", "*B. hai")),
    Messy("red.docx", lambda: word("Câu 1. Hỏi?", "A. một", "!B. hai", "C. ba")),
    Messy("wrong-numbers.docx", lambda: word(*ONE, "Câu 7. Hỏi?", *ONE[1:], "Câu 3. Hỏi?", *ONE[1:]), questions=3),
    Messy("two-with-one-number.docx",
          lambda: word("Câu 1. Hỏi?", "A. x", "B. y", "Câu 1. Lại?", "A. x", "B. y", "ĐÁP ÁN", "1.A"),
          (("8", "key-for-several"),), questions=0),
    Messy("letters-twice.docx", lambda: word("Câu 1. Hỏi?", "A. một", "B. hai", "B. ba", "Đáp án: A"),
          (("4", "option-letter"),)),
    Messy("letter-left-out.docx", lambda: word("Câu 1. Hỏi?", "A. một", "C. hai", "Đáp án: A"), (("3", "option-letter"),)),
    Messy("no-key.docx", lambda: word("Câu 1. Hỏi?", "A. một", "B. hai"), (("1", "no-right"),), questions=0),
    Messy("key-of-no-option.docx", lambda: word(*ONE[:3], "Đáp án: E"), (("4", "answer-no-letter"),), questions=0),
    Messy("two-keys.docx", lambda: word(*ONE, "Đáp án: B"), (("5", "two-answers"),), questions=0),
    Messy("key-against-colour.docx", lambda: word("Câu 1. Hỏi?", "A. một", "!B. hai", "Đáp án: A"),
          (("4", "marked-otherwise"),), questions=0),
    Messy("key-in-a-table.docx",
          lambda: word("Câu 1. Hỏi?", "A. x", "B. y", "Câu 2. Hỏi?", "A. x", "B. y", "BẢNG ĐÁP ÁN", KEY_TABLE),
          questions=2),
    Messy("key-too-many.docx", lambda: word(*ONE[:3], "BẢNG ĐÁP ÁN", "1.A 2.B"), (("5", "key-without-question"),)),
    Messy("same-options.docx", lambda: word("Câu 1. Hỏi?", "A. một", "B. một", "Đáp án: A"),
          (("1", "double-option"),), questions=0),
    Messy("no-question.docx", lambda: word("Câu 1.", "A. một", "B. hai", "Đáp án: A"), (("1", "no-text"),), questions=0),
    Messy("nothing-asked.docx", lambda: word("Câu 1. Hãy suy nghĩ."), (("1", "no-answer"),), questions=0),
    Messy("essay.docx", lambda: word("Câu 1. (Tự luận) Vì sao?"), (("1", "need-rubric"),), questions=0),
    Messy("essay-without-points.docx", lambda: word("Câu 1. Tự luận: Vì sao?", "Thang điểm: nêu đủ ý"),
          (("2", "rubric-without-points"),), questions=0),
    Messy("head-of-an-exam.docx", lambda: word("SỞ NỘI VỤ", "^ĐỀ KIỂM TRA", *ONE), (("1", "not-taken"), ("2", "not-taken"))),
    Messy("strange-grade.docx", lambda: word(*ONE, "Mức độ: siêu khó"), (("5", "unknown-difficulty"),)),
    Messy("unknown-type.docx", lambda: word(*ONE, "Loại: đố vui"), (("5", "unknown-type"),), questions=0),
    Messy("nfd.docx", lambda: word(*(unicodedata.normalize("NFD", line) for line in ONE))),
    Messy("marks-from-right-to-left.docx", lambda: word(*(f"\u200f{line}\u200e" for line in ONE))),
    Messy("tcvn3.docx", old_font, (("1", "word-old-font"),)),
    Messy("tracked.docx", tracked, (("", "word-tracked"),)),
    Messy("comments.docx", lambda: with_run('<w:commentReference w:id="0"/>'), (("", "word-comments"),)),
    Messy("footnotes.docx", lambda: with_run('<w:footnoteReference w:id="9"/>')),
    Messy("hidden.docx", lambda: with_run("<w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t>"), (("1", "word-hidden"),)),
    Messy("text-box.docx", text_box, (("1", "word-text-box"),)),
    Messy("drawing.docx", lambda: with_run("<w:object/>"), (("1", "word-drawing"),)),
    Messy("no-alt.docx", pictured, (("3", "picture-without-words"),), questions=0, lessons=1),
    Messy("huge-picture.docx", lambda: pictured(alt="nhiễu", size=(1800, 1400)), questions=0, lessons=1),
    Messy("gif.docx", lambda: pictured(alt="nhiễu", kind="GIF"), questions=0, lessons=1),
    Messy("picture-in-question.docx", lambda: pictured(alt="hình", in_question=True)),
    Messy("picture-without-alt-in-question.docx", lambda: pictured(in_question=True),
          (("1", "picture-without-words"),), questions=0),
    Messy("nested-table.docx", nested, (("3", "word-nested-table"),), questions=0, lessons=1),
    Messy("merged-cells.docx", merged, (("2", "word-merged-cells"),), questions=0, lessons=1),
    Messy("box.docx", lambda: word("# Bài 1. Khung", [["Điều nên nhớ"]]), (("2", "box-as-tip"),), questions=0, lessons=1),
    Messy("empty-heading.docx", lambda: word("# Bài 1. Một", "Có chữ.", "# Bài 2. Hai"),
          (("3", "empty-lesson"),), questions=0, lessons=1),
    Messy("bold-headings.docx", lambda: word("^Bài 1. Một", "Có chữ.", "^Bài 2. Hai", "Có chữ."), questions=0, lessons=2),
    Messy("two-thousand.docx", lambda: repacked(many), questions=2000),
    Messy("empty.docx", lambda: word(), (("", "nothing-found"),), questions=0),
    Messy("macros.docm", lambda: repacked(lambda files: files.update({"word/vbaProject.bin": b"x"})), (("", "word-macros"),)),
    Messy("cut-off.docx", lambda: word(*ONE)[:3000], (("", "word-broken"),), questions=0),
    Messy("no-text.docx", lambda: repacked(lambda files: files.pop("word/document.xml") and None),
          (("", "word-no-text"),), questions=0),
    Messy("bad-xml.docx", lambda: repacked(lambda files: files.update({"word/document.xml": b"<w:document>"})),
          (("", "word-broken"),), questions=0),
    Messy("xxe.docx", lambda: repacked(lambda files: with_doctype(files, b'<!ENTITY x SYSTEM "file:///etc/passwd">', b"&x;")),
          (("", "word-unsafe"),), questions=0),
    Messy("laughs.docx", lambda: repacked(lambda files: with_doctype(files, LAUGHS, b"&l;")),
          (("", "word-unsafe"),), questions=0),
    Messy("bomb.docx", lambda: repacked(bomb), (("", "word-too-large"),), questions=0),
    Messy("climbs.docx", lambda: repacked(lambda files: files.update({"../../x": b"x"})),
          (("", "word-bad-path"),), questions=0),
    Messy("old.doc", lambda: OLE + "WordDocument".encode("utf-16-le") * 4, (("", "word-old"),), questions=0),
    Messy("locked.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le") * 4, (("", "file-encrypted"),), questions=0),
    Messy("renamed.docx", lambda: b"%PDF-1.7 ...", (("", "file-pdf"),), questions=0),
    Messy("nothing.docx", lambda: b"", (("", "file-empty"),), questions=0),
    Messy("noise.docx", lambda: bytes(range(256)) * 20, (("", "file-unknown"),), questions=0),
    Messy("rich.doc", lambda: b"{\\rtf1 C\\'e2u 1}", (("", "file-rtf"),), questions=0),
    Messy("typed.txt", lambda: "\n".join(ONE).encode()),
)  # fmt: skip
EXCEL = (
    Messy("any-order.xlsx",
          lambda: rows(("đáp án", "PHUONG AN B", "Phương án A", "Nội dung câu hỏi"), ("A", "hai", "một", "Hỏi?"))),
    Messy("head-below-a-title.xlsx", lambda: rows(("NGÂN HÀNG CÂU HỎI",), (), HEAD, ("Hỏi?", "một", "hai", "B"))),
    Messy("by-words.xlsx", lambda: rows(HEAD, ("Hỏi?", "một", "hai", "Hai"))),
    Messy("number-key.xlsx", lambda: rows(HEAD, ("Bao nhiêu?", "", "", 1.5))),
    Messy("merged.xlsx", lambda: book(merged_cells), questions=2),
    Messy("date.xlsx", lambda: book(a_date), (("C2", "excel-date"),), questions=0),
    Messy("formula.xlsx", lambda: book(a_formula), (("A2", "need-one-right"),), questions=0),
    Messy("fault-as-text.xlsx", lambda: rows(HEAD, ("Hỏi?", "một", "#REF!", "A")), (("C2", "excel-fault"),), questions=0),
    Messy("hidden.xlsx", lambda: book(hidden), (("Nháp", "excel-hidden"),)),
    Messy("far-below.xlsx", lambda: book(far_below), (("A1048001", "no-answer"),)),
    Messy("no-head.xlsx", lambda: rows(("Hỏi?", "một", "hai", "A")), (("", "excel-no-header"),), questions=0),
    Messy("strange-heading.xlsx", lambda: rows((*HEAD, "Ghi chú riêng"), ("Hỏi?", "một", "hai", "A", "x")),
          (("E1", "excel-unknown-column"),)),
    Messy("no-key.xlsx", lambda: rows(HEAD, ("Hỏi?", "một", "hai", ""), ("Hai?", "một", "hai", "A")), (("A2", "no-right"),)),
    Messy("wrong-key.xlsx", lambda: rows(HEAD, ("Hỏi?", "một", "hai", "F")), (("D2", "answer-no-letter"),), questions=0),
    Messy("pair.xlsx", lambda: rows(("Câu hỏi", "Ghép đôi"), ("Ghép?", "a b\nc => d")),
          (("B2", "pair-without-arrow"),), questions=0),
    Messy("empty.xlsx", lambda: rows(), (("", "excel-no-header"),), questions=0),
    Messy("cut-off.xlsx",
          lambda: rows(HEAD, ("Hỏi?", "một", "hai", "A"))[:2000], (("", "excel-unreadable-workbook"),), questions=0),
    Messy("bank.csv", lambda: "Câu hỏi;Phương án A;Phương án B;Đáp án\nHỏi?;một;hai;A\n".encode("utf-8-sig")),
)  # fmt: skip
FILES = (*WORD, *EXCEL)
