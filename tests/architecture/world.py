"""One object of each kind in each place of the country, and one reader for each role: the stage of `test_reach`."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from lms import clock, files
from lms.access import Permission, Role
from lms.accounts.models import Account, RoleGrant, SignInSession
from lms.accounts.queries import accounts_of
from lms.authoring import actions, first
from lms.authoring.models import ReviewComment
from lms.banks import actions as banks
from lms.catalogue.content import Draw, Question
from lms.catalogue.models import Course, CourseVersion
from lms.catalogue.queries import Published
from lms.certificates import design_actions, designs
from lms.certificates.models import Certificate, Issuer
from lms.competencies import actions as frames
from lms.db import OPEN_END, db
from lms.exports import actions as exports
from lms.federation.models import FederationKey, FederationSender, ReportedYear
from lms.goals.models import Exemption, PolicyVersion
from lms.learning.models import Completion
from lms.mail.models import Message
from lms.network.models import Absence, ImportBatch, Person, ReorganisationAct
from lms.plans.models import PlanItem, TrainingPlan
from lms.policies.models import DryRun, PolicyDraft
from lms.quizzes import actions as quizzes
from lms.quizzes import overrides
from lms.quizzes.models import Answer, CorrectedVersion, Correction
from lms.quizzes.papers import Paper
from lms.quizzes.rules import Allowance, draw
from lms.recognition.models import Activity, Claim, ClaimFile
from lms.regrading.models import LostPass
from lms.surveys import actions as surveys
from lms.surveys.rules import Purpose
from lms.yearbooks.models import BookLine, BookVersion, YearBook
from tests.competencies.conftest import FRAME
from tests.people import LONG_AGO, Cast, account, person, post
from tests.quizzes.bank import TRUE, quiz
from tests.quizzes.course import content, file, publish

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
    "quyen": Reader(Role.COORDINATOR),
    "kiem": Reader(Role.AUDITOR),
    "giang": Reader(Role.ADMINISTRATOR),
}


@dataclass
class World:
    """The ids of objects by URL parameter and place; for sessions the places are those of their owners."""

    cast: Cast
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    ids_with: dict[Permission, dict[str, dict[str, int]]] = field(default_factory=dict)

    def objects(self, permission: Permission) -> dict[str, dict[str, int]]:
        """The ids for the views of a permission, which may give a parameter a meaning of its own."""
        return self.ids | self.ids_with.get(permission, {})

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
        frames.load_frame(frame=FRAME, by_id=None)
        accounts = {who.person_id: who for who in accounts_of([p.id for p in people.values()]).values()}
        world.ids = {
            "unit_id": units,
            "person_id": {place: who.id for place, who in people.items()},
            "certificate_id": {place: certificate(who, course, n) for n, (place, who) in enumerate(people.items(), 1)},
            "grant_id": {place: hr_grant(accounts[people["hue"].id], unit_id) for place, unit_id in units.items()},
            "book_id": {place: book(unit_id) for place, unit_id in units.items()},
            "act_id": {place: act(unit_id) for place, unit_id in units.items()},
            "batch_id": {place: batch(unit_id) for place, unit_id in units.items()},
            "message_id": {place: message(who) for place, who in people.items()},
            "session_id": {place: session(accounts[who.id]) for place, who in people.items()},
            "claim_id": {place: claim(who) for place, who in people.items()},
            "exemption_id": {place: exemption(who) for place, who in people.items()},
            "absence_id": {place: absence(who) for place, who in people.items()},
            "version_id": dict.fromkeys(units, policy_version()),
            "draft_id": dict.fromkeys(units, draft()),
            "dry_run_id": dict.fromkeys(units, dry_run()),
            "activity_id": {place: activity(unit_id, accounts[people["hue"].id]) for place, unit_id in units.items()},
        }
        world.ids_with[Permission.TEACH] = {
            "draft_id": {place: course_draft(unit_id) for place, unit_id in units.items()}
        }
        world.ids["survey_id"] = {place: survey(unit_id, Purpose.COURSE) for place, unit_id in units.items()}
        needs = {place: survey(unit_id, Purpose.NEEDS) for place, unit_id in units.items()}
        world.ids_with[Permission.DRAFT_PLANS] = {"survey_id": needs}
        world.ids["comment_id"] = {
            place: comment(draft_id, accounts[people["hue"].id])
            for place, draft_id in world.ids_with[Permission.TEACH]["draft_id"].items()
        }
        world.ids_with[Permission.TEACH]["item_id"] = {place: bank_item(unit_id) for place, unit_id in units.items()}
        world.ids["pool_id"] = {place: pool(unit_id) for place, unit_id in units.items()}
        brought_by = accounts[people["hue"].id].id
        world.ids["arrival_id"] = {place: arrival(unit_id, brought_by) for place, unit_id in units.items()}
        marked = marked_course()
        world.ids["answer_id"] = {place: handed_in_file(who, marked) for place, who in people.items()}
        world.ids["override_id"] = {
            place: override(who, marked, accounts[people["hue"].id]) for place, who in people.items()
        }
        world.ids["correction_id"] = {place: correction(unit_id) for place, unit_id in units.items()}
        world.ids["lost_pass_id"] = {
            place: lost_pass(certificate_id, world.ids["correction_id"][place])
            for place, certificate_id in world.ids["certificate_id"].items()
        }
        plans = {place: plan(unit_id) for place, unit_id in units.items()}
        world.ids["plan_id"] = {place: one.id for place, one in plans.items()}
        world.ids["item_id"] = {place: one.items[0].id for place, one in plans.items()}
        world.ids["issuer_id"] = dict.fromkeys(units, 1)
        world.ids["export_id"] = {place: export(units[place], accounts[who.id]) for place, who in people.items()}
        world.ids["sender_id"] = {place: sender(unit_id) for place, unit_id in units.items()}
        world.ids["report_id"] = {place: report(units[place], one) for place, one in world.ids["sender_id"].items()}
        db.session.commit()
        return world


def export(unit_id: int, by: Account) -> int:
    """Something that somebody has asked for."""
    made = exports.ask(
        unit_id=unit_id, form="register.csv", wanted={}, total=1, name="any.csv", language="vi", account_id=by.id, actor="any"
    )  # fmt: skip
    return made.id


def cast_of_roles(cast: Cast) -> None:
    """The roles that the cast of six does not play."""
    hr = accounts_of([cast.em.id])[cast.em.id]
    db.session.add(
        RoleGrant(account_id=hr.id, role=Role.UNIT_HR, unit_id=cast.hai_chau, from_on=LONG_AGO, reason="test")
    )
    account(person("Phan Quang Điều", "dieu"), Role.COORDINATOR, cast.da_nang)
    account(person("Lương Thị Quyên", "quyen"), Role.COORDINATOR)
    account(person("Bùi Thị Kiểm", "kiem"), Role.AUDITOR)


def certified_course() -> CourseVersion:
    """A course for certificates to name, and who issues them by which design."""
    course = Course(slug="any", title="Any", topic="", sort_key="", fold="", current_number=1, is_retired=True)
    issuer = Issuer(code="X", name="X", superior="", place="X", signatory_title="", signatory_name="")
    db.session.add_all([course, issuer])
    db.session.flush()
    draft = design_actions.save(issuer=issuer, design=designs.current(issuer, "course"), seen=0, by_id=None)
    design_actions.publish(draft=draft, by_id=None)
    said = content(quiz(Draw(1), questions=(TRUE,)), "any")
    version = CourseVersion(
        course_id=course.id, number=1, sha256=said.sha256, content=said.as_data(), lesson_html={}, media={},
        published_at=clock.now(),
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    return version


def marked_course() -> Published:
    """A course whose quiz asks for a file."""
    return publish(quiz(Draw(1), questions=(file(),)), slug="files")


def handed_in_file(who: Person, published: Published) -> int:
    """A file that waits to be marked."""
    attempt = quizzes.start(person_id=who.id, published=published)
    (shown,) = draw(published.content.quiz, attempt.seed)
    paper = Paper(files.put(b"%PDF-1.7"), 8, "application/pdf", "any.pdf").line
    quizzes.save(attempt=attempt, shown=shown, values=[paper])
    quizzes.hand_in(attempt=attempt, published=published)
    return db.session.scalars(sa.select(Answer.id).where(Answer.attempt_id == attempt.id)).one()


def override(who: Person, published: Published, by: Account) -> int:
    """More time for somebody."""
    made = overrides.grant(
        person_id=who.id, course_id=published.course_id, granted=Allowance(minutes=5), ends_cool_down=False, reason="test",
        to_on=clock.today(), by_id=by.id,
    )  # fmt: skip
    return made.id


def certificate(who: Person, version: CourseVersion, number: int) -> int:
    """A certificate with just enough in it to be shown."""
    completion = Completion(
        person_id=who.id, course_id=version.course_id, version_id=version.id, completed_at=clock.now(),
        completed_on=clock.today(),
    )  # fmt: skip
    db.session.add(completion)
    db.session.flush()
    made = Certificate(
        subject=f"completion:{completion.id}",
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


def claim(who: Person) -> int:
    """Evidence that waits for a review."""
    made = Claim(
        person_id=who.id, kind="external", title="Any", provider="Any", category="digital", periods=100,
        completed_on=clock.today(), state="submitted", submitted_at=clock.now(),
    )  # fmt: skip
    made.files = [ClaimFile(number=1, type="application/pdf", size=8, sha256=files.put(b"%PDF-1.7"))]
    db.session.add(made)
    db.session.flush()
    return made.id


def exemption(who: Person) -> int:
    """An exemption that waits for a decision."""
    paper = {"type": "application/pdf", "size": 8, "sha256": files.put(b"%PDF-1.7")}
    made = Exemption(
        person_id=who.id, policy="dx", year=clock.today().year, scope="goal", target="", reason="Any", state="requested",
        from_on=clock.today(), evidence=paper, recorded_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.id


def absence(who: Person) -> int:
    """An absence without an end."""
    made = Absence(person_id=who.id, type="study", from_on=LONG_AGO, recorded_at=clock.now())
    db.session.add(made)
    db.session.flush()
    return made.id


def activity(unit_id: int, by: Account) -> int:
    """An event that a unit recorded."""
    made = Activity(
        key=f"unit-{unit_id}", unit_id=unit_id, kind="event", title="Any", category="digital", held_on=clock.today(),
        noted_at=clock.now(), noted_by_id=by.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.id


def plan(unit_id: int) -> TrainingPlan:
    """A draft of this year's plan, with one item."""
    year = clock.today().year
    made = TrainingPlan(unit_id=unit_id, year=year, revision=1, policy="dx", drafted_at=clock.now())
    item = PlanItem(
        key="any", position=1, title="Any", competency="digital", roles=[], delivery="own", owner="Any", seats=1, classes=1,
        from_on=date(year, 1, 1), to_on=date(year, 2, 1),
    )  # fmt: skip
    made.items = [item]
    db.session.add(made)
    db.session.flush()
    return made


def survey(unit_id: int, purpose: Purpose) -> int:
    """A survey of a unit that is over, and so stays whatever is tried."""
    made = surveys.begin(purpose=purpose, source='title = "Any"', terms={"unit_id": unit_id}, by_id=None)
    made.state = "closed"
    return made.id


def sender(unit_id: int) -> int:
    """Another installation that closes a unit's years."""
    made = FederationSender(unit_id=unit_id, takes_names=True, first_year=2020)
    db.session.add(made)
    db.session.flush()
    key = {"sender_id": made.id, "kid": "0", "public": "A" * 43, "added_at": clock.now()}
    db.session.add(FederationKey(**key, from_on=LONG_AGO, to_on=OPEN_END))
    db.session.flush()
    return made.id


def report(unit_id: int, sender_id: int) -> int:
    """A year that was reported and is replaced already."""
    made = ReportedYear(
        sender_id=sender_id, unit_id=unit_id, policy="dx", year=2020, version=1, state="replaced", unit_code="0",
        unit_name="Any", last_hash="0", digest="0", sha256="0", kid="0", with_names=True, people=1, met=1, not_met=0,
        exempt=0, not_applicable=0, manifest={}, received_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.id


def bank_item(unit_id: int) -> int:
    """A question of a unit's own in the shared bank."""
    asked = Question(id="", type="true-false", topic="", outcome="", difficulty="easy", text="?", answer=True)
    return banks.add(unit_id=unit_id, sharing="private", question=asked, by_id=None).id


def pool(unit_id: int) -> int:
    """A pool of a unit's own, with nothing in it."""
    return banks.save_pool(pool=None, unit_id=unit_id, name="Any", sharing="private", topic="", difficulty="").id


def arrival(unit_id: int, by_id: int) -> int:
    """Questions on their way into the bank, none as it happens."""
    made = banks.receive(
        unit_id=unit_id, sharing="private", name="Any", questions=[], remarks=[], known=[], by_id=by_id
    )
    return made.id


def batch(unit_id: int) -> int:
    """An import of somebody else about one unit."""
    report = {"bad_rows": {"people.csv": files.put(b"person_id\r\n")}}
    made = ImportBatch(
        scope=[unit_id], created_at=clock.now(), state="discarded", files={"people.csv": "0"}, report=report
    )
    db.session.add(made)
    db.session.flush()
    return made.id


def act(unit_id: int) -> int:
    """A reorganisation of somebody else about one unit, which is over."""
    made = ReorganisationAct(
        on=LONG_AGO,
        legal_basis="test",
        state="applied",
        lines=[],
        decisions={},
        scope=[unit_id],
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made.id


def message(who: Person) -> int:
    """A message to somebody that did not leave."""
    now = clock.now()
    made = Message(
        key=f"to-{who.id}", kind="test", to_address=f"{who.code}@example.vn", to_person_id=who.id, subject="x", body="x",
        message_id="x", state="failed", reason="refused", created_at=now, due_at=now, not_before=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.id


def policy_version() -> int:
    """The version of `dx` in force."""
    return db.session.scalars(sa.select(PolicyVersion.id)).one()


def draft() -> int:
    """A draft of `dx`."""
    text = db.session.scalars(sa.select(PolicyVersion.source)).one()
    made = PolicyDraft(code="dx", source=text, sha256="0", created_at=clock.now(), changed_at=clock.now())
    db.session.add(made)
    db.session.flush()
    return made.id


def course_draft(unit_id: int) -> int:
    """A new course of a unit."""
    title, slug = f"Any of {unit_id}", f"any-{unit_id}"
    texts = first.files(slug, title)
    texts["quiz.toml"] += '\n[[question]]\nid = "q01"\ntype = "single"\ntext = "Any?"\n'
    media = {"media/a.png": files.put(b"\x89PNG\r\n\x1a\n")}
    return actions.begin(slug=slug, title=title, unit_id=unit_id, by_id=None, files=texts, media=media).id


def comment(draft_id: int, by: Account) -> int:
    """What somebody of Huế said about a draft."""
    made = ReviewComment(
        draft_id=draft_id, path="course.toml", block="", quoted="", text="Any", by_id=by.id, made_at=clock.now()
    )
    db.session.add(made)
    db.session.flush()
    return made.id


def correction(unit_id: int) -> int:
    """A correction that was put aside, in a course of a unit."""
    published = publish(quiz(Draw(1), questions=(TRUE,)), slug=f"corrected-{unit_id}")
    db.session.get_one(Course, published.course_id).unit_id = unit_id
    made = Correction(
        course_id=published.course_id, question=TRUE.id, kind="full", key={}, reason="Any", state="discarded",
        made_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add(CorrectedVersion(correction_id=made.id, version_id=published.version_id))
    db.session.flush()
    return made.id


def lost_pass(certificate_id: int, correction_id: int) -> int:
    """A pass that waits for a decision."""
    paper = db.session.get_one(Certificate, certificate_id)
    made = LostPass(
        correction_id=correction_id, completion_id=paper.completion_id, person_id=paper.person_id, noted_at=clock.now()
    )
    db.session.add(made)
    db.session.flush()
    return made.id


def dry_run() -> int:
    """A dry run that is over."""
    made = DryRun(
        kind="publish", code="dx", source="", sha256="0", first_year=0, years=[], on=clock.today(), state="refused",
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.id


def book(unit_id: int) -> int:
    """A year that was closed twice, with one person in it."""
    made = YearBook(unit_id=unit_id, policy="dx", year=2020, state="closed")
    for number in (1, 2):
        version = BookVersion(
            number=number, kind="final", state="writing", as_of=LONG_AGO, known_at=clock.now(), unit_code="0",
            unit_name="Any", policy_version_id=1, policy_number=1, policy_source="", policy_sha256="0", started_by="test",
            closed_at=clock.now(), previous_hash="0", last_hash="0",
        )  # fmt: skip
        made.versions.append(version)
    db.session.add(made)
    db.session.flush()
    for version in made.versions:
        line = BookLine(
            version_id=version.id, number=1, kind="person", subject_id=1, code="any", name="Any", fold="any",
            unit_id=unit_id, unit_code="0", unit_name="Any", reference_on=LONG_AGO, status="met", due=0, earned=0,
            content=json.dumps({"posts": [], "absences": [], "credits": [], "exemptions": [], "effective_days": 0,
                                "missing": [], "trace": []}), hash="0",
        )  # fmt: skip
        db.session.add(line)
        db.session.flush()
        version.state = "done"
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
