"""Evidence, and the short ways by which people hand it in and others decide."""

from datetime import date
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import Flask

from lms.db import db
from lms.goals import actions as goals
from lms.goals.models import Credit, Standing
from lms.goals.rules import HUNDREDTHS
from tests.architecture.source import ROOT
from tests.page import Page, Visitor, held_by

PDF, PNG, JPEG = b"%PDF-1.7 a certificate", b"\x89PNG\r\n\x1a\n a photo", b"\xff\xd8\xff\xe0 a photo"
DAY = date(2026, 5, 20)
YEAR = DAY.year


def publish_goal() -> None:
    """The policy of the network is in force."""
    goals.publish(source=(ROOT / "courses/goals/dx.toml").read_text("utf-8"), by_id=None)
    goals.refresh(person_ids=None)
    db.session.commit()


def files(*contents: bytes) -> list[tuple[BytesIO, str]]:
    """Files as a browser sends them, all with the name of a PDF."""
    return [(BytesIO(content), f"{number}.pdf") for number, content in enumerate(contents, 1)]


def claimed(visitor: Visitor, *contents: bytes, **values: Any) -> Page:
    """A learner fills in the form for an outside class of eight periods."""
    asked = {
        "kind": "external", "title": "Lớp chuyển đổi số", "provider": "Học viện", "completed_on": "20/05/2026",
        "periods": "8", "category": "digital", "papers": files(*contents or (PDF,)),
    }  # fmt: skip
    return visitor.visit("/my/claims/new").submit("Gửi minh chứng", **(asked | values))


def signed_in(app: Flask, code: str) -> Visitor:
    visitor = Visitor(app)
    visitor.sign_in(code)
    return visitor


def token(visitor: Visitor) -> str:
    """What a form would send along, for forms that a page does not show."""
    return str(held_by(visitor.visit("/my/claims/new").forms()[0])["csrf_token"])


def standing(person_id: int) -> Standing:
    """Where a person stands in the year of the evidence, as stored now."""
    db.session.rollback()
    mine = sa.select(Standing).where(Standing.person_id == person_id, Standing.policy == "dx", Standing.year == YEAR)
    return db.session.scalars(mine).one()


def earned(person_id: int) -> float:
    """The periods that count to a person's goal."""
    return standing(person_id).earned / HUNDREDTHS


def entries(person_id: int) -> list[tuple[float, bool]]:
    """The ledger of a person in its order: periods, and whether the entry takes another one back."""
    db.session.rollback()
    mine = sa.select(Credit).where(Credit.person_id == person_id).order_by(Credit.id)
    return [(credit.periods / HUNDREDTHS, credit.reverses_id is not None) for credit in db.session.scalars(mine)]
