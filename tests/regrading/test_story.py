"""From a wrong key that statistics found to passes that follow, and passes that are lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock, jobs
from lms.audit import AuditEntry
from lms.catalogue.queries import Published
from lms.certificates import actions as certificates
from lms.certificates.models import Certificate
from lms.db import db, insert_many
from lms.goals.models import Credit
from lms.learning import queries as learned
from lms.network.models import Person
from lms.quizzes.corrections import Change, Kind
from lms.quizzes.models import Answer, Attempt, Correction
from lms.regrading import actions, applying, queries, rules, trying
from lms.regrading.actions import Refused
from lms.regrading.forms import CorrectionForm
from lms.regrading.models import CorrectionEffect, LostPass
from lms.regrading.rules import Effect
from tests.analysis.classroom import ODD_ONE, A, C, answers, hold, sit
from tests.analysis.test_pages import teaches_everywhere
from tests.certificates.papers import ISSUER
from tests.page import Page, Visitor
from tests.people import Cast, account
from tests.quizzes.bank import question
from tests.quizzes.course import SLUG

STATISTICS = f"/teach/{SLUG}/statistics"


@pytest.fixture
def held(cast: Cast) -> tuple[Published, list[Person]]:
    """The class has sat the quiz with the wrong key."""
    return hold(cast)


@pytest.fixture
def completed(cast: Cast) -> tuple[Published, list[Person]]:
    """The class has sat the quiz, and who passed has completed the course."""
    return hold(cast, to_the_end=True)


@pytest.fixture
def chi(cast: Cast, visitor: Visitor) -> Visitor:
    """The trainer of all courses, signed in."""
    teaches_everywhere(cast.chi)
    visitor.sign_in("chi")
    return visitor


def correct(page: Page, **values: object) -> Page:
    return page.submit("Xem ai thay đổi", reason="Nghị định mới", **values)


def passing() -> set[int]:
    """How able those are who pass."""
    found = sa.select(Person.code).join(Attempt, Attempt.person_id == Person.id).where(Attempt.is_passed.is_(True))
    return {int(code.removeprefix("hv")) for code in db.session.scalars(found)}


def made(published: Published, kind: Kind = Kind.KEY, **key: object) -> Correction:
    found = actions.correct(
        published=published,
        question="q3",
        kind=kind,
        key=key,
        reason="Sai đáp án",
        by_id=None,
        actor="t",  # type: ignore[arg-type]
    )
    db.session.commit()
    return found


def number(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_wrong_key_is_found_corrected_and_passes_follow(cast: Cast, chi: Visitor) -> None:
    certificates.set_issuer(**ISSUER)
    published, people = hold(cast, to_the_end=True)
    before = passing()
    assert before == {*range(30, 40)} and number(Certificate) == 10
    page = chi.visit(STATISTICS).click("Câu 3").click("Sửa đáp án")
    assert "Chọn đúng một phương án" in correct(page, kind="key").text
    assert "giống đáp án đang dùng" in correct(page, kind="key", right="0").text
    tried = correct(page, kind="key", right="2")
    assert "40 người thay đổi" in tried.text and "Không còn đạt1" in tried.text and "Nay đạt6" in tried.text
    assert "Người Học 39" in tried.text and passing() == before

    done = tried.submit("Áp dụng đúng như đã xem")
    assert "Đã chấm lại đúng như đã xem: 40 người" in done.text and "chờ người có thẩm quyền quyết định" in done.text
    assert passing() == {*range(24, 39)}
    assert number(Certificate) == 16 and number(Credit) == 16 and number(LostPass) == 1
    completion = learned.completion(people[ODD_ONE].id, published.course_id)
    assert completion and completion.withdrawn_at is None
    assert "kiểm tra lại đáp án" not in chi.visit(STATISTICS).text
    acts = set(db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.startswith("regrading."))))
    assert {"regrading.correct", "regrading.apply", "regrading.rescore", "regrading.lose-pass"} <= acts


def test_scores_are_those_of_a_recomputation_and_the_old_ones_are_kept(held: tuple[Published, list[Person]]) -> None:
    correction = made(held[0], right=[2])
    before = dict(db.session.execute(sa.select(Attempt.id, Attempt.points)).all())
    actions.apply(correction=correction, by_id=1, actor="t")
    assert {e.attempt_id: e.before_points for e in db.session.scalars(sa.select(CorrectionEffect))} == before
    attempts = db.session.scalars(sa.select(Attempt)).all()
    assert {a.id: trying.stored(a) for a in attempts} == trying.scored(correction, attempts)


def test_later_attempts_are_marked_by_the_correction(held: tuple[Published, list[Person]], cast: Cast) -> None:
    actions.apply(correction=made(held[0], right=[2]), by_id=1, actor="t")
    late = sit(cast.an.id, held[0], answers(24))
    assert (late.points, late.is_passed) == (4, True)


@pytest.mark.parametrize(
    ("kind", "key", "points", "of"),
    [(Kind.ALSO, {"right": [2]}, 5, 5), (Kind.FULL, {}, 5, 5), (Kind.OUT, {}, 4, 4), (Kind.KEY, {"right": [3]}, 4, 5)],
)
def test_each_kind_of_correction(
    held: tuple[Published, list[Person]], cast: Cast, kind: Kind, key: dict[str, object], points: float, of: float
) -> None:
    actions.apply(correction=made(held[0], kind, **key), by_id=1, actor="t")
    best = sit(cast.an.id, held[0], {**dict.fromkeys(["q1", "q2", "q4", "q5"], A), "q3": C})
    assert (best.points, best.points_of) == (points, of)


def test_the_learner_sees_the_key_that_holds(held: tuple[Published, list[Person]], visitor: Visitor) -> None:
    account(held[1][30])
    actions.apply(correction=made(held[0], right=[2]), by_id=1, actor="t")
    db.session.commit()
    visitor.sign_in("hv30")
    text = visitor.visit(f"/courses/{SLUG}/quiz/1/result").text
    assert "q3 phương án C Đã chọn, đúng" in text and "q3 phương án A Phương án đúng" not in text


def test_accepting_more_takes_no_pass(held: tuple[Published, list[Person]]) -> None:
    correction = made(held[0], Kind.ALSO, right=[2])
    assert correction.totals[Effect.LOSES] == correction.totals[Effect.DOWN] == 0
    actions.apply(correction=correction, by_id=1, actor="t")
    assert passing() == {*range(24, 40)} and number(LostPass) == 0


def test_what_was_handed_in_since_makes_one_look_again(held: tuple[Published, list[Person]], cast: Cast) -> None:
    correction = made(held[0], right=[2])
    sit(cast.an.id, held[0], answers(24))
    with pytest.raises(Refused):
        actions.apply(correction=correction, by_id=1, actor="t")
    assert correction.holds_from is None
    actions.try_again(correction=correction, by_id=1, actor="t")
    assert correction.totals["people"] == 41
    actions.apply(correction=correction, by_id=1, actor="t")
    assert correction.state == "applied"


def test_who_is_refused_sees_the_new_lists_at_once(
    held: tuple[Published, list[Person]], chi: Visitor, cast: Cast
) -> None:
    page = correct(chi.visit(f"{STATISTICS}/q3/correct"), kind="key", right="2")
    sit(cast.an.id, held[0], answers(24))
    db.session.commit()
    again = page.submit("Áp dụng đúng như đã xem")
    assert "danh sách đã được lập lại" in again.visitor.visit(again.url).text or "41 người thay đổi" in again.text
    assert "Đã chấm lại" in again.submit("Áp dụng đúng như đã xem").text


def test_no_attempt_is_scored_without_a_correction_and_stored_after_it(
    app: Flask, held: tuple[Published, list[Person]], cast: Cast
) -> None:
    published, (correction_id, an) = held[0], (made(held[0], right=[2]).id, cast.an.id)
    is_scored, go_on = Event(), Event()

    def hand_in() -> None:
        with app.app_context():
            sit(an, published, answers(24))
            is_scored.set()
            go_on.wait(0.5)
            db.session.commit()

    db.session.rollback()
    with ThreadPoolExecutor(1) as pool:
        handing_in = pool.submit(hand_in)
        is_scored.wait(10)
        with pytest.raises(Refused):
            actions.apply(correction=queries.correction(correction_id), by_id=1, actor="t")
        go_on.set()
        handing_in.result()


def test_a_correction_that_was_itself_wrong_is_set_right(held: tuple[Published, list[Person]], chi: Visitor) -> None:
    before = passing()
    actions.apply(correction=made(held[0], right=[2]), by_id=1, actor="t")
    db.session.commit()
    page = chi.visit(f"{STATISTICS}/q3/correct")
    for kind in ("key", "also"):
        assert "giống đáp án đang dùng" in correct(page, kind=kind, right="2").text
    assert "Đã chấm lại" in correct(page, kind="key", right="0").submit("Áp dụng đúng như đã xem").text
    assert passing() == before


@pytest.mark.parametrize(
    ("type_", "held_key", "typed", "new_key"),
    [
        ("true-false", {"answer": False}, {}, {"answer": True}),
        ("numeric", {"answer": 7.0, "tolerance": 0.5}, {"answer": "8"}, {"answer": 8.0, "tolerance": 0.5}),
    ],
)
def test_what_is_left_open_stays_as_it_is_marked_now(
    app: Flask, type_: str, held_key: dict[str, object], typed: dict[str, str], new_key: dict[str, object]
) -> None:
    asked = question(type_, "q1", answer=True if type_ == "true-false" else 5)
    with app.test_request_context(method="POST", data={"kind": "key", "reason": "Sai", **typed}):
        assert CorrectionForm(asked, [Change("q1", Kind.KEY, held_key)]).key == new_key


def test_what_is_put_aside_while_it_is_tried_out_stays_aside(
    held: tuple[Published, list[Person]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SMALL", 5)
    correction = made(held[0], right=[2])
    steps = trying.try_out(correction)
    next(steps)
    actions.discard(correction=correction)
    assert (list(steps), correction.state) == ([], "discarded")


@pytest.mark.parametrize("state", ["trying", "applying"])
def test_what_a_job_gave_up_goes_on_when_asked(
    held: tuple[Published, list[Person]], chi: Visitor, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    if state == "applying":
        correction = made(held[0], right=[2])
    monkeypatch.setattr(rules, "SMALL", 5)
    if state == "applying":
        actions.apply(correction=correction, by_id=1, actor="t")
    else:
        correction = made(held[0], right=[2])
    db.session.execute(sa.update(jobs.Job).values(state="failed"))
    db.session.commit()
    page = chi.visit(f"/teach/corrections/{correction.id}")
    assert "dừng giữa chừng" in page.text and "dừng giữa chừng" not in page.submit("Làm tiếp").text
    jobs.run_pending()
    assert queries.correction(correction.id).state == {"trying": "tried", "applying": "applied"}[state]


def test_many_are_done_by_a_job_that_goes_on_where_it_was_cut_off(
    held: tuple[Published, list[Person]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SMALL", 5)
    monkeypatch.setattr(trying, "PEOPLE", 7)
    monkeypatch.setattr(applying, "ATTEMPTS", 6)
    correction = made(held[0], right=[2])
    assert correction.state == "trying" and jobs.run_pending() == 1
    correction = queries.correction(correction.id)
    assert correction.state == "tried" and correction.totals["people"] == 40
    actions.apply(correction=correction, by_id=1, actor="t")
    db.session.commit()
    steps = applying.apply(correction)
    assert [next(steps), next(steps)] == [6, 12]
    db.session.commit()
    jobs.run_pending()
    assert queries.correction(correction.id).state == "applied"
    assert passing() == {*range(24, 39)}
    rescored = sa.select(sa.func.count()).where(AuditEntry.action == "regrading.rescore")
    assert db.session.scalar(rescored) == 40


def test_doing_it_twice_does_it_once(held: tuple[Published, list[Person]]) -> None:
    correction = made(held[0], right=[2])
    assert made(held[0], right=[2]).id == correction.id
    for _ in range(2):
        actions.apply(correction=correction, by_id=1, actor="t")
    assert number(CorrectionEffect) == 40


def test_a_lost_pass_can_be_kept_with_a_reason(completed: tuple[Published, list[Person]], dieu: Visitor) -> None:
    held = completed
    actions.apply(correction=made(held[0], right=[2]), by_id=1, actor="t")
    db.session.commit()
    page = dieu.visit("/lost-passes").click("Người Học 39")
    assert "Chọn" in page.submit("Ghi quyết định").text or page.submit("Ghi quyết định").status == 422
    assert (
        "Không có trường hợp nào" in page.submit("Ghi quyết định", decision="keep", reason="Đã thi lại trên giấy").text
    )
    assert (
        db.session.scalar(sa.select(Certificate.revoked_at).where(Certificate.person_id == held[1][ODD_ONE].id)) is None
    )


def test_a_lost_pass_that_is_taken_back_can_be_earned_anew(cast: Cast, dieu: Visitor) -> None:
    certificates.set_issuer(**ISSUER)
    published, people = hold(cast, to_the_end=True)
    who = people[ODD_ONE].id
    actions.apply(correction=made(published, right=[2]), by_id=1, actor="t")
    db.session.commit()
    page = dieu.visit("/lost-passes").click("Người Học 39")
    page.submit("Ghi quyết định", decision="revoke", reason="Không đủ điểm")
    mine = db.session.scalars(sa.select(Credit).where(Credit.person_id == who).order_by(Credit.id)).all()
    assert [credit.reverses_id for credit in mine] == [None, mine[0].id]
    assert (
        db.session.scalar(sa.select(Certificate.revoked_reason).where(Certificate.person_id == who)) == "Không đủ điểm"
    )
    assert learned.completion(who, published.course_id) is None

    sit(who, published, answers(ODD_ONE) | {"q3": C})
    db.session.commit()
    assert learned.completion(who, published.course_id) is not None
    papers = sa.select(Certificate).where(Certificate.person_id == who, Certificate.revoked_at.is_(None))
    assert len(db.session.scalars(papers).all()) == 1
    counted = db.session.scalars(sa.select(Credit).where(Credit.person_id == who)).all()
    undone = {credit.reverses_id for credit in counted}
    assert len([c for c in counted if c.reverses_id is None and c.id not in undone]) == 1


def test_who_passes_again_needs_no_decision(completed: tuple[Published, list[Person]], dieu: Visitor) -> None:
    published, people = completed
    actions.apply(correction=made(published, right=[2]), by_id=1, actor="t")
    sit(people[ODD_ONE].id, published, answers(ODD_ONE) | {"q3": C})
    db.session.commit()
    assert "Không có trường hợp nào" in dieu.visit("/lost-passes").text
    page = dieu.visit(f"/lost-passes/{db.session.scalar(sa.select(LostPass.id))}")
    refused = page.submit("Ghi quyết định", decision="revoke", reason="Không đủ điểm")
    assert "vừa đạt lại bài kiểm tra" in refused.text
    assert learned.completion(people[ODD_ONE].id, published.course_id) is not None


def test_a_pass_that_another_attempt_gives_is_not_lost(completed: tuple[Published, list[Person]]) -> None:
    published, people = completed
    sat = db.session.scalars(sa.select(Attempt).where(Attempt.person_id == people[ODD_ONE].id)).one()
    second = {"number": 2, "points": 3.0, "points_of": 5.0, "is_passed": False, "submitted_at": clock.now()}
    same = {name: getattr(sat, name) for name in ("person_id", "course_id", "version_id", "seed", "started_at")}
    attempt = Attempt(**same, **second)
    db.session.add(attempt)
    db.session.flush()
    given = answers(ODD_ONE) | {"q3": C}
    lines = [
        {"attempt_id": attempt.id, "question": q, "response": r, "saved_at": clock.now()} for q, r in given.items()
    ]
    insert_many(Answer.__table__, lines)
    actions.apply(correction=made(published, right=[2]), by_id=1, actor="t")
    assert number(LostPass) == 0


def test_only_who_may_publish_a_course_corrects_it(cast: Cast, visitor: Visitor) -> None:
    hold(cast)
    visitor.sign_in("chi")
    assert visitor.visit(f"{STATISTICS}/q3").status == 200
    assert visitor.visit(f"{STATISTICS}/q3/correct").status == 404
