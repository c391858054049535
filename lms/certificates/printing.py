"""Papers as files: each is printed and signed once, by whoever asks for it first or by the job; its bytes never change."""

from typing import Any

import sqlalchemy as sa
from flask import current_app

from lms import audit, clock, files
from lms.audit import AuditEntry
from lms.certificates import wording
from lms.certificates.models import Certificate
from lms.db import AnyRow, db, reading, writing
from lms.fonts import UnprintableText
from lms.trust import pades
from lms.trust.pades import Seal

CHUNK = 200

Printed = tuple[int, bytes, Seal]


def file_of(certificate: Certificate) -> str:
    """The name of a paper's file, in a request that only reads; it is printed now when nobody has asked before.

    Raises `trust.identity.CannotSign`.
    """
    if certificate.sha256:
        return certificate.sha256
    number, printed = certificate.id, certificate.printed
    # Neither the press nor a time stamp server keeps the writers of the database waiting.
    db.session.rollback()
    return _keep([(number, *_sealed(printed))])[0]


def print_missing(*conditions: sa.ColumnElement[bool]) -> int:
    """Print a chunk of the papers that nobody has asked for; how many. The caller asks again until it is 0.

    Writes in transactions of its own. Raises `trust.identity.CannotSign`: then all papers printed so far are kept. What
    cannot be set is left, and nobody waits behind it.
    """
    waiting = sa.select(Certificate.id, Certificate.printed).where(Certificate.sha256.is_(None), *conditions)
    with reading():
        papers: list[AnyRow] = list(db.session.execute(waiting.order_by(Certificate.id).limit(CHUNK)).all())
    done: list[Printed] = []
    try:
        for paper in papers:
            try:
                done.append((paper.id, *_sealed(paper.printed)))
            except UnprintableText as text:
                current_app.logger.error("certificate %d cannot be set: %s", paper.id, text)
    finally:
        _keep(done)
    return len(done)


def tell_unsigned(reason: str) -> None:
    """Say in the audit why papers are not signed, once a day for each reason."""
    today = AuditEntry.at >= clock.at(clock.today())
    told = sa.select(AuditEntry.detail).where(AuditEntry.action == "certificates.not-signed", today)
    if {"reason": reason} not in db.session.scalars(told).all():
        audit.record("certificates.not-signed", "certificate", reason=reason)


def _sealed(printed: dict[str, Any]) -> tuple[bytes, Seal]:
    words, paper = wording.from_data(printed)
    return pades.sealed(wording.press(words).print(paper), words.issuer)


def _keep(papers: list[Printed]) -> list[str]:
    """The names of the files of some papers: of two who print at once, the first one's stays and the other's is forgotten."""
    kept = []
    with writing() as connection:
        for number, content, seal in papers:
            # Writes what is there: so a transaction that began as a reader's takes the lock with its first statement.
            held = sa.update(Certificate).where(Certificate.id == number).values(sha256=Certificate.sha256)
            name = connection.scalar(held.returning(Certificate.sha256))
            if name is None:
                name = files.put(content)
                values = {"sha256": name, "signature": seal.as_data()}
                connection.execute(sa.update(Certificate).where(Certificate.id == number).values(values))
            kept.append(str(name))
    return kept
