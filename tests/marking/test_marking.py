"""From an essay that was handed in to a certificate: who marks it, what comes of it, and what never happens."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock
from lms.access import Role
from lms.catalogue.content import Draw, Question, Quiz
from lms.catalogue.queries import Published
from lms.db import db
from lms.goals.models import Credit
from lms.learning.models import Completion
from lms.marking import actions
from lms.marking.actions import Taken
from lms.marking.models import Mark, MarkingLease
from lms.marking.rules import Marked
from lms.network.models import Person
from lms.quizzes import actions as quizzes
from lms.quizzes import rules
from lms.quizzes.models import Answer, Attempt
from lms.study import actions as study
from tests.page import Visitor
from tests.people import Cast, account, person, post
from tests.quizzes.bank import quiz
from tests.quizzes.course import SLUG, essay, file, publish, take

ONE: Quiz = quiz(Draw(1), questions=(essay(),), passing=0.5)
GOOD, FAIR, BAD = (Marked((a, b), ("rõ ý", ""), "") for a, b in ((6, 4), (5, 3), (1, 0)))


@pytest.fixture
def trainers(cast: Cast) -> list[Person]:
    """Chi, and three more who teach in Đà Nẵng."""
    made = [cast.chi]
    for number in range(3):
        made.append(person(f"Người Dạy {number}", f"day-{number}"))
        post(made[-1], cast.da_nang, "trainer")
        account(made[-1], Role.TRAINER, cast.da_nang)
    db.session.commit()
    return made


def written(who: Person, published: Published, text: str = "Bài viết của tôi.") -> int:
    """Somebody has read everything, written an essay and handed it in; the answer's id."""
    take(who.id, published)
    attempt = quizzes.start(person_id=who.id, published=published)
    for shown in rules.draw(published.content.quiz, attempt.seed):
        quizzes.save(attempt=attempt, shown=shown, values=[text])
    study.hand_in(attempt=attempt, published=published)
    db.session.commit()
    return int(db.session.scalar(sa.select(sa.func.min(Answer.id)).where(Answer.attempt_id == attempt.id)) or 0)


def mark(answer_id: int, marker: Person, marked: Marked) -> bool:
    actions.claim(answer_id=answer_id, marker_id=marker.id)
    return actions.mark(answer_id=answer_id, marker_id=marker.id, marked=marked)


def result(answer_id: int) -> tuple[float | None, bool | None]:
    found = sa.select(Attempt).join(Answer, Answer.attempt_id == Attempt.id).where(Answer.id == answer_id)
    attempt = db.session.scalars(found).one()
    return attempt.points, attempt.is_passed


def count(model: type[object]) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0)


def test_with_the_last_mark_the_course_is_completed_and_credited(cast: Cast) -> None:
    answer_id = written(cast.an, publish(ONE))
    assert (result(answer_id), count(Completion)) == ((0, None), 0)
    assert mark(answer_id, cast.chi, FAIR)
    assert result(answer_id) == (8, True)
    assert (count(Completion), count(Credit), count(MarkingLease)) == (1, 1, 0)
    with pytest.raises(Taken):
        mark(answer_id, cast.binh, BAD)


def test_a_result_waits_for_every_answer_of_the_attempt(cast: Cast) -> None:
    published = publish(quiz(Draw(2), questions=(essay("q1"), essay("q2")), passing=0.8))
    written(cast.an, published)
    first, second = db.session.scalars(sa.select(Answer.id).order_by(Answer.id))
    mark(first, cast.chi, GOOD)
    assert result(first) == (10, None)
    mark(second, cast.binh, FAIR)
    assert result(first) == (18, True)


def test_two_people_mark_without_each_other_and_the_mean_counts(trainers: list[Person], cast: Cast) -> None:
    answer_id = written(cast.an, publish(quiz(Draw(1), questions=(essay(),), markers=2)))
    one, two, three, _ = trainers
    assert not mark(answer_id, one, GOOD)
    assert not mark(answer_id, one, FAIR), "who marks again corrects, and is still one person"
    actions.claim(answer_id=answer_id, marker_id=two.id)
    with pytest.raises(Taken):
        actions.claim(answer_id=answer_id, marker_id=three.id)
    assert actions.mark(answer_id=answer_id, marker_id=two.id, marked=GOOD)
    assert result(answer_id) == (9, True)
    assert [(m.marker_id, m.entry, m.total) for m in db.session.scalars(sa.select(Mark).order_by(Mark.id))] == [
        (one.id, 0, 10), (one.id, 1, 8), (two.id, 0, 10)
    ]  # fmt: skip


def test_where_two_are_far_apart_a_third_one_decides(trainers: list[Person], cast: Cast) -> None:
    answer_id = written(cast.an, publish(quiz(Draw(1), questions=(essay(),), markers=2)))
    one, two, three, four = trainers
    mark(answer_id, one, GOOD)
    assert not mark(answer_id, two, BAD)
    assert result(answer_id) == (0, None)
    actions.claim(answer_id=answer_id, marker_id=three.id)
    with pytest.raises(Taken):
        actions.claim(answer_id=answer_id, marker_id=four.id)
    assert actions.mark(answer_id=answer_id, marker_id=three.id, marked=BAD)
    assert result(answer_id) == (1, False)


def test_saying_the_same_twice_is_one_mark(cast: Cast, trainers: list[Person]) -> None:
    answer_id = written(cast.an, publish(quiz(Draw(1), questions=(essay(),), markers=2)))
    for _ in range(2):
        mark(answer_id, trainers[0], GOOD)
    assert count(Mark) == 1


def test_a_lease_runs_out_and_somebody_else_may_take_it(cast: Cast, trainers: list[Person]) -> None:
    answer_id = written(cast.an, publish(ONE))
    actions.claim(answer_id=answer_id, marker_id=trainers[0].id)
    with clock.stopped(clock.now() + timedelta(minutes=31)):
        actions.claim(answer_id=answer_id, marker_id=trainers[1].id)
        with pytest.raises(Taken):
            actions.mark(answer_id=answer_id, marker_id=trainers[0].id, marked=GOOD)
        actions.release(answer_id=answer_id, marker_id=trainers[1].id)
        assert actions.mark(answer_id=answer_id, marker_id=trainers[0].id, marked=GOOD)


def test_of_many_who_claim_at_once_one_gets_it_and_of_two_last_marks_one_settles(
    app: Flask, cast: Cast, trainers: list[Person]
) -> None:
    published = publish(quiz(Draw(2), questions=(essay("q1"), essay("q2")), passing=0.5))
    written(cast.an, published)
    answers = list(db.session.scalars(sa.select(Answer.id).order_by(Answer.id)))
    ids = [trainer.id for trainer in trainers]
    ready = Barrier(4)

    def run(number: int) -> bool:
        with app.app_context(), suppress(Taken):
            ready.wait()
            actions.claim(answer_id=answers[number % 2], marker_id=ids[number])
            actions.mark(answer_id=answers[number % 2], marker_id=ids[number], marked=GOOD)
            db.session.commit()
            return True
        return False

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 2
    assert result(answers[0]) == (20, True)
    assert (count(Completion), count(Credit)) == (1, 1)


@pytest.fixture
def chi(visitor: Visitor, trainers: list[Person]) -> Visitor:
    visitor.sign_in("chi")
    return visitor


def test_the_queue_shows_the_oldest_first_and_nobody_out_of_reach(chi: Visitor, cast: Cast) -> None:
    published = publish(ONE)
    with clock.stopped(clock.now() - timedelta(days=1)):
        older = written(cast.em, published)
    newer = written(cast.an, published)
    written(cast.dung, published)
    written(cast.chi, published)
    page = chi.visit("/marking")
    assert "Đang chờ: 2 bài" in page.text
    assert page.text.index(f"Bài số {older} ") < page.text.index(f"Bài số {newer} ")
    assert "Trần Văn An" not in page.html and "Dũng" not in page.html
    assert "Đang chờ: 0 bài" in chi.visit("/marking?course=khac").text


def test_a_trainer_marks_one_after_the_other_and_the_learner_reads_it(chi: Visitor, cast: Cast, app: Flask) -> None:
    published = publish(ONE)
    first = written(cast.em, published, "Bài <i>thứ nhất</i>")
    second = written(cast.an, published)
    page = chi.visit("/marking").submit("Chấm bài chờ lâu nhất")
    assert page.title.startswith(f"Bài số {first}") and "Bài <i>thứ nhất</i>" in page.text
    wrong = page.submit("Lưu, chấm bài tiếp", points_0="6.0")
    assert wrong.status == 422 and "Hãy" in wrong.text
    following = page.submit(
        "Lưu, chấm bài tiếp", points_0="6.0", points_1="2.0", comment_1="Thiếu ví dụ", comment="Khá"
    )
    assert following.title.startswith(f"Bài số {second}")
    back = following.submit("Lưu, về danh sách", points_0="0.0", points_1="1.0")
    assert "Không có bài nào chờ chấm" in back.text
    assert "Đã có kết quả" in chi.visit(f"/marking/{first}").text

    em = Visitor(app)
    em.sign_in("em")
    told = em.visit(f"/courses/{SLUG}/quiz/1/result").text
    assert "Đạt: 8 trên 10 điểm" in told and "Thiếu ví dụ" in told and "Khá" in told


def test_one_may_skip_go_back_and_give_back(chi: Visitor, cast: Cast) -> None:
    published = publish(ONE)
    first, second = written(cast.em, published), written(cast.an, published)
    page = chi.visit("/marking").submit("Chấm bài chờ lâu nhất")
    page = page.submit("Bỏ qua, bài tiếp")
    assert page.title.startswith(f"Bài số {second}")
    assert count(MarkingLease) == 1
    page = page.submit("Bài trước")
    assert page.title.startswith(f"Bài số {first}")
    assert "Đang chờ: 2 bài" in page.submit("Trả lại bài này").text
    assert count(MarkingLease) == 0


def test_files_of_an_answer_are_downloaded_by_those_who_mark_it(chi: Visitor, cast: Cast, app: Flask) -> None:
    question: Question = file()
    published = publish(quiz(Draw(1), questions=(question,)))
    take(cast.an.id, published)
    db.session.commit()
    an = Visitor(app)
    an.sign_in("an")
    page = an.visit(f"/courses/{SLUG}/quiz").submit("Bắt đầu làm bài")
    page.submit("Lưu, ", files=[(BytesIO(b"%PDF-1.7"), "bai.pdf")]).submit("Nộp bài")
    page = chi.visit("/marking").submit("Chấm bài này")
    got = chi.fetch(page.links()["bai.pdf"])
    assert (got.status_code, got.data) == (200, b"%PDF-1.7")
    assert got.headers["Content-Disposition"].startswith("attachment")
    address = page.links()["bai.pdf"].removesuffix("1")
    assert [chi.fetch(address + number).status_code for number in ("0", "2")] == [404, 404]
