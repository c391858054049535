"""The rows of reports."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from lms.audit import AuditEntry
from lms.certificates import queries as certificates
from lms.certificates.queries import Filter
from lms.db import db
from lms.goals import queries as goals
from lms.goals import trace
from lms.goals.rules import HUNDREDTHS
from lms.language import gettext

PEOPLE_COLUMNS = (
    "code", "full-name", "unit", "employment", "effective-days", "due", "earned", "status", "minima", "missing", "trace",
)  # fmt: skip
REGISTER_COLUMNS = (
    "label",
    "issued-on",
    "code",
    "full-name",
    "unit",
    "course",
    "check-code",
    "state",
    "reason",
    "sha256",
)
PAGE = 100


def people(unit_id: int, policy_code: str, year: int) -> Iterator[Sequence[Any]]:
    """One row a person counted in a unit or below: what is due, earned, the status and why."""
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
            "; ".join(module for module, _ in row.detail["missing"]),
            "; ".join(trace.reasons(row, {})),
        )


def register(wanted: Filter) -> Iterator[Sequence[Any]]:
    """One row a certificate, in the register's order."""
    for certificate, person_code, _ in certificates.register(wanted):
        paper = certificate.printed["paper"]
        yield (
            certificate.label,
            certificate.issued_on,
            person_code,
            paper["name"],
            paper["unit"],
            paper["course"],
            certificate.code,
            gettext("certificate.revoked" if certificate.revoked_at else "certificate.valid"),
            certificate.revoked_reason or "",
            certificate.sha256,
        )


def year_of(unit_id: int, year: int) -> Filter:
    """The certificates of a unit's people in a calendar year."""
    return Filter(unit_id, date(year, 1, 1), date(year + 1, 1, 1))


def audit(subject: str, before: int | None) -> Sequence[AuditEntry]:
    """The audit's lines, newest first, of one subject or of all."""
    lines = sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
    if subject:
        lines = lines.where(AuditEntry.subject == subject)
    if before:
        lines = lines.where(AuditEntry.id < before)
    return db.session.scalars(lines).all()
