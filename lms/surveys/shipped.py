"""The questionnaires that come with the product, `courses/surveys/*.toml`."""

from dataclasses import replace
from pathlib import Path

from flask import current_app

from lms.surveys import document
from lms.surveys.questionnaire import Questionnaire
from lms.surveys.rules import Purpose

NAMES = {Purpose.COURSE: "course-evaluation", Purpose.NEEDS: "training-needs"}


def source(purpose: Purpose, title: str, *, is_empty: bool = False) -> str:
    """The text with which a survey of a purpose begins, under a title."""
    if is_empty:
        return document.write(Questionnaire(title, ()))
    path = Path(current_app.config["COURSES_PATH"]) / "surveys" / f"{NAMES[purpose]}.toml"
    return document.write(replace(document.parse(path.read_text("utf-8")), title=title))
