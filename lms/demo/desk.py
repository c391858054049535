"""The trainers' desk in the demo: three versions of Chi's course, and the drafts that wait beside it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from lms import clock
from lms.authoring import actions, beginning, publishing, queries, review, review_actions, rules
from lms.authoring.models import Draft
from lms.catalogue import queries as catalogue
from lms.demo import data, item_bank
from lms.demo.learners import Learner
from lms.demo.stage import Stage, told
from lms.demo.year import Moment

Told = Mapping[str, Any]


class NotSo(LookupError):
    """The tale names something that is not there."""


def moments(stage: Stage) -> Iterator[Moment]:
    """What the trainers write, step by step."""
    for step in told()["desk"]:
        yield stage.moment(step, partial(_act, stage, step))


def _act(stage: Stage, step: Told, actor: Learner) -> None:
    course = step.get("course", told()["course"])
    DO[step["do"]](stage, course, step, actor)


def begin(stage: Stage, course: str, step: Told, actor: Learner) -> None:
    """A new course, with the files of its folder when there is one."""
    files = texts(data.FOLDER / course) or None
    title = rules.title_in(files) if files else step["title"]
    actions.begin(slug=course, title=title, unit_id=stage.unit_id, by_id=actor.account_id, files=files)


def texts(folder: Path) -> dict[str, str]:
    """The files of a course."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.*"))}


def _next(_stage: Stage, course: str, _step: Told, actor: Learner) -> None:
    published = catalogue.current(course)
    beginning.begin_from(course=catalogue.course(course), published=published, by_id=actor.account_id)


def _copy(stage: Stage, course: str, step: Told, actor: Learner) -> None:
    beginning.copy(
        published=catalogue.current(step["of"]), slug=course, title=step["title"], unit_id=stage.unit_id,
        by_id=actor.account_id,
    )  # fmt: skip


def _change(_stage: Stage, course: str, step: Told, actor: Learner) -> None:
    draft = _draft(course)
    files = queries.current_files(draft)
    for change in step["changes"]:
        files[change["path"]] = changed(files[change["path"]], change)
    actions.save(draft=draft, files=files, base=draft.revision, by_id=actor.account_id, act=step["act"])


def changed(text: str, change: Told) -> str:
    """A text with one thing said otherwise, or added at its end. Raises `NotSo`."""
    if "append" in change:
        return text + str(change["append"])
    if change["old"] not in text:
        raise NotSo(change["old"])
    return text.replace(change["old"], change["new"])


def _send(_stage: Stage, course: str, _step: Told, actor: Learner) -> None:
    review_actions.send(draft=_draft(course), by_id=actor.account_id)


def _comment(_stage: Stage, course: str, step: Told, actor: Learner) -> None:
    draft = _draft(course)
    content = queries.package(draft).content
    pieces = review.pieces(content) if content else []
    piece = next(each for each in pieces if each.path == step["path"] and step["about"] in each.text)
    review_actions.comment(draft=draft, piece=piece, text=step["text"], by_id=actor.account_id)


def _answer(_stage: Stage, course: str, step: Told, actor: Learner) -> None:
    comment = next(each for each in queries.comments(_draft(course)) if each.path == step["path"])
    review_actions.answer(comment=comment, text=step["text"], by_id=actor.account_id)


def _approve(_stage: Stage, course: str, _step: Told, actor: Learner) -> None:
    draft = _draft(course)
    review_actions.approve(draft=draft, revision=draft.revision, by_id=actor.account_id)


def _publish(_stage: Stage, course: str, _step: Told, actor: Learner) -> None:
    publishing.publish(draft=_draft(course), by_id=actor.account_id)


def _schedule(_stage: Stage, course: str, step: Told, actor: Learner) -> None:
    day = clock.today() + timedelta(days=step["in_days"])
    publishing.schedule(draft=_draft(course), on=day, by_id=actor.account_id)


def _fill_bank(stage: Stage, course: str, step: Told, actor: Learner) -> None:
    extra = {**texts(data.FOLDER / course), "quiz.toml": (data.FOLDER / "bank.toml").read_text(encoding="utf-8")}
    item_bank.fill(stage.unit_id, course, extra, step, actor)


def _take(_stage: Stage, course: str, _step: Told, actor: Learner) -> None:
    draft = _draft(course)
    files = item_bank.taken_into(draft)
    actions.save(draft=draft, files=files, base=draft.revision, by_id=actor.account_id, act="take-from-bank")


def _revise(_stage: Stage, _course: str, step: Told, actor: Learner) -> None:
    item_bank.revise(step, actor)


def _draft(course: str) -> Draft:
    draft = queries.open_draft(course)
    if draft is None:
        raise NotSo(course)
    return draft


DO: Mapping[str, Callable[[Stage, str, Told, Learner], None]] = {
    "begin": begin,
    "next": _next,
    "copy": _copy,
    "change": _change,
    "send": _send,
    "comment": _comment,
    "answer": _answer,
    "approve": _approve,
    "publish": _publish,
    "schedule": _schedule,
    "fill-bank": _fill_bank,
    "take-from-bank": _take,
    "revise-item": _revise,
}
