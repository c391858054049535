"""The civil-servant record of a unit as a file: an export with the columns that the receiver needs."""

from collections.abc import Iterator
from typing import IO

from lms import workbooks
from lms.db import reading
from lms.exports.making import Order, makes
from lms.goals import figures
from lms.jobs import Progress
from lms.language import gettext
from lms.yearend import records
from lms.yearend.records import Record


@makes("records")
def write(order: Order, target: IO[bytes], tell: Progress) -> int:
    """A line for each person counted in the unit."""
    policy, year, columns = (order.wanted[name] for name in ("policy", "year", "columns"))
    titles = [gettext(f"yearend.record.{column}") for column in columns]
    with reading():
        total = number_of(order.unit_id, policy, year)
        people = _telling(records.of_unit(order.unit_id, policy, year), total, tell)
        workbooks.write(target, order.ending, gettext("export.sheet"), titles, records.rows(people, columns))
    return total


def number_of(unit_id: int, policy: str, year: int) -> int:
    """How many people are counted in a unit and below it."""
    return sum(figures.of_unit(unit_id, policy, year).values())


def _telling(found: Iterator[Record], total: int, tell: Progress) -> Iterator[Record]:
    for number, record in enumerate(found):
        if number % records.CHUNK == 0:
            tell(number, max(total, number))
        yield record
    tell(total, total)
