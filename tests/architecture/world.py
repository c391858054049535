"""One object of each kind in each place of the country, and one reader for each role: the stage of `test_reach`."""

from dataclasses import dataclass, field
from datetime import timedelta

from lms import clock, files
from lms.access import Role
from lms.accounts.models import Account, RoleGrant, SignInSession
from lms.accounts.queries import accounts_of
from lms.catalogue.models import Course, CourseVersion
from lms.certificates.models import Certificate, Issuer
from lms.db import OPEN_END, db
from lms.learning.models import Completion
from lms.network.models import ImportBatch, Person
from tests.people import LONG_AGO, Cast, account, person, post

PLACES = ("nation", "da_nang", "hai_chau", "team", "thanh_khe", "hue")
BELOW = {
    "da_nang": {"da_nang", "hai_chau", "team", "thanh_khe"},
    "hai_chau": {"hai_chau", "team"},
}


@dataclass(frozen=True)
class Reader:
    """Somebody who tries every door: the role, where it holds (None: everywhere), where they serve."""

    role: Role | None
    over: str | None = None
    serves: str | None = None

    def reaches(self, place: str) -> bool:
        return self.over is None or place in BELOW[self.over]


READERS = {
    "anonymous": Reader(None),
    "an": Reader(Role.LEARNER, serves="team"),
    "chi": Reader(Role.TRAINER, "da_nang"),
    "binh": Reader(Role.UNIT_HR, "da_nang", serves="da_nang"),
    "em": Reader(Role.UNIT_HR, "hai_chau", serves="hai_chau"),
    "dieu": Reader(Role.COORDINATOR, "da_nang"),
    "kiem": Reader(Role.AUDITOR),
    "giang": Reader(Role.ADMINISTRATOR),
}


@dataclass
class World:
    """The ids of objects by URL parameter and place; for sessions the places are those of their owners."""

    cast: Cast
    ids: dict[str, dict[str, int]] = field(default_factory=dict)

    @classmethod
    def settle(cls, cast: Cast) -> "World":
        world = cls(cast)
        cast_of_roles(cast)
        units = {place: getattr(cast, place) for place in PLACES}
        people = {"team": cast.an, "hai_chau": cast.em, "da_nang": cast.binh, "hue": cast.dung}
        for place, name in (("nation", "Mai Trung Ương"), ("thanh_khe", "Tô Thanh Khê")):
            people[place] = person(name, f"p-{place.replace('_', '-')}")
            post(people[place], units[place], "focal-point")
            account(people[place])
        course = certified_course()
        accounts = {who.person_id: who for who in accounts_of([p.id for p in people.values()]).values()}
        world.ids = {
            "unit_id": units,
            "person_id": {place: who.id for place, who in people.items()},
            "certificate_id": {place: certificate(who, course, n) for n, (place, who) in enumerate(people.items(), 1)},
            "grant_id": {place: hr_grant(accounts[people["hue"].id], unit_id) for place, unit_id in units.items()},
            "batch_id": {place: batch(unit_id) for place, unit_id in units.items()},
            "session_id": {place: session(accounts[who.id]) for place, who in people.items()},
        }
        db.session.commit()
        return world


def cast_of_roles(cast: Cast) -> None:
    """The roles that the cast of six does not play."""
    hr = accounts_of([cast.em.id])[cast.em.id]
    db.session.add(
        RoleGrant(account_id=hr.id, role=Role.UNIT_HR, unit_id=cast.hai_chau, from_on=LONG_AGO, reason="test")
    )
    account(person("Phan Quang Điều", "dieu"), Role.COORDINATOR, cast.da_nang)
    account(person("Bùi Thị Kiểm", "kiem"), Role.AUDITOR)


def certified_course() -> CourseVersion:
    """A course without content, for certificates to name."""
    course = Course(slug="any", title="Any", topic="", sort_key="", fold="", current_number=1, is_retired=True)
    db.session.add_all(
        [course, Issuer(code="X", name="X", superior="", place="X", signatory_title="", signatory_name="")]
    )
    db.session.flush()
    version = CourseVersion(
        course_id=course.id, number=1, sha256="0", content={}, lesson_html={}, media={}, published_at=clock.now()
    )
    db.session.add(version)
    db.session.flush()
    return version


def certificate(who: Person, version: CourseVersion, number: int) -> int:
    """A certificate with just enough in it to be shown."""
    completion = Completion(
        person_id=who.id, course_id=version.course_id, version_id=version.id, completed_at=clock.now(),
        completed_on=clock.today(),
    )  # fmt: skip
    db.session.add(completion)
    db.session.flush()
    made = Certificate(
        completion_id=completion.id, person_id=who.id, course_id=version.course_id, issuer_id=1, year=2026, number=number,
        label=f"{number}/2026/X", code=f"CODE{number:06}", issued_on=clock.today(), sha256=files.put(b"%PDF-1.7"),
        printed={"paper": {"name": who.full_name, "course": "Any"}, "wording": {"issuer": "X"}},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.id


def hr_grant(holder: Account, unit_id: int) -> int:
    """A role that coordinators and administrators may take away, held by somebody of Huế over a unit."""
    grant = RoleGrant(
        account_id=holder.id, role=Role.UNIT_HR, unit_id=unit_id, from_on=LONG_AGO, to_on=OPEN_END, reason="test"
    )
    db.session.add(grant)
    db.session.flush()
    return grant.id


def batch(unit_id: int) -> int:
    """An import of somebody else about one unit."""
    report = {"bad_rows": {"people.csv": files.put(b"person_id\r\n")}}
    made = ImportBatch(
        scope=[unit_id], created_at=clock.now(), state="discarded", files={"people.csv": "0"}, report=report
    )
    db.session.add(made)
    db.session.flush()
    return made.id


def session(owner: Account) -> int:
    """Another browser of somebody."""
    made = SignInSession(
        account_id=owner.id, token_hash=f"session-{owner.id}", created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=1), device="",
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.id
