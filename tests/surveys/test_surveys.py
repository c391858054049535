"""Surveys from draft to results: who is asked, what is kept of whom, what is told and when."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock
from lms.audit import AuditEntry
from lms.catalogue import queries as catalogue
from lms.db import db
from lms.network.models import Person
from lms.reminders import letters
from lms.reminders import queries as reminders
from lms.surveys import actions, audience, queries, result_views
from lms.surveys.models import Answered, Survey, Turnout, Unfinished
from lms.surveys.rules import Division, Purpose, Refusal, Refused, State
from tests.catalogue.packages import publish
from tests.certificates.papers import completed
from tests.page import Page, Visitor
from tests.pages.test_statements import MOST, statements
from tests.people import Cast, account, person, post
from tests.surveys.conftest import SOURCE, answer, opened

Town = dict[str, list[Person]]


def rows() -> list[Answered]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Answered).order_by(Answered.id)))


def acts() -> list[str]:
    found = sa.select(AuditEntry.action).where(AuditEntry.action.startswith("surveys.")).order_by(AuditEntry.id)
    return list(db.session.scalars(found))


def asked(visitor: Visitor, code: str) -> Page:
    visitor.sign_in(code)
    return visitor.visit("/")


def test_a_trainer_has_a_course_evaluated_after_it_is_completed(cast: Cast, visitor: Visitor) -> None:
    publish()
    visitor.sign_in("chi")
    page = visitor.visit("/teach/surveys").click("Lập khảo sát").submit("Tạo bản nháp")
    assert "Nội dung đúng với việc tôi đang làm" in page.html
    page = page.click("Xong, đến bước mở")
    last = f"{clock.today() + timedelta(days=30):%d/%m/%Y}"
    page.submit("Mở khảo sát", last_on=last)
    assert acts() == ["surveys.begin", "surveys.release"]
    survey = db.session.scalars(sa.select(Survey)).one()
    assert (survey.unit_id, survey.state, survey.is_after_completion) == (cast.da_nang, State.OPEN, True)

    assert "khảo sát" not in asked(visitor, "em").text
    completed(cast.em)
    db.session.commit()
    page = visitor.visit("/").click("Trả lời")
    assert "Khảo sát này ẩn danh" in page.text
    answers = {f"content-{row}": "4" for row in range(4)} | {"level": "2", "quiz": "5", "use": "5"}
    assert page.submit("Nộp câu trả lời", **answers | {"use": ""}).status == 422
    page = page.submit("Nộp câu trả lời", **answers)
    assert "Không còn khảo sát nào" in page.text
    [row] = rows()
    assert row.answers == {"content": [4, 4, 4, 4], "level": 2, "quiz": 5, "use": 5}
    assert (row.person_id, row.group, row.round) == (None, "", None)


def test_only_those_asked_find_the_survey(cast: Cast, town: Town, visitor: Visitor) -> None:
    survey = opened(cast.hai_chau, role="focal-point")
    for code, found in (("em", 200), ("binh", 404), ("dung", 404)):
        visitor.sign_in(code)
        assert visitor.fetch(f"/surveys/{survey.code}").status_code == found, code
    counted = {who.id for who in [*town["hai_chau"], cast.em]}
    everybody = db.session.scalars(sa.select(Person.id)).all()
    assert set(queries.open_for_people(everybody)) == counted
    assert audience.asked(survey) == len(counted)
    assert all(bool(queries.open_for(who)) == (who in counted) for who in everybody)


@pytest.mark.parametrize(("is_after", "found"), [(True, {"an"}), (False, {"em"})])
def test_people_of_a_course_are_asked_while_they_learn_or_when_they_have_done(
    cast: Cast, visitor: Visitor, is_after: bool, found: set[str]
) -> None:
    publish()
    visitor.sign_in("em")
    visitor.visit("/courses/khoa-thu").submit("Bắt đầu học")
    completed(cast.an)
    course = catalogue.current("khoa-thu").course_id
    terms = {"course_id": course, "is_after_completion": is_after, "is_named": True}
    survey = opened(None, purpose=Purpose.COURSE, **terms)
    people = {"an": cast.an.id, "em": cast.em.id}
    assert {code for code, person_id in people.items() if queries.open_for(person_id)} == found
    assert audience.asked(survey) == 1


def test_answering_twice_counts_once_and_what_was_unfinished_is_forgotten(
    cast: Cast, town: Town, visitor: Visitor
) -> None:
    survey = opened(cast.da_nang)
    visitor.sign_in("em")
    page = visitor.visit(f"/surveys/{survey.code}")
    page.submit("Lưu, trả lời tiếp sau", way="1", other="Chưa xong")
    assert "Chưa xong" in visitor.visit(f"/surveys/{survey.code}").html
    assert [row.sent for row in db.session.scalars(sa.select(Unfinished))] == [{"way": ["1"], "other": ["Chưa xong"]}]
    for _ in range(2):
        page.submit("Nộp câu trả lời", way="0")
    page.submit("Lưu, trả lời tiếp sau", way="1")
    assert [row.answers for row in rows()] == [{"way": 0}]
    assert not db.session.scalars(sa.select(Unfinished)).all()
    assert [row.person_id for row in db.session.scalars(sa.select(Turnout))] == [cast.em.id]


def test_what_a_script_keeps_at_the_same_moment_does_not_outlive_handing_in(app: Flask, cast: Cast, town: Town) -> None:
    survey_id, who = opened(cast.da_nang).id, town["hai_chau"][0].id
    is_in, go_on = Event(), Event()

    def hand_in() -> None:
        with app.app_context():
            actions.hand_in(survey=queries.survey(survey_id), person_id=who, answers={"way": 1})
            is_in.set()
            go_on.wait(0.5)
            db.session.commit()

    db.session.rollback()
    with ThreadPoolExecutor(1) as pool:
        handing_in = pool.submit(hand_in)
        is_in.wait(10)
        assert not actions.keep(survey=queries.survey(survey_id), person_id=who, sent={"way": ["1"]})
        go_on.set()
        handing_in.result()
    assert db.session.scalars(sa.select(Unfinished)).all() == []


def test_a_script_gets_a_receipt_for_what_it_saves(cast: Cast, town: Town, visitor: Visitor) -> None:
    survey = opened(cast.da_nang)
    visitor.sign_in("em")
    page = visitor.visit(f"/surveys/{survey.code}")
    token = page.tree.find(".//main//input[@name='csrf_token']")
    assert token is not None
    sent = {"csrf_token": token.get("value"), "way": "1"}
    receipt = visitor.client.post(page.url, data=sent, headers={"Accept": "application/json"})
    assert (receipt.status_code, "Đã lưu lúc" in receipt.get_data(as_text=True)) == (200, True)


def test_nothing_of_an_anonymous_answer_says_whose_it_is_nor_when(cast: Cast, town: Town) -> None:
    survey = opened(cast.da_nang)
    answer(survey, town["hai_chau"][:4])
    before = {row.id for row in rows()}
    assert actions.gather(survey=queries.survey(survey.id)) == 0
    answer(survey, town["hai_chau"][4:])
    assert actions.tidy() == 7
    db.session.commit()
    found = rows()
    assert {row.person_id for row in found} == {None}
    assert not before & {row.id for row in found}, "gathering writes them anew"
    assert "surveys.hand-in" not in acts()
    columns = {column.name for column in Answered.__table__.columns} | {c.name for c in Turnout.__table__.columns}
    assert columns == {"id", "survey_id", "person_id", "group", "answers", "round"}


def test_results_come_in_rounds_and_by_group_once_all_is_over(cast: Cast, town: Town, binh: Visitor) -> None:
    survey = opened(cast.da_nang)
    page = f"/needs/{survey.id}/results"
    answer(survey, town["hai_chau"][:5], other="Thêm giờ học")
    assert "Chưa đủ 5 câu trả lời" in binh.visit(page).text
    actions.tidy()
    answer(survey, [*town["hai_chau"][5:], *town["thanh_khe"][:2]], way=1)
    seen = binh.visit(page).text
    assert "Đã cộng 5 câu trả lời. Còn 4 câu trả lời chờ" in seen
    assert "Thêm giờ học" in seen
    assert "Theo nhóm:" not in seen
    answer(survey, town["thanh_khe"][2:], way=1)
    shown = binh.visit(f"/needs/{survey.id}").submit("Khép khảo sát ngay")
    assert "Theo nhóm: Cách học nào hợp nhất?" in shown.text
    assert all(place in shown.text for place in ("Phường Hải Châu", "Phường Thanh Khê"))
    assert acts().count("surveys.gather") == 2


def test_groups_are_not_told_before_the_last_round_is_counted(cast: Cast, town: Town, binh: Visitor) -> None:
    survey = opened(cast.da_nang)
    answer(survey, [*town["hai_chau"][:5], *town["thanh_khe"][:5]])
    actions.tidy()
    answer(survey, [*town["hai_chau"][5:], *town["thanh_khe"][5:]], way=1)
    with clock.stopped(clock.now() + timedelta(days=8)):
        assert queries.results(queries.survey(survey.id)).groups == []
        actions.tidy()
        assert queries.results(queries.survey(survey.id)).groups == [str(cast.hai_chau), str(cast.thanh_khe)]


def test_who_serves_at_the_very_top_is_no_group_of_the_whole_network(cast: Cast, town: Town) -> None:
    survey, chief = opened(None), person("Người Bộ", "nguoi-bo")
    post(chief, cast.nation, "focal-point")
    answer(survey, [chief, town["hue"][0]])
    assert sorted(row.group for row in rows()) == ["", str(cast.hue)]


def test_a_group_of_few_people_is_not_even_written_down(cast: Cast, town: Town) -> None:
    survey = opened(cast.nation)
    answer(survey, [town["hue"][0], town["hai_chau"][0]])
    narrow = opened(cast.da_nang)
    answer(narrow, [cast.binh])
    kept = {row.survey_id: row.group for row in rows() if row.survey_id == narrow.id}
    assert kept == {narrow.id: ""}, "alone in the office of the city itself"
    assert {row.group for row in rows() if row.survey_id == survey.id} == {str(cast.hue), str(cast.da_nang)}


def test_answers_after_the_last_round_are_left_out_when_they_are_few(cast: Cast, town: Town, binh: Visitor) -> None:
    survey = opened(cast.da_nang)
    answer(survey, town["hai_chau"])
    actions.tidy()
    answer(survey, town["thanh_khe"][:2], way=1)
    actions.close(survey=queries.survey(survey.id))
    db.session.commit()
    seen = binh.visit(f"/needs/{survey.id}/results").text
    assert "Đã cộng 7 câu trả lời. Còn 2 câu trả lời đến sau đợt cộng cuối" in seen


def test_a_survey_with_names_says_so_first_and_shows_them(
    cast: Cast, town: Town, binh: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = opened(cast.da_nang, is_named=True, division=Division.ROLE.value)
    answer(survey, town["hai_chau"][:2], way=1, skills=[1, None], hours=2.0, other="Cần thêm máy")
    account(town["thanh_khe"][0])
    db.session.commit()
    visitor = Visitor(binh.app)
    visitor.sign_in("thanh-khe-0")
    page = visitor.visit(f"/surveys/{survey.code}")
    assert page.text.index("Khảo sát này có ghi tên") < page.text.index("Cách học nào")
    shown = binh.visit(f"/needs/{survey.id}/results").text
    assert "Người hai_chau 1 (hai-chau-1)" in shown and "mục đầu" not in shown
    monkeypatch.setattr(result_views, "SHOWN", 1)
    shown = binh.visit(f"/needs/{survey.id}/results").text
    assert "Người hai_chau 1 (hai-chau-1)" not in shown and "chỉ hiện 1 mục đầu" in shown
    assert acts()[-1] == "surveys.hand-in"


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_leaves_out_what_the_page_leaves_out(cast: Cast, town: Town, binh: Visitor, form: str) -> None:
    survey = opened(cast.da_nang)
    answer(survey, town["hai_chau"][:5], hours=8.0)
    answer(survey, [*town["hai_chau"][5:], *town["thanh_khe"]], way=1)
    answer(survey, [cast.em], other="=cmd()")
    actions.close(survey=queries.survey(survey.id))
    db.session.commit()
    page = binh.visit(f"/needs/{survey.id}/results")
    token = page.tree.find(".//main//input[@name='csrf_token']")
    assert token is not None
    sent = {"csrf_token": token.get("value"), "form": form}
    response = binh.client.post(f"/needs/{survey.id}/results/export", data=sent, buffered=True)
    assert response.status_code == 200
    if form == "csv":
        text = response.get_data(as_text=True)
        assert "Cách học nào hợp nhất?,,Tất cả,Tự học,6,0.375," in text
        assert "Ý kiến khác,,,chưa đủ người trả lời để cho xem" in text
        assert "cmd" not in text
    assert acts()[-1] == "surveys.export"


def test_the_next_run_asks_the_same_and_is_compared(cast: Cast, town: Town, binh: Visitor) -> None:
    first = opened(cast.da_nang)
    answer(first, town["hai_chau"], way=1, skills=[2, 2])
    actions.close(survey=queries.survey(first.id))
    db.session.commit()
    page = binh.visit(f"/needs/{first.id}").submit("Chép thành lần sau")
    assert page.status == 200
    second = db.session.scalars(sa.select(Survey).order_by(Survey.id.desc())).first()
    assert second is not None
    assert (second.before_id, second.source, second.unit_id) == (first.id, first.source, first.unit_id)
    actions.release(survey=second, from_on=clock.today(), to_on=clock.today() + timedelta(days=2))
    answer(second, town["thanh_khe"], way=0, skills=[4, 4])
    actions.tidy()
    db.session.commit()
    shown = binh.visit(f"/needs/{second.id}/results").text
    assert "Trung bình 4, trung vị 4, 8 người trả lời. Lần trước: trung bình 2, 7 người." in shown


def test_an_open_survey_never_changes(cast: Cast, town: Town, binh: Visitor) -> None:
    survey = opened(cast.da_nang)
    assert binh.visit(f"/needs/{survey.id}/edit").title.startswith("Xem trước")
    for act in (
        lambda: actions.save(survey=survey, source=SOURCE, revision=1),
        lambda: actions.set_terms(survey=survey, terms={}),
        lambda: actions.discard(survey=survey),
    ):
        with pytest.raises(Refused):
            act()
    actions.close(survey=survey)
    with pytest.raises(Refused):
        actions.move_end(survey=survey, to_on=clock.today() + timedelta(days=9))


def test_a_group_too_small_to_be_told_of_is_not_asked(cast: Cast, binh: Visitor) -> None:
    terms: dict[str, Any] = {"unit_id": cast.team, "fewest": 5}
    survey = actions.begin(purpose=Purpose.NEEDS, source=SOURCE, terms=terms, by_id=None)
    with pytest.raises(Refused) as caught:
        actions.release(survey=survey, from_on=clock.today(), to_on=clock.today() + timedelta(days=2))
    assert caught.value.refusal is Refusal.TOO_FEW
    db.session.commit()
    page = binh.visit(f"/needs/{survey.id}").submit("Mở khảo sát", last_on=f"{clock.today():%d/%m/%Y}")
    assert "sẽ không bao giờ có kết quả" in page.html


def test_the_form_and_the_text_of_a_draft_rewrite_each_other(cast: Cast, binh: Visitor) -> None:
    page = binh.visit("/needs/new").submit("Tạo bản nháp", start="empty", title="Hỏi nhanh")
    page = page.submit("Chọn một")
    assert "chưa lưu" in page.text
    wrong = page.submit("Lưu câu hỏi", **{"items-0-text": "Cần lớp không?", "items-0-options": "Cần"})
    assert (wrong.status, "Cần ít nhất hai ý để chọn." in wrong.text) == (422, True)
    page = wrong.submit("Lưu câu hỏi", **{"items-0-options": "Cần\nKhông cần"})
    survey = db.session.scalars(sa.select(Survey)).one()
    assert "Không cần" in survey.source
    bad = page.submit("Lưu văn bản", source=survey.source.replace('"single"', '"choice"'))
    assert (bad.status, "không có kiểu «choice»" in bad.text) == (422, True)
    page.submit("Lưu văn bản", source=survey.source.replace("Cần lớp", "Muốn lớp"))
    overtaken = page.submit("Lưu câu hỏi", **{"items-0-text": "Bản của tôi?"})
    assert (overtaken.status, "Bản của tôi?" in overtaken.html, "Muốn lớp" in overtaken.html) == (409, True, True)
    assert "Bản của tôi?" in overtaken.submit("Lưu câu hỏi").html


def test_units_out_of_reach_cannot_be_asked(cast: Cast, binh: Visitor) -> None:
    form = binh.visit("/needs/new")
    for unit in ("Thành phố Huế", "46", "", "không có"):
        page = form.submit("Tạo bản nháp", unit=unit)
        assert page.status == 422, unit
    assert form.submit("Tạo bản nháp", unit="Phường Hải Châu", fewest="4").status == 422
    assert form.submit("Tạo bản nháp", unit="Phường Hải Châu").status == 200


def test_each_desk_has_its_own_surveys(cast: Cast, town: Town, binh: Visitor) -> None:
    survey = opened(cast.da_nang)
    chi = Visitor(binh.app)
    chi.sign_in("chi")
    assert chi.fetch(f"/teach/surveys/{survey.id}").status_code == 404
    assert chi.fetch(f"/needs/{survey.id}").status_code == 403
    assert survey.title not in chi.visit("/teach/surveys").text
    assert survey.title in binh.visit("/needs").text


def test_pages_make_few_statements(cast: Cast, town: Town, binh: Visitor) -> None:
    survey = opened(cast.da_nang, is_named=True)
    answer(survey, town["hai_chau"], skills=[1, 2])
    pages = (f"/needs/{survey.id}", f"/needs/{survey.id}/results", "/needs", "/surveys", f"/surveys/{survey.code}")
    few = {page: len(statements(binh, page)) for page in pages}
    answer(survey, town["thanh_khe"])
    for number in range(20):
        opened(cast.da_nang, is_named=True, division=f"{Division.ROLE}" if number % 2 else Division.UNIT.value)
    for page in pages:
        sent = statements(binh, page)
        assert len(sent) == few[page] <= MOST, "\n".join([page, *sent])


def test_who_is_reminded_of_learning_reads_one_more_line(cast: Cast, town: Town) -> None:
    survey = opened(cast.hai_chau, role="focal-point")
    cast.em.email = "em@example.vn"
    db.session.commit()
    [letter] = letters.digests(reminders.told([cast.em]), "2026-W47")
    assert f"Một khảo sát đang chờ: {survey.title}, 2 phút" in letter.body
    answer(survey, [cast.em])
    [letter] = letters.digests(reminders.told([cast.em]), "2026-W48")
    assert "khảo sát" not in letter.body
