"""Excel files: a bank with one row a question, its lessons on a second sheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import zip_longest
from pathlib import PurePosixPath

from lms import tables, text, workbooks
from lms.catalogue.content import DIFFICULTIES, Lesson, Question
from lms.catalogue.package import LESSON_NAME
from lms.exchange import excel_rows as rows
from lms.exchange import parts as pieces
from lms.exchange import rest
from lms.exchange.carried import Carried, Remark, Source
from lms.exchange.excel_rows import Column, address
from lms.exchange.notation import WORDS, meaning, spelling
from lms.exchange.parts import Parts
from lms.exchange.rest import Entry
from lms.exchange.topics import Names, Topics
from lms.workbook_rows import LONGEST_CELL

LESSON_COLUMNS = ("slug", "title", "minutes", "outcomes", "summary", "text")
FILLED_DOWN = ("topic", "difficulty", "outcome")
CHUNK = 30_000
MOST_QUESTIONS = 20_000
WIDTHS = {"text": 60, "option": 28, "right_feedback": 40, "wrong_feedback": 40}


def read(name: str, content: bytes) -> Carried:
    """The questions and the lessons of an Excel file."""
    try:
        sheets = tables.sheets(content)
    except tables.UnreadableTable as unreadable:
        return Carried(remarks=[Remark("", f"excel-{unreadable.key.removeprefix('import.')}", unreadable.values, True)])
    return understood(sheets, PurePosixPath(text.clean(name)).stem)


def write(carried: Carried) -> tuple[bytes, list[Remark]]:
    """The Excel file of a bank and its lessons, and what Excel cannot hold."""
    pages, remarks = pages_of(carried)
    target = BytesIO()
    workbooks.sheets(target, pages)
    return target.getvalue(), remarks


def understood(sheets: Sequence[tables.Sheet], name: str) -> Carried:
    """What the sheets say."""
    kept = rest.Rest(list(_entries_in(sheets)))
    titles = {id(sheet): meaning("sheet", sheet.title) for sheet in sheets}
    lessons = [sheet for sheet in sheets if titles[id(sheet)] == "lessons"]
    banks = [(sheet, *rows.header(sheet.rows)) for sheet in sheets if titles[id(sheet)] in ("", "questions")]
    shown = [bank for bank in banks if bank[2] and not bank[0].is_hidden]
    remarks = [
        Remark(s.title, "excel-hidden", {"title": s.title}) for s, _, columns in banks if columns and s.is_hidden
    ]
    carried = Carried(title=kept.title or name, remarks=remarks)
    if shown:
        bank = max(shown, key=lambda bank: len(bank[2]))
        remarks += [Remark(b[0].title, "excel-other-sheet", {"title": b[0].title}) for b in shown if b is not bank]
        _Bank(*bank, kept).into(carried)
    carried.lessons = tuple(kept.lesson(lesson) for sheet in lessons for lesson in _lessons(sheet.rows, remarks))
    if not shown and not carried.lessons:
        carried.remarks.append(Remark("", "excel-no-header", is_error=True))
    elif not carried.questions and not carried.lessons and not carried.errors:
        carried.remarks.append(Remark("", "nothing-found", is_error=True))
    return carried


class _Bank:
    """The sheet of questions."""

    def __init__(self, sheet: tables.Sheet, top: int, columns: dict[int, Column], kept: rest.Rest) -> None:
        self.sheet, self.top, self.columns, self.rest = sheet, top, columns, kept
        self.topics = Topics(kept.topics())

    def into(self, carried: Carried) -> None:
        made: list[Question] = []
        source: list[Source] = []
        starts: list[str] = []
        names = Names()
        carried.remarks += self.unknown_columns()
        for number, (row, cells) in enumerate(self.filled(), start=1):
            if number > MOST_QUESTIONS:
                carried.remarks.append(Remark(address(row, 0), "too-many-questions", {"limit": MOST_QUESTIONS}, True))
                break
            parts = rows.parts(cells, self.columns, row)
            question = self.rest.question(parts) or self.question(parts, number)
            carried.remarks += parts.remarks if not question else [replace(r, is_error=False) for r in parts.remarks]
            shown = [Source(address(row, p), cells[p]) for p in sorted(self.columns) if p < len(cells) and cells[p]]
            source += shown
            starts.append(shown[0].place)
            if question:
                made.append(replace(question, id=names.free(question.id)))
                carried.places[made[-1].id] = parts.place
        carried.questions, carried.topics, carried.source = tuple(made), self.topics.known, tuple(source)
        carried.starts = tuple(starts)

    def question(self, parts: Parts, number: int) -> Question | None:
        made = pieces.question(parts, f"q{number:02}")
        return replace(made, topic=self.topics.id(made.topic)) if made else None

    def filled(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that hold something; a merged cell counts for all its rows."""
        merged = dict(self.merged())
        for row, cells in enumerate(self.sheet.rows[self.top + 1 :], start=self.top + 1):
            if not any(cell.strip() for place, cell in enumerate(cells) if place in self.columns):
                continue
            filled = [cell or merged.get((row, place), "") for place, cell in enumerate(cells)]
            yield row, filled

    def merged(self) -> Iterator[tuple[tuple[int, int], str]]:
        places = {place for place, column in self.columns.items() if column.code in FILLED_DOWN}
        for (top, left), (bottom, _) in self.sheet.merged:
            if left in places and top < len(self.sheet.rows):
                for row in range(top + 1, min(bottom, len(self.sheet.rows) - 1) + 1):
                    yield (row, left), self.sheet.rows[top][left]

    def unknown_columns(self) -> Iterator[Remark]:
        for place, head in enumerate(self.sheet.rows[self.top]):
            if head.strip() and place not in self.columns:
                yield Remark(address(self.top, place), "excel-unknown-column", {"title": text.clean(head)})


def pages_of(carried: Carried) -> tuple[list[workbooks.Page], list[Remark]]:
    """The sheets that say what is carried."""
    topics = dict(carried.topics)
    written = [rows.cells(pieces.parts(question, topics)) for question in carried.questions]
    columns = rows.columns(written)
    bank = [[cells.get(column, "") for column in columns] for cells in written]
    remarks = [Remark(path, "excel-carries-no-media") for path in carried.media]
    remarks += [
        Remark(address(row, place), "excel-cell-too-long", {"limit": LONGEST_CELL})
        for row, cells in enumerate(bank, start=1)
        for place, cell in enumerate(cells)
        if len(cell) > LONGEST_CELL
    ]
    entries = list(_entries(carried, bank, columns))
    choices = {columns.index(Column(code)): _offered(code) for code in ("type", "difficulty")}
    widths = {place: WIDTHS.get(column.code, 14) for place, column in enumerate(columns)}
    heads = [rows.head(column) for column in columns]
    fitting = [_fitting(row) for row in bank]
    pages = [workbooks.Page(spelling("sheet", "questions"), heads, fitting, choices=choices, widths=widths)]
    if carried.lessons:
        lessons = [row for lesson in carried.lessons for row in _lesson_rows(lesson)]
        named = [spelling("lesson", code) for code in LESSON_COLUMNS]
        pages.append(workbooks.Page(spelling("sheet", "lessons"), named, lessons, widths={1: 40, 4: 40, 5: 90}))
    if entries:
        named = [spelling("paper", f"rest_{name}") for name in ("code", "field", "mark", "value")]
        kept = [[e.code, e.kind, e.mark, *_chunks(e.value)] for e in entries]
        pages.append(workbooks.Page(spelling("sheet", "rest"), named, kept, is_hidden=True))
    return pages, remarks


def _entries(carried: Carried, bank: Sequence[Sequence[str]], columns: Sequence[Column]) -> Iterator[Entry]:
    """What the cells, read again, do not say."""
    if carried.title:
        yield Entry("title", "", rest.dumped(carried.title))
    if carried.topics:
        yield Entry("topics", "", rest.dumped(carried.topics))
    again = _Bank(tables.Sheet("", []), 0, dict(enumerate(columns)), rest.Rest(list(_topics(carried))))
    read = [rows.parts(_fitting(cells), again.columns, number) for number, cells in enumerate(bank, start=1)]
    understood = [(parts, again.question(parts, number)) for number, parts in enumerate(read, start=1)]
    yield from rest.entries_for_questions(carried.questions, understood)
    lesson_rows = [[""] * len(LESSON_COLUMNS), *(row for lesson in carried.lessons for row in _lesson_rows(lesson))]
    for lesson, told in zip(carried.lessons, _lessons(lesson_rows, [], by_position=True), strict=False):
        if lesson != told:
            yield rest.entry_for_lesson(lesson, told)


def _topics(carried: Carried) -> Iterator[Entry]:
    yield Entry("topics", "", rest.dumped(carried.topics))


def _entries_in(sheets: Sequence[tables.Sheet]) -> Iterator[Entry]:
    for sheet in sheets:
        if meaning("sheet", sheet.title) == "rest":
            for row in sheet.rows[1:]:
                code, kind, mark, *value = [*row, "", "", ""][: max(len(row), 4)]
                yield Entry(kind, code, "".join(value), mark)


def _lesson_rows(lesson: Lesson) -> Iterator[list[str]]:
    """A lesson as a row, and further rows with nothing but text when it is longer than a cell."""
    first, *more = _chunks(text.NOT_TEXT.sub("", lesson.text)) or [""]
    yield [lesson.slug, lesson.title, str(lesson.minutes), ", ".join(lesson.outcomes), lesson.summary, first]
    yield from (["", "", "", "", "", chunk] for chunk in more)


def _lessons(sheet: Sequence[Sequence[str]], remarks: list[Remark], *, by_position: bool = False) -> Iterator[Lesson]:
    """The lessons of a sheet: a row without a title goes on with the text of the one above."""
    heads = [meaning("lesson", head) for head in (sheet[0] if sheet else ())]
    names = list(LESSON_COLUMNS) if by_position else heads
    said: list[dict[str, str]] = []
    for number, row in enumerate(sheet[1:], start=1):
        cells = {name: cell for name, cell in zip_longest(names, row, fillvalue="") if name}
        if not any(cells.values()):
            continue
        if said and not cells.get("title", "").strip() and not cells.get("slug", "").strip():
            said[-1]["text"] += cells.get("text", "")
        else:
            said.append(cells | {"place": address(number, 0), "text": cells.get("text", "")})
    for position, cells in enumerate(said, start=1):
        if not cells.get("title", "").strip():
            remarks.append(Remark(cells["place"], "lesson-without-title", is_error=True))
        else:
            yield _lesson(cells, position)


def _lesson(cells: Mapping[str, str], position: int) -> Lesson:
    slug, title = cells.get("slug", "").strip(), text.clean(cells.get("title", ""))
    if not LESSON_NAME.match(f"{slug}.md"):
        slug = f"{position:02}-{text.slug(title)[:60].strip('-') or 'bai'}"
    minutes = cells.get("minutes", "").strip()
    outcomes = tuple(clean for each in cells.get("outcomes", "").split(",") if (clean := text.clean(each)))
    source = text.normal(text.NOT_TEXT.sub("", cells["text"])).strip("\n")
    known = int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 5 else 0
    return Lesson(
        slug, title, known or max(1, len(source.split()) // 180), outcomes, text.clean(cells.get("summary", "")), source
    )


def _offered(code: str) -> list[str]:
    return [spelling(code, each) for each in (WORDS[code] if code == "type" else DIFFICULTIES)]


def _chunks(value: str) -> list[str]:
    return [value[at : at + CHUNK] for at in range(0, len(value), CHUNK)]


def _fitting(cells: Sequence[str]) -> list[str]:
    return [cell[:LONGEST_CELL] for cell in cells]
