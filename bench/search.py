"""The search over all shipped courses, beside a bare LIKE over the same texts: milliseconds at the 95th percentile."""

import statistics
import time
from collections.abc import Callable

import sqlalchemy as sa

from bench.databases import KINDS, Database, unjudged
from bench.report import Row, row, show
from lms.catalogue import actions, queries, search
from lms.catalogue.models import SearchPage
from lms.catalogue.package import read
from lms.config import ROOT
from lms.db import db
from lms.text import fold

QUERIES = (
    "CĐS", "an toàn thông tin", "mat khau", "OTP", "AI", "42/2022/NĐ-CP", "nộp hồ sơ", "lừa đảo qua điện thoại", "sự cố",
    "chữ ký số", "thanh toan", "tổ công nghệ số cộng đồng", "VNeID", "nấu ăn",
)  # fmt: skip
ROUNDS = 20
AIM = "≤ 20"


def run() -> list[Row]:
    """Rows for SQLite, then for PostgreSQL."""
    return [found for kind in KINDS for found in measure(unjudged(kind, 100))]


def measure(database: Database) -> list[Row]:
    """Both searches of one database; the first answer of a process, which reads the index, is left out."""
    with database.app().app_context():
        for path in sorted((ROOT / "courses").glob("*/course.toml")):
            actions.publish(package=read(path.parent), by_id=None)
        db.session.commit()
        courses = queries.offered()
        search.search(QUERIES[0], courses)
        bare = _times(_like)
        found = _times(lambda typed: search.search(typed, queries.offered()))
        db.session.rollback()
        db.engine.dispose()
    return [
        row(f"{database.kind}: bare LIKE, 95th percentile", bare, "ms"),
        row(f"{database.kind}: search, 95th percentile", found, "ms", bare, AIM),
    ]


def _like(typed: str) -> object:
    texts = sa.select(SearchPage.id, SearchPage.title).where(SearchPage.fold.contains(fold(typed), autoescape=True))
    return db.session.execute(texts.limit(search.PAGE)).all()


def _times(answer: Callable[[str], object]) -> float:
    taken = []
    for typed in QUERIES * ROUNDS:
        start = time.perf_counter()
        answer(typed)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    show(run())
