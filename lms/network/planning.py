"""From files to a plan: each sheet's rows are read, referred, met with what is stored, reviewed, and settled."""

import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from lms import tables, text
from lms.cells import BadCell
from lms.jobs import Progress
from lms.network import sheets
from lms.network.known import People, Reach, Record, Units, fetch
from lms.network.plans import WHOLE_ROW, BadRows, Counts, Fact, Outcome, Plan
from lms.network.sheets import PERSON, Column, Sheet
from lms.tables import Table, UnreadableTable

STEP = 5_000


@contextmanager
def uncollected() -> Iterator[None]:
    """Inside the block Python looks for no garbage: all that is made lives to its end, and looking costs a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@uncollected()
def plan(
    files: Mapping[str, bytes], *, reach: Reach = None, sender: int | None = None, progress: Progress | None = None
) -> Plan:
    """What importing these files would do; nothing is written. `reach` holds the units they may touch, None for all."""
    made = Plan(reach, sender)
    by_sheet = _sort_files(files, made)
    total = 2 * sum(len(table.rows) for found in by_sheet.values() for table in found)
    done = 0
    for sheet in sheets.SHEETS:
        if sheet.name not in by_sheet:
            continue
        intake = Intake(sheet, made)
        for _row in intake.read(by_sheet[sheet.name]):
            done += 1
            if progress and done % STEP == 0:
                progress(done, total)
        intake.settle()
        done += intake.counts.rows
        if progress:
            progress(done, total)
    return made


def _sort_files(files: Mapping[str, bytes], made: Plan) -> dict[str, list[Table]]:
    """The tables of the files by sheet."""
    by_sheet: dict[str, list[Table]] = defaultdict(list)
    for name, content in files.items():
        sheet = sheets.named(name)
        labels, titles = (frozenset(sheet.by_label), sheet.titles) if sheet else (sheets.all_labels(), frozenset[str]())
        try:
            table = tables.read(name, content, labels, titles)
        except UnreadableTable as unreadable:
            made.refuse_file(name, 1, WHOLE_ROW, unreadable.key, **unreadable.values)
            continue
        if sheet := sheet or sheets.fitting(table.header):
            by_sheet[sheet.name].append(table)
        else:
            made.refuse_file(name, table.header_number, WHOLE_ROW, "import.unknown-file")
    return by_sheet


class Intake:
    """The rows of one sheet on their way into a plan."""

    def __init__(self, sheet: Sheet, made: Plan) -> None:
        self.sheet, self.plan = sheet, made
        self.counts = made.counts[sheet.name] = Counts()
        self._facts: list[Fact] = []
        self._places: dict[str, list[tuple[int, Column]]] = {}
        self._stored: dict[Any, list[Record]] = defaultdict(list)
        self._key = itemgetter(*sheet.key)

    @property
    def good(self) -> list[Fact]:
        return [fact for fact in self._facts if not fact.is_refused]

    def read(self, found: Sequence[Table]) -> Iterator[Fact]:
        """Read the cells of every row, each by its column."""
        for table in found:
            is_whole = self._read_header(table)
            for number, cells in table.rows:
                fact = Fact({}, table.name, number, cells)
                if is_whole:
                    self._read_cells(fact, len(table.header))
                else:
                    fact.reasons.append(self.plan.errors[-1].reason)
                self._facts.append(fact)
                yield fact

    def settle(self) -> None:
        """Take the rows through every check, and decide what becomes of each."""
        self.counts.rows = len(self._facts)
        self._refer()
        self._join_repeated()
        self._meet_stored()
        self._review()
        for fact in self.good:
            self._decide(fact)
        if self.sheet.after:
            self.sheet.after(self._standing(), self.plan)
        for fact in self._facts:
            if fact.is_refused:
                self.counts.bad += 1
                self.plan.bad_rows[fact.file].facts.append(fact)

    def _read_header(self, table: Table) -> bool:
        """Find the columns of a table; whether all that are required are there."""
        before = len(self.plan.errors)
        slugs = [text.slug(title) for title in table.header]
        by_label = self.sheet.by_label
        columns = [(index, by_label[slug]) for index, slug in enumerate(slugs) if slug in by_label]
        for title, slug in zip(table.header, slugs, strict=True):
            if title and slug not in by_label:
                self.plan.note(table.name, table.header_number, title, "import.unknown-column")
        for name in {column.name for _, column in columns if sum(column is other for _, other in columns) > 1}:
            self.plan.refuse_file(table.name, table.header_number, name, "import.column-twice")
        for name in self.sheet.missing(slugs):
            self.plan.refuse_file(table.name, table.header_number, name, "import.missing-column")
        self.plan.bad_rows[table.name] = BadRows(table.header)
        self._places[table.name] = columns
        return len(self.plan.errors) == before

    def _read_cells(self, fact: Fact, width: int) -> None:
        cells, record = fact.cells, fact.record
        for index, column in self._places[fact.file]:
            cell = cells[index] if index < len(cells) else ""
            if cell:
                try:
                    record[column.fills] = column.read(cell)
                except BadCell as bad:
                    self.plan.refuse(fact, column.name, bad.key, bad.values)
            elif column.is_required:
                self.plan.refuse(fact, column.name, "import.missing-value", {})
            else:
                record[column.fills] = column.default
        if len(cells) > width and any(cells[width:]):
            self.plan.refuse(fact, WHOLE_ROW, "import.too-many-cells", {})

    def _refer(self) -> None:
        """Codes of people and units become ids."""
        columns = [column for column in self.sheet.columns if column.refers]
        for column in columns:
            known: People | Units = self.plan.people if column.refers == PERSON else self.plan.units
            known.load({fact.record[column.fills] for fact in self._facts if fact.record.get(column.fills)})
        if self.sheet.prepare:
            self.sheet.prepare(self._facts, self.plan)
        for fact in self.good:
            for column in columns:
                if fact.record.get(column.fills):
                    self._refer_cell(fact, column)

    def _refer_cell(self, fact: Fact, column: Column) -> None:
        code = fact.record[column.fills]
        try:
            if column.refers == PERSON:
                fact.record[column.fills] = self.plan.people.find(code)
            else:
                fact.record[column.fills] = self.plan.units.find(code, fact.record[self.sheet.day])
        except BadCell as bad:
            self.plan.refuse(fact, column.name, bad.key, bad.values)

    def _join_repeated(self) -> None:
        """Of equal rows the first is kept; of unequal rows with one key none, for nobody knows which is right."""
        first: dict[Any, Fact] = {}
        repeated: set[Fact] = set()
        for fact in self.good:
            other = first.setdefault(self._key(fact.record), fact)
            if other is fact:
                continue
            if other.record == fact.record:
                repeated.add(fact)
                self.plan.note(fact.file, fact.number, WHOLE_ROW, "import.same-row", other=other.number)
            else:
                self.plan.refuse(fact, WHOLE_ROW, "import.duplicate-key", {"other": f"{other.file}:{other.number}"})
                if not other.is_refused:
                    self.plan.refuse(other, WHOLE_ROW, "import.duplicate-key", {"other": f"{fact.file}:{fact.number}"})
        self.counts.same = len(repeated)
        self._facts = [fact for fact in self._facts if fact not in repeated] if repeated else self._facts

    def _meet_stored(self) -> None:
        """What a file has no column for stays as it is stored, or begins with the default."""
        model, owner = self.sheet.model, self.sheet.owner
        for row in fetch(model, getattr(model, owner), (fact.record[owner] for fact in self.good)):
            self._stored[self._key(row)].append(row)
        for fact in self.good:
            stored = self._stored.get(self._key(fact.record))
            fact.record = {**(stored[0] if stored else self.sheet.defaults), **fact.record}
            if "to_on" in fact.record and fact.record["from_on"] >= fact.record["to_on"]:
                self.plan.refuse(fact, "to", "import.ends-before-start", {})

    def _review(self) -> None:
        """Ask the sheet's own checks until they find nothing more: a row that falls may take another with it."""
        if self.sheet.complete:
            for finding in list(self.sheet.complete(self.good, self.plan)):
                self.plan.refuse(*finding)
        while self.sheet.review and (findings := list(self.sheet.review(self._standing(), self.plan))):
            for finding in findings:
                self.plan.refuse(*finding)

    def _standing(self) -> list[Fact]:
        """What would hold after the import: the good rows, and what is stored under other keys."""
        good = self.good
        taken = {self._key(fact.record) for fact in good}
        return good + [Fact(row) for key, rows in self._stored.items() if key not in taken for row in rows]

    def _decide(self, fact: Fact) -> None:
        stored = self._stored.get(self._key(fact.record), [])
        outcome = (self.sheet.settle or self._insert_or_update)(fact, stored, self.plan)
        setattr(self.counts, outcome.verdict, getattr(self.counts, outcome.verdict) + 1)
        if outcome.verdict != "unchanged" and self.plan.shows_more:
            self.plan.show(fact, self._subject(fact), outcome.fields)

    def _insert_or_update(self, fact: Fact, stored: Sequence[Record], made: Plan) -> Outcome:
        if not stored:
            fact.record["id"] = made.new_id()
            made.insert(self.sheet.model, fact.record)
            return Outcome("new")
        before = stored[0]
        if before == fact.record:
            return Outcome("unchanged")
        after = {name: value for name, value in fact.record.items() if before[name] != value}
        made.update(self.sheet.model, before, after)
        return Outcome("changed", list(self._changed_fields(fact, before, after)))

    def _changed_fields(self, fact: Fact, before: Record, after: Record) -> Iterator[tuple[str, Any, str]]:
        for index, column in self._places[fact.file]:
            if column.fills in after:
                was = "…" if column.fills.endswith("_id") else before[column.fills]
                yield column.name, was, fact.cells[index] if index < len(fact.cells) else ""

    def _subject(self, fact: Fact) -> str:
        """The cells that say whom or what a row is about."""
        named = [index for index, column in self._places[fact.file] if column.fills in self.sheet.key]
        return " · ".join(fact.cells[index] for index in named if index < len(fact.cells) and fact.cells[index])
