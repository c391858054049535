"""A trainer hands in a course as a ZIP: it becomes a draft, and nothing is published by handing it in."""

import io

import pytest
import sqlalchemy as sa

from lms.audit import AuditEntry
from lms.authoring import packing, queries
from lms.authoring.models import Draft
from lms.catalogue.models import CourseVersion
from lms.db import db
from tests.authoring.test_archives import overlapping, zipped
from tests.catalogue.packages import GOOD, LESSON, QUIZ, publish
from tests.page import Page, Visitor
from tests.people import Cast

FILES = {f"khoa-thu/{name}": content.encode() for name, content in GOOD.items()}


def upload(visitor: Visitor, content: bytes, name: str = "khoa-thu.zip") -> Page:
    return visitor.visit("/teach/upload").submit("Kiểm tra gói", package=(io.BytesIO(content), name))


def published() -> int:
    return db.session.scalar(sa.select(sa.func.count(CourseVersion.id))) or 0


def drafts() -> list[Draft]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Draft).order_by(Draft.id)))


def test_a_trainer_mends_a_package_and_publishes_it(chi: Visitor) -> None:
    spoilt = FILES | {"khoa-thu/quiz.toml": QUIZ.replace(", right = true", "").encode()}
    assert upload(chi, zipped(spoilt)).status == 200
    page = chi.visit(f"/teach/drafts/{drafts()[0].id}/publishing")
    assert "quiz.toml:11: " in page.text
    assert "Còn lỗi cần sửa" in page.text
    assert published() == 0

    noise = {"__MACOSX/khoa-thu/._quiz.toml": b"\0", "khoa-thu/.DS_Store": b"\0"}
    assert upload(chi, zipped(FILES | noise)).status == 200
    assert ([draft.revision for draft in drafts()], published()) == ([2], 0)
    page = chi.visit(f"/teach/drafts/{drafts()[0].id}/publishing").submit("Xuất bản")
    assert "Phiên bản 1: Khóa học thử" in page.text
    assert published() == 1
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "catalogue.publish")).one()
    assert line.actor == "chi"
    assert chi.visit("/teach/khoa-thu").status == 200


def test_files_at_the_top_of_the_zip_take_their_name_from_it(chi: Visitor) -> None:
    upload(chi, zipped({name: content.encode() for name, content in GOOD.items()}), "Khóa Thử 2.zip")
    assert [draft.slug for draft in drafts()] == ["khoa-thu-2"]


def test_handing_in_the_same_twice_is_one_revision_of_one_draft(chi: Visitor) -> None:
    for _ in range(2):
        upload(chi, zipped(FILES))
    assert [draft.revision for draft in drafts()] == [1]


@pytest.mark.parametrize(
    "content",
    [b"", b"not a zip", zipped({"../../evil": b"x"}), overlapping(), zipped({"a": b"\0" * 50_000_000}), zipped({}),
     zipped({"khoa-thu/course.toml": b"\xff\xfe"}), zipped({"khoa-thu/a.md": b"a" * 5_000_000}), zipped({"a/b.txt": b""}),
     zipped({"Khoa Thu!/course.toml": b""}), zipped(FILES | {"khoa-thu/README.md": "Chào".encode("utf-16")})],
    ids=["nothing", "text", "up", "overlap", "bomb", "empty", "latin", "long", "other", "name", "readme"],
)  # fmt: skip
def test_an_archive_that_is_none_or_does_harm_is_refused_with_words(chi: Visitor, content: bytes) -> None:
    page = upload(chi, content)
    assert page.status == 422
    assert page.tree.find(".//*[@id='package-error']") is not None
    assert drafts() == []


def test_a_package_of_a_course_of_others_is_refused(cast: Cast, chi: Visitor) -> None:
    publish()
    page = upload(chi, zipped(FILES))
    assert page.status == 422
    assert "Chọn mã khác" in page.text
    assert drafts() == []


def test_what_others_wrote_since_the_download_stays(cast: Cast, chi: Visitor) -> None:
    upload(chi, zipped(FILES))
    draft = drafts()[0]
    address = f"/teach/drafts/{draft.id}/package"
    answer = chi.fetch(address)
    assert answer.mimetype == "application/zip"
    downloaded = packing.unpack("x.zip", answer.data)
    assert (downloaded.slug, downloaded.texts, downloaded.origin) == ("khoa-thu", dict(GOOD), (draft.id, 1))

    upload(chi, zipped(FILES | {"khoa-thu/quiz.toml": QUIZ.replace("Câu hỏi nào?", "Câu nào đúng?").encode()}))
    edited = LESSON.replace("## Tình huống", "## Mở đầu")
    mine = {f"khoa-thu/{name}": text.encode() for name, text in (downloaded.texts | {"01-bai-mot.md": edited}).items()}
    page = upload(chi, zipped({"khoa-thu/.draft": f"draft {draft.id} revision 1\n".encode(), **mine}))
    assert "Mở đầu" in page.text
    assert "Tình huống" in page.text
    files = queries.current_files(drafts()[0])
    assert "Câu nào đúng?" in files["quiz.toml"]
    assert files["01-bai-mot.md"] == edited


def test_nobody_else_hands_in_courses(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("an")
    assert visitor.fetch("/teach/upload").status_code == 403
    token = visitor.visit("/courses").tree.find(".//input[@name='csrf_token']")
    assert token is not None
    sent = {"package": (io.BytesIO(zipped(FILES)), "a.zip"), "csrf_token": token.get("value")}
    assert visitor.post("/teach/upload", sent).status == 403
