"""Building the demo, chapter by chapter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from lms import clock
from lms.accounts.models import Account
from lms.catalogue import actions as catalogue
from lms.catalogue import queries as courses
from lms.catalogue.cli import shipped
from lms.catalogue.package import read
from lms.catalogue.queries import Published
from lms.certificates import actions as certificates
from lms.certificates.models import Certificate
from lms.competencies import cli as frames
from lms.db import db
from lms.demo import an, chance, data, ledger, network, plans, recognition, teaching, year, year_end, yearbooks
from lms.demo.cast import AN, DIEU_PHOI
from lms.demo.learners import Learner, learners
from lms.demo.year import Moment
from lms.goals import actions as goals
from lms.goals import coverage
from lms.network import actions as tree
from lms.network.models import Person, Unit

REVOKED = 7


@dataclass(frozen=True, slots=True)
class Figures:
    """How much there is."""

    people: int
    units: int
    certificates: int


def build() -> Figures:
    """Fill an empty database; commits to close a book. The beginning lies at the start of last year, the end is now."""
    today = clock.today()
    beginning = clock.at(date(today.year - 1, 1, 2), 12)
    with clock.stopped(beginning):
        network.settle(today)
        network.open_accounts(today, data.document("wording.toml")["reasons"]["grant"])
        teaching.employ(today)
        publish_courses()
    everybody = learners()
    told = [*moments(everybody, today), *teaching.moments(everybody, today)]
    year.play(told)
    with clock.stopped(beginning):
        # Dated the beginning but published only now: with a policy in force, each completion judges its learner anew.
        publish_policies()
    enter_class_lists(everybody, today)
    revoke_one()
    network.draft_reorganisation(today)
    recognition.tell(today)
    come_to_today(told)
    goals.refresh(person_ids=None, years=[today.year - 1, today.year])
    plans.draw_up(today, _coordinator())
    yearbooks.close_last_year(today)
    year_end.prepare(today)
    teaching.look()
    return Figures(*(count_of(table) for table in (Person, Unit, Certificate)))


def come_to_today(told: Sequence[Moment]) -> None:
    """The map is that of today, and who has learnt has signed in."""
    tree.rebuild_tree()
    coverage.refresh()
    seen = {moment.learner.account_id: moment.at for moment in sorted(told, key=lambda each: each.at)}
    for account_id, at in seen.items():
        if at < clock.now():
            db.session.get_one(Account, account_id).last_sign_in_at = at
    db.session.flush()


def count_of(table: type[Person | Unit | Certificate]) -> int:
    """The number of rows."""
    return db.session.scalar(sa.select(sa.func.count(table.id))) or 0


def publish_courses() -> None:
    """The courses, the issuer of their certificates, frames and pathways are there."""
    for folder in shipped():
        catalogue.publish(package=read(folder), by_id=None)
    certificates.set_issuer(**data.document("wording.toml")["issuer"])
    frames.load_all()


def publish_policies() -> None:
    """The policies are in force."""
    for path in sorted(Path(current_app.config["COURSES_PATH"]).glob("goals/*.toml")):
        goals.publish(source=path.read_text(encoding="utf-8"), by_id=None)


def enter_class_lists(everybody: Sequence[Learner], today: date) -> None:
    """What was learned elsewhere is imported."""
    rows = [row for learner in _others(everybody) for row in ledger.attended(learner, today)]
    this_year = date(today.year, 1, 1).isoformat()
    with clock.stopped(yearbooks.known_on(today)):
        network.take_in({"credits.csv": data.sheet([row for row in rows if row["completed_on"] < this_year])})
    if later := [row for row in rows if row["completed_on"] >= this_year]:
        network.take_in({"credits.csv": data.sheet(later)})


def moments(everybody: Sequence[Learner], today: date) -> list[Moment]:
    """What everybody does online."""
    told = [
        moment for learner in _others(everybody) for moment in year.courses(learner, in_order(learner, today), today)
    ]
    hero = next(learner for learner in everybody if learner.code == AN.code)
    return [*told, *an.moments(hero, today)]


def in_order(learner: Learner, today: date) -> list[Published]:
    """The courses for a person as they take them: first what a class stands for and they missed, last what it gave them."""
    modules, roles = ledger.modules(), {post.role for post in learner.posts}
    done = {row["module"] for row in ledger.attended(learner, today)}

    def place(published: Published) -> tuple[int, float]:
        slug = published.content.slug
        rank = 2 if slug in done else 0 if slug in modules else 1
        return rank, chance.share(learner.code, slug)

    meant = [
        course for course in courses.offered() if not course.content.audience or roles & {*course.content.audience}
    ]
    return sorted(meant, key=place)


def revoke_one() -> None:
    """One certificate of this year's register was issued wrongly."""
    issued = sa.select(Certificate).order_by(Certificate.year.desc(), Certificate.number)
    found = db.session.scalars(issued.limit(REVOKED)).all()
    if found:
        reason = data.document("wording.toml")["reasons"]["revocation"]
        certificates.revoke(certificate=found[-1], reason=reason, by_id=_coordinator())


def _coordinator() -> int:
    """The account of the one who coordinates Đà Nẵng."""
    return db.session.scalars(sa.select(Account.id).join(Person).where(Person.code == DIEU_PHOI.code)).one()


def _others(everybody: Sequence[Learner]) -> list[Learner]:
    """All but An, whose year is told by hand."""
    return [learner for learner in everybody if learner.code != AN.code]
