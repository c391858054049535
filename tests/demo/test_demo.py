"""The demo is a believable province, and the same one every time."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock
from lms.access import Role
from lms.accounts import actions as accounts
from lms.accounts.models import Account, RoleGrant
from lms.accounts.user import Held, SignedIn
from lms.analysis import advice
from lms.analysis import queries as analysis
from lms.authoring import queries as authoring
from lms.banks.models import BankItem, PoolEntry
from lms.catalogue import queries as catalogue
from lms.catalogue.content import Question
from lms.catalogue.queries import offered
from lms.certificates.models import Certificate
from lms.db import db
from lms.demo import actions, answers, people
from lms.demo.cast import AN, CAST, CHI, DUNG, EM, PASSWORD, PLAYERS, Player
from lms.goals import figures
from lms.goals import queries as goals
from lms.goals.models import Credit, Standing
from lms.goals.rules import Status
from lms.learning.models import Completion, LessonDone
from lms.marking import queries as marking
from lms.network import queries as network
from lms.network.models import Assignment, Person, ReorganisationAct, Succession, UnitAncestor, UnitVersion
from lms.network.reorganisation import propose
from lms.quizzes import rules as quizzes
from lms.quizzes.models import Answer, Attempt, Override
from lms.study.queries import home
from lms.surveys import queries as surveys
from lms.surveys.models import Survey
from lms.teaching import queries as teaching
from lms.teaching.queries import Kind
from tests.conftest import _empty

pytestmark = pytest.mark.slow

Story = list[list[tuple[Any, ...]]]

TAUGHT = "truc-to-cong-nghe-so"
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
BEFORE, AFTER = date(2024, 6, 1), date(2025, 7, 1)
DAYS = [BEFORE, date(2025, 2, 28), date(2025, 3, 1), date(2025, 6, 30), AFTER, date(2026, 1, 1), TODAY]


@pytest.fixture(scope="module")
def province(built: Flask, database: str) -> Iterator[Flask]:
    """The application with the demo, made once and only read here."""
    with built.app_context():
        _empty(database)
    with built.app_context(), clock.stopped(NOW):
        actions.build()
        db.session.commit()
    yield built
    with built.app_context():
        _empty(database)


@pytest.fixture(scope="module")
def told() -> list[Story]:
    """What was told so far, on one database after the other."""
    return []


@pytest.fixture(autouse=True)
def now(province: Flask) -> Iterator[None]:
    with province.app_context(), clock.stopped(NOW):
        yield


def test_the_network_of_quang_nam_is_48_dedicated_and_32_part_time() -> None:
    quang_nam = network.unit_id_by_code("49", BEFORE)
    assert quang_nam is not None
    serving = sa.select(Assignment.role, Assignment.nature, sa.func.count(Assignment.person_id.distinct())).where(
        Assignment.on(BEFORE), Assignment.unit_id.in_(network.subtree(quang_nam, BEFORE))
    )
    counts = {tuple(row) for row in db.session.execute(serving.group_by(Assignment.role, Assignment.nature))}
    assert counts == {("dedicated", "full-time", 48), ("focal-point", "part-time", 32)}


def test_everybody_of_quang_nam_goes_on_in_da_nang() -> None:
    da_nang = network.unit_id_by_code("48", AFTER)
    assert da_nang is not None
    before = set(db.session.scalars(sa.select(Person.code).where(Person.code.startswith("QN-"))))
    serving = (
        sa.select(Person.code)
        .join(Assignment)
        .where(Assignment.on(AFTER), Assignment.unit_id.in_(network.subtree(da_nang, AFTER)))
    )
    assert len(before) == 80
    assert before <= set(db.session.scalars(serving))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_each_person_stands_in_exactly_one_place_a_day(day: date) -> None:
    primary = sa.select(Assignment.person_id, Assignment.unit_id).where(Assignment.on(day), Assignment.is_primary)
    posts = db.session.execute(primary).all()
    serving = set(db.session.scalars(sa.select(Assignment.person_id).where(Assignment.on(day))))
    assert Counter(person for person, _ in posts) == Counter(serving)
    root = network.unit_id_by_code("00", day)
    above = sa.select(UnitAncestor.unit_id).where(UnitAncestor.on(day), UnitAncestor.ancestor_id == root)
    places = {unit for _, unit in posts}
    assert Counter(unit for unit in db.session.scalars(above) if unit in places) == Counter(places)


def test_every_unit_that_ended_became_something_or_was_abolished() -> None:
    ended = sa.select(UnitVersion.unit_id).group_by(UnitVersion.unit_id).having(sa.func.max(UnitVersion.to_on) <= TODAY)
    acts = db.session.scalars(sa.select(Succession)).all()
    assert set(db.session.scalars(ended)) == {act.from_unit_id for act in acts}
    assert all(act.legal_basis for act in acts)


def test_hai_chau_is_a_new_ward_made_of_five_old_ones() -> None:
    old, new = network.unit_id_by_code("48.QHC.HAICHAU", BEFORE), network.unit_id_by_code("48.HAICHAU", TODAY)
    assert new is not None
    assert old != new
    assert [act.to_unit_id for act in network.successions(new)] == [new] * 5
    assert {act.legal_basis for act in network.successions(new)} == {"Nghị quyết 1659/NQ-UBTVQH15"}


def test_about_three_hundred_people_of_whom_two_hundred_in_teams() -> None:
    roles = Counter(
        db.session.scalars(sa.select(Assignment.role).where(Assignment.on(TODAY), Assignment.is_primary)).all()
    )
    assert 280 <= roles.total() <= 330
    assert 190 <= sum(n for role, n in roles.items() if role.startswith("community")) <= 210


def test_all_statuses_of_an_open_year_and_of_a_closed_one_appear() -> None:
    da_nang = _id("48")
    assert set(figures.of_unit(da_nang, "dx", 2026)) == set(Status) - {Status.NOT_MET}
    assert {Status.MET, Status.NOT_MET} <= set(figures.of_unit(da_nang, "dx", 2025))


def test_nobody_of_hue_counts_in_da_nang() -> None:
    counted = {row.code for row in goals.people_of(_id("48"), "dx", 2026)}
    of_hue = {row.code for row in goals.people_of(_id("46"), "dx", 2026)}
    assert DUNG.code in of_hue
    assert not counted & of_hue
    assert len(counted) == sum(figures.of_unit(_id("48"), "dx", 2026).values())


def test_the_standings_are_what_the_facts_say() -> None:
    for policy in goals.policies():
        of_policy = Standing.policy == policy.code, Standing.year == 2026
        stored = sa.select(Standing.person_id, Standing.status).where(*of_policy)
        judged = {person: judgement.status for person, judgement in goals.judge(policy, None, 2026, TODAY)}
        assert {row.person_id: row.status for row in db.session.execute(stored)} == judged


def test_the_register_has_no_gap_and_follows_the_days() -> None:
    for year in (2025, 2026):
        lines = db.session.scalars(
            sa.select(Certificate).where(Certificate.year == year).order_by(Certificate.number)
        ).all()
        assert [line.number for line in lines] == list(range(1, len(lines) + 1))
        assert all(a.issued_on <= b.issued_on for a, b in pairwise(lines))
    assert db.session.scalar(sa.select(sa.func.count()).where(Certificate.revoked_at.is_not(None))) == 1


def test_the_ledger_has_every_source_and_some_decisions_to_take() -> None:
    entries = Counter((row.source, row.state) for row in db.session.execute(sa.select(Credit.source, Credit.state)))
    assert {source for source, _ in entries} == {"internal", "equivalence", "teaching", "event", "external"}
    assert entries["external", "pending"] > 1


def test_an_has_one_course_done_one_half_done_and_a_quiz_open_at_the_fifth_question() -> None:
    an = _person(AN.code)
    [half, done] = home(an.id).started
    assert (done[0].is_completed, half[0].is_completed) == (True, False)
    assert 0 < len(half[0].done) < len(half[1].content.lessons)
    running = db.session.scalars(
        sa.select(Attempt).where(Attempt.person_id == an.id, Attempt.submitted_at.is_(None))
    ).one()
    assert db.session.scalar(sa.select(sa.func.count()).where(Answer.attempt_id == running.id)) == 4
    step = home(an.id).next_step
    assert step is not None
    assert step.published.content.slug == half[1].content.slug


def test_em_is_new_and_has_done_nothing() -> None:
    em = _person(EM.code)
    since = db.session.scalars(sa.select(Assignment.from_on).where(Assignment.person_id == em.id)).one()
    assert 0 < (TODAY - since).days < 7
    assert home(em.id).started == []
    assert home(em.id).overdue == []


def test_nothing_happened_in_the_future() -> None:
    for instant in (Attempt.started_at, LessonDone.done_at, Completion.completed_at):
        assert max(db.session.scalars(sa.select(instant))) <= NOW
    assert max(db.session.scalars(sa.select(Credit.completed_on))) <= TODAY


@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: player.code)
def test_the_players_can_sign_in_and_have_their_roles(player: Player) -> None:
    account, _ = accounts.sign_in(login=player.code, secret=PASSWORD, device="test")
    assert account.person.full_name == player.full_name
    granted = db.session.execute(sa.select(RoleGrant.role, RoleGrant.unit_id).where(RoleGrant.account_id == account.id))
    reach = network.unit_id_by_code(player.reach, TODAY) if player.reach else None
    assert granted.all() == ([] if player.access is Role.LEARNER else [(player.access, reach)])


def test_a_second_demo_is_refused(province: Flask) -> None:
    before = db.session.scalar(sa.select(sa.func.count(Person.id)))
    answer = province.test_cli_runner(catch_exceptions=False).invoke(args=["demo"])
    assert answer.exit_code == 0
    assert PASSWORD in answer.output, "it says again who can sign in"
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == before


def test_right_is_right_and_missed_is_wholly_wrong() -> None:
    asked: list[Question] = [question for published in offered() for question in published.content.quiz.questions]
    questions = [quizzes.shown(question, "seed").question for question in asked if not question.is_marked_by_hand]
    assert {question.type for question in questions} == set(answers.RIGHT) == set(answers.MISSED)
    for question in questions:
        assert quizzes.mark(question, answers.RIGHT[question.type](question)) == 1, question.id
        assert quizzes.mark(question, answers.MISSED[question.type](question)) == 0, question.id


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 2, 28), date(2028, 2, 29)], ids=str)
def test_people_are_the_same_on_any_day(today: date) -> None:
    everybody = people.members(today)
    assert people.people_rows(everybody) == people.people_rows(people.members(TODAY))
    assert [member.full_name for member in everybody[:6]] == [player.full_name for player in CAST]
    phones = [row["phone"] for row in people.people_rows(everybody) if row["phone"]]
    assert len(set(phones)) == len(phones)
    assert all(phone.startswith("0900000") for phone in phones)


def test_another_telling_on_the_other_database_is_the_same_story(told: list[Story]) -> None:
    told.append(_story())
    assert told[-1] == told[0]


def _story() -> Story:
    """Who is there, what was printed for whom, what they answered well, and where all of them stand."""
    tables = (
        sa.select(Person.code, Person.full_name, Person.phone, Person.email).order_by(Person.code),
        sa.select(Certificate.label, Certificate.person_id, Certificate.issued_on).order_by(Certificate.id),
        sa.select(Attempt.person_id, Attempt.number, Attempt.points, Attempt.submitted_at).order_by(Attempt.id),
        sa.select(Standing.person_id, Standing.policy, Standing.year, Standing.status, Standing.earned).order_by(
            Standing.person_id, Standing.policy, Standing.year
        ),
    )
    return [[tuple(row) for row in db.session.execute(table)] for table in tables]


def _id(code: str) -> int:
    found = network.unit_id_by_code(code, TODAY)
    assert found is not None
    return found


def _person(code: str) -> Person:
    return db.session.scalars(sa.select(Person).where(Person.code == code)).one()


def test_a_coming_reorganisation_waits_to_be_carried_out() -> None:
    act = db.session.scalars(sa.select(ReorganisationAct)).one()
    found = propose(act)
    assert (act.stage, act.on, found.is_ready) == ("draft", date(2026, 12, 1), True)
    assert len(found.moved.going) >= 18


def test_something_waits_for_chi_in_nearly_every_line(province: Flask) -> None:
    chi = _chi()
    with province.test_request_context():
        tasks = {task.kind: task.count for task in teaching.tasks(chi, teaching.courses(chi))}
    assert set(tasks) == set(Kind) - {Kind.OBSTACLE}
    assert tasks[Kind.MARKING] == 5


def test_chis_course_has_two_versions_and_a_third_in_review() -> None:
    draft = authoring.open_draft(TAUGHT)
    assert draft is not None
    assert (catalogue.current(TAUGHT).number, draft.state) == (2, "in-review")
    assert len(authoring.revisions(draft)) >= 4
    said = [comment.parent_id for comment in authoring.comments(draft)]
    assert (said.count(None), len(said)) == (2, 3), "two comments, one of them answered"


def test_some_forty_learners_answer_by_what_they_can_do_and_the_wrong_key_stands_out() -> None:
    published = catalogue.current(TAUGHT)
    people = sa.select(sa.func.count(Attempt.person_id.distinct())).where(Attempt.course_id == published.course_id)
    assert 35 <= (db.session.scalar(people) or 0) <= 45
    found = analysis.statistics(published, analysis.Wanted())
    first = advice.advice(found)[0]
    assert (first.code, first.question, first.values["choice"]) == ("key", "q07", "C")
    assert 0.75 <= first.values["share"] <= 0.85
    told = [tally.figures.discrimination for tally in found.present if tally.question.id != "q07"]
    assert sum(each.value > 0 for each in told if each) >= 9, "who knows more answers more of them right"


def test_essays_wait_oldest_first_three_are_marked_and_one_learner_has_more_time() -> None:
    waiting = [row.submitted_at for row in marking.queue(_chi(), TAUGHT)]
    assert (len(waiting), waiting) == (5, sorted(waiting))
    marked = sa.select(Answer.remarks).where(Answer.marks_wanted.is_not(None), Answer.points.is_not(None))
    remarks = db.session.scalars(marked).all()
    assert len(remarks) == 3
    assert all(any(criterion["comments"] for criterion in remark["criteria"]) for remark in remarks if remark)
    assert db.session.scalars(sa.select(Override.extra_percent)).all() == [50]


def test_the_bank_has_fifteen_items_for_everybody_below_one_of_them_in_a_second_version() -> None:
    items = Counter((item.sharing, item.number) for item in db.session.scalars(sa.select(BankItem)))
    assert items == {("below", 1): 14, ("below", 2): 1}
    assert db.session.scalar(sa.select(sa.func.count(PoolEntry.item_id))) == 15
    draft = authoring.open_draft(TAUGHT)
    assert draft is not None
    content = authoring.package(draft).content
    assert content is not None
    assert [question.source.partition("@")[2] for question in content.quiz.questions if question.source] == ["1", "1"]


def test_an_has_a_survey_to_answer_and_those_that_are_closed_can_be_told() -> None:
    [asking] = surveys.open_for(_person(AN.code).id)
    of = {survey.title: survey for survey in db.session.scalars(sa.select(Survey).order_by(Survey.id))}
    assert of.pop(asking.title).state == "open"
    assert {(survey.purpose, survey.state) for survey in of.values()} == {("course", "closed"), ("needs", "closed")}
    for survey in of.values():
        results = surveys.results(survey)
        assert results.people > 20
        assert all(line.whole for line in results.lines)


def _chi() -> SignedIn:
    """Chi as the pages know her."""
    person = _person(CHI.code)
    account_id = db.session.scalars(sa.select(Account.id).where(Account.person_id == person.id)).one()
    held = Held(Role.LEARNER, None), Held(CHI.access, _id(CHI.reach))
    return SignedIn("", 1, account_id, person.id, CHI.code, CHI.full_name, False, held)
