"""A trainer hands in a course: check, mend, publish. Nothing is published by checking."""

import io
from pathlib import Path

import pytest
import sqlalchemy as sa

from lms import files
from lms.audit import AuditEntry
from lms.catalogue.models import CourseVersion
from lms.db import db
from tests.authoring.test_archives import overlapping, zipped
from tests.catalogue.packages import GOOD, QUIZ
from tests.page import Page, Visitor
from tests.people import Cast

FILES = {f"khoa-thu/{name}": content.encode() for name, content in GOOD.items()}


@pytest.fixture
def chi(cast: Cast, visitor: Visitor) -> Visitor:
    visitor.sign_in("chi")
    return visitor


def upload(visitor: Visitor, content: bytes, name: str = "khoa-thu.zip") -> Page:
    return visitor.visit("/teach").submit("Kiểm tra gói", package=(io.BytesIO(content), name))


def published() -> int:
    return db.session.scalar(sa.select(sa.func.count(CourseVersion.id))) or 0


def test_a_trainer_mends_a_package_and_publishes_it(cast: Cast, chi: Visitor) -> None:
    spoilt = FILES | {"khoa-thu/quiz.toml": QUIZ.replace(", right = true", "").encode()}
    page = upload(chi, zipped(spoilt))
    assert page.status == 422
    assert "quiz.toml:11: " in page.text
    assert "Xuất bản" not in [button.text for form in page.forms() for button in form.iter("button")]
    assert published() == 0

    page = upload(chi, zipped(FILES | {"__MACOSX/khoa-thu/._quiz.toml": b"\0", "khoa-thu/.DS_Store": b"\0"}))
    assert (page.status, published()) == (200, 0)
    assert "Gói khóa học sẵn sàng xuất bản" in page.text
    assert "Khóa học thử" in page.submit("Xuất bản").text
    assert published() == 1
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "catalogue.publish")).one()
    assert line.actor == "chi"
    assert "Phiên bản" in chi.visit("/teach/khoa-thu").text


def test_files_at_the_top_of_the_zip_take_their_name_from_it(chi: Visitor) -> None:
    page = upload(chi, zipped({name: content.encode() for name, content in GOOD.items()}), "Khóa Thử 2.zip")
    page.submit("Xuất bản")
    assert chi.visit("/teach/khoa-thu-2").status == 200


def test_handing_in_the_same_twice_publishes_once(chi: Visitor) -> None:
    page = upload(chi, zipped(FILES))
    assert {page.submit("Xuất bản").status, page.submit("Xuất bản").status} == {200}
    assert published() == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"not a zip", zipped({"../../evil": b"x"}), overlapping(), zipped({"a": b"\0" * 50_000_000}), zipped({})],
    ids=["nothing", "text", "up", "overlap", "bomb", "empty"],
)
def test_an_archive_that_is_none_or_does_harm_is_refused_with_words(chi: Visitor, content: bytes) -> None:
    page = upload(chi, content)
    assert page.status == 422
    assert page.text
    assert published() == 0


def test_only_what_was_checked_is_published(chi: Visitor, tmp_path: Path) -> None:
    page = upload(chi, zipped(FILES))
    spoilt = files.put(zipped(FILES | {"khoa-thu/quiz.toml": b""}))
    for digest in ("", "0" * 64, "../../secret-key", spoilt, files.put(b"no zip")):
        assert page.submit("Xuất bản", digest=digest).status == 400, digest
    assert published() == 0


def test_nobody_else_hands_in_courses(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("an")
    page = visitor.visit("/courses")
    token = page.tree.find(".//input[@name='csrf_token']")
    assert token is not None
    sent = {"package": (io.BytesIO(zipped(FILES)), "a.zip"), "csrf_token": token.get("value")}
    assert visitor.post("/teach/check", sent).status == 403
    assert visitor.post("/teach/publish", {"csrf_token": token.get("value")}).status == 403
