"""The teach-back kit: linked from the course, a sheet each, and the lessons' summaries to print."""

from tests.catalogue.packages import publish
from tests.discovery.packages import publish_with_kit
from tests.page import Visitor
from tests.people import Cast


def test_a_course_leads_to_its_kit_and_its_summaries(cast: Cast, visitor: Visitor) -> None:
    publish_with_kit()
    visitor.sign_in("an")
    overview = visitor.visit("/courses/khoa-thu")
    assert "Điện thoại" in overview.click("Tờ rơi").text
    slides = overview.click("Trang chiếu")
    assert slides.text.count("Lời người dạy") == 1
    assert slides.html.count('class="slide"') == 2
    assert "Hai người." in overview.click("Đóng vai").text
    summaries = overview.click("Tóm tắt các bài").text
    assert "Dừng lại và hỏi." in summaries
    assert "Bài hai" in summaries and "Một dòng." in summaries, "a lesson without a summary block says its one line"


def test_there_is_no_sheet_that_the_course_does_not_have(cast: Cast, visitor: Visitor) -> None:
    publish()
    visitor.sign_in("an")
    assert visitor.fetch("/courses/khoa-thu/kit/leaflet").status_code == 404
    assert visitor.fetch("/courses/khoa-thu/kit/01-bai-mot").status_code == 404
    assert "Bộ dạy lại" not in visitor.visit("/courses/khoa-thu").text
