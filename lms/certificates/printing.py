"""Papers as files: each is printed once, by whoever asks for it first or by the job, and its bytes never change."""

from collections.abc import Sequence

import sqlalchemy as sa

from lms import files
from lms.certificates import wording
from lms.certificates.models import Certificate
from lms.db import db, writing

CHUNK = 200


def file_of(certificate: Certificate) -> str:
    """The name of a paper's file, in a request that only reads; it is printed now when nobody has asked before."""
    if certificate.sha256:
        return certificate.sha256
    with writing() as connection:
        connection.execute(_kept(certificate.id, _print(certificate)))
        return str(connection.scalar(sa.select(Certificate.sha256).where(Certificate.id == certificate.id)))


def print_missing(*conditions: sa.ColumnElement[bool]) -> int:
    """Print a chunk of the papers that nobody has asked for; how many. The caller commits, and asks again until it is 0."""
    waiting = sa.select(Certificate).where(Certificate.sha256.is_(None), *conditions).order_by(Certificate.id)
    papers: Sequence[Certificate] = db.session.scalars(waiting.limit(CHUNK).with_for_update()).all()
    for certificate in papers:
        certificate.sha256 = _print(certificate)
    db.session.flush()
    return len(papers)


def _print(certificate: Certificate) -> str:
    words, paper = wording.from_data(certificate.printed)
    return files.put(wording.press(words).print(paper))


def _kept(certificate_id: int, sha256: str) -> sa.Update:
    """Of two who print at once, the first stays."""
    mine = sa.update(Certificate).where(Certificate.id == certificate_id, Certificate.sha256.is_(None))
    return mine.values(sha256=sha256)
