"""The form of a mark: points and a comment for each criterion of the rubric."""

from typing import Any

from wtforms import RadioField, SelectChoice
from wtforms.fields import Field

from lms.catalogue.content import Question
from lms.forms import Form, LongTextField, TextField, required
from lms.language import Lazy, format_number
from lms.marking import rules
from lms.marking.rules import Marked


class MarkForm(Form):
    comment = LongTextField(Lazy("marking.comment"), max_length=5000)

    @property
    def criteria(self) -> list[tuple[Field, Field]]:
        """The fields of each criterion: points and comment."""
        number = sum(name.startswith("points_") for name in self._fields)
        return [(self[f"points_{n}"], self[f"comment_{n}"]) for n in range(number)]

    @property
    def marked(self) -> Marked:
        return Marked(
            tuple(float(points.data) for points, _ in self.criteria),
            tuple(comment.data or "" for _, comment in self.criteria),
            self.comment.data or "",
        )


def mark_form(question: Question, own: Marked | None) -> MarkForm:
    """The form for a question's rubric, with what the marker gave before."""
    fields: dict[str, Any] = {}
    for n, criterion in enumerate(question.rubric):
        choices = [SelectChoice(_value(points), format_number(points)) for points in rules.steps(criterion.points)]
        fields[f"points_{n}"] = RadioField(Lazy("marking.points"), [required], choices=choices, validate_choice=True)
        fields[f"comment_{n}"] = TextField(Lazy("marking.criterion-comment"), max_length=1000)
    made: type[MarkForm] = type("MarkForm", (MarkForm,), fields)
    return made(data=_data(own) if own else None)


def _data(own: Marked) -> dict[str, Any]:
    points = {f"points_{n}": _value(value) for n, value in enumerate(own.points)}
    return points | {f"comment_{n}": value for n, value in enumerate(own.comments)} | {"comment": own.comment}


def _value(points: float) -> str:
    return str(float(points))
