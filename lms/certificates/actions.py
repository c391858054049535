"""Writes of certificates: issuing once, revoking with a reason."""

import secrets
from contextlib import suppress
from dataclasses import replace

from lms import audit, clock
from lms.accounts.passwords import CODE_LETTERS
from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.certificates import queries, wording
from lms.certificates.models import Certificate, Issuer, RegisterCounter
from lms.certificates.pdf import check
from lms.db import db, insert
from lms.fonts import UnprintableText
from lms.learning.models import Completion
from lms.network import queries as network
from lms.quizzes.models import Attempt
from lms.trust import symbol

CODE_LENGTH = 10


class NoIssuer(Exception):
    """No issuer has been set up, so nothing can be issued yet."""


def issue(*, completion: Completion, published: Published) -> Certificate:
    """The certificate of a completion, issued once; it is printed when somebody asks for it (see `printing`).

    Raises `NoIssuer`, and `UnprintableText` for a name no font can set: then nothing was written.
    """
    present = queries.of_completion(completion.id)
    if present:
        return present
    issuer = queries.issuer()
    if issuer is None:
        raise NoIssuer
    day = clock.today()
    person = network.person(completion.person_id)
    words = wording.wording_of(issuer)
    code = _new_code()
    paper = wording.paper_of(
        name=person.full_name,
        unit=network.unit_line(person.id, day),
        content=published.content,
        share=_share(completion),
        completed_on=completion.completed_on,
        code=code,
        url="",
        issued_on=day,
    )
    check(words, paper)
    # The register is locked from here on, until the transaction ends.
    number = _next_number(issuer, day.year)
    label = f"{number}/{day.year}/{issuer.code}"
    link = symbol.text(
        code=code, number=label, name=paper.name, course=paper.course, issued_on=day, issuer=issuer.name
    )  # fmt: skip
    certificate = Certificate(
        completion_id=completion.id,
        person_id=person.id,
        course_id=completion.course_id,
        issuer_id=issuer.id,
        year=day.year,
        number=number,
        label=label,
        code=code,
        issued_on=day,
        printed=wording.as_data(words, replace(paper, number=label, verify_url=link)),
    )
    db.session.add(certificate)
    db.session.flush()
    audit.record("certificates.issue", certificate, label=label, person=person.id)
    return certificate


def issue_if_possible(*, completion: Completion, published: Published) -> Certificate | None:
    """Issue, unless no issuer is set up or the name cannot be printed: then the audit says why, and the course stays completed."""
    try:
        return issue(completion=completion, published=published)
    except (NoIssuer, UnprintableText) as reason:
        audit.record("certificates.not-issued", completion, reason=type(reason).__name__)
        return None


def issue_missing() -> int:
    """Issue for every completion that has no paper yet; how many could be issued."""
    issued = 0
    for completion in queries.completions_without() if queries.issuer() else ():
        with suppress(UnprintableText):
            issue(completion=completion, published=catalogue.version(completion.version_id))
            issued += 1
    return issued


def revoke(*, certificate: Certificate, reason: str, by_id: int) -> None:
    """Revoke, with a reason: the number stays in the register, the paper no longer counts."""
    if certificate.revoked_at is None:
        certificate.revoked_at, certificate.revoked_reason, certificate.revoked_by_id = clock.now(), reason, by_id
        audit.record("certificates.revoke", certificate, reason=reason)


def set_issuer(*, code: str, name: str, superior: str, place: str, signatory_title: str, signatory_name: str) -> Issuer:
    """Set who issues, for papers from now on; papers already issued keep their words."""
    issuer = queries.issuer() or Issuer()
    old = {
        key: getattr(issuer, key) for key in ("code", "name", "superior", "place", "signatory_title", "signatory_name")
    }
    issuer.code, issuer.name, issuer.superior, issuer.place = code, name, superior, place
    issuer.signatory_title, issuer.signatory_name = signatory_title, signatory_name
    db.session.add(issuer)
    db.session.flush()
    audit.record("certificates.set-issuer", issuer, old=old, new={"name": name, "signatory": signatory_name})
    return issuer


def _next_number(issuer: Issuer, year: int) -> int:
    """The next number of the register. The counter's row stays locked until the transaction ends, so no number is lost."""
    counter = insert(RegisterCounter).values(issuer_id=issuer.id, year=year, last_number=1)
    counted = counter.on_conflict_do_update(
        index_elements=[RegisterCounter.issuer_id, RegisterCounter.year],
        set_={"last_number": RegisterCounter.last_number + 1},
    ).returning(RegisterCounter.last_number)
    return int(db.session.execute(counted).scalar_one())


def _new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def _share(completion: Completion) -> float | None:
    attempt = db.session.get(Attempt, completion.attempt_id) if completion.attempt_id else None
    return attempt.points / attempt.points_of if attempt and attempt.points_of and attempt.points is not None else None
