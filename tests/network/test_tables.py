"""Tables as HR sends them."""

import re
import unicodedata
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from lms import cells, tables
from lms.cells import BadCell
from lms.tables import Table, UnreadableTable

COLUMNS = frozenset({"person-id", "ma-can-bo", "full-name", "ho-va-ten", "phone", "dien-thoai", "from", "tu-ngay"})
TONES = "\u0300\u0301\u0303\u0309\u0323"


def read(source: str | bytes, columns: frozenset[str] = COLUMNS) -> Table:
    return tables.read("people.csv", source.encode() if isinstance(source, str) else source, columns)


def workbook(*rows: list[object], title: str = "Sheet1", before: tuple[str, ...] = ()) -> bytes:
    """An XLSX file with one filled sheet, after some empty ones."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for empty in before:
            book.add_worksheet(empty)
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell, day if isinstance(cell, date) else None)
    return target.getvalue()


def windows_1258(text: str) -> bytes:
    """As old Vietnamese Windows wrote: letters composed, each tone as a mark behind its letter."""
    letters = re.findall(r"\w[\u0300-\u036f]*|.", unicodedata.normalize("NFD", text), re.DOTALL)
    return "".join(_tone_last(letter) for letter in letters).encode("cp1258")


def _tone_last(letter: str) -> str:
    tone = "".join(mark for mark in letter if mark in TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in letter if mark not in TONES)) + tone


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_the_usual_encodings_and_with_the_usual_separators(encoding: str, delimiter: str) -> None:
    lines = [["Mã cán bộ", "Họ và tên", "Điện thoại"], ["CB1", "Nguyễn Thị Thuỳ Dương", "0905123456"]]
    table = read("\n".join(map(delimiter.join, lines)).encode(encoding))
    assert (table.header, table.rows) == (lines[0], [(2, lines[1])])


def test_a_csv_of_old_windows_is_read_and_composed() -> None:
    table = read(windows_1258("Mã cán bộ,Họ và tên\nCB1,Nguyễn Thị Hoà\n"))
    assert table.rows == [(2, ["CB1", "Nguyễn Thị Hoà"])]


def test_decomposed_names_no_break_spaces_and_eth_become_clean_text() -> None:
    decomposed = unicodedata.normalize("NFD", "Trần")
    assert read(f"Mã cán bộ,Họ và tên\nCB1,{decomposed}\u00a0Văn\u200b Ðạt \n").rows == [(2, ["CB1", "Trần Văn Đạt"])]


def test_quoted_cells_may_hold_separators_quotes_and_line_breaks() -> None:
    assert read('person_id,full_name\n1,"An, ""Ba""\nChi"\n2,Em\n').rows == [
        (2, ["1", 'An, "Ba" Chi']),
        (3, ["2", "Em"]),
    ]


def test_titles_above_the_header_and_empty_rows_are_passed_over_and_row_numbers_stay() -> None:
    table = read("SỞ KHOA HỌC VÀ CÔNG NGHỆ,,\n\nDANH SÁCH\nMã cán bộ,Họ và tên\n,\nCB1,An\n\nCB2,Em\n")
    assert (table.header_number, table.rows) == (4, [(6, ["CB1", "An"]), (8, ["CB2", "Em"])])


def test_a_header_of_two_merged_rows_is_read_as_one() -> None:
    table = read("Mã cán bộ,Họ và tên,Liên hệ,\n,,Điện thoại,Ghi chú\nCB1,An,0905123456,x\n")
    assert table.header[:3] == ["Mã cán bộ", "Họ và tên", "Điện thoại"]
    assert (table.header_number, len(table.rows)) == (2, 1)


def test_a_workbook_gives_numbers_days_and_truth_as_a_person_would_type_them() -> None:
    content = workbook(
        ["person_id", "phone", "from", "x"], [12, 905123456, date(2026, 9, 5), True], [1.5, "", "", False]
    )
    assert read(content).rows == [(2, ["12", "905123456", "2026-09-05", "1"]), (3, ["1.5", "", "", "0"])]


def test_a_workbooks_first_filled_sheet_is_read_or_the_one_called_by_its_title() -> None:
    content = workbook(["person_id"], ["CB1"], title="Cán bộ", before=("Bìa",))
    assert tables.read("x.xlsx", content, COLUMNS).rows == [(2, ["CB1"])]
    assert tables.read("x.xlsx", content, COLUMNS, frozenset({"can-bo"})).rows == [(2, ["CB1"])]


def test_a_text_that_we_guarded_against_being_a_formula_comes_back_as_it_was() -> None:
    assert read("person_id,phone\nCB1,'+84905123456\n").rows == [(2, ["CB1", "+84905123456"])]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "import.empty-file"),
        (b" \n,,\n", "import.empty-file"),
        (b"\x00\x01\x02", "import.not-a-table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "import.not-a-table"),
        (b'person_id,full_name\n1,"An\n2,Em\n', "import.broken-quotes"),
        (b"a," * 1_000_000 + b"a", "import.too-wide"),
        (b'"' + b"a" * 200_000 + b'"', "import.broken-quotes"),
        (b"PK\x03\x04 nothing", "import.unreadable-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 5_000, "import.unreadable-workbook"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(content: bytes, key: str) -> None:
    with pytest.raises(UnreadableTable) as refused:
        read(content)
    assert refused.value.key == key


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (50 << 20))
    with pytest.raises(UnreadableTable) as refused:
        read(bomb.getvalue())
    assert refused.value.key == "import.too-large"


def test_a_workbook_with_one_cell_at_the_far_corner_cannot_take_all_memory() -> None:
    plain, hostile = ZipFile(BytesIO(workbook(["person_id"], ["CB1"]))), BytesIO()
    with ZipFile(hostile, "w", ZIP_DEFLATED) as archive:
        for entry in plain.infolist():
            archive.writestr(entry, plain.read(entry).replace(b'<c r="A2"', b'<c r="XFD1048576"'))
    with pytest.raises(UnreadableTable) as refused:
        read(hostile.getvalue())
    assert refused.value.key == "import.unreadable-workbook"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_bytes_whatever_raise_anything_but_unreadable(content: bytes) -> None:
    try:
        table = read(content)
    except UnreadableTable:
        return
    assert all(unicodedata.is_normalized("NFC", cell) for _, row in table.rows for cell in row)


@pytest.mark.parametrize("cell", ["05/09/2026", "5-9-2026", "5.9.2026", "2026-09-05", "2026-09-05 00:00:00", "46270"])
def test_days_are_read_in_every_usual_style(cell: str) -> None:
    assert cells.day(cell) == date(2026, 9, 5)


@pytest.mark.parametrize("cell", ["31/02/2026", "2026", "mai", "05/09/0206", "99999999"])
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(BadCell, match=r"import\.bad-date"):
        cells.day(cell)


def test_an_end_in_the_year_9999_is_open() -> None:
    assert cells.end("31/12/9999") == date.max


@pytest.mark.parametrize(
    ("cell", "value"), [("Có", True), ("x", True), ("1", True), ("không", False), ("FALSE", False)]
)
def test_truth_is_read_in_both_languages(cell: str, value: bool) -> None:
    assert cells.truth(cell) is value


@pytest.mark.parametrize(("cell", "value"), [("8", 800), ("1.5", 150), ("1,5", 150), ("0,25", 25), ("2.50", 250)])
def test_periods_are_exact_hundredths(cell: str, value: int) -> None:
    assert cells.hundredths(cell) == value


@pytest.mark.parametrize("cell", ["-1", "1.234", "1e3", "½", "99999"])
def test_what_is_no_number_of_periods_is_refused(cell: str) -> None:
    with pytest.raises(BadCell):
        cells.hundredths(cell)


@pytest.mark.parametrize(
    "cell", ["0905123456", "905123456", "0905 123 456", "0905.123.456", "+84 905 123 456", "84905123456"]
)
def test_phone_numbers_get_their_zero_back(cell: str) -> None:
    assert cells.phone(cell) == "0905123456"


@pytest.mark.parametrize("cell", ["12345", "0905 123 45x", "090512345678"])
def test_what_is_no_phone_number_is_refused(cell: str) -> None:
    with pytest.raises(BadCell):
        cells.phone(cell)


@pytest.mark.parametrize("name", ["Nguyễn Thị Thuỳ Dương", "Y Thanh Hà Niê Kđăm", "H'Hen Niê", "TRẦN VĂN QUÝ", "Ước"])
def test_names_of_every_people_are_taken(name: str) -> None:
    assert cells.name(name) == name


@pytest.mark.parametrize("name", ["NguyÔn V¨n An", "Nguyeãn Vaên An", "Leâ Thò Hoa", "An <b>", "=1+1", "Иван", "An 2"])
def test_names_in_old_fonts_and_other_scripts_are_refused(name: str) -> None:
    with pytest.raises(BadCell, match=r"import\.bad-name"):
        cells.name(name)


@given(st.text(max_size=40))
def test_no_cell_whatever_raises_anything_but_bad_cell(cell: str) -> None:
    choice = cells.choice({"commune": "xa cap-xa"})
    days_and_numbers = cells.day, cells.end, cells.truth, cells.hundredths, cells.year, cells.phone
    for reader in (*days_and_numbers, cells.code, cells.email, cells.name, cells.line(10), choice):
        try:
            reader(cell)
        except BadCell:
            continue


def test_a_choice_takes_the_code_and_the_vietnamese_word_with_or_without_accents() -> None:
    level = cells.choice({"commune": "xa cap-xa"})
    assert [level(cell) for cell in ("commune", "Xã", "xa", "CẤP XÃ")] == ["commune"] * 4
    with pytest.raises(BadCell, match=r"import\.bad-choice"):
        level("làng")
