"""Courses that anybody may read: the same addresses, no cookie, nothing of the quiz or of progress; all others stay shut."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from lms import fonts, share_card
from tests.catalogue.packages import publish
from tests.discovery.packages import publish_with_kit
from tests.page import Visitor
from tests.people import Cast

OPEN = (
    "/courses",
    "/courses?q=tình huống",
    "/courses/khoa-thu",
    "/courses/khoa-thu/lessons/01-bai-mot",
    "/courses/khoa-thu/lessons/01-bai-mot/print",
    "/courses/khoa-thu/kit/leaflet",
    "/courses/khoa-thu/summaries",
)
SHUT = (
    "/courses/khoa-thu/quiz",
    "/courses/kin",
    "/courses/kin/lessons/01-bai-mot",
    "/courses/kin/offline.zip",
    "/courses/khong-co",
    "/media/kin/1/a.png",
    "/",
)


@pytest.fixture
def opened(app: Flask) -> Iterator[Flask]:
    publish_with_kit()
    publish("kin", title="Khóa kín")
    app.config["PUBLIC_COURSES"] = ["khoa-thu"]
    yield app
    app.config["PUBLIC_COURSES"] = []


def test_strangers_read_what_is_open_and_get_no_cookie(opened: Flask, visitor: Visitor) -> None:
    for address in OPEN:
        page = visitor.visit(address)
        assert page.status == 200, address
        assert page.url == address.partition("?")[0]
        assert "Set-Cookie" not in page.response.headers, address
        assert "Khóa kín" not in page.html, address
    assert visitor.fetch("/media/khoa-thu/1/so-do.svg").status_code == 200
    assert visitor.fetch("/courses/khoa-thu/offline.zip").status_code == 200
    for address in SHUT:
        assert visitor.fetch(address).location.startswith("/sign-in"), address
    assert visitor.client.post("/courses/khoa-thu/start").status_code in (302, 400)


def test_a_lesson_is_complete_without_an_account_and_invites_quietly(opened: Flask, visitor: Visitor) -> None:
    lesson = visitor.visit("/courses/khoa-thu").click("Đọc bài đầu")
    assert "Câu hỏi nào?" in lesson.text and "Vì thế." in lesson.text, "its question, the answer folded"
    assert "Đăng nhập" in lesson.html
    assert not lesson.forms()
    assert lesson.click("Sang bài tiếp").title.startswith("Bài hai")


def test_a_page_says_what_it_is_to_those_who_pass_it_on(opened: Flask, visitor: Visitor) -> None:
    html = visitor.visit("/courses/khoa-thu/lessons/01-bai-mot").html
    for line in (
        '<meta name="description" content="Một dòng.">',
        '<meta property="og:title" content="Bài một">',
        f'<link rel="canonical" href="{opened.config["BASE_URL"]}/courses/khoa-thu/lessons/01-bai-mot">',
    ):
        assert line in html


def test_a_shared_link_shows_a_picture_once_it_is_made(app: Flask, opened: Flask, visitor: Visitor) -> None:
    made = share_card.draw(
        '<path d="M4 4c2 0 4 2 4 4z"/>', "Số", "Học", bold=fonts.program(fonts.BOLD), regular=fonts.program(fonts.BOLD)
    )
    with Image.open(BytesIO(made)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert "og:image" not in visitor.visit("/courses/khoa-thu").html


def test_a_zip_that_the_reader_has_is_not_sent_again(opened: Flask, visitor: Visitor) -> None:
    first = visitor.fetch("/courses/khoa-thu/offline.zip")
    assert first.headers["Cache-Control"] == "private, max-age=3600"
    again = visitor.client.get("/courses/khoa-thu/offline.zip", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_text_size_and_language_are_chosen_on_a_page_of_their_own(opened: Flask, visitor: Visitor) -> None:
    choice = visitor.visit("/courses/khoa-thu")
    address = next(link for words, link in _footer(choice).items() if "Cỡ chữ" in words)
    page = visitor.visit(address).submit("English", lang="en")
    assert page.url == "/courses/khoa-thu"
    assert page.tree.get("lang") == "en"


def test_nothing_is_open_unless_the_setting_says_so(app: Flask, cast: Cast, visitor: Visitor) -> None:
    publish_with_kit()
    for address in OPEN:
        assert visitor.fetch(address).location.startswith("/sign-in"), address


@pytest.mark.parametrize("named", ["skills", "five-skills"])
def test_a_topic_and_the_five_skills_have_a_name(app: Flask, visitor: Visitor, named: str) -> None:
    publish("mua-sam-truc-tuyen")
    app.config["PUBLIC_COURSES"] = [named]
    try:
        assert visitor.visit("/courses/mua-sam-truc-tuyen").status == 200
    finally:
        app.config["PUBLIC_COURSES"] = []


def _footer(page: object) -> dict[str, str]:
    tree = page.tree  # type: ignore[attr-defined]
    return {"".join(link.itertext()): link.get("href", "") for link in tree.iter("a")}
