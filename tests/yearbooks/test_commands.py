"""`flask goals close-book`, `reopen-book` and `verify-book`; every kind of tampering is found."""

from importlib import import_module

import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from lms.db import db
from lms.yearbooks import queries
from tests.yearbooks import story
from tests.yearbooks.conftest import Stage

TRIGGERS = {
    "sqlite": ["book_line_no_update", "book_line_no_delete", "book_version_no_update"],
    "postgresql": ["book_line_append_only ON book_line", "book_version_append_only ON book_version"],
}
TAMPERING = (
    "UPDATE book_line SET status = 'met' WHERE kind = 'person'",
    "UPDATE book_line SET earned = earned + 1 WHERE number = 1",
    "UPDATE book_line SET content = replace(content, '365', '366') WHERE number = 1",
    "UPDATE book_line SET name = 'Nguyễn Văn B' WHERE number = 2",
    "UPDATE book_line SET fold = 'nguyen van b' WHERE number = 2",
    "UPDATE book_line SET unit_id = unit_id + 1 WHERE number = 1",
    "UPDATE book_line SET reference_on = '2026-12-30' WHERE number = 1",
    "UPDATE book_line SET hash = replace(hash, 'a', 'b') WHERE number = 2",
    "DELETE FROM book_line WHERE number = 2",
    "DELETE FROM book_line WHERE number = (SELECT max(number) FROM book_line)",
    "UPDATE book_version SET met = met + 1, not_met = not_met - 1",
    "UPDATE book_version SET policy_source = policy_source || ' '",
    "UPDATE book_version SET as_of = '2026-12-30'",
    "UPDATE book_version SET reason = 'khác'",
    "UPDATE book_version SET known_at = '2026-01-01 00:00:00'",
    "UPDATE book_version SET previous_hash = last_hash",
    "UPDATE year_book SET adjustments = adjustments + 1",
)


def run(app: Flask, *words: str) -> Result:
    db.session.rollback()
    return app.test_cli_runner(catch_exceptions=False).invoke(args=["goals", *words])


def test_a_book_is_closed_reopened_closed_again_and_verified(app: Flask, stage: Stage) -> None:
    where = ("--unit", "48", "--policy", "dx", "--year", "2026")
    with story.on(2026, 12, 15):
        assert run(app, "close-book", *where).exit_code == 1
        assert "bản 1, 1 người" in run(app, "close-book", *where, "--provisional").output
    with story.on(2027, 1, 31):
        assert run(app, "close-book", *where).exit_code == 0
        assert run(app, "close-book", *where).exit_code == 1
        decision = ("--reason", "Sót một lớp", "--authority", "12/QĐ", "--authority-on", "2027-01-30")
        assert run(app, "reopen-book", *where, *decision).exit_code == 0
        assert run(app, "close-book", *where).exit_code == 0
    found = run(app, "verify-book")
    assert found.exit_code == 0
    assert len(found.output.splitlines()) == 3
    assert run(app, "verify-book", "--unit", "không có").exit_code == 1


def test_any_tampering_is_found(stage: Stage) -> None:
    story.serve("nguoi-hai", stage.other, 40)
    book = story.close(stage.province)
    assert story.flaws(book) == []
    without_triggers()
    unseen = []
    for act in TAMPERING:
        with db.session.begin_nested() as tried:
            assert db.session.execute(sa.text(act)).rowcount, act
            db.session.expire_all()
            unseen += [] if story.flaws(queries.book(book.id)) else [act]
            tried.rollback()
    db.session.rollback()
    assert not unseen


def test_a_broken_book_ends_the_command_with_1_and_names_the_first_broken_line(app: Flask, stage: Stage) -> None:
    story.serve("nguoi-hai", stage.other, 40)
    story.close(stage.province)
    without_triggers()
    db.session.execute(sa.text("UPDATE book_line SET due = 0 WHERE number = 2"))
    db.session.commit()
    try:
        found = run(app, "verify-book", "--unit", "48", "--policy", "dx", "--year", "2026")
    finally:
        with_triggers()
    assert found.exit_code == 1
    assert "HỎNG" in found.output and "dòng 2" in found.output


def without_triggers() -> None:
    """Until this transaction ends in nothing, the database refuses nothing."""
    for name in TRIGGERS[db.engine.dialect.name]:
        db.session.execute(sa.text(f"DROP TRIGGER {name}"))


def with_triggers() -> None:
    """They are there again for the tests that follow; the database of SQLite is made anew for each."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        for statement in import_module("migrations.0011_year_books").GUARDS["postgresql"]:
            if any(f"CREATE TRIGGER {name.split()[0]} " in statement for name in TRIGGERS["postgresql"]):
                db.session.execute(sa.text(statement))
        db.session.commit()
