"""Certificates out of the house: papers with their manifest, one file for a printer, the register as a table."""

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, Any

from lms import clock, files, workbooks
from lms.archives import Archive
from lms.certificates import printing, wording
from lms.certificates.book import Book
from lms.certificates.models import Certificate
from lms.certificates.plate import Plate
from lms.certificates.press import Press
from lms.certificates.rules import State
from lms.certificates.standards import About
from lms.certificates.texts import Paper, Wording
from lms.db import AnyRow, chunks, is_among, reading
from lms.exports import queries
from lms.exports.making import FileBroken, Order, makes
from lms.exports.rules import Names, Wanted
from lms.jobs import Progress
from lms.language import gettext

MANIFEST, SUMS = "manifest.csv", "SHA256SUMS"
MANIFEST_COLUMNS = (
    "file", "label", "name", "unit", "course", "kind", "issuer", "issued_on", "expires_on", "code", "state", "sha256",
)  # fmt: skip
COLUMNS = (
    "label", "issued-on", "kind", "code", "full-name", "unit", "course", "issuer", "check-code", "expires-on", "state", "reason",
    "successor", "sha256",
)  # fmt: skip
TOLD_EVERY, READ_AT_ONCE = 100, 1_000


@makes("certificates")
def papers(order: Order, target: IO[bytes], tell: Progress) -> int:
    """The papers as files in a ZIP, or as pages of one PDF."""
    wanted = Wanted.from_data(order.wanted)
    return archive(wanted, target, tell) if order.ending == "zip" else book(wanted, target, tell)


@makes("register")
def register(order: Order, target: IO[bytes], tell: Progress) -> int:
    """The register's lines as a table."""
    paper_ids = _ids(Wanted.from_data(order.wanted))
    titles = [gettext(f"column.{column}") for column in COLUMNS]
    rows = _told(paper_ids, Telling(tell, len(paper_ids)))
    workbooks.write(target, order.ending, gettext("export.sheet"), titles, rows)
    return len(paper_ids)


def archive(wanted: Wanted, target: IO[bytes], tell: Progress) -> int:
    """A ZIP of the papers as they were issued, a manifest of what is in it, and sums for `sha256sum -c`."""
    paper_ids, day = _ids(wanted), clock.today()
    print_all(paper_ids, tell)
    with ExitStack() as stack:
        manifest, sums = (stack.enter_context(TemporaryFile()) for _ in range(2))
        zipped = stack.enter_context(Archive(target))
        rows = _packed(paper_ids, zipped, sums, Telling(tell, 2 * len(paper_ids), len(paper_ids)))
        manifest.writelines(piece.encode() for piece in workbooks.csv_lines(MANIFEST_COLUMNS, rows))
        manifest.seek(0)
        _write_sum(sums, hashlib.file_digest(manifest, "sha256").hexdigest(), MANIFEST)
        for name, source in ((MANIFEST, manifest), (SUMS, sums)):
            size = source.tell()
            source.seek(0)
            zipped.pack(name, source, size, day)
    return len(paper_ids)


def print_all(paper_ids: Sequence[int], tell: Progress) -> None:
    """Print and sign the papers that nobody has asked for yet; what is printed once stays."""
    for done, some in enumerate(chunks(paper_ids, printing.CHUNK)):
        tell(done * printing.CHUNK, 2 * len(paper_ids))
        while printing.print_missing(is_among(Certificate.id, some)):
            pass


def book(wanted: Wanted, target: IO[bytes], tell: Progress) -> int:
    """One PDF with a page for each paper that is valid, whatever their wordings."""
    paper_ids = _ids(wanted.only(State.VALID))
    plates = Plates()
    for words, paper in _papers(paper_ids):
        plates.number_of(words, paper)
    pages = (
        (plates.number_of(words, paper), paper) for words, paper in _papers(paper_ids, Telling(tell, len(paper_ids)))
    )
    target.writelines(Book(plates.about, plates.plates).bind(pages))
    return len(paper_ids)


class Telling:
    """Tells how many papers have passed, after each hundred and in the end."""

    def __init__(self, tell: Progress, total: int, before: int = 0) -> None:
        self._tell, self._total, self._before = tell, total, before

    def __call__(self, rows: Iterable[AnyRow]) -> Iterator[AnyRow]:
        """The same rows."""
        for number, row in enumerate(rows, self._before):
            if number % TOLD_EVERY == 0:
                self._tell(number, self._total)
            yield row
        self._tell(self._total, self._total)


class Plates:
    """The plates that some papers need, each made once."""

    def __init__(self) -> None:
        self.plates: list[Plate] = []
        self._presses: dict[Wording, Press] = {}
        self._numbers: dict[int, int] = {}

    def number_of(self, words: Wording, paper: Paper) -> int:
        """Which plate prints a paper."""
        if words not in self._presses:
            self._presses[words] = Press(words)
        plate = self._presses[words].plate(paper)
        if id(plate) not in self._numbers:
            self._numbers[id(plate)] = len(self.plates)
            self.plates.append(plate)
        return self._numbers[id(plate)]

    @property
    def about(self) -> About:
        """What the book says of itself: titles and issuers of its papers."""
        titles = dict.fromkeys(words.title for words in self._presses)
        issuers = dict.fromkeys(words.issuer for words in self._presses)
        return About("; ".join(titles), "; ".join(issuers))


def _ids(wanted: Wanted) -> "array[int]":
    with reading():
        return queries.ids(wanted)


def _rows(paper_ids: Sequence[int]) -> Iterator[AnyRow]:
    """The register's lines in its order; between two readings nobody is kept from writing."""
    for some in chunks(paper_ids, READ_AT_ONCE):
        with reading():
            found = queries.lines(some)
        yield from found


def _told(paper_ids: Sequence[int], telling: Telling) -> Iterator[Sequence[Any]]:
    """A line of the register as a row of a table."""
    for row in telling(_rows(paper_ids)):
        words = queries.printed(row)
        paper = words["paper"]
        yield (
            row.label,
            row.issued_on,
            gettext(f"certificate.kind.{row.kind}"),
            row.person_code,
            paper["name"],
            paper["unit"],
            paper["course"],
            words["wording"]["issuer"],
            row.code,
            row.expires_on,
            gettext(f"certificate.state.{queries.state(row)}"),
            row.revoked_reason or "",
            row.successor or "",
            row.sha256 or "",
        )


def _packed(
    paper_ids: Sequence[int], zipped: Archive, sums: IO[bytes], telling: Telling
) -> Iterator[Sequence[str | None]]:
    """The lines of a manifest; each is given when its paper is in the ZIP."""
    names = Names()
    for row in telling(_rows(paper_ids)):
        words = queries.printed(row)
        paper = words["paper"]
        name = names.name(f"{row.year}-{row.number:06d} {paper['name']}", "pdf")
        zipped.add(name, _content(row), row.issued_on)
        _write_sum(sums, row.sha256, name)
        yield (
            name,
            row.label,
            paper["name"],
            paper["unit"],
            paper["course"],
            row.kind,
            words["wording"]["issuer"],
            row.issued_on.isoformat(),
            row.expires_on.isoformat() if row.expires_on else "",
            row.code,
            queries.state(row).value,
            row.sha256,
        )


def _content(row: AnyRow) -> bytes:
    """The file of a paper. Raises FileBroken when it is not the one that was printed."""
    content = files.read(row.sha256)
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise FileBroken(row.label)
    return content


def _write_sum(sums: IO[bytes], digest: str, name: str) -> None:
    sums.write(f"{digest}  {name}\n".encode())


def _papers(paper_ids: Sequence[int], telling: Telling | None = None) -> Iterator[tuple[Wording, Paper]]:
    rows = _rows(paper_ids)
    for row in telling(rows) if telling else rows:
        yield wording.from_data(queries.printed(row))
