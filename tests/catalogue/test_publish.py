"""What is published never changes: the same again is what is there, anything else is the next version."""

import dataclasses

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.audit import AuditEntry
from lms.catalogue import actions, queries
from lms.catalogue.models import Course, CourseVersion
from lms.db import db
from tests.catalogue.packages import LESSON, package, publish
from tests.page import Visitor
from tests.people import Cast

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
WITH_PICTURE = {"01-bai-mot.md": f"{LESSON}\n![Sơ đồ](media/so-do.svg)\n", "media/so-do.svg": SVG}


def versions() -> list[tuple[int, str]]:
    found = sa.select(CourseVersion.number, CourseVersion.sha256).order_by(CourseVersion.number)
    return [(row.number, row.sha256) for row in db.session.execute(found)]


def test_the_same_content_is_published_once(app: Flask) -> None:
    first, again = publish(), publish()
    assert (first.id, first.number) == (again.id, 1)
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == "catalogue.publish")) == 1


def test_another_text_or_picture_is_another_version(app: Flask) -> None:
    assert [publish().number, publish(title="Tên mới").number, publish().number] == [1, 2, 3]
    assert publish(**WITH_PICTURE).number == 4
    assert publish(**WITH_PICTURE | {"media/so-do.svg": SVG + b" "}).number == 5
    assert len({sha for _, sha in versions()[:2]}) == 2
    assert queries.current("khoa-thu").number == 5
    assert queries.numbered("khoa-thu", 2).content.title == "Tên mới", "a version stays as it was"


def test_a_package_with_errors_is_not_published(app: Flask) -> None:
    with pytest.raises(actions.NotPublishable):
        actions.publish(package=package(without=["01-bai-mot.md"]), by_id=None)
    broken = dataclasses.replace(package(), content=None)
    with pytest.raises(actions.NotPublishable):
        actions.publish(package=broken, by_id=None)
    assert not versions()


def test_who_is_under_way_keeps_the_version_that_they_began(cast: Cast, visitor: Visitor) -> None:
    publish()
    visitor.sign_in("an")
    visitor.visit("/courses/khoa-thu").submit("Bắt đầu học")
    publish(title="Tên mới")
    assert visitor.visit("/courses/khoa-thu").title.startswith("Khóa học thử")
    em = Visitor(visitor.app)
    em.sign_in("em")
    assert em.visit("/courses/khoa-thu").title.startswith("Tên mới")


def test_a_retired_course_takes_nobody_new_and_lets_the_others_finish(cast: Cast, visitor: Visitor) -> None:
    publish()
    em = Visitor(visitor.app)
    em.sign_in("em")
    em.visit("/courses/khoa-thu").submit("Bắt đầu học")
    actions.retire(course=db.session.scalars(sa.select(Course)).one(), reason="luật đã thay")
    db.session.commit()
    visitor.sign_in("an")
    assert "Khóa học thử" not in visitor.visit("/courses").text
    assert "Khóa học thử" not in visitor.visit("/").text
    assert visitor.fetch("/courses/khoa-thu").status_code == 404
    assert em.visit("/courses/khoa-thu").submit("Học tiếp").status == 200


def test_a_picture_runs_nothing_even_when_it_is_opened_by_itself(cast: Cast, visitor: Visitor) -> None:
    publish(**WITH_PICTURE)
    address = "/media/khoa-thu/1/so-do.svg"
    assert visitor.fetch(address).status_code == 302, "for members only"
    visitor.sign_in("an")
    assert f'src="{address}"' in visitor.visit("/courses/khoa-thu/lessons/01-bai-mot").html
    answer = visitor.fetch(address)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/svg+xml", SVG)
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.cache_control.private and not answer.cache_control.public, "no proxy hands it to strangers"
    for elsewhere in ("/media/khoa-thu/2/so-do.svg", "/media/khoa-thu/1/../so-do.svg", "/media/khac/1/so-do.svg"):
        assert visitor.fetch(elsewhere).status_code == 404
