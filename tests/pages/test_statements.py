"""A page makes a fixed number of SQL statements: few, and as many with fifty rows as with one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from lms import audit
from lms.db import db
from lms.goals import actions as goals
from lms.network.actions import rebuild_tree
from lms.network.models import Level
from tests.architecture.source import ROOT
from tests.catalogue.packages import publish
from tests.certificates.papers import issued, newcomer, open_school
from tests.page import Visitor
from tests.people import Cast, account, unit

MOST = 12
ROWS = 50


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent inside the block; transactions are no statements."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            sent.append(" ".join(statement.split())[:200])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def people(cast: Cast, start: int, end: int) -> None:
    """More people of one team, each with an account and a certificate of each of their own courses."""
    for number in range(start, end):
        account(newcomer(cast, f"Người {number}", number))
    goals.refresh(person_ids=None)


def units(cast: Cast, start: int, end: int) -> None:
    for number in range(start, end):
        unit(f"Xã {number}", Level.COMMUNE, f"2{number:04}", cast.da_nang)
    rebuild_tree()


def courses(cast: Cast, start: int, end: int) -> None:
    """More courses, all of which An has completed."""
    for number in range(start, end):
        publish(f"khoa-{number}", title=f"Khóa {number}")
        issued(cast.an, f"khoa-{number}")


def lines(_cast: Cast, start: int, end: int) -> None:
    for number in range(start, end):
        audit.record("goals.credit", f"credit:{number}")


GROWING: list[tuple[str, str, Callable[[Cast, int, int], None]]] = [
    ("binh", "/people", people),
    ("binh", "/people?q=nguoi", people),
    ("binh", "/units/{da_nang}/people", people),
    ("binh", "/units/{da_nang}/goal", people),
    ("binh", "/units/{da_nang}/reports", people),
    ("binh", "/units/{da_nang}/exports", people),
    ("binh", "/units/{da_nang}/accounts", people),
    ("binh", "/units/{da_nang}", units),
    ("binh", "/units/{da_nang}/goal", units),
    ("giang", "/units", units),
    ("giang", "/grants", people),
    ("giang", "/audit", lines),
    ("an", "/courses", courses),
    ("an", "/courses?q=khoa", courses),
    ("an", "/", courses),
    ("an", "/my/certificates", courses),
    ("an", "/my/goal", courses),
    ("chi", "/teach", courses),
]


@pytest.fixture
def school(cast: Cast) -> Cast:
    open_school()
    goals.publish(source=(ROOT / "courses/goals/dx.toml").read_text("utf-8"), by_id=None)
    goals.publish(source=(ROOT / "courses/goals/legal40.toml").read_text("utf-8"), by_id=None)
    db.session.commit()
    return cast


def statements(visitor: Visitor, address: str) -> list[str]:
    """The statements of a second visit: what is published is read once by each process."""
    visitor.fetch(address)
    with counted() as sent:
        assert visitor.fetch(address).status_code == 200, address
    return sent


@pytest.mark.parametrize("grow", [people, units, courses, lines])
def test_a_page_makes_few_statements_and_as_many_with_fifty_rows(
    school: Cast, visitor: Visitor, grow: Callable[[Cast, int, int], None]
) -> None:
    pages = [(code, address.format(da_nang=school.da_nang)) for code, address, way in GROWING if way is grow]
    readers = {code: Visitor(visitor.app) for code, _ in pages}
    for code, reader in readers.items():
        reader.sign_in(code)
    grow(school, 0, 1)
    db.session.commit()
    few = {page: statements(readers[page[0]], page[1]) for page in pages}
    grow(school, 1, ROWS)
    db.session.commit()
    for page in pages:
        many = statements(readers[page[0]], page[1])
        assert len(many) == len(few[page]), (page, sorted(set(many) - set(few[page])))
        assert len(many) <= MOST, "\n".join([*page, *many])


def test_learning_makes_few_statements(school: Cast, visitor: Visitor) -> None:
    visitor.sign_in("an")
    visitor.visit("/courses/khoa-thu").submit("Bắt đầu học")
    visitor.visit("/courses/khoa-thu/quiz").submit("Bắt đầu làm bài")
    for page in ("", "/lessons/01-bai-mot", "/quiz", "/quiz/1/1", "/quiz/1/review"):
        sent = statements(visitor, f"/courses/khoa-thu{page}")
        assert len(sent) <= MOST, (page, sent)


def test_a_guest_and_a_health_check_cost_nothing(school: Cast, visitor: Visitor) -> None:
    for address in ("/health", "/sign-in", "/verify"):
        assert statements(visitor, address) == []
