"""Writes of certificates: what is issued once, and what is done later with a paper of the register."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from lms import audit, clock
from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.certificates import awards, queries, register, rules
from lms.certificates.models import Certificate, CertificateAct, Issuer
from lms.certificates.register import Entry
from lms.certificates.rules import Act, Kind, State
from lms.certificates.wording import Award
from lms.db import db
from lms.fonts import UnprintableText
from lms.learning.models import Completion
from lms.network import queries as network

STANDING = (State.VALID, State.EXPIRED)


class NoIssuer(Exception):
    """No issuer has been set up, so nothing can be issued yet."""


class NotAllowed(Exception):
    """What is asked for cannot be done with a paper as it is; `reason` is a message `certificates.refused.<reason>`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def issue(*, completion: Completion, published: Published) -> Certificate:
    """The certificate of a completion, issued once; it is printed when somebody asks for it (see `printing`).

    Who completes a course again gets a new paper that follows on the one before. Raises `NoIssuer`, and `UnprintableText`
    for a name no font can set: then nothing was written.
    """
    earlier = queries.of_course(completion.person_id, completion.course_id)
    if present := next((paper for paper in earlier if paper.completion_id == completion.id), None):
        return present
    issuer = queries.issuer_of_course(completion.course_id)
    if issuer is None:
        raise NoIssuer
    person = network.person(completion.person_id)
    entry = Entry(
        kind=Kind.COURSE,
        subject=f"completion:{completion.id}",
        person_id=person.id,
        name=person.full_name,
        unit=network.unit_line(person.id, clock.today()),
        award=awards.earned(completion, published),
        completion_id=completion.id,
        course_id=completion.course_id,
    )
    before = next((paper for paper in earlier if paper.state in STANDING), None)
    if before is None:
        return _issued(register.enter(entry, issuer))
    renewed = register.enter(replace(entry, relation=Act.RENEW), issuer, before)
    _follow(before, renewed, Act.RENEW, reason="", by_id=None)
    return _issued(renewed)


def issue_if_possible(*, completion: Completion, published: Published) -> Certificate | None:
    """Issue, unless no issuer is set up or the name cannot be printed: then the audit says why, and the course stays completed."""
    try:
        return issue(completion=completion, published=published)
    except (NoIssuer, UnprintableText) as reason:
        audit.record("certificates.not-issued", completion, reason=type(reason).__name__)
        return None


def issue_missing(completion_ids: Sequence[int]) -> int:
    """Issue for completions that have no paper yet; how many could be issued."""
    issued = 0
    for completion in queries.completions_without(completion_ids):
        with suppress(UnprintableText, NoIssuer):
            issue(completion=completion, published=catalogue.version(completion.version_id))
            issued += 1
    return issued


def issue_for(*, entry: Entry, issuer: Issuer, reason: str, by_id: int | None) -> Certificate:
    """The paper for a pathway, a year's goal or an event, issued once by somebody's act. Raises `UnprintableText`."""
    if present := queries.of_subject(entry.subject):
        return present
    issued = _issued(register.enter(entry, issuer))
    _note(issued, Act.ISSUE, reason=reason, by_id=by_id)
    return issued


def replace_paper(
    *, certificate: Certificate, reason: str, by_id: int, periods: float | None = None, hours: float | None = None
) -> Certificate:
    """A new paper instead of one with an error of the issuer's, with what the records say today; asked twice, made once.

    `periods` and `hours` correct what was printed. Raises `NotAllowed` and `UnprintableText`.
    """
    held = queries.held(certificate.id)
    if present := _done(held, Act.REPLACE):
        return present
    award = awards.told(held)
    corrected = replace(
        award,
        periods=award.periods if periods is None else periods,
        hours=award.hours if hours is None else hours,
    )
    made = _followed(held, Act.REPLACE, corrected)
    _follow(held, made, Act.REPLACE, reason=reason, by_id=by_id)
    audit.record("certificates.replace", made, label=made.label, replaced=held.label, reason=reason)
    return made


def renew(*, certificate: Certificate, reason: str, by_id: int) -> Certificate:
    """A new paper for one that expires; asked twice, made once. Raises `NotAllowed` and `UnprintableText`."""
    held = queries.held(certificate.id)
    if present := _done(held, Act.RENEW):
        return present
    made = _followed(held, Act.RENEW, awards.told(held))
    _follow(held, made, Act.RENEW, reason=reason, by_id=by_id)
    audit.record("certificates.renew", made, label=made.label, renewed=held.label, reason=reason)
    return made


def confirm(*, certificate: Certificate, key: str, reason: str, by_id: int) -> Certificate:
    """A paper of its own that says that another was issued, for one that was lost. `key` is the form's: sent twice, made once.

    Raises `NotAllowed` and `UnprintableText`.
    """
    held = queries.held(certificate.id)
    subject = f"confirmation:{held.id}:{key}"
    if present := queries.of_subject(subject):
        return present
    _require(held, Act.CONFIRM)
    entry = replace(
        _entry(held, Act.CONFIRM, awards.confirmed(held)), kind=Kind.CONFIRMATION, subject=subject, completion_id=None,
        name=held.printed["paper"]["name"], unit=held.printed["paper"]["unit"],
    )  # fmt: skip
    made = register.enter(entry, held.issuer, held)
    _note(held, Act.CONFIRM, reason=reason, by_id=by_id, other=made)
    audit.record("certificates.confirm", made, label=made.label, confirmed=held.label, reason=reason)
    return made


def revoke(*, certificate: Certificate, reason: str, by_id: int) -> None:
    """Revoke, with a reason, and with it what confirms it: the number stays in the register, the paper no longer counts.

    Raises `NotAllowed` for a paper that was replaced: its successor is the one to revoke.
    """
    held = queries.held(certificate.id)
    if held.revoked_at is not None:
        return
    _require(held, Act.REVOKE)
    now = clock.now()
    for paper in (held, *queries.confirmations(held.id)):
        if paper.revoked_at is None:
            paper.revoked_at, paper.revoked_reason, paper.revoked_by_id = now, reason, by_id
            _note(paper, Act.REVOKE, reason=reason, by_id=by_id)
    audit.record("certificates.revoke", held, reason=reason)


def reinstate(*, certificate: Certificate, reason: str, authority: str, by_id: int) -> None:
    """Take a wrong revocation back, with what it took along. The register keeps both acts. Raises `NotAllowed`."""
    held = queries.held(certificate.id)
    if held.revoked_at is None:
        return
    if held.kind == Kind.CONFIRMATION and held.predecessor and held.predecessor.revoked_at is not None:
        raise NotAllowed("original-revoked")
    if held.completion_id and db.session.get_one(Completion, held.completion_id).withdrawn_at:
        raise NotAllowed("completion-withdrawn")
    together = held.revoked_at, held.revoked_reason
    for paper in (held, *queries.confirmations(held.id)):
        if (paper.revoked_at, paper.revoked_reason) == together:
            paper.revoked_at = paper.revoked_reason = paper.revoked_by_id = None
            _note(paper, Act.REINSTATE, reason=reason, by_id=by_id, authority=authority)
    audit.record("certificates.reinstate", held, reason=reason, authority=authority)


def set_issuer(
    *, code: str, name: str, superior: str, place: str, signatory_title: str, signatory_name: str,
    issuer: Issuer | None = None, unit_id: int | None = None, pattern: str = rules.PATTERN,
) -> Issuer:  # fmt: skip
    """Set who issues, the first issuer where none is named, for papers from now on; issued papers keep words and numbers."""
    issuer = issuer or queries.issuer() or Issuer()
    new = {
        "code": code, "name": name, "superior": superior, "place": place, "signatory_title": signatory_title,
        "signatory_name": signatory_name, "unit_id": unit_id, "pattern": pattern,
    }  # fmt: skip
    old = {key: getattr(issuer, key) for key in new}
    for key, value in new.items():
        setattr(issuer, key, value)
    db.session.add(issuer)
    db.session.flush()
    changed = {key: value for key, value in new.items() if value != old[key]}
    audit.record("certificates.set-issuer", issuer, old=old, new=changed)
    return issuer


def _done(certificate: Certificate, act: Act) -> Certificate | None:
    """What an act has made of a paper already."""
    successor = certificate.successor
    return successor if successor and successor.relation == act else None


def _followed(certificate: Certificate, act: Act, award: Award) -> Certificate:
    _require(certificate, act)
    return register.enter(_entry(certificate, act, award), certificate.issuer, certificate)


def _follow(before: Certificate, after: Certificate, act: Act, *, reason: str, by_id: int | None) -> None:
    """One paper takes the place of another, and of what confirms it."""
    for paper in (before, *queries.confirmations(before.id)):
        if paper.revoked_at is None:
            paper.successor_id = after.id
    _note(before, act, reason=reason, by_id=by_id, other=after)


def _entry(before: Certificate, act: Act, award: Award) -> Entry:
    """What follows on a paper: with the name and the unit that the records give for its day."""
    return Entry(
        kind=Kind(before.kind),
        subject=f"{act}:{before.id}",
        person_id=before.person_id,
        name=network.person(before.person_id).full_name,
        unit=network.unit_line(before.person_id, before.issued_on),
        award=award,
        completion_id=before.completion_id,
        course_id=before.course_id,
        relation=act,
    )


def _require(certificate: Certificate, act: Act) -> None:
    if act not in certificate.allowed:
        raise NotAllowed(certificate.state)


def _issued(certificate: Certificate) -> Certificate:
    audit.record("certificates.issue", certificate, label=certificate.label, person=certificate.person_id)
    return certificate


def _note(
    certificate: Certificate, act: Act, *, reason: str, by_id: int | None, authority: str = "", other: Certificate | None = None
) -> None:  # fmt: skip
    line = CertificateAct(
        certificate_id=certificate.id, act=act, reason=reason, authority=authority, other_id=other.id if other else None,
        account_id=by_id, at=clock.now(),
    )  # fmt: skip
    db.session.add(line)
    db.session.flush()
