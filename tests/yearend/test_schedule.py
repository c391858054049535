"""Scheduled delivery: produced and announced once for each day that is due, to whoever may still read it."""

import pytest
import sqlalchemy as sa

from lms.db import db
from lms.mail.models import Message
from lms.yearend import actions, queries, tasks
from lms.yearend.models import YearEndSchedule
from tests.page import Visitor
from tests.yearbooks import story
from tests.yearend.conftest import Stage


def scheduled(stage: Stage, every: str = "month", is_paused: bool = False) -> YearEndSchedule:
    made = actions.set_schedule(
        unit_id=stage.province, policy="dx", every=every, account_ids=[stage.officer.id, 999], is_paused=is_paused
    )
    db.session.commit()
    return made


def deliver() -> int:
    found = tasks.deliver(progress=lambda done, total: None)
    return int(found["deliveries"])


def test_on_its_day_the_report_is_produced_and_announced_once(stage: Stage) -> None:
    schedule = scheduled(stage)
    assert deliver() == 0, "days before the schedule are not made up for"
    with story.on(2027, 2, 2):
        assert [deliver(), deliver()] == [1, 0]
    [message] = db.session.scalars(sa.select(Message)).all()
    assert message.to_address == "dieu@example.vn"
    assert f"/units/{stage.province}/year-end?year=2027" in message.body
    [line] = queries.deliveries(schedule.id)
    assert line.issue_id is not None
    assert line.messages == 1


def test_the_message_names_nobody_and_no_number(stage: Stage) -> None:
    scheduled(stage)
    with story.on(2027, 2, 1):
        deliver()
    body = db.session.scalars(sa.select(Message.body)).one()
    assert not {"Nguyễn", "Điều", "50,0", "%"} & set(body.split())


def test_who_lost_the_right_gets_nothing_and_the_log_says_so(stage: Stage) -> None:
    schedule = scheduled(stage)
    db.session.get_one(type(stage.officer), stage.officer.id).is_disabled = True
    db.session.commit()
    with story.on(2027, 2, 1):
        deliver()
    [line] = queries.deliveries(schedule.id)
    assert (line.messages, line.issue_id) == (0, None)


def test_a_paused_schedule_rests(stage: Stage) -> None:
    scheduled(stage, is_paused=True)
    with story.on(2027, 2, 1):
        assert deliver() == 0


def test_a_schedule_that_cannot_be_served_keeps_nobody_else_waiting(stage: Stage) -> None:
    broken = scheduled(stage)
    broken.policy = "none"
    served = actions.set_schedule(
        unit_id=stage.commune, policy="dx", every="month", account_ids=[stage.officer.id], is_paused=False
    )
    db.session.commit()
    told = broken.id, served.id
    with story.on(2027, 2, 2):
        with pytest.raises(tasks.NotDelivered, match=str(told[0])):
            deliver()
        assert [len(queries.deliveries(one)) for one in told] == [0, 1]


def test_the_officer_sets_the_schedule_on_its_page(stage: Stage, dieu: Visitor) -> None:
    page = dieu.visit(f"/units/{stage.province}/year-end/schedule?year=2026").lint()
    assert page.submit("Lưu lịch", account_ids=[]).status == 422
    page = page.submit("Lưu lịch", every="quarter", account_ids=[str(stage.officer.id)])
    kept = queries.schedule(stage.province)
    assert kept is not None
    assert (kept.every, kept.account_ids, kept.is_paused) == ("quarter", [stage.officer.id], False)
    with story.on(2027, 4, 1):
        deliver()
    page = dieu.visit(f"/units/{stage.province}/year-end/schedule?year=2026").lint()
    assert "01/04/2027" in page.text
