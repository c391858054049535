"""What a package says, and how it stands to what was taken before. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from lms.goals.rules import Status
from lms.yearbooks.rules import FIGURES, added, counted

FORMAT = 1
FINAL = "final"
MANIFEST, SIGNATURE, SUMS = "manifest.json", "signature.json", "SHA256SUMS"
UNITS, FIGURES_FILE, PEOPLE = "units.csv", "figures.csv", "people.csv"
STATUSES = (Status.MET, Status.NOT_MET, Status.EXEMPT, Status.NOT_APPLICABLE)
"""What a person may be in a year that is closed."""
PROBLEMS = (
    "missing-file", "extra-file", "not-ours", "format", "changed-file", "columns", "bad-line", "twice", "units-differ",
    "line-number", "unknown-above", "no-root", "unknown-line", "sums", "totals", "people-differ", "older", "forked",
    "unknown-unit", "foreign-unit", "unknown-sender", "unknown-key", "expired-key", "bad-signature", "not-final",
    "year-runs", "other-year", "unknown-policy", "names-not-allowed", "out-of-reach",
)  # fmt: skip
"""What may be wrong with a package, beside a ZIP that cannot be opened."""
MOST_PEOPLE = 1_000_000_000
GROUPS, DIGITS = 6, 5

Counts = Mapping[str, int]  # people by status


class State(StrEnum):
    """Waiting → taken or refused; refused → taken; taken → replaced, by a newer one."""

    WAITING = "waiting"
    TAKEN = "taken"
    REFUSED = "refused"
    REPLACED = "replaced"


class Refusal(StrEnum):
    """Why nothing is packed, registered, or taken; words: message `federation.refused.<refusal>`."""

    NOT_CLOSED = "not-closed"
    BROKEN = "broken"
    NO_CODE = "no-code"
    KNOWN_SENDER = "known-sender"
    KNOWN_KEY = "known-key"


class Refused(Exception):
    """An act that its rules do not allow; `value` is what it is about."""

    def __init__(self, refusal: Refusal, value: str = "") -> None:
        super().__init__(refusal)
        self.refusal, self.value = refusal, value


class Order(StrEnum):
    """How a package stands to the one that was taken before of the same unit, goal and year."""

    FIRST = "first"
    SAME = "same"
    NEWER = "newer"
    OLDER = "older"
    FORKED = "forked"


class Problem(NamedTuple):
    """What is wrong with a package, and where; words: message `federation.problem.<key>`."""

    key: str
    file: str = ""
    line: int = 0
    values: Mapping[str, Any] = {}


class Faulty(Exception):
    """A package of which nothing is stored."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


class UnitLine(NamedTuple):
    """A unit under the one above it, and the day of which its code and name are.

    `unit` and `above` are numbers within the package: a unit that moved in the year has a line under each unit above it.
    """

    number: int
    unit: int
    above: int | None
    code: str
    name: str
    on: str


class PersonLine(NamedTuple):
    """A person where they are counted; `earned` in hundredths of a period."""

    number: int
    code: str
    name: str
    unit: int
    status: str
    due: int
    earned: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The head of a package. `chain` has the number and the last hash of this and of all earlier versions of the book."""

    format: int
    unit_code: str
    unit_name: str
    policy: str
    year: int
    kind: str
    version: int
    as_of: str
    closed_at: str
    lines: int
    previous_hash: str
    first_hash: str
    last_hash: str
    chain: list[tuple[int, str]]
    totals: dict[str, int]
    units: int
    with_names: bool
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Package:
    """All that a package says. `figures` are people by status, by the number of a unit's line."""

    manifest: Manifest
    units: Sequence[UnitLine]
    figures: Mapping[int, Counts]
    people: Sequence[PersonLine] = ()

    def totals(self) -> dict[int, Counter[str]]:
        """People by status of each unit, its lines added up."""
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for line in self.units:
            found[line.unit].update(self.figures.get(line.number, {}))
        return found

    def own(self) -> dict[int, Counter[str]]:
        """People by status of each unit without those below it; below 0 where a package does not add up."""
        found = self.totals()
        for line in self.units:
            if line.above in found:
                found[line.above].subtract(self.figures.get(line.number, {}))
        return found


class Taken(NamedTuple):
    """What was taken before: the number of the version, its last hash, and the digest of its manifest."""

    version: int
    last_hash: str
    digest: str


class Difference(NamedTuple):
    """A unit beside what is known of it here; `here` is None for what is new, `sent` for what is gone."""

    code: str
    name: str
    here: Mapping[str, int] | None
    sent: Mapping[str, int] | None

    @property
    def is_same(self) -> bool:
        return self.here == self.sent

    def change(self, name: str) -> int:
        """How much a figure grows by taking the package."""
        return (self.sent or {}).get(name, 0) - (self.here or {}).get(name, 0)


def order(manifest: Manifest, digest: str, taken: Taken | None) -> Order:
    """How a package stands to what was taken. A newer one must go on where the chain of the older one ended."""
    if taken is None:
        return Order.FIRST
    if digest == taken.digest:
        return Order.SAME
    if manifest.version < taken.version:
        return Order.OLDER
    return Order.NEWER if (taken.version, taken.last_hash) in manifest.chain else Order.FORKED


def figures(counts: Counts) -> dict[str, int]:
    """People by status as the figures of year books: people, met, not met, exempt, not applicable."""
    return counted(counts.items())


def without(whole: Mapping[str, int], parts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Figures less some of their parts."""
    gone = added(parts)
    return {name: whole[name] - gone[name] for name in FIGURES}


def differences(here: Mapping[str, Any], sent: Mapping[str, Any]) -> list[Difference]:
    """Units beside each other, both as (name, figures) by code: those that differ, then those that do not."""
    found = []
    for code in {**sent, **here}:
        name = (sent.get(code) or here[code])[0]
        found.append(
            Difference(code, name, here[code][1] if code in here else None, sent[code][1] if code in sent else None)
        )
    return sorted(found, key=lambda one: (one.is_same, one.code))


def due_on(year: int, days: int) -> date:
    """The last day on which a year's package is in time: so many days after the year's end."""
    return date(year, 12, 31) + timedelta(days=days)


def fingerprint(public: bytes) -> str:
    """A public key as thirty digits in groups of five, which two people can compare by phone."""
    number = int.from_bytes(sha256(b"thaoso-key\n" + public).digest()) % 10 ** (GROUPS * DIGITS)
    digits = f"{number:0{GROUPS * DIGITS}}"
    return " ".join(digits[start : start + DIGITS] for start in range(0, len(digits), DIGITS))
