"""A package out of a year book: its official version, with names where this installation lets them leave."""

import json
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from lms import text
from lms.db import db
from lms.federation import package
from lms.federation.rules import FINAL, FORMAT, STATUSES, Manifest, Package, PersonLine, Refusal, Refused, UnitLine
from lms.trust import keys
from lms.yearbooks import verification
from lms.yearbooks.models import BookLine, BookVersion, YearBook
from lms.yearbooks.rules import State

PURPOSE = "federation"


def official(book: YearBook) -> BookVersion:
    """The version that is sent. Raises `Refused`, when the book is not closed."""
    if book.state != State.CLOSED or book.shown is None or not book.shown.is_final:
        raise Refused(Refusal.NOT_CLOSED)
    return book.shown


def packed(version: BookVersion, *, with_names: bool) -> bytes:
    """The signed package of a version, of which every line was proved first. Raises `Refused`."""
    if verification.flaw(version) is not None:
        raise Refused(Refusal.BROKEN)
    lines = db.session.scalars(_lines(version, "unit")).all()
    for line in lines:
        if not line.code:
            raise Refused(Refusal.NO_CODE, line.name)
    return package.sealed(_package(version, lines, with_names), keys.signing_key(PURPOSE), own_public())


def own_public() -> bytes:
    """The public half of the key with which packages are signed now."""
    kid = keys.signing_key(PURPOSE).kid
    return next(key.public for key in keys.public_keys(PURPOSE) if key.kid == kid)


def file_name(version: BookVersion) -> str:
    """`so-lieu-2026-phuong-hai-chau-1.zip`."""
    return f"so-lieu-{version.book.year}-{text.slug(version.unit_name)}-{version.number}.zip"


def _package(version: BookVersion, lines: Sequence[BookLine], with_names: bool) -> Package:
    numbers = {
        unit_id: place for place, unit_id in enumerate(dict.fromkeys(line.subject_id for line in lines), start=1)
    }
    units, figures, totals = [], {}, {str(status): 0 for status in STATUSES}
    for number, line in enumerate(lines, start=1):
        above = numbers.get(line.unit_id or 0)
        named = text.clean(line.code), text.clean(line.name)
        units.append(UnitLine(number, numbers[line.subject_id], above, *named, line.reference_on.isoformat()))
        figures[number] = json.loads(line.content)["statuses"]
        if above is None:
            for status, people in figures[number].items():
                totals[status] += people
    people = list(_people(version, numbers)) if with_names else []
    return Package(_manifest(version, totals, len(units), with_names), units, figures, people)


def _manifest(version: BookVersion, totals: dict[str, int], units: int, with_names: bool) -> Manifest:
    assert version.closed_at is not None
    earlier = [one for one in version.book.done if one.number <= version.number]
    return Manifest(
        format=FORMAT,
        unit_code=text.clean(version.unit_code),
        unit_name=text.clean(version.unit_name),
        policy=version.book.policy,
        year=version.book.year,
        kind=FINAL,
        version=version.number,
        as_of=version.as_of.isoformat(),
        closed_at=version.closed_at.isoformat(),
        lines=version.lines,
        previous_hash=version.previous_hash,
        first_hash=version.first_hash,
        last_hash=version.last_hash,
        chain=[(one.number, one.last_hash) for one in earlier],
        totals={status: people for status, people in totals.items() if people},
        units=units,
        with_names=with_names,
    )


def _people(version: BookVersion, numbers: dict[int, int]) -> Iterator[PersonLine]:
    columns = BookLine.code, BookLine.name, BookLine.unit_id, BookLine.status, BookLine.due, BookLine.earned
    found = db.session.execute(_lines(version, "person").with_only_columns(*columns))
    for number, (code, name, unit_id, status, due, earned) in enumerate(found, start=1):
        unit = numbers[unit_id or 0]
        yield PersonLine(number, text.clean(code), text.clean(name), unit, status, due, earned)


def _lines(version: BookVersion, kind: str) -> sa.Select[BookLine]:
    mine = BookLine.version_id == version.id, BookLine.kind == kind
    return sa.select(BookLine).where(*mine).order_by(BookLine.number)
