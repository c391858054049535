"""Learners under way keep their version until the trainer moves them; who sits in an attempt follows later."""

import sqlalchemy as sa

from lms import clock
from lms.authoring import queries, tasks
from lms.catalogue import actions as catalogue
from lms.catalogue import queries as published
from lms.catalogue.models import Course
from lms.db import db
from lms.learning import actions as learning
from lms.learning.models import Completion, Enrolment, VersionMove
from lms.learning.queries import progress
from lms.quizzes.models import Attempt
from tests.catalogue.packages import LESSON, package
from tests.page import Visitor
from tests.people import Cast

TWO = {"02-bai-hai.md": LESSON.replace("Bài một", "Bài hai")}
SWAPPED = {"01-bai-hai.md": TWO["02-bai-hai.md"], "02-bai-mot.md": LESSON}


def settle(cast: Cast) -> Course:
    """An is half-way, Bình sits in an attempt, Em has completed version 1; version 2 has the lessons the other way round."""
    course = catalogue.publish(package=package(**TWO), by_id=None, unit_id=cast.da_nang).course
    version = published.current("khoa-thu")
    for person in (cast.an, cast.binh, cast.em):
        enrolment_id = learning.enrol(person_id=person.id, published=version)
        learning.finish_lesson(enrolment_id=enrolment_id, lesson="01-bai-mot")
    known = {"course_id": course.id, "version_id": version.version_id}
    sat = Attempt(person_id=cast.binh.id, number=1, seed="x", started_at=clock.now(), **known)
    done = Completion(person_id=cast.em.id, completed_at=clock.now(), completed_on=clock.today(), **known)
    db.session.add_all([sat, done])
    catalogue.publish(package=package(without=["01-bai-mot.md"], **SWAPPED), by_id=None)
    db.session.commit()
    return course


def versions(cast: Cast) -> list[int]:
    """Which versions An, Bình and Em take."""
    found = sa.select(Enrolment.version_id).order_by(Enrolment.person_id)
    return [published.version(version_id).number for version_id in db.session.scalars(found)]


def test_a_dry_run_shows_who_would_move_and_what_still_counts(cast: Cast, chi: Visitor) -> None:
    course = settle(cast)
    page = chi.visit("/teach/khoa-thu/learners")
    assert "vẫn tính" in page.text
    assert "bài không còn" not in page.text
    assert versions(cast) == [1, 1, 1]

    page = page.submit("Chuyển sang phiên bản 2")
    assert versions(cast) == [2, 1, 1]
    assert "còn người đang làm bài" in page.text
    an = progress(cast.an.id, course.id)
    assert an
    assert {"01-bai-mot", "02-bai-mot"} <= an.done


def test_who_sat_in_an_attempt_follows_and_who_is_done_stays(cast: Cast, chi: Visitor) -> None:
    settle(cast)
    page = chi.visit("/teach/khoa-thu/learners")
    for _ in range(2):
        page.submit("Chuyển sang phiên bản 2")
    db.session.execute(sa.update(Attempt).values(submitted_at=clock.now()))
    tasks.follow(lambda done, total: None)
    db.session.commit()
    assert versions(cast) == [2, 2, 1]
    db.session.expire_all()
    move = db.session.scalars(sa.select(VersionMove)).one()
    assert (move.moved, move.ended_at is not None) == (2, True)


def test_who_lost_their_completion_is_under_way_again_and_moves(cast: Cast, chi: Visitor) -> None:
    settle(cast)
    db.session.execute(sa.update(Completion).values(withdrawn_at=clock.now()))
    db.session.commit()
    assert queries.numbers(published.course("khoa-thu")).completed == 0
    chi.visit("/teach/khoa-thu/learners").submit("Chuyển sang phiên bản 2")
    assert versions(cast) == [2, 1, 2]


def test_nobody_goes_back_when_a_newer_version_comes_before_all_have_followed(cast: Cast, chi: Visitor) -> None:
    settle(cast)
    chi.visit("/teach/khoa-thu/learners").submit("Chuyển sang phiên bản 2")
    catalogue.publish(package=package(title="Tên ba", without=["01-bai-mot.md"], **SWAPPED), by_id=None)
    learning.enrol(person_id=cast.giang.id, published=published.current("khoa-thu"))
    db.session.execute(sa.update(Attempt).values(submitted_at=clock.now()))
    tasks.follow(lambda done, total: None)
    db.session.commit()
    assert versions(cast) == [2, 2, 1, 3]
