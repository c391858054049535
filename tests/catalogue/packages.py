"""A small course package that is right in every way, and ways to spoil it."""

from collections.abc import Collection, Mapping

from lms.catalogue import actions
from lms.catalogue.models import CourseVersion
from lms.catalogue.package import Package, read_files
from lms.db import db

COURSE = """\
title = "Khóa học thử"
summary = "Học xong làm được một việc."
topic = "skills"
category = "digital"
periods = 1.5
law_as_of = 2026-11-01

[[outcome]]
id = "o1"
text = "Làm được một việc."
"""
LESSON = """\
+++
title = "Bài một"
minutes = 5
outcomes = ["o1"]
summary = "Một dòng."
+++

## Tình huống
{words}
""".format(words="Một câu có năm từ. " * 70)
QUIZ = """\
[quiz]
pass = 0.5

[[topic]]
id = "t1"
title = "Chủ đề"

[[draw]]   # an attempt is the sum of its draws
count = 1

[[question]]
id = "q1"
type = "single"
topic = "t1"
outcome = "o1"
difficulty = "easy"
text = "Câu hỏi nào?"
options = [
  { text = "Câu này", right = true },
  { text = "Câu kia" },
]
"""
GOOD: Mapping[str, str] = {"course.toml": COURSE, "01-bai-mot.md": LESSON, "quiz.toml": QUIZ}


def package(
    slug: str = "khoa-thu", *, title: str = "Khóa học thử", without: Collection[str] = (), **more: str | bytes
) -> Package:
    """The good package under another title, with other files, and without some."""
    files: dict[str, str | bytes] = {**GOOD, "course.toml": COURSE.replace("Khóa học thử", title), **more}
    return read_files(slug, {name: _bytes(content) for name, content in files.items() if name not in without})


def publish(slug: str = "khoa-thu", *, title: str = "Khóa học thử", **more: str | bytes) -> CourseVersion:
    """The package, published and committed."""
    version = actions.publish(package=package(slug, title=title, **more), by_id=None)
    db.session.commit()
    return version


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
