"""What an import writes, and how it is undone."""

from datetime import date

import pytest
import sqlalchemy as sa

from lms import clock
from lms.accounts.models import Account
from lms.audit import AuditEntry
from lms.db import OPEN_END, Base, db
from lms.network import imports
from lms.network.imports import UndoRefused
from lms.network.models import Assignment, ImportChange, Person, Post, UnitAncestor, UnitCode, UnitVersion
from tests.network.files import ASSIGNMENTS, EVERYTHING, PEOPLE, UNITS, assignments, people, plan, take, units

pytestmark = pytest.mark.usefixtures("app")

KEPT = {"superseded", "audit_entry", "import_batch", "import_change", "network_role", "alembic_version"}


def content_of_the_database() -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables but the records of the imports themselves."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in KEPT]
    return {table.name: sorted(map(tuple, db.session.execute(sa.select(table))), key=repr) for table in tables}


def test_everything_of_the_files_is_written_in_one_batch() -> None:
    batch = take(EVERYTHING)
    person = db.session.scalars(sa.select(Person)).one()
    assert (person.full_name, person.employment, person.phone) == ("Trần Văn Ân", "civil-servant", "0905000001")
    assert (person.fold, person.batch_id) == ("tran van an", batch.id)
    post = db.session.scalars(sa.select(Assignment)).one()
    assert (post.role, post.nature, post.is_primary, post.to_on) == ("dedicated", "full-time", True, OPEN_END)
    assert (batch.state, batch.report["good_rows"]) == ("applied", 6)
    assert db.session.scalar(sa.select(AuditEntry.subject).where(AuditEntry.action == "network.import")) is not None


def test_importing_the_same_files_twice_changes_nothing() -> None:
    take(EVERYTHING)
    before = content_of_the_database()
    again = plan(EVERYTHING)
    assert {(c.new, c.changed, c.bad) for c in again.counts.values()} == {(0, 0, 0)}
    take(EVERYTHING)
    assert content_of_the_database() == before


def test_units_get_their_codes_and_their_tree() -> None:
    versions = "48,Đà Nẵng,tp,tỉnh,,2020-01-01,2025-07-01", "48,Đà Nẵng mới,tp,tỉnh,,2025-07-01,"
    take({"units.csv": units(*versions, "5,B,p,xã,48,2021-01-01,")})
    code = db.session.scalars(sa.select(UnitCode).where(UnitCode.value == "48")).one()
    assert (code.from_on, code.to_on) == (date(2020, 1, 1), OPEN_END)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UnitVersion)) == 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UnitAncestor).where(UnitAncestor.depth == 1)) == 1


def test_closing_a_unit_closes_its_code() -> None:
    take({"units.csv": units("48,Đà Nẵng,tp,tỉnh,,2020-01-01,")})
    take({"units.csv": units("48,Đà Nẵng,tp,tỉnh,,2020-01-01,2025-07-01")})
    assert db.session.scalars(sa.select(UnitCode.to_on)).one() == date(2025, 7, 1)


def test_posts_that_an_assignment_names_first_enter_the_organisations_catalogue() -> None:
    rows = assignments(
        "CB1,00490,chuyên trách,Chuyên viên chuyển đổi số,,,,2026-02-01,2026-03-01,",
        "CB1,00490-1,tổ trưởng,chuyên viên  CHUYỂN ĐỔI SỐ,,,,2026-01-01,,",
    )
    take({"units.csv": UNITS, "people.csv": PEOPLE, "assignments.csv": rows})
    post = db.session.scalars(sa.select(Post)).one()
    assert (post.kind, post.code, post.from_on) == ("position", "chuyen-vien-chuyen-doi-so", date(2026, 1, 1))
    assert db.session.scalars(sa.select(Assignment.position_id)).all() == [post.id, post.id]


def test_a_changed_cell_is_written_and_the_one_before_is_kept_in_the_journal() -> None:
    take(EVERYTHING)
    batch = take({"people.csv": PEOPLE.replace("0905000001", "0905000009")})
    change = db.session.scalars(sa.select(ImportChange).where(ImportChange.batch_id == batch.id)).one()
    assert (change.before, change.after) == ({"phone": "0905000001"}, {"phone": "0905000009"})
    assert "0905000001" in batch.report["changes"][0]["fields"][0][1]


def test_a_column_that_is_not_in_the_file_leaves_what_is_stored() -> None:
    take(EVERYTHING)
    take({"people.csv": "Mã cán bộ,Họ tên,Đối tượng\nCB1,Trần Văn An,viên chức\n"})
    person = db.session.scalars(sa.select(Person)).one()
    assert (person.full_name, person.employment, person.phone) == ("Trần Văn An", "public-employee", "0905000001")


def test_apply_names_the_people_about_whom_facts_changed() -> None:
    take({"units.csv": UNITS, "people.csv": people("CB1,An,cc,,", "CB2,Em,cc,,"), "assignments.csv": ASSIGNMENTS})
    ids = {person.code: person.id for person in db.session.scalars(sa.select(Person))}
    renamed = plan({"units.csv": UNITS.replace("Phường Hải Châu", "Phường Hải Châu I")})
    assert imports.apply(renamed, batch=imports.store({})) == {ids["CB1"]}


def test_only_good_rows_are_written_and_the_bad_ones_come_back_with_reasons() -> None:
    found = plan({"people.csv": people("CB1,An,cc,,", "CB2,=1+1,cc,,0905000002")})
    imports.apply(found, batch=imports.store({}))
    assert db.session.scalars(sa.select(Person.code)).all() == ["CB1"]
    lines = imports.bad_rows(found.bad_rows["people.csv"]).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("CB2,'=1+1,cc,,0905000002,")


def test_mended_bad_rows_can_be_sent_as_they_are() -> None:
    found = plan({"people.csv": people("CB2,An 2,cc,,+84 905 000 002")})
    mended = imports.bad_rows(found.bad_rows["people.csv"]).replace(b"An 2", b"An")
    assert plan({"people.csv": mended}).counts["people"].new == 1


def test_undoing_an_import_leaves_the_database_as_it_was() -> None:
    take(EVERYTHING)
    before = content_of_the_database()
    renamed = UNITS.replace("Phường Hải Châu", "Phường Hải Châu I")
    ended = "CB1,00490,chuyên trách,Trưởng phòng,,,,2026-01-01,2026-09-01,"
    files = {
        "units.csv": renamed + "51,Quảng Ngãi,tỉnh,tỉnh,,2020-01-01,\n",
        "people.csv": people("CB1,Trần Ân,cán bộ,,", "CB2,Lê Thị Em,cc,an@example.vn,0905000001"),
        "assignments.csv": assignments(ended, "CB2,51,đầu mối,,,,,2026-01-01,,"),
    }
    batch = take(files)
    assert content_of_the_database() != before
    imports.undo(batch)
    db.session.commit()
    assert content_of_the_database().keys() == before.keys()
    for table, rows in content_of_the_database().items():
        if table != "unit_ancestor":
            assert rows == before[table], table
    assert batch.state == "undone"


def test_an_import_is_not_undone_twice() -> None:
    batch = take({"people.csv": PEOPLE})
    imports.undo(batch)
    with pytest.raises(UndoRefused, match="not-applied"):
        imports.undo(batch)


def test_an_import_is_not_undone_when_a_later_one_rests_on_it() -> None:
    batch = take({"units.csv": UNITS, "people.csv": PEOPLE})
    take({"assignments.csv": ASSIGNMENTS})
    with pytest.raises(UndoRefused) as refused:
        imports.undo(batch)
    assert refused.value.key == "import.undo-rested-on"


def test_an_import_is_not_undone_when_somebody_has_an_account() -> None:
    batch = take({"people.csv": PEOPLE})
    person_id = db.session.scalars(sa.select(Person.id)).one()
    db.session.add(Account(person_id=person_id, created_at=clock.now()))
    with pytest.raises(UndoRefused) as refused:
        imports.undo(batch)
    assert (refused.value.key, refused.value.table) == ("import.undo-rested-on", "account")


def test_an_import_is_not_undone_when_its_rows_were_changed_since() -> None:
    first = take({"people.csv": PEOPLE})
    second = take({"people.csv": PEOPLE.replace("0905000001", "0905000009")})
    with pytest.raises(UndoRefused) as refused:
        imports.undo(first)
    assert refused.value.key == "import.undo-changed-since"
    db.session.execute(sa.update(Person).values(phone="0905000008"))
    with pytest.raises(UndoRefused):
        imports.undo(second)
