"""An essay that was voided waits for nobody."""

import pytest
import sqlalchemy as sa

from lms.catalogue.content import Draw
from lms.db import db
from lms.learning.models import Completion
from lms.quizzes.corrections import Kind
from lms.quizzes.models import Answer, Correction
from lms.regrading import actions
from tests.marking.test_marking import GOOD, count, mark, result, written
from tests.people import Cast
from tests.quizzes.bank import quiz
from tests.quizzes.course import essay, publish

CORRECTING = {"question": "q1", "key": {}, "reason": "Đề sai", "by_id": None, "actor": "t"}


@pytest.mark.parametrize(("kind", "points"), [(Kind.FULL, 20), (Kind.OUT, 10)])
def test_a_voided_essay_leaves_the_queue_and_the_attempt_has_its_result(cast: Cast, kind: Kind, points: float) -> None:
    published = publish(quiz(Draw(2), questions=(essay("q1"), essay("q2")), passing=0.9))
    written(cast.an, published)
    first, second = db.session.scalars(sa.select(Answer.id).order_by(Answer.question))
    mark(second, cast.chi, GOOD)
    assert result(second) == (10, None)
    correction = actions.correct(published=published, kind=kind, **CORRECTING)  # type: ignore[arg-type]
    assert result(second) == (10, None), "nothing holds before it is applied"
    actions.apply(correction=correction, by_id=None, actor="t")  # type: ignore[arg-type]
    db.session.commit()
    assert (result(second), count(Completion)) == ((points, True), 1)
    assert db.session.get_one(Answer, first).marks_wanted is None


def test_what_is_handed_in_later_asks_nobody_to_mark_a_voided_essay(cast: Cast) -> None:
    published = publish(quiz(Draw(1), questions=(essay("q1"),), passing=0.5))
    correction = actions.correct(published=published, kind=Kind.FULL, **CORRECTING)  # type: ignore[arg-type]
    actions.apply(correction=correction, by_id=None, actor="t")  # type: ignore[arg-type]
    answer_id = written(cast.an, published)
    assert result(answer_id) == (10, True)
    assert db.session.scalar(sa.select(Correction.state)) == "applied"
