"""Somebody forgot the password: HR gives a new code on paper."""

import re

from tests.page import Visitor
from tests.people import Cast


def test_hr_renews_a_code_and_the_person_chooses_a_new_password(cast: Cast, visitor: Visitor) -> None:
    an = Visitor(visitor.app)
    an.sign_in("an")
    visitor.sign_in("binh")
    sheet = visitor.visit(f"/people/{cast.an.id}").submit("Cấp mã đăng nhập mới")
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", sheet.text)
    assert code, "the sheet shows the code"
    assert an.visit("/my/account").title.startswith("Đăng nhập"), "the old session has ended"
    assert "chưa đúng" in an.sign_in_by_form("an").text, "the old password is worth nothing"
    chosen = an.sign_in_by_form("an", code[0]).submit("Lưu mật khẩu", password="một câu dễ nhớ", again="một câu dễ nhớ")
    assert chosen.title.startswith("Chào An")


def test_nobody_is_offered_to_renew_their_own_code(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("binh")
    assert "Cấp mã đăng nhập mới" not in visitor.visit(f"/people/{cast.binh.id}").text
