"""A frame, two courses that build parts of it, a pathway of community members, and Đà Nẵng under the goal `dx`."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from lms import clock
from lms.catalogue import actions as catalogue
from lms.catalogue import queries
from lms.catalogue.content import Draw, Outcome
from lms.catalogue.package import Package
from lms.catalogue.queries import Published
from lms.competencies import actions
from lms.competencies.frame import Area, Component, Frame, Level
from lms.competencies.pathway import Pathway, Year
from lms.db import db
from lms.goals import actions as goals
from lms.learning.models import Completion
from lms.network.models import Person
from tests.architecture.source import ROOT
from tests.page import Visitor
from tests.people import Cast
from tests.quizzes.bank import TRUE, quiz
from tests.quizzes.course import content

LEVELS = tuple(Level(name) for name in ("Cơ bản", "Trung cấp", "Nâng cao", "Chuyên sâu"))
FRAME = Frame(
    "khung", "Khung thử", "", "Quyết định thử", "1", "", "complete", "", LEVELS,
    (
        Area("1", "Thông tin", "", (Component("1.1", "Tìm"), Component("1.2", "Xét"))),
        Area("2", "An toàn", "", (Component("2.1", "Giữ"),)),
    ),
)  # fmt: skip
PATHWAY = Pathway("thanh-vien", "Thành viên tổ", "", ("community-member",), (), (), "", (
    Year("Năm đầu", ("tim-kiem",)), Year("Năm sau", ("an-toan",)),
))  # fmt: skip


def course(slug: str, level: str, *competencies: str) -> Published:
    """A published course whose one outcome builds these."""
    made = replace(
        content(quiz(Draw(1), questions=(TRUE,)), slug), title=f"Khóa {slug}", level=level,
        outcomes=(Outcome("o1", "Làm được", "", competencies),),
    )  # fmt: skip
    catalogue.publish(package=Package(made, {}, []), by_id=None)
    return queries.current(slug)


def completes(who: Person, published: Published, on: date | None = None) -> Completion:
    """Somebody completes a course; committed."""
    made = Completion(
        person_id=who.id, course_id=published.course_id, version_id=published.version_id, completed_at=clock.now(),
        completed_on=on or clock.today(),
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


def count(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.fixture
def courses(cast: Cast) -> dict[str, Published]:
    made = {
        "tim-kiem": course("tim-kiem", "basic", "khung:1.1", "khung:1.2", "other:9.9"),
        "an-toan": course("an-toan", "intermediate", "khung:1.1", "khung:2.1"),
    }
    actions.load_frame(frame=FRAME, by_id=None)
    actions.load_pathway(pathway=PATHWAY, by_id=None)
    goals.publish(source=(ROOT / "courses/goals/dx.toml").read_text("utf-8"), by_id=None)
    goals.refresh(person_ids=None)
    db.session.commit()
    return made


@pytest.fixture
def binh(courses: dict[str, Published], visitor: Visitor) -> Visitor:
    """HR of Đà Nẵng, signed in."""
    visitor.sign_in("binh")
    return visitor
