"""The plan of an import: what would be written, what changes, and what is wrong at which cell. Writes nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import count
from typing import Any, NamedTuple

from lms import clock
from lms.db import Base
from lms.language import format_date, gettext
from lms.network.known import People, Posts, Reach, Record, Units

ERRORS_SHOWN = 1_000
NOTICES_SHOWN = 200
CHANGES_SHOWN = 200
WHOLE_ROW = "*"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong (or, as a notice, worth knowing) at a cell. `row` is the row's number in the sheet."""

    file: str
    row: int
    column: str
    key: str
    values: Mapping[str, Any]
    is_notice: bool = False

    @property
    def reason(self) -> str:
        return gettext(self.key, **self.values)

    @property
    def column_words(self) -> str:
        return column_words(self.column)

    def words(self) -> str:
        """`people.csv:12:phone: …`"""
        return f"{self.file}:{self.row}:{self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Change:
    """What a row brings: something new, or other values for what is there. `fields` holds (column, before, after)."""

    file: str
    row: int
    subject: str
    fields: Sequence[Sequence[str]] = ()

    def words(self) -> str:
        """`people.csv:12: CB001: điện thoại 0905… → 0906…`"""
        named = [(column_words(column), before, after) for column, before, after in self.fields]
        changed = "; ".join(gettext("import.field-changed", column=c, before=b, after=a) for c, b, a in named)
        return f"{self.file}:{self.row}: {self.subject}: {changed or gettext('import.is-new')}"


@dataclass(slots=True, eq=False)
class Fact:
    """What a row of a file says; or, with `number` 0, what the database holds."""

    record: Record
    file: str = ""
    number: int = 0
    cells: Sequence[str] = ()
    reasons: list[str] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return bool(self.reasons)


class Finding(NamedTuple):
    """Why a fact cannot stand."""

    fact: Fact
    column: str
    key: str
    values: Mapping[str, Any] = {}


class Outcome(NamedTuple):
    """What becomes of a row: a name of `Counts`, and what changes as (column, before, after)."""

    verdict: str
    fields: Sequence[Sequence[Any]] = ()


class Update(NamedTuple):
    """Other values for columns of a row that is there."""

    row_id: int
    before: Record
    after: Record


@dataclass(slots=True)
class Counts:
    """The rows of a sheet by what becomes of them; `same` are repetitions of another row."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    same: int = 0
    bad: int = 0


@dataclass(slots=True)
class BadRows:
    """The rows of a file that are not taken, as they came."""

    header: list[str]
    facts: list[Fact] = field(default_factory=list)


class Plan:
    """What an import would do. Sheets fill it in one after the other; later ones refer to what earlier ones bring.

    `sender` is the account that sends it; None is the operator at the command line, whose files were decided elsewhere.
    """

    def __init__(self, reach: Reach = None, sender: int | None = None) -> None:
        self._ids = count(-1, -1)
        self.units, self.people, self.posts = Units(reach), People(reach), Posts(self.new_id)
        self.reach, self.sender = reach, sender
        self.counts: dict[str, Counts] = {}
        self.errors: list[Problem] = []
        self.notices: list[Problem] = []
        self.changes: list[Change] = []
        self.is_readable = True
        self.inserts: dict[str, list[Record]] = defaultdict(list)
        self.updates: dict[str, list[Update]] = defaultdict(list)
        self.bad_rows: dict[str, BadRows] = {}

    @property
    def is_clean(self) -> bool:
        return not self.errors

    @property
    def good_rows(self) -> int:
        """The rows that would write something."""
        return sum(each.new + each.changed for each in self.counts.values())

    def new_id(self) -> int:
        """A stand-in for the id of a row that is not written yet."""
        return next(self._ids)

    def refuse_file(self, file: str, row: int, column: str, key: str, **values: Any) -> None:
        """A file cannot be taken at all: no choice of rows helps."""
        self.is_readable = False
        self.errors.append(Problem(file, row, column, key, values))

    def note(self, file: str, row: int, column: str, key: str, **values: Any) -> None:
        """Something is worth knowing."""
        self.notices.append(Problem(file, row, column, key, values, is_notice=True))

    def refuse(self, fact: Fact, column: str, key: str, values: Mapping[str, Any]) -> None:
        """A row cannot be taken."""
        self.errors.append(Problem(fact.file, fact.number, column, key, values))
        fact.reasons.append(f"{column}: {self.errors[-1].reason}")

    def insert(self, model: type[Base], record: Record) -> None:
        """Write a new row."""
        if "recorded_at" in model.__table__.c:
            record = record | {"recorded_at": clock.now()}
        self.inserts[model.__tablename__].append(record)

    def update(self, model: type[Base], stored: Record, after: Record) -> None:
        """Write other values over some columns of a stored row."""
        self.updates[model.__tablename__].append(Update(stored["id"], {name: stored[name] for name in after}, after))

    @property
    def shows_more(self) -> bool:
        """Whether there is room for one more change in the list."""
        return len(self.changes) < CHANGES_SHOWN

    def show(self, fact: Fact, subject: str, fields: Sequence[Sequence[Any]]) -> None:
        """List a change."""
        worded = [(column, _worded(before), _worded(after)) for column, before, after in fields]
        self.changes.append(Change(fact.file, fact.number, subject, worded))

    def report(self) -> dict[str, Any]:
        """All that a page shows, as JSON."""
        return {
            "counts": {name: asdict(counts) for name, counts in self.counts.items()},
            "error_count": len(self.errors),
            "notice_count": len(self.notices),
            "problems": [asdict(each) for each in (*self.errors[:ERRORS_SHOWN], *self.notices[:NOTICES_SHOWN])],
            "changes": [asdict(change) for change in self.changes],
            "good_rows": self.good_rows,
            "is_readable": self.is_readable,
        }


def column_words(name: str) -> str:
    """A column in the reader's language; one that we do not know keeps its own title."""
    key = f"import.column.{name}"
    return name if (words := gettext(key)) == key else words


def _worded(value: Any) -> str:
    if isinstance(value, date):
        return "…" if value == date.max else format_date(value)
    return "–" if value is None else str(value)
