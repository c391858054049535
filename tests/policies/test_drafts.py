"""Writing a draft: nothing typed is lost, the form and the text stay in step, and nobody saves over another."""

import sqlalchemy as sa

from lms.access import Role
from lms.db import db
from lms.goals.policy import parse
from lms.policies.models import PolicyDraft
from tests.goals.facts import DX_TEXT
from tests.page import Page, Visitor
from tests.people import account, person
from tests.policies.test_story import words_of


def saved() -> str:
    """The text of the draft."""
    db.session.rollback()
    return db.session.scalars(sa.select(PolicyDraft.source)).one()


def begun(reader: Visitor) -> Page:
    return reader.visit("/policies").submit("Soạn bản mới")


def value(page: Page, name: str) -> str:
    """What a field holds."""
    field = next(field for field in page.main.iter() if field.get("name") == name)
    return field.text or "" if field.tag == "textarea" else field.get("value", "")


def test_a_form_that_is_saved_as_it_came_changes_nothing(quyen: Visitor) -> None:
    page = begun(quyen).submit("Lưu biểu mẫu")
    assert saved() == DX_TEXT
    assert page.status == 200


def test_saving_the_form_rewrites_the_text_and_the_text_the_form(quyen: Visitor) -> None:
    page = begun(quyen).submit(
        "Lưu biểu mẫu", **{"rules-2-periods": "25", "rules-2-minima-security": "5", "caps-event": "12,5"}
    )
    rule = parse(saved()).rules[2]
    assert (rule.periods, dict(rule.minima), rule.who.role) == (25, {"security": 5}, {"focal-point"})
    assert "event = 0.125" in value(page, "source")

    page = page.submit("Lưu văn bản", source=saved().replace("periods = 25", "periods = 26"))
    assert value(page, "rules-2-periods") == "26"
    assert "Đầu mối: 26 tiết một năm, trong đó an toàn thông tin 5" in page.text


def test_what_is_wrong_is_told_at_the_field_and_what_was_typed_stays(quyen: Visitor) -> None:
    wrong = {
        "rules-0-periods": "nhiều", "rules-1-from_on": "31/02/2026", "rules-2-from_on": "02/07/2026",
        "rules-2-last_on": "01/07/2026", "caps-external": "120", "title": "", "minimum_service_days": "-1",
    }  # fmt: skip
    page = begun(quyen).submit("Lưu biểu mẫu", **wrong)
    assert page.status == 422
    assert {name: value(page, name) for name in wrong} == wrong
    for words in ("Nhập số nguyên từ 0", "Nhập phần trăm từ 0 đến 100", "Ngày cuối phải từ ngày đầu"):
        assert words in page.text
    assert saved() == DX_TEXT


def test_rules_and_groups_are_added_moved_and_removed_without_saving(quyen: Visitor) -> None:
    page = begun(quyen).submit("Thêm quy tắc", **{"rules-0-periods": "nhiều"})
    assert value(page, "rules-0-periods") == "nhiều"
    assert value(page, "rules-7-periods") == ""
    page = page.submit("Bỏ quy tắc").submit("Đưa xuống")
    assert (value(page, "rules-0-periods"), value(page, "rules-1-periods")) == ("24", "32")
    page = page.submit("Thêm nhóm «trừ những người»")
    assert page.submit("Lưu biểu mẫu", **{"rules-6-periods": "1"}).status == 422, "a group that asks nothing"
    page = page.submit("Lưu biểu mẫu", **{"rules-6-periods": "1", "rules-0-excepts-0-unit": "48, 46"})
    assert parse(saved()).rules[0].who.none_of[0].unit == {"48", "46"}
    assert "Đầu mối, trừ mọi người thuộc đơn vị 46, 48: 24 tiết" in page.text
    page.submit("Bỏ nhóm này").submit("Lưu biểu mẫu")
    assert parse(saved()).rules[0].who.is_plain


def test_a_bad_text_stays_on_the_page_and_the_place_is_told(quyen: Visitor) -> None:
    page = begun(quyen)
    for source, words in (
        (DX_TEXT + "\nperiods = ", "Dòng"),
        (DX_TEXT.replace("periods = 24", "periods = -24"), "Quy tắc 3: mục «periods» phải là số nguyên"),
        (DX_TEXT.replace('code = "dx"', 'code = "khac"'), "phải là «dx»"),
    ):
        page = page.submit("Lưu văn bản", source=source)
        assert page.status == 422
        assert words in page.text
        assert value(page, "source").strip() == source.strip()
    assert saved() == DX_TEXT


def test_nobody_saves_over_what_they_have_not_seen(quyen: Visitor) -> None:
    account(person("Vũ Văn Hai", "hai"), Role.COORDINATOR)
    db.session.commit()
    other = Visitor(quyen.app)
    other.sign_in("hai")
    mine = begun(quyen)
    other.visit(mine.url).submit("Lưu biểu mẫu", **{"rules-2-periods": "30"})
    page = mine.submit("Lưu biểu mẫu", **{"rules-3-periods": "17"})
    assert page.status == 409
    assert "Vũ Văn Hai đã lưu bản nháp này" in page.text
    assert "periods = 30" in page.text and "periods = 17" in page.text
    assert parse(saved()).rules[2].periods == 30
    page.submit("Lưu biểu mẫu")
    assert [rule.periods for rule in parse(saved()).rules][2:4] == [24, 17], "seen, and replaced knowingly"
    page = mine.submit("Lưu văn bản", source=DX_TEXT + "# của tôi\n")
    assert page.status == 409
    assert "# của tôi" in value(page, "source")


def test_deeper_conditions_are_shown_as_a_sentence_and_kept(quyen: Visitor) -> None:
    deep = 'not = { role = "leader", not = { level = "commune" } }'
    page = begun(quyen).submit("Lưu văn bản", source=f"{DX_TEXT}\n[[rule]]\nperiods = 3\n{deep}\n")
    assert "mọi người, trừ (lãnh đạo, trừ mọi người ở cấp xã)" in page.text
    page.submit("Lưu biểu mẫu", **{"rules-7-periods": "4"})
    assert parse(saved()).rules[7].who.none_of[0].none_of[0].level == {"commune"}
    assert parse(saved()).rules[7].periods == 4


def test_a_text_from_elsewhere_begins_a_draft_or_is_refused_in_words(quyen: Visitor) -> None:
    page = quyen.visit("/policies").submit("Đọc văn bản", source="code = 5")
    assert page.status == 422
    assert "chưa có quy tắc" in page.text
    page = quyen.visit("/policies").submit("Đọc văn bản", source=DX_TEXT.replace('code = "dx"', 'code = "moi"'))
    assert "Bản nháp:" in page.title
    assert parse(saved()).code == "moi"


def test_a_draft_that_is_discarded_is_closed(quyen: Visitor) -> None:
    page = begun(quyen)
    page.submit("Bỏ bản nháp")
    assert "Bản nháp đang soạn" not in quyen.visit("/policies").text
    assert "đã khép lại" in quyen.visit(page.url).text
    assert page.submit("Lưu văn bản", source=DX_TEXT + "# thêm\n").status == 409
    assert "Chạy thử" not in words_of(page.submit("Chạy thử"))
