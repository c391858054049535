"""What a paper is for: as it is earned, as a paper tells it, and as the badge of the same award."""

from dataclasses import replace

from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.certificates.models import Certificate
from lms.certificates.wording import Award
from lms.db import db
from lms.language import format_date, gettext
from lms.learning.models import Completion
from lms.quizzes.models import Attempt
from lms.trust import badges


def earned(completion: Completion, published: Published) -> Award:
    """What a completion is worth on paper."""
    content = published.content
    return Award(
        title=content.title,
        english=content.en_title,
        periods=content.periods,
        share=_share(completion),
        completed_on=completion.completed_on,
    )


def told(certificate: Certificate) -> Award:
    """What a paper was issued for; papers of before this was kept are those of completions."""
    if kept := certificate.printed.get("award"):
        return Award.from_data(kept)
    completion = db.session.get_one(Completion, certificate.completion_id)
    return earned(completion, catalogue.version(completion.version_id))


def confirmed(certificate: Certificate) -> Award:
    """What a confirmation of a paper tells: the same, and which paper it was."""
    day = format_date(certificate.issued_on)
    return replace(told(certificate), original=gettext("certificate.original", label=certificate.label, day=day))


def award_of(certificate: Certificate) -> badges.Award:
    """What a certificate says, as a badge says it."""
    words, paper = certificate.printed["wording"], certificate.printed["paper"]
    return badges.Award(
        code=certificate.code,
        number=certificate.label,
        name=paper["name"],
        about=f"courses/{certificate.course_id}" if certificate.course_id else f"{certificate.kind}/{paper['course']}",
        course=paper["course"],
        kind=words["title"],
        deed=words["deed"],
        issuer=words["issuer"],
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
    )


def _share(completion: Completion) -> float | None:
    attempt = db.session.get(Attempt, completion.attempt_id) if completion.attempt_id else None
    return attempt.points / attempt.points_of if attempt and attempt.points_of and attempt.points is not None else None
