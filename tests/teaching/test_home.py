"""The trainer's home: each kind of work that waits, counted, with one button to it; nothing of other trainers."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lms import clock
from lms.accounts.models import Account
from lms.authoring import actions as authoring
from lms.authoring.models import Draft, ReviewComment
from lms.catalogue import queries as catalogue
from lms.catalogue.models import Course
from lms.db import db
from lms.learning.models import Enrolment
from lms.network.models import Person
from lms.surveys.rules import Purpose
from tests.catalogue.packages import COURSE, publish
from tests.page import Visitor
from tests.pages.test_statements import MOST, statements
from tests.people import Cast
from tests.surveys.conftest import opened

BASIS = """
[[legal_basis]]
number = "15/2026/NĐ-CP"
title = "Nghị định"
issued_on = 2020-01-01
in_force_from = 2020-01-01
in_force_to = {day}
"""


@pytest.fixture
def chi(cast: Cast, visitor: Visitor) -> Visitor:
    """The trainer of Đà Nẵng, signed in."""
    visitor.sign_in("chi")
    return visitor


def account_of(who: Person) -> int:
    return db.session.scalars(sa.select(Account.id).where(Account.person_id == who.id)).one()


def drafted(cast: Cast, number: int, by_id: int | None, unit_id: int | None = None, **columns: Any) -> Draft:
    """A draft of a course; committed."""
    title = f"Khóa nháp {number}"
    made = authoring.begin(slug=f"khoa-nhap-{number}", title=title, unit_id=unit_id or cast.da_nang, by_id=by_id)
    for name, value in columns.items():
        setattr(made, name, value)
    db.session.commit()
    return made


def begun(who: Person, days_ago: int, slug: str = "khoa-thu") -> None:
    """Somebody began a course so many days ago; committed."""
    version = catalogue.current(slug)
    started_at = clock.now() - timedelta(days=days_ago)
    row = {"course_id": version.course_id, "version_id": version.version_id, "started_at": started_at}
    db.session.add(Enrolment(person_id=who.id, **row))
    db.session.commit()


def tasks(visitor: Visitor) -> list[str]:
    """The lines of the trainer's home."""
    found = visitor.visit("/teach").tree.findall(".//ul[@class='rows panel tasks']/li/span/b")
    return ["".join(line.itertext()) for line in found]


def test_without_work_the_page_says_so_and_lists_the_courses(chi: Visitor) -> None:
    publish()
    page = chi.visit("/teach")
    assert "Hôm nay không có việc nào chờ anh chị." in page.text
    assert page.click("Khóa học thử").title.startswith("Khóa học thử")


def test_drafts_reviews_comments_and_publications_are_told_apart(cast: Cast, chi: Visitor) -> None:
    mine, other = account_of(cast.chi), account_of(cast.giang)
    today = clock.today()
    drafted(cast, 1, mine)
    drafted(cast, 2, other, state="in-review", sent_by_id=other)
    commented = drafted(cast, 3, mine, state="in-review", sent_by_id=mine)
    drafted(cast, 4, other, state="approved", publish_on=today + timedelta(days=3))
    drafted(cast, 5, other, state="approved", publish_on=today + timedelta(days=40))
    drafted(cast, 6, other, state="approved", publish_on=today, obstacle="authoring.obstacle.errors")
    drafted(cast, 7, other, unit_id=cast.hue, state="in-review", sent_by_id=other)
    drafted(cast, 8, mine, closed_at=clock.now(), state="discarded")
    comment = {"draft_id": commented.id, "path": "01-bai-mot.md", "block": "", "quoted": "", "made_at": clock.now()}
    db.session.add(ReviewComment(by_id=other, text="Thêm ví dụ", **comment))
    db.session.commit()
    assert tasks(chi) == [
        "1 bản nháp không xuất bản được đúng ngày hẹn",
        "1 bản nháp chờ anh chị duyệt",
        "1 bản nháp có góp ý chờ trả lời",
        "1 bản nháp anh chị đang viết",
        "1 bản nháp hẹn xuất bản trong 14 ngày tới",
    ]


def test_learners_of_ones_reach_who_stopped_are_counted(cast: Cast, chi: Visitor) -> None:
    publish()
    for who, days in ((cast.an, 31), (cast.em, 5), (cast.dung, 90)):
        begun(who, days)
    assert tasks(chi) == ["1 người học bắt đầu hơn 30 ngày chưa học xong"]


@pytest.mark.parametrize(("days", "found"), [(-400, 1), (59, 1), (61, 0)])
def test_law_that_ends_soon_is_told_of_courses_on_offer(cast: Cast, chi: Visitor, days: int, found: int) -> None:
    day = clock.today() + timedelta(days=days)
    publish(**{"course.toml": COURSE + BASIS.format(day=day.isoformat())})
    assert len(tasks(chi)) == found
    db.session.execute(sa.update(Course).values(is_retired=True))
    db.session.commit()
    assert not tasks(chi)


def test_surveys_that_end_within_a_week_are_told(cast: Cast, chi: Visitor) -> None:
    publish()
    terms = {
        "purpose": Purpose.COURSE,
        "course_id": catalogue.current("khoa-thu").course_id,
        "is_after_completion": True,
    }
    opened(cast.da_nang, **terms)
    opened(cast.hue, **terms)
    assert tasks(chi) == ["1 khảo sát khép trong 7 ngày tới"]


def test_courses_of_others_are_not_listed(cast: Cast, chi: Visitor) -> None:
    publish("cua-hue", title="Khóa của Huế")
    db.session.execute(sa.update(Course).values(unit_id=cast.hue))
    db.session.commit()
    assert "Khóa của Huế" not in chi.visit("/teach").text


def test_the_page_makes_few_statements_however_much_waits(cast: Cast, chi: Visitor) -> None:
    publish()
    few = len(statements(chi, "/teach"))
    for number in range(12):
        drafted(cast, number, account_of(cast.chi))
        publish(f"khoa-{number}", title=f"Khóa {number}")
        begun(cast.an, 40, f"khoa-{number}")
    sent = statements(chi, "/teach")
    assert len(sent) == few <= MOST, "\n".join(sent)
