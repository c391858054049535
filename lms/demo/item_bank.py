"""The shared bank in the demo: the questions of Chi's course and three more, a pool, and a second version of one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from lms.authoring import queries as authoring
from lms.authoring.models import Draft
from lms.banks import actions, queries, rules
from lms.banks.models import BankItem, BankItemVersion
from lms.banks.rules import Banked, Sharing
from lms.catalogue import queries as catalogue
from lms.catalogue import writing
from lms.catalogue.content import Content, Question
from lms.catalogue.package import read_files
from lms.db import db
from lms.demo.learners import Learner

SHARED = Sharing.BELOW.value
TAKEN = 2


def fill(unit_id: int, course: str, extra: Mapping[str, str], step: Mapping[str, Any], actor: Learner) -> None:
    """The questions of a course come in through the door, those of `extra` one by one; a pool lists them all."""
    content = catalogue.current(course).content
    questions = _as_banked(content, step)
    arrival = actions.receive(
        unit_id=unit_id, sharing=SHARED, name=content.title, questions=questions, remarks=(), known=(),
        by_id=actor.account_id,
    )  # fmt: skip
    actions.accept(arrival=arrival, choices={}, own=(), by_id=actor.account_id)
    for question in _as_banked(_read(course, extra), step):
        actions.add(unit_id=unit_id, sharing=SHARED, question=question, by_id=actor.account_id)
    pool = actions.save_pool(pool=None, unit_id=unit_id, name=step["pool"], sharing=SHARED, topic="", difficulty="")
    actions.fill_pool(pool=pool, item_ids=_item_ids())


def taken_into(draft: Draft) -> dict[str, str]:
    """The files of a draft with the last items of the bank in its quiz."""
    files = authoring.current_files(draft)
    content = _read(draft.slug, files)
    quiz = rules.taken(content, [_banked(item_id) for item_id in _item_ids()[-TAKEN:]], content.outcomes[0].id)
    return {**files, "quiz.toml": writing.quiz(quiz)}


def revise(step: Mapping[str, Any], actor: Learner) -> None:
    """An item is asked in other words."""
    about = BankItemVersion.question["text"].as_string().startswith(step["about"])
    item_id = db.session.scalars(sa.select(BankItemVersion.item_id).where(about)).one()
    before = _banked(item_id).question
    question = replace(before, text=before.text.replace(step["old"], step["new"]))
    actions.revise(item=queries.item(item_id), question=question, note=step["note"], by_id=actor.account_id)


def _as_banked(content: Content, step: Mapping[str, Any]) -> list[Question]:
    """The questions of a course with words for topic and outcome, under the name of their author."""
    topics, outcomes = dict(content.quiz.topics), {outcome.id: outcome.text for outcome in content.outcomes}
    return [
        replace(
            rules.as_banked(question, topic=topics[question.topic], outcome=outcomes[question.outcome]),
            author=step["author"],
            licence=step["licence"],
        )
        for question in content.quiz.questions
    ]


def _read(course: str, files: Mapping[str, str]) -> Content:
    content = read_files(course, {path: text.encode() for path, text in files.items()}).content
    if content is None:
        raise ValueError(course)
    return content


def _banked(item_id: int) -> Banked:
    item = queries.item(item_id)
    question = rules.question_of(queries.version(item_id, item.number).question, item.code)
    return Banked(item_id, item.number, question)


def _item_ids() -> list[int]:
    return list(db.session.scalars(sa.select(BankItem.id).order_by(BankItem.id)))
