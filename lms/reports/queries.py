"""The rows of reports."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from lms.audit import AuditEntry
from lms.catalogue import queries as catalogue
from lms.db import db
from lms.goals import queries as goals
from lms.goals import trace
from lms.goals.rules import HUNDREDTHS
from lms.language import gettext

PEOPLE_COLUMNS = (
    "code", "full-name", "unit", "employment", "effective-days", "due", "earned", "status", "minima", "missing", "trace",
)  # fmt: skip
PAGE = 100


def people(unit_id: int, policy_code: str, year: int) -> Iterator[Sequence[Any]]:
    """One row a person counted in a unit or below: what is due, earned, the status and why."""
    titles = catalogue.all_titles()
    for row in goals.people_of(unit_id, policy_code, year):
        yield (
            row.code,
            row.full_name,
            row.unit,
            gettext(f"employment.{row.employment}"),
            row.effective_days,
            row.due,
            row.earned / HUNDREDTHS,
            gettext(f"status.{row.status}"),
            "; ".join(f"{gettext(f'category.{c}')} {trace.periods(e)}/{m}" for c, e, m in row.detail["minima"]),
            "; ".join(titles.get(module, module) for module, _ in row.detail["missing"]),
            "; ".join(trace.reasons(row, titles)),
        )


def audit(subject: str, before: int | None) -> Sequence[AuditEntry]:
    """The audit's lines, newest first, of one subject or of all."""
    lines = sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
    if subject:
        lines = lines.where(AuditEntry.subject == subject)
    if before:
        lines = lines.where(AuditEntry.id < before)
    return db.session.scalars(lines).all()
