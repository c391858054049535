"""Attempts as they are stored: started once, saved without losing anything, handed in when the time is over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock
from lms.accounts.queries import accounts_of
from lms.catalogue.content import Draw, Quiz
from lms.db import db
from lms.quizzes import actions, overrides, queries, rules
from lms.quizzes.actions import Ended, NotNow, Overtaken
from lms.quizzes.models import Attempt
from lms.quizzes.rules import Allowance, Refusal
from lms.study import actions as study
from lms.study.tasks import hand_in_overdue
from tests.people import Cast
from tests.quizzes.bank import bank, options, question, quiz
from tests.quizzes.course import essay, publish, take

TRUE = tuple(question("true-false", f"q{n}", answer=True) for n in range(4))
FOUR: Quiz = quiz(Draw(4), questions=TRUE, passing=1)
THREADS = 20


def grant(person_id: int, course_id: int, by_id: int, **more: object) -> None:
    granted = Allowance(**{name: value for name, value in more.items() if name != "ends_cool_down"})  # type: ignore[arg-type]
    overrides.grant(
        person_id=person_id, course_id=course_id, granted=granted, ends_cool_down=bool(more.get("ends_cool_down")),
        reason="khiếm thị", to_on=clock.today(), by_id=by_id,
    )  # fmt: skip


def at_once(app: Flask, act: Callable[[], object]) -> None:
    """Many do the same at the same moment, each in a transaction of its own."""
    ready = Barrier(THREADS)

    def run() -> None:
        with app.app_context():
            ready.wait()
            act()
            db.session.commit()

    db.session.rollback()
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(run) for _ in range(THREADS)]:
            done.result()


@pytest.mark.parametrize("failed", [0, 2])
def test_however_many_start_at_once_there_is_one_attempt_and_never_one_too_many(
    app: Flask, cast: Cast, failed: int
) -> None:
    published = publish(replace(FOUR, attempts=failed + 1))
    person_id = cast.an.id
    for _ in range(failed):
        actions.hand_in(attempt=actions.start(person_id=person_id, published=published), published=published)
    db.session.commit()

    def start_and_fail() -> None:
        with suppress(NotNow):
            attempt = actions.start(person_id=person_id, published=published)
            held = queries.attempt(person_id, published.course_id, attempt.number, lock=True)
            actions.hand_in(attempt=held, published=published)

    at_once(app, start_and_fail)
    numbers = [attempt.number for attempt in queries.attempts(person_id, published.course_id)]
    assert numbers == list(range(1, failed + 2))


def test_two_devices_share_the_open_attempt(app: Flask, cast: Cast) -> None:
    published = publish(FOUR)
    person_id = cast.an.id
    db.session.commit()
    at_once(app, lambda: actions.start(person_id=person_id, published=published))
    assert [attempt.submitted_at for attempt in queries.attempts(person_id, published.course_id)] == [None]


def test_the_last_answer_of_one_window_wins_and_an_older_window_is_told(cast: Cast) -> None:
    published = publish(quiz(Draw(1), questions=(question("short", "q1", answers=("đúng",)),)))
    attempt = actions.start(person_id=cast.an.id, published=published)
    (shown,) = rules.draw(published.content.quiz, attempt.seed)

    def save(value: str, base: int | None) -> int:
        return actions.save(attempt=attempt, shown=shown, values=[value], base=base)

    assert save("một", 0) == 1
    assert save("hai", 1) == 2
    assert save("hai", 1) == 2, "the same answer again is no conflict, as when a receipt was lost"
    with pytest.raises(Overtaken) as overtaken:
        save("ba", 1)
    assert (overtaken.value.given.response, overtaken.value.given.revision) == (["hai"], 2)
    with pytest.raises(Overtaken):
        save("", 0)
    assert queries.responses(attempt.id) == {"q1": ["hai"]}
    assert save("ba", 2) == 3
    assert save("bốn", None) == 4, "who does not say what they saw, writes"


def test_what_was_saved_in_time_counts_and_what_comes_too_late_does_not(cast: Cast) -> None:
    published = publish(replace(FOUR, time_limit_minutes=30, grace_seconds=20, passing=0.5))
    take(cast.an.id, published)
    start = clock.now()
    attempt = actions.start(person_id=cast.an.id, published=published)
    drawn = rules.draw(published.content.quiz, attempt.seed)
    for shown, seconds in zip(drawn[:2], (-1, 19), strict=True):
        with clock.stopped(start + timedelta(minutes=30, seconds=seconds)):
            actions.save(attempt=attempt, shown=shown, values=["true"], grace_seconds=20)
    with clock.stopped(start + timedelta(minutes=30, seconds=25)), pytest.raises(Ended):
        actions.save(attempt=attempt, shown=drawn[2], values=["true"], grace_seconds=20)
    db.session.commit()

    with clock.stopped(start + timedelta(minutes=30, seconds=10)):
        assert hand_in_overdue(progress=lambda done, total: None) == {"handed_in": 0, "failed": 0}, (
            "the grace is not over"
        )
    with clock.stopped(start + timedelta(minutes=31)):
        assert hand_in_overdue(progress=lambda done, total: None) == {"handed_in": 1, "failed": 0}
        assert hand_in_overdue(progress=lambda done, total: None) == {"handed_in": 0, "failed": 0}
    (ended,) = queries.attempts(cast.an.id, published.course_id)
    assert (ended.points, ended.is_passed) == (2, True)


def test_a_further_attempt_asks_only_what_was_not_fully_right(cast: Cast) -> None:
    partly = question("multiple", "q7", options=options("ab", "c"), points=2)
    published = publish(quiz(Draw(5), questions=(*TRUE, partly), passing=1, retry="wrong"))
    take(cast.an.id, published)
    first = actions.start(person_id=cast.an.id, published=published)
    drawn = {shown.question.id: shown for shown in rules.draw(published.content.quiz, first.seed)}
    for id_, values in {"q0": ["true"], "q1": ["true"], "q2": ["false"]}.items():
        actions.save(attempt=first, shown=drawn[id_], values=values)
    actions.save(attempt=first, shown=drawn["q7"], values=rules.as_shown(drawn["q7"], ["0"]))
    study.hand_in(attempt=first, published=published)
    assert (first.points, first.is_passed) == (3, False)

    second = actions.start(person_id=cast.an.id, published=published)
    answers = queries.answers(second.id)
    assert second.seed == first.seed
    assert sorted(id_ for id_, given in answers.items() if given.is_kept) == ["q0", "q1"]
    for id_ in ("q2", "q3"):
        actions.save(attempt=second, shown=drawn[id_], values=["true"])
    actions.save(attempt=second, shown=drawn["q7"], values=rules.as_shown(drawn["q7"], ["0", "1"]))
    completion = study.hand_in(attempt=second, published=published)
    assert (second.points, second.points_of, second.is_passed) == (6, 6, True)
    assert completion is not None


def test_without_retry_of_wrong_ones_the_next_attempt_is_new(cast: Cast) -> None:
    published = publish(quiz(Draw(5), questions=bank()))
    first = actions.start(person_id=cast.an.id, published=published)
    actions.hand_in(attempt=first, published=published)
    second = actions.start(person_id=cast.an.id, published=published)
    assert second.seed != first.seed
    assert not queries.answers(second.id)


def test_an_essay_leaves_the_attempt_waiting_and_an_empty_one_does_not(cast: Cast) -> None:
    published = publish(quiz(Draw(5), questions=(*TRUE, essay()), passing=0.9))
    take(cast.an.id, published)
    for text, waits in (("", False), ("Bài của tôi", True)):
        attempt = actions.start(person_id=cast.an.id, published=published)
        for shown in rules.draw(published.content.quiz, attempt.seed):
            values = [text] if shown.question.type == "essay" else ["true"]
            actions.save(attempt=attempt, shown=shown, values=values)
        assert study.hand_in(attempt=attempt, published=published) is None
        assert (attempt.points, attempt.points_of, attempt.is_waiting) == (4, 14, waits)
        assert attempt.is_passed is (None if waits else False)
    with pytest.raises(NotNow) as reason:
        actions.start(person_id=cast.an.id, published=published)
    assert reason.value.refusal == Refusal.WAITING


def test_an_override_gives_time_at_once_and_attempts_until_its_last_day(cast: Cast) -> None:
    published = publish(replace(FOUR, time_limit_minutes=20, attempts=1, cool_down_minutes=60))
    account = accounts_of([cast.chi.id])[cast.chi.id]
    attempt = actions.start(person_id=cast.an.id, published=published)
    grant(cast.an.id, published.course_id, account.id, percent=50, attempts=1, ends_cool_down=True)
    grant(cast.an.id, published.course_id, account.id, percent=50, attempts=1, ends_cool_down=True)
    db.session.refresh(attempt)
    assert attempt.deadline_at == attempt.started_at + timedelta(minutes=30)
    assert queries.allowance(cast.an.id, published.course_id).attempts == 1, "said twice, granted once"
    assert queries.allowance(cast.binh.id, published.course_id) == rules.NO_ALLOWANCE
    actions.hand_in(attempt=attempt, published=published)
    with pytest.raises(NotNow) as reason:
        actions.start(person_id=cast.an.id, published=published)
    assert reason.value.refusal == Refusal.COOL_DOWN, "what is granted does not rest attempts that end later"
    with clock.stopped(clock.now() + timedelta(days=1)):
        assert queries.allowance(cast.an.id, published.course_id) == rules.NO_ALLOWANCE
        with pytest.raises(NotNow) as reason:
            actions.start(person_id=cast.an.id, published=published)
        assert reason.value.refusal == Refusal.LIMIT
    grant(cast.an.id, published.course_id, account.id, ends_cool_down=True)
    again = actions.start(person_id=cast.an.id, published=published)
    assert again.deadline_at == again.started_at + timedelta(minutes=30)


def test_the_audit_names_each_start_once(cast: Cast) -> None:
    published = publish(FOUR)
    for _ in range(3):
        actions.start(person_id=cast.an.id, published=published)
    db.session.flush()
    started = sa.text("SELECT count(*) FROM audit_entry WHERE action = 'quizzes.start'")
    assert db.session.scalar(started) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 1
