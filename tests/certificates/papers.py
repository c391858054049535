"""People who have completed a course, and their certificates."""

from lms import clock
from lms.catalogue import queries as catalogue
from lms.certificates import actions
from lms.certificates.models import Certificate
from lms.db import db
from lms.learning.models import Completion
from lms.network.models import Person
from tests.catalogue.packages import publish
from tests.people import Cast, person, post

ISSUER = {
    "code": "GCN-KHCN", "name": "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "superior": "UBND THÀNH PHỐ", "place": "Đà Nẵng",
    "signatory_title": "GIÁM ĐỐC", "signatory_name": "",
}  # fmt: skip


def open_school() -> None:
    """A course and an issuer."""
    publish()
    actions.set_issuer(**ISSUER)
    db.session.commit()


def completed(who: Person, slug: str = "khoa-thu") -> Completion:
    """Somebody has completed a course today."""
    version = catalogue.current(slug)
    made = Completion(
        person_id=who.id, course_id=version.course_id, version_id=version.version_id, completed_at=clock.now(),
        completed_on=clock.today(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def issued(who: Person, slug: str = "khoa-thu") -> Certificate:
    """The certificate of somebody who has completed a course; committed."""
    certificate = actions.issue(completion=completed(who, slug), published=catalogue.current(slug))
    db.session.commit()
    return certificate


def newcomer(cast: Cast, name: str, number: int) -> Person:
    """One more person of the team in Hải Châu."""
    who = person(name, f"CB-{7700 + number}", phone=f"09770000{number:02}")
    post(who, cast.team, "community-member")
    return who
