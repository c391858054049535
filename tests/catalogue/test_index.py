"""Finding a course: without accents, by abbreviations of the field, by topic; what is written exactly comes first."""

from flask import Flask

from lms.catalogue import queries
from tests.catalogue.packages import publish
from tests.page import Visitor
from tests.people import Cast

DVC, CDS, AN_TOAN = "Dịch vụ công trực tuyến", "Mạng lưới chuyển đổi số", "An toàn trên mạng"


def publish_three() -> None:
    publish("dich-vu-cong", title=DVC)
    publish("mang-luoi", title=CDS)
    publish("an-toan", title=AN_TOAN)


def found(query: str) -> list[str]:
    return [course.title for course in queries.catalogue(query)]


def test_courses_are_found_without_accents_and_by_abbreviation(app: Flask) -> None:
    publish_three()
    assert found("") == [AN_TOAN, DVC, CDS], "in Vietnamese order"
    for query in ("CĐS", "cds", "chuyển đổi số", "chuyen doi so", "CHUYEN DOI", "số chuyển đổi"):
        assert found(query) == [CDS], query
    for query in ("DVC", "dvctt", "dich vu cong"):
        assert found(query) == [DVC], query
    assert found("mang") == [AN_TOAN, CDS]
    assert found("mạng lưới") == [CDS]
    for query in ("nấu ăn", "%", "_", "'; DROP TABLE course; --", "\\"):
        assert found(query) == [], query


def test_what_is_written_exactly_comes_first(app: Flask) -> None:
    publish("mang-luoi", title="Bản đồ mang tính minh họa")
    publish("an-toan", title="Xem mạng")
    assert found("mang") == ["Bản đồ mang tính minh họa", "Xem mạng"]
    assert found("mạng") == ["Xem mạng", "Bản đồ mang tính minh họa"]


def test_the_page_searches_and_says_so_when_nothing_fits(cast: Cast, visitor: Visitor) -> None:
    publish_three()
    visitor.sign_in("an")
    page = visitor.visit("/courses").submit("Tìm", q="CĐS")
    assert CDS in page.text
    assert DVC not in page.text
    assert CDS in page.click("Kỹ năng").text, "the topic narrows the search down"
    nothing = page.submit("Tìm", q="nấu ăn")
    assert "Không có khóa học nào khớp" in nothing.text
    assert DVC in nothing.click("Xem tất cả khóa học").text
