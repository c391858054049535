"""What is asked of an export, how far one is, and what the files in it are called. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Self

LIFE = timedelta(days=7)
"""How long a file and its link last."""
MOST_AT_ONCE = 5
"""So many exports of an account may be under way."""
MOST_PAPERS = 100_000
"""More papers than that make a file that no reader opens; registers have no such limit."""
LIMITS = {"most": MOST_PAPERS, "at_once": MOST_AT_ONCE}
LONGEST_NAME = 255
"""Bytes of a file's name, on the systems that allow fewest."""
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]')
RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?:\.|$)", re.IGNORECASE)
"""Devices of Windows: no file may be called so, whatever its ending."""


class Form(StrEnum):
    """What can be made of certificates. The part before the dot says who makes it, the other one is the file's ending."""

    ARCHIVE = "certificates.zip"
    BOOK = "certificates.pdf"
    WORKBOOK = "register.xlsx"
    TABLE = "register.csv"


OF_PAGES = (".zip", ".pdf")


class Stage(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


UNDER_WAY = (Stage.WAITING, Stage.RUNNING)


class Refusal(StrEnum):
    """Why nothing is exported."""

    NOTHING = "nothing"
    NOTHING_VALID = "nothing-valid"
    TOO_MANY_PAPERS = "too-many-papers"
    TOO_MANY_EXPORTS = "too-many-exports"


class Trouble(StrEnum):
    """Why an export could not be made."""

    CANNOT_SIGN = "cannot-sign"
    DISK_FULL = "disk-full"
    FILE_BROKEN = "file-broken"
    OTHER = "other"


@dataclass(frozen=True)
class Wanted:
    """Which certificates: issued on `[start, end)` to people who served then in a unit or below it.

    What is empty or None does not matter. `last_id` is the last paper that was there when somebody asked.
    """

    unit_id: int
    start: date
    end: date
    role: str = ""
    kind: str = ""
    state: str = ""
    course_id: int | None = None
    issuer_id: int | None = None
    words: str = ""
    last_id: int | None = None

    @property
    def as_in_register(self) -> dict[str, Any]:
        """What the register's own pages ask, too: the fields of `certificates.queries.Filter`."""
        return {name: value for name, value in vars(self).items() if name not in ("role", "last_id")}

    def as_data(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self) | {"start": self.start.isoformat(), "end": self.end.isoformat()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_data`."""
        days = {name: date.fromisoformat(data[name]) for name in ("start", "end")}
        return cls(**{**data, **days})

    @property
    def last(self) -> date:
        """The last day."""
        return self.end - timedelta(days=1)

    def only(self, state: str) -> Self:
        """The same, of the papers in a state."""
        return replace(self, state=state)


class Step(NamedTuple):
    """Where the work on an export is: `done` of `total` in step `number` of `of`; `name` is printing or writing."""

    name: str
    number: int
    of: int
    done: int
    total: int


def stage(*, now: datetime, job_state: str, is_cancelled: bool, expires_at: datetime | None) -> Stage:
    """How far an export is."""
    if expires_at is not None:
        return Stage.READY if now < expires_at else Stage.EXPIRED
    if is_cancelled:
        return Stage.CANCELLED
    return {"queued": Stage.WAITING, "running": Stage.RUNNING}.get(job_state, Stage.FAILED)


def step(form: str, done: int, total: int) -> Step:
    """What a job's progress means: papers are first printed, each once and for all, then written into the file."""
    if form != Form.ARCHIVE:
        return Step("writing", 1, 1, done, total)
    half = total // 2
    return Step("printing", 1, 2, done, half) if done < half else Step("writing", 2, 2, done - half, half)


def refusal(form: str, *, found: int, valid: int, under_way: int) -> Refusal | None:
    """Why an export of so many papers is not begun."""
    if under_way >= MOST_AT_ONCE:
        return Refusal.TOO_MANY_EXPORTS
    if not found:
        return Refusal.NOTHING
    if form == Form.BOOK and not valid:
        return Refusal.NOTHING_VALID
    return Refusal.TOO_MANY_PAPERS if form.endswith(OF_PAGES) and found > MOST_PAPERS else None


def file_name(words: str, ending: str, turn: int = 1) -> str:
    """A name that is safe on every system: «2026-000123 Nguyễn Thị Thuỳ Dương.pdf», from the second `turn` on with its number."""
    stem = " ".join(UNSAFE.sub(" ", unicodedata.normalize("NFC", words)).split()).strip(" .")
    if RESERVED.match(stem):
        stem = f"_{stem}"
    tail = (f" ({turn})" if turn > 1 else "") + f".{ending}"
    return _cut(stem or "_", LONGEST_NAME - len(tail.encode())) + tail


class Names:
    """Gives each file of an archive a name of its own, also where capitals do not count."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, words: str, ending: str) -> str:
        """A name that no file has yet; the same words in the same order get the same names."""
        turn = 1
        while (name := file_name(words, ending, turn)).casefold() in self._taken:
            turn += 1
        self._taken.add(name.casefold())
        return name


def _cut(text: str, most: int) -> str:
    """As much of a text as fits into so many bytes, no letter without its marks."""
    while len(text.encode()) > most:
        end = len(text) - 1
        while end and unicodedata.combining(text[end]):
            end -= 1
        text = text[:end]
    return text.rstrip(" .")
