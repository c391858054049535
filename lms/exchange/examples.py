"""A bank with one question of each type, to be downloaded and written over: `examples.toml` beside this file."""

import tomllib
from dataclasses import asdict
from functools import cache
from pathlib import Path

from lms.catalogue.content import Question, question_from_data
from lms.exchange.carried import Carried
from lms.exchange.formats import Format, by_code

NAME = "mau-ngan-hang-cau-hoi"
FORMATS: tuple[Format, ...] = tuple(filter(None, map(by_code, ("word", "excel"))))
NOTHING = asdict(Question("", "", "", "", "", ""))
OPTION = {"right": False, "feedback": ""}
GAP: dict[str, list[str]] = {"answers": [], "forgive": [], "options": []}


@cache
def carried() -> Carried:
    """The examples. Not to be changed."""
    data = tomllib.loads(Path(__file__).with_name("examples.toml").read_text("utf-8"))
    questions = [question_from_data(_whole(question)) for question in data["question"]]
    return Carried(tuple(questions), title=data["title"], topics=tuple((t["id"], t["title"]) for t in data["topic"]))


def _whole(question: dict[str, object]) -> dict[str, object]:
    """A question with all fields, those that are not written empty."""
    options = [OPTION | option for option in question.get("options", ())]  # type: ignore[attr-defined]
    gaps = [GAP | gap for gap in question.get("gaps", ())]  # type: ignore[attr-defined]
    return NOTHING | question | {"options": options, "gaps": gaps}
