"""A person's profile and pathway: levels with their evidence, and what comes next."""

from datetime import date

from lms import clock
from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.competencies import actions, profile
from lms.competencies.models import ClaimCompetency
from lms.db import db
from lms.learning import actions as learning
from lms.quizzes import actions as quizzes
from lms.quizzes import queries as quizzed
from lms.recognition.models import Claim
from tests.competencies.conftest import FRAME, completes, count
from tests.page import Visitor
from tests.pages.test_statements import MOST, statements
from tests.people import Cast
from tests.plans.conftest import learns


def levels(person_id: int) -> dict[str, int]:
    return {line.component.code: line.level for line in profile.of(person_id, FRAME, catalogue.offered()).lines}


def accepted(cast: Cast) -> Claim:
    """Something that Em learnt elsewhere and was credited."""
    credit = learns(cast.em, source="external")
    made = Claim(
        person_id=cast.em.id, kind="external", title="Lớp ở trường", provider="Trường", category="digital", periods=400,
        completed_on=date(2026, 3, 1), state="approved", submitted_at=clock.now(), credit_id=credit.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


def test_a_completed_course_shows_what_it_builds_at_its_level(cast: Cast, courses: dict[str, Published]) -> None:
    assert levels(cast.an.id) == {"1.1": 0, "1.2": 0, "2.1": 0}
    completes(cast.an, courses["tim-kiem"])
    assert levels(cast.an.id) == {"1.1": 1, "1.2": 1, "2.1": 0}
    made = completes(cast.an, courses["an-toan"])
    assert levels(cast.an.id) == {"1.1": 2, "1.2": 1, "2.1": 2}
    made.withdrawn_at = clock.now()
    db.session.commit()
    assert levels(cast.an.id) == {"1.1": 1, "1.2": 1, "2.1": 0}


def test_the_points_in_the_questions_on_an_outcome_stand_beside_it(cast: Cast, courses: dict[str, Published]) -> None:
    taken = courses["tim-kiem"]
    learning.enrol(person_id=cast.an.id, published=taken)
    attempt = quizzes.start(person_id=cast.an.id, published=taken)
    made = completes(cast.an, taken)
    made.attempt_id = attempt.id
    db.session.commit()
    [line] = [line for line in profile.of(cast.an.id, FRAME, catalogue.offered()).lines if line.component.code == "1.2"]
    assert [(each.share, each.worth > 0) for each in line.evidence] == [(0, True)]
    assert not quizzed.answers(attempt.id)


def test_a_profile_says_why_and_what_comes_next(cast: Cast, courses: dict[str, Published], visitor: Visitor) -> None:
    completes(cast.an, courses["tim-kiem"], date(2026, 3, 2))
    visitor.sign_in("an")
    page = visitor.visit("/my/competencies")
    assert len(statements(visitor, "/my/competencies")) <= MOST
    assert "1.1 Tìm Cơ bản Khóa tim-kiem, 02/03/2026 Trung cấp: Khóa an-toan" in page.text
    assert "2 trên 3" in page.text
    assert visitor.visit(f"/people/{cast.em.id}/competencies").status == 403


def test_a_pathway_goes_on_with_the_year_in_which_a_course_is_left(
    cast: Cast, courses: dict[str, Published], visitor: Visitor
) -> None:
    visitor.sign_in("an")
    assert "Thành viên tổ, năm thứ 1" in visitor.visit("/").text
    completes(cast.an, courses["tim-kiem"])
    home = visitor.visit("/")
    assert "Thành viên tổ, năm thứ 2" in home.text and "Tiếp theo: Khóa an-toan" in home.text
    page = home.click("Xem lộ trình")
    assert len(statements(visitor, "/my/pathway")) <= MOST
    assert "Khóa tiếp theo: Khóa an-toan" in page.text and "Đã hoàn thành" in page.text
    visitor.sign_in("dung")
    assert "Chưa có lộ trình nào" in visitor.visit("/my/pathway").text


def test_hr_names_what_accepted_evidence_proves(cast: Cast, binh: Visitor) -> None:
    claim = accepted(cast)
    page = binh.visit(f"/claims/{claim.id}").click("Năng lực mà minh chứng cho thấy")
    for _ in range(2):
        page = page.submit("Ghi năng lực này", competency="2.1", level=4)
    assert count(ClaimCompetency) == 1
    assert levels(cast.em.id)["2.1"] == 4
    assert "Học nơi khác: Lớp ở trường, 01/03/2026" in binh.visit(f"/people/{cast.em.id}/competencies").text
    assert "Chưa ghi năng lực nào" in page.submit("Bỏ năng lực 2.1").text
    assert levels(cast.em.id)["2.1"] == 0


def test_nobody_names_what_their_own_evidence_proves_nor_what_waits(cast: Cast, binh: Visitor) -> None:
    claim = accepted(cast)
    claim.person_id = cast.binh.id
    db.session.commit()
    page = binh.visit(f"/claims/{claim.id}/competencies")
    assert "của người khác" in page.text
    binh.post(f"/claims/{claim.id}/competencies", {"csrf_token": "x", "competency": "1.1", "level": "1"})
    assert count(ClaimCompetency) == 0
    actions.name(claim=claim, frame="khung", component="1.1", level=1, by_id=1)
    claim.credit_id = None
    db.session.commit()
    assert levels(cast.binh.id)["1.1"] == 0
