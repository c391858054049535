"""The courses and policies that come with the product are sound."""

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.catalogue.models import Course
from lms.db import db
from lms.goals.policy import parse
from tests.architecture.source import ROOT

COURSES = sorted(path.parent.name for path in (ROOT / "courses").glob("*/course.toml"))
POLICIES = sorted((ROOT / "courses/goals").glob("*.toml"))


@pytest.mark.parametrize("course", COURSES)
def test_every_course_passes_its_own_strict_check(routes: Flask, course: str) -> None:
    result = routes.test_cli_runner().invoke(args=["courses", "check", "--strict", str(ROOT / "courses" / course)])
    assert (result.exit_code, result.output) == (0, "")


def test_every_course_is_published_once_however_often_one_asks(app: Flask) -> None:
    for _ in range(2):
        result = app.test_cli_runner().invoke(args=["courses", "publish"])
        assert result.exit_code == 0, result.output
    numbers = dict(db.session.execute(sa.select(Course.slug, Course.current_number)).all())
    assert numbers == dict.fromkeys(COURSES, 1)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_policy_can_be_read_and_has_the_name_of_its_file(path: object) -> None:
    policy = parse(path.read_text("utf-8"))  # type: ignore[attr-defined]
    assert policy.code == path.stem  # type: ignore[attr-defined]
    assert policy.rules
