"""From a certificate to the badge of the same award."""

from lms.certificates.models import Certificate
from lms.trust.badges import Award


def award_of(certificate: Certificate) -> Award:
    """What a certificate says, as a badge says it."""
    words, paper = certificate.printed["wording"], certificate.printed["paper"]
    return Award(
        code=certificate.code,
        number=certificate.label,
        name=paper["name"],
        course_id=certificate.course_id,
        course=paper["course"],
        kind=words["title"],
        deed=words["deed"],
        issuer=words["issuer"],
        issued_on=certificate.issued_on,
    )
