"""The story of a paper, from its entry in the register on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lms import clock
from lms.certificates.models import Certificate, CertificateAct
from lms.trust.pades import Seal

ENTERED, SIGNED, CAME_OF = "entered", "signed", "came-of"


@dataclass(frozen=True)
class Line:
    """What happened, as `certificate.story.<what>`, and to which other paper; `by` is empty where nobody in person did it."""

    at: datetime
    what: str
    by: str = ""
    reason: str = ""
    authority: str = ""
    other: Certificate | None = None


def lines(certificate: Certificate, acts: Iterable[CertificateAct]) -> list[Line]:
    """The story in the order of time; of what happened on one day the entry comes first."""
    later = sorted((*_signed(certificate), *(_line(certificate, act) for act in acts)), key=lambda line: line.at)
    return [Line(clock.at(certificate.issued_on), ENTERED), *later]


def _signed(certificate: Certificate) -> Iterator[Line]:
    if certificate.signature:
        seal = Seal.from_data(certificate.signature)
        yield Line(seal.at, SIGNED, seal.by)


def _line(certificate: Certificate, act: CertificateAct) -> Line:
    came_of = act.other_id == certificate.id
    return Line(
        at=act.at,
        what=f"{CAME_OF}-{act.act}" if came_of else act.act,
        by=act.account.person.full_name if act.account else "",
        reason=act.reason,
        authority=act.authority,
        other=certificate.predecessor if came_of else act.other,
    )
