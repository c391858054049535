"""From asking to the file: true progress, one's own private link that ends, cancelling, trouble in words, taking up again."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock, files, jobs
from lms.accounts.models import RoleGrant
from lms.audit import AuditEntry
from lms.certificates.models import Certificate
from lms.db import db
from lms.exports import actions, making, queries, rules, storage
from lms.exports.rules import MOST_AT_ONCE, Form, Names, Refusal, Stage, refusal, step
from lms.jobs import Job
from tests.exports.conftest import Made, ask, latest, work
from tests.exports.test_papers import TABLE, WORKBOOK, YEAR, ZIP, unzipped
from tests.mortal import Mother
from tests.page import Page, Visitor
from tests.people import Cast


def acts() -> list[str]:
    found = sa.select(AuditEntry.action).where(AuditEntry.action.startswith("exports.")).order_by(AuditEntry.id)
    return list(db.session.scalars(found))


def link_of(page: Page) -> str:
    return page.links()["Liên kết riêng của tệp này"]


def test_who_asks_waits_takes_the_file_and_finds_it_again(cast: Cast, binh: Visitor) -> None:
    page = ask(binh, cast.da_nang, WORKBOOK)
    assert "Đang chờ đến lượt" in page.text
    assert page.tree.find(".//noscript") is not None, "without JavaScript the page reloads itself"
    work()
    page = binh.visit(page.url)
    answer = binh.download(page, "Tải tệp")
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"01-01-{YEAR} 31-12-{YEAR}.xlsx" in answer.headers["Content-Disposition"]
    assert acts() == ["exports.ask", "exports.keep", "exports.take"]
    assert "Đã xong" in binh.visit("/my/exports").text
    assert binh.visit(link_of(page)).status == 200


def test_asking_twice_makes_one_and_asking_later_makes_another(cast: Cast, binh: Visitor) -> None:
    first, second = ask(binh, cast.da_nang, TABLE), ask(binh, cast.da_nang, TABLE)
    assert first.url == second.url
    work()
    assert ask(binh, cast.da_nang, TABLE).url != first.url


def test_the_bar_tells_the_truth_step_by_step(cast: Cast, binh: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ask(binh, cast.da_nang, ZIP)
    shown: list[str] = []

    def look(done: int, total: int) -> None:
        db.session.execute(sa.update(Job).values(state="running", done=done, total=total))
        db.session.commit()
        shown.append(binh.visit(page.url).text)

    making.carry_out(latest().id, look)
    number = latest().total
    assert f"Bước 1 trên 2 Đang in và ký giấy 0 trên {number}" in shown[0]
    assert f"Bước 2 trên 2 Đang ghi vào tệp {number} trên {number}" in shown[-1]


def test_the_link_is_for_one_account_and_ends_after_seven_days(cast: Cast, binh: Visitor) -> None:
    page = ask(binh, cast.da_nang, TABLE)
    work()
    link = link_of(binh.visit(page.url))
    other = Visitor(binh.app)
    other.sign_in("giang")
    assert other.visit(link).status == other.visit(page.url).status == 404
    assert binh.visit(f"{page.url}/file/forged").url == page.url, "a link of another make leads nowhere"
    with clock.stopped(clock.now() + rules.LIFE + timedelta(minutes=1)):
        assert [one.id for one in queries.over(9)] == [latest().id]
        actions.discard(export=latest())
        db.session.commit()
    latest().expires_at = clock.now()
    db.session.commit()
    gone = binh.visit(link)
    assert (gone.status, "Tệp đã hết hạn ngày" in gone.text) == (410, True)
    assert not storage.path(latest().id).exists()
    assert acts()[-1] == "exports.discard"


def test_who_lost_the_right_gets_no_file_any_more(cast: Cast, binh: Visitor) -> None:
    page = ask(binh, cast.da_nang, TABLE)
    work()
    ready = binh.visit(page.url)
    db.session.execute(sa.update(RoleGrant).where(RoleGrant.role == "unit-hr").values(to_on=clock.today()))
    db.session.commit()
    refused = binh.download(ready, "Tải tệp")
    assert (refused.mimetype, acts()[-1]) == ("text/html", "exports.keep")
    assert "không còn quyền xuất" in binh.visit(page.url).text


def test_what_is_cancelled_stops_and_leaves_nothing(cast: Cast, binh: Visitor) -> None:
    page = ask(binh, cast.da_nang, ZIP)
    export_id = latest().id
    told: list[int] = []

    def cancel(done: int, total: int) -> None:
        if not told:
            binh.visit(page.url).submit("Hủy việc xuất")
        told.append(done)

    assert making.carry_out(export_id, cancel) == {"is_cancelled": True}
    assert not storage.path(export_id).parent.exists()
    assert "Đã hủy lúc" in binh.visit(page.url).text
    assert making.carry_out(export_id, cancel) == {}
    assert len(told) == 1


def test_trouble_is_said_in_words_and_may_be_tried_again(cast: Cast, binh: Visitor) -> None:
    paper = db.session.scalars(sa.select(Certificate).order_by(Certificate.id).limit(1)).one()
    paper.sha256 = files.put(b"%PDF another")
    files.path_of(paper.sha256).write_bytes(b"%PDF damaged")
    db.session.commit()
    page = ask(binh, cast.da_nang, ZIP)
    jobs.run_pending()
    failed = binh.visit(page.url)
    assert "thiếu hoặc không còn nguyên vẹn" in failed.text
    files.path_of(paper.sha256).write_bytes(b"%PDF another")
    failed.submit("Làm lại")
    work()
    assert latest().trouble is None
    assert "Tải tệp" in binh.visit(page.url).text


@pytest.mark.slow
def test_killed_at_any_point_and_taken_up_again_it_is_the_same_file(
    app: Flask, cast: Cast, made: Made, binh: Visitor, database: str, mother: Mother
) -> None:
    page = ask(binh, cast.da_nang, ZIP)
    export_id, folder = latest().id, app.config["INSTANCE_PATH"]
    storage.remove(export_id)
    printed = []
    for steps in (2, 8):
        db.session.rollback()
        process = mother.begin("tests.exports.making_process", database, folder, export_id, steps)
        assert all(process.written.readline() for _ in range(steps))
        assert process.kill() == -9, "it was killed before its end"
        printed.append(db.session.scalar(sa.select(sa.func.count(Certificate.sha256))))
        db.session.rollback()
    assert printed[1] > printed[0] > 0, "what is printed once stays"
    assert not storage.path(export_id).exists()
    work()
    taken = binh.download(binh.visit(page.url), "Tải tệp").data
    assert taken == made(cast.da_nang, ZIP)
    assert len(unzipped(taken)) == latest().total + 2
    assert not (storage.path(export_id).parent / "part").exists()


def test_two_workers_do_not_write_one_file(cast: Cast, binh: Visitor) -> None:
    ask(binh, cast.da_nang, TABLE)
    export_id = latest().id
    with storage.writing(export_id), pytest.raises(storage.Busy):
        making.carry_out(export_id, lambda done, total: None)


def test_files_that_had_their_time_are_deleted_by_the_worker(cast: Cast, binh: Visitor) -> None:
    ask(binh, cast.da_nang, TABLE)
    work()
    latest().expires_at = clock.now()
    db.session.commit()
    jobs.enqueue("exports.discard", key="test", account_id=None, actor="system")
    db.session.commit()
    jobs.run_pending()
    assert latest().discarded_at is not None
    assert not Path(storage.path(latest().id)).exists()


@pytest.mark.parametrize(
    ("form", "found", "valid", "under_way", "refused"),
    [
        (Form.ARCHIVE, 0, 0, 0, Refusal.NOTHING),
        (Form.BOOK, 3, 0, 0, Refusal.NOTHING_VALID),
        (Form.ARCHIVE, 100_001, 1, 0, Refusal.TOO_MANY_PAPERS),
        (Form.WORKBOOK, 600_000, 1, 0, None),
        (Form.TABLE, 1, 1, MOST_AT_ONCE, Refusal.TOO_MANY_EXPORTS),
        (Form.BOOK, 3, 1, MOST_AT_ONCE - 1, None),
    ],
)
def test_what_is_not_begun(form: str, found: int, valid: int, under_way: int, refused: Refusal | None) -> None:
    assert refusal(form, found=found, valid=valid, under_way=under_way) == refused


def test_progress_in_words() -> None:
    assert step("certificates.zip", 30, 200)[1:] == (1, 2, 30, 100)
    assert step("certificates.zip", 130, 200)[1:] == (2, 2, 30, 100)
    assert step("register.csv", 30, 200)[1:] == (1, 1, 30, 200)
    now = clock.now()
    states = [("queued", Stage.WAITING), ("running", Stage.RUNNING), ("failed", Stage.FAILED)]
    for state, stage in states:
        assert rules.stage(now=now, job_state=state, is_cancelled=False, expires_at=None) is stage


def test_doubles_are_told_apart_also_where_capitals_do_not_count() -> None:
    names = Names()
    given = [names.name(words, "pdf") for words in ("1 An", "1 AN", "1 An", "1 An (2)")]
    assert given == ["1 An.pdf", "1 AN (2).pdf", "1 An (3).pdf", "1 An (2) (2).pdf"]


def test_a_filter_survives_being_kept() -> None:
    wanted = rules.Wanted(1, clock.today(), clock.today(), role="x", last_id=7)
    assert rules.Wanted.from_data(wanted.as_data()) == wanted
