"""What is written is read back the same, whatever the words."""

import pytest
from hypothesis import given, settings

from lms.catalogue import writing
from lms.catalogue.content import Content
from lms.catalogue.package import read, read_files
from tests.architecture.source import ROOT
from tests.architecture.test_shipped_courses import COURSES
from tests.catalogue.contents import contents


@settings(max_examples=60, deadline=None)
@given(contents())
def test_a_course_that_was_written_is_read_back_the_same(course: Content) -> None:
    read_back = read_files(course.slug, {path: text.encode() for path, text in writing.files(course).items()})
    assert read_back.content == course


@pytest.mark.parametrize("course", COURSES)
def test_the_courses_that_we_ship_are_read_back_the_same(course: str) -> None:
    shipped = read(ROOT / "courses" / course)
    assert shipped.content is not None
    written = {path: text.encode() for path, text in writing.files(shipped.content).items()}
    again = read_files(course, written | shipped.media)
    assert again.content is not None
    assert (again.content.sha256, again.problems) == (shipped.content.sha256, shipped.problems)
