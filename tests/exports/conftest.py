"""The people and certificates of the reports' tests, and one way to have an export made."""

from collections.abc import Callable
from typing import Any

import pytest

from lms import jobs
from lms.db import db
from lms.exports import queries
from lms.exports.models import Export
from tests.page import Page, Visitor
from tests.reports.conftest import binh, staff

__all__ = ["binh", "staff"]

Made = Callable[..., bytes]


def ask(visitor: Visitor, unit_id: int, button: str, **filters: Any) -> Page:
    """Press a button of the page on which certificates are chosen; the page that says how far it is."""
    return visitor.visit(f"/units/{unit_id}/exports", query=filters).submit(button)


def latest() -> Export:
    """The export that was asked for last."""
    db.session.rollback()
    return db.session.query(Export).order_by(Export.id.desc()).first()  # type: ignore[return-value]


def work() -> None:
    """The worker's turn."""
    jobs.run_pending()
    db.session.rollback()
    job = queries.asked(latest().id).job
    assert job and job.state == "done", job and job.error


@pytest.fixture
def made(binh: Visitor) -> Made:
    """`made(unit_id, button, **filters)`: the file that Bình asks for, waits for and takes out."""

    def make(unit_id: int, button: str, **filters: Any) -> bytes:
        page = ask(binh, unit_id, button, **filters)
        work()
        return binh.download(binh.visit(page.url), "Tải tệp").data

    return make
