"""A clerk raises the duty of focal points in communes: draft, dry run, publication as shown, and taking it back."""

from datetime import date

import pytest
import sqlalchemy as sa

from lms import clock, history, jobs
from lms.db import db
from lms.goals import policy as policy_text
from lms.goals import queries as goals
from lms.goals.models import PolicyVersion, Standing
from lms.network.models import Assignment
from lms.policies.models import PolicyDraft, PolicyEffect
from tests.goals.facts import DX_TEXT, MODULE
from tests.page import Page, Visitor
from tests.people import Cast, person, post

RAISED = """
[[rule]]
role = "focal-point"
level = "commune"
periods = 32
minima = { security = 8 }
from = 2026-07-01
legal_basis = "Quyết định số 5"
"""


def work() -> None:
    """The jobs that wait are done; none fails."""
    db.session.rollback()
    jobs.run_pending()
    assert not db.session.scalars(sa.select(jobs.Job.error).where(jobs.Job.error.is_not(None))).all()
    db.session.rollback()


def draft_with(reader: Visitor, addition: str = RAISED) -> Page:
    """A draft of the shipped policy with another rule, written as text."""
    page = reader.visit("/policies").submit("Soạn bản mới")
    page = page.submit("Lưu văn bản", source=DX_TEXT + addition)
    assert "Đã lưu bản nháp" in words_of(page)
    return page


def words_of(page: Page) -> str:
    return " ".join("".join(page.tree.itertext()).split())


def tried(reader: Visitor, page: Page) -> Page:
    """The finished dry run of a draft."""
    running = page.submit("Chạy thử bản đã lưu")
    assert running.response.headers["Refresh"]
    work()
    return reader.visit(running.url)


def standings() -> dict[tuple[int, str, int], int]:
    """Every standing's digest."""
    found = db.session.execute(sa.select(Standing.person_id, Standing.policy, Standing.year, Standing.digest))
    return {(who, policy, year): digest for who, policy, year, digest in found}


def due() -> dict[str, tuple[int, str]]:
    """What is due of the focal points of communes all year, with their minima."""
    from lms.network.models import Person

    found = sa.select(Person.code, Standing.due, Standing.detail).join(Person, Person.id == Standing.person_id)
    return {
        code: (due, detail["minima"]) for code, due, detail in db.session.execute(found.where(Person.code.like("xa-%")))
    }


def test_a_rule_is_raised_for_the_rest_of_the_year_and_everybody_who_needs_more_is_named_first(quyen: Visitor) -> None:
    before = standings()
    run = tried(quyen, draft_with(quyen))
    assert "3 người thay đổi" in run.text, "the two of all year, and Em who came three days ago"
    people = run.click("Phải học thêm")
    assert "0 trên 24 tiết → 0 trên 28 tiết" in people.text
    assert "an toàn thông tin 4 → an toàn thông tin 6" in people.text
    assert "Từ 01/07/2026: quy tắc 3, 8 cùng đòi hỏi, quy tắc 8 lớn nhất nên được lấy." in people.text
    assert "Phường Hải Châu" in people.text
    assert "Nguyễn Đầu Mối 1" in people.text and "Hoàng Văn Dũng" not in people.text
    assert standings() == before, "nobody is touched before it is published"

    applying = run.submit("Ban hành đúng như đã xem")
    assert "Đang áp dụng" in applying.text
    work()
    assert "Đúng như đã xem: 3 người" in quyen.visit(applying.url).text
    assert due() == {"xa-1": (28, [["security", 0, 6]]), "xa-2": (28, [["security", 0, 6]])}
    versions = goals.versions("dx")
    assert [(version.number, version.state) for version in versions] == [(2, "published"), (1, "superseded")]
    assert db.session.scalars(sa.select(PolicyDraft.state)).one() == "published"


def test_what_is_taken_back_leaves_every_standing_as_it_was(quyen: Visitor) -> None:
    before = standings()
    run = tried(quyen, draft_with(quyen))
    run.submit("Ban hành đúng như đã xem")
    work()
    assert standings() != before
    shown = quyen.visit("/policies").click("Bản số 2").submit("Xem trước việc rút lại")
    work()
    shown = quyen.visit(shown.url)
    assert "3 người thay đổi" in shown.text
    assert "0 trên 28 tiết → 0 trên 24 tiết" in shown.click("Phải học ít hơn").text
    assert quyen.visit(shown.url).submit("Rút lại").status == 422, "why is asked for"
    shown.submit("Rút lại", reason="Chưa có kinh phí")
    work()
    assert "Đúng như đã xem: 3 người" in quyen.visit(shown.url).text
    assert standings() == before
    assert [(v.number, v.state) for v in goals.versions("dx")] == [(2, "withdrawn"), (1, "published")]
    assert "Chưa có kinh phí" in quyen.visit("/policies").click("Bản số 2").text


def test_the_list_of_taking_back_is_the_list_reversed(quyen: Visitor) -> None:
    tried(quyen, draft_with(quyen)).submit("Ban hành")
    work()
    quyen.visit("/policies").click("Bản số 2").submit("Xem trước việc rút lại")
    work()
    rows = db.session.scalars(sa.select(PolicyEffect).order_by(PolicyEffect.id)).all()
    there = [(e.person_id, e.before_due, e.after_due, e.detail["before"], e.detail["after"]) for e in rows[:3]]
    back = [(e.person_id, e.after_due, e.before_due, e.detail["after"], e.detail["before"]) for e in rows[3:]]
    assert sorted(there, key=str) == sorted(back, key=str)


def test_people_whose_facts_changed_since_the_dry_run_are_told_apart(quyen: Visitor, cast: Cast) -> None:
    run = tried(quyen, draft_with(quyen))
    with clock.stopped(clock.now().replace(hour=4)):
        leaving = Assignment.person_id == cast.em.id
        history.keep(Assignment.__table__, leaving)
        db.session.execute(
            sa.update(Assignment).where(leaving).values(to_on=date(2026, 5, 19), recorded_at=clock.now())
        )
        newcomer = person("Nguyễn Mới Đến", "moi")
        post(newcomer, cast.hai_chau, "focal-point", date(2026, 1, 1))
        db.session.commit()
        run.submit("Ban hành")
        work()
        page = quyen.visit(run.url)
    assert "Đúng như đã xem: 2 người" in page.text
    assert "Khác với bản đã xem: 1 người" in page.text
    assert "Đặng Thị Em" in page.click("Xem danh sách khác").text
    assert "Nguyễn Mới Đến" in page.text, "was judged with the new rule though nobody had been shown"
    assert db.session.scalars(sa.select(Standing.due).where(Standing.person_id == newcomer.id)).one() == 28


def test_a_dry_run_is_refused_when_the_draft_or_the_version_in_force_has_changed(quyen: Visitor) -> None:
    draft = draft_with(quyen)
    run = tried(quyen, draft)
    quyen.visit(draft.url).submit("Lưu văn bản", source=DX_TEXT + RAISED.replace("32", "40"))
    assert "Bản nháp đã được sửa sau khi chạy thử" in quyen.visit(run.url).text
    assert "Bản nháp đã được sửa" in words_of(run.submit("Ban hành"))
    work()
    assert len(goals.versions("dx")) == 1

    second = tried(quyen, quyen.visit(draft.url))
    assert "không dùng được nữa" in quyen.visit(run.url).text
    from lms.goals import actions

    actions.publish(source=DX_TEXT.replace("periods = 12", "periods = 14"), by_id=None)
    db.session.commit()
    assert "Bản đang áp dụng đã khác lúc chạy thử" in words_of(second.submit("Ban hành"))


def test_a_dry_run_of_yesterday_is_refused(quyen: Visitor) -> None:
    run = tried(quyen, draft_with(quyen))
    with clock.stopped(clock.now().replace(day=21)):
        assert "của ngày khác" in words_of(run.submit("Ban hành"))


def test_pressing_twice_publishes_once(quyen: Visitor) -> None:
    run = tried(quyen, draft_with(quyen))
    run.submit("Ban hành")
    run.submit("Ban hành")
    work()
    run.submit("Ban hành")
    work()
    assert db.session.scalar(sa.select(sa.func.count(PolicyVersion.id))) == 2


def test_a_worker_that_dies_between_publishing_and_judging_is_made_good_by_the_next(
    quyen: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lms.goals import rebuilding

    run = tried(quyen, draft_with(quyen))
    run.submit("Ban hành")
    with monkeypatch.context() as broken:
        broken.setattr(rebuilding, "refresh", lambda *_: 1 / 0)
        db.session.rollback()
        jobs.run_pending()
    db.session.execute(
        sa.update(jobs.Job).values(state="queued", attempts=0, error=None).where(jobs.Job.state == "failed")
    )
    db.session.commit()
    assert goals.versions("dx")[0].number == 2
    work()
    assert "Đúng như đã xem: 3 người" in quyen.visit(run.url).text


def test_a_new_policy_begins_with_the_form_and_concerns_people_newly(quyen: Visitor) -> None:
    page = quyen.visit("/policies").submit("Bắt đầu soạn", code="lanh-dao", title="Bồi dưỡng lãnh đạo")
    page = page.submit("Lưu biểu mẫu", **{"rules-0-periods": "16", "rules-0-who-role": ["focal-point"]})
    assert policy_text.parse(db.session.scalars(sa.select(PolicyDraft.source)).one()).rules[0].periods == 16
    run = tried(quyen, page)
    assert "Nguyễn Đầu Mối 1" in run.click("Bắt đầu thuộc diện").text
    run.submit("Ban hành")
    work()
    assert {policy.code for policy in goals.policies()} == {"dx", "lanh-dao"}
    shown = quyen.visit("/policies").click("Đọc bản đang áp dụng của Bồi dưỡng lãnh đạo").submit("Xem trước")
    work()
    assert "Thôi thuộc diện áp dụng 4 người" in quyen.visit(shown.url).text
    quyen.visit(shown.url).submit("Rút lại", reason="Thử")
    work()
    assert {policy.code for policy in goals.policies()} == {"dx"}
    assert not db.session.scalars(sa.select(Standing.id).where(Standing.policy == "lanh-dao")).all()


def test_codes_that_nothing_has_are_warnings(quyen: Visitor) -> None:
    run = tried(quyen, draft_with(quyen, '\n[[rule]]\nrole = "moon"\nunit = "Z9"\nmodules = ["x"]\nperiods = 1\n'))
    for words in ("vai trò mang mã «moon»", "đơn vị mang mã «Z9»", "khóa học «x»", f"khóa học «{MODULE}»"):
        assert words in run.text


def test_versions_may_be_read_by_everybody_and_written_by_those_of_the_nation_only(
    quyen: Visitor, cast: Cast, app: object
) -> None:
    draft = draft_with(quyen)
    an = Visitor(quyen.app)
    an.sign_in("an")
    page = an.visit("/policies").click("Đọc bản đang áp dụng")
    assert "Đầu mối: 24 tiết một năm, trong đó an toàn thông tin 4" in page.text
    assert 'role = "focal-point"' in page.text
    assert "Soạn bản mới" not in page.text
    assert an.fetch(draft.url).status_code == 403
