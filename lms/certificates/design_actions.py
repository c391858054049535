"""Writes of designs: saving a draft, publishing it, letting it go, taking an earlier version again."""

import sqlalchemy as sa

from lms import audit, clock
from lms.certificates import designs
from lms.certificates.design import Design
from lms.certificates.designs import CertificateDesign
from lms.certificates.models import Issuer
from lms.db import db


class SavedMeanwhile(Exception):
    """Somebody else has saved, published or dropped the draft since the page was opened."""


def save(*, issuer: Issuer, design: Design, seen: int, by_id: int | None) -> CertificateDesign:
    """Save a draft. `seen` is the draft's count of saves when the page was opened, 0 for none. Raises `SavedMeanwhile`."""
    _lock(issuer)
    draft, data = designs.draft(issuer, design.kind), design.as_data()
    if draft and draft.design == design:
        return draft
    if seen != (draft.saves if draft else 0):
        raise SavedMeanwhile
    draft = draft or CertificateDesign(
        issuer_id=issuer.id, kind=design.kind, number=_next_number(issuer, design.kind), saves=0
    )
    draft.data, draft.saves, draft.saved_at, draft.saved_by_id = data, draft.saves + 1, clock.now(), by_id
    db.session.add(draft)
    db.session.flush()
    audit.record("certificates.save-design", draft, kind=draft.kind, number=draft.number)
    return draft


def publish(*, draft: CertificateDesign, by_id: int | None) -> None:
    """Put a draft in force, for papers from now on; issued papers keep every byte."""
    if draft.is_draft:
        draft.published_at, draft.published_by_id = clock.now(), by_id
        db.session.flush()
        audit.record("certificates.publish-design", draft, kind=draft.kind, number=draft.number)


def drop(*, issuer: Issuer, kind: str) -> None:
    """Let a draft go; what is in force stays so."""
    if draft := designs.draft(issuer, kind):
        audit.record("certificates.drop-design", draft, kind=kind, number=draft.number)
        db.session.delete(draft)
        db.session.flush()


def take_again(*, issuer: Issuer, earlier: CertificateDesign, by_id: int | None) -> CertificateDesign:
    """Put an earlier version in force again, as a new one. A draft stays as it is, and comes after it."""
    _lock(issuer)
    present = designs.in_force(issuer, earlier.kind)
    if present and present.design == earlier.design:
        return present
    number, draft = _next_number(issuer, earlier.kind), designs.draft(issuer, earlier.kind)
    if draft:
        number, draft.number = draft.number, number
        db.session.flush()
    again = CertificateDesign(
        issuer_id=issuer.id, kind=earlier.kind, number=number, data=earlier.data, saves=1, saved_at=clock.now(),
        saved_by_id=by_id, published_at=clock.now(), published_by_id=by_id,
    )  # fmt: skip
    db.session.add(again)
    db.session.flush()
    audit.record("certificates.take-design", again, kind=again.kind, number=number, earlier=earlier.number)
    return again


def _lock(issuer: Issuer) -> None:
    """Of two writers of an issuer's designs, one waits."""
    db.session.execute(sa.select(Issuer.id).where(Issuer.id == issuer.id).with_for_update())


def _next_number(issuer: Issuer, kind: str) -> int:
    last = sa.select(sa.func.max(CertificateDesign.number)).where(
        CertificateDesign.issuer_id == issuer.id, CertificateDesign.kind == kind
    )
    return (db.session.scalar(last) or 0) + 1
