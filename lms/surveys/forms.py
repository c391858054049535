"""Forms of surveys: whom a survey asks, what it asks, and when."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import request
from flask_login import current_user
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms.validators import NumberRange, ValidationError

from lms import clock
from lms.catalogue import queries as catalogue
from lms.forms import DayField, Form, TextField, required
from lms.language import Lazy, gettext, locale, role_words
from lms.network import queries as network
from lms.surveys.models import Survey
from lms.surveys.queries import PERMISSIONS
from lms.surveys.rules import FEWEST, MOST_FEWEST, Division, Purpose

MOST_DAYS = 400
STANDARD, EMPTY = "standard", "empty"


class TermsForm(Form):
    """Whom a survey asks, and what will be told of the answers."""

    unit = TextField(Lazy("surveys.unit"), max_length=200)
    role = SelectField(Lazy("surveys.role"), choices=lambda: _roles())
    course_id = SelectField(Lazy("surveys.course"), coerce=int, choices=lambda: _courses())
    is_after_completion = RadioField(Lazy("surveys.who"), coerce=int, choices=lambda: _whens(), default=1)
    is_named = RadioField(Lazy("surveys.names"), coerce=int, choices=lambda: _namings(), default=0)
    fewest = IntegerField(Lazy("surveys.fewest"), [required, NumberRange(FEWEST, MOST_FEWEST)], default=FEWEST)
    division = SelectField(Lazy("surveys.division"), choices=lambda: _divisions())

    def __init__(self, purpose: Purpose, survey: Survey | None = None, **options: Any) -> None:
        if survey:
            options |= _shown(survey)
        super().__init__(data=options)
        self.permission = PERMISSIONS[purpose]
        self.unit_id: int | None = None
        if purpose is Purpose.NEEDS:
            del self.is_after_completion
        else:
            self.course_id.choices = self.course_id.choices[1:]

    def validate_unit(self, field: TextField) -> None:
        """A unit within reach, by name or code; none is the whole network, for who reaches all of it."""
        if not field.data:
            if current_user.scope(self.permission) is not None:
                raise ValidationError(gettext("form.required"))
            return
        code = network.code_of(field.data, clock.today())
        self.unit_id = network.unit_id_by_code(code, clock.today()) if code else None
        if self.unit_id is None or not current_user.reaches_unit(self.permission, self.unit_id):
            self.unit_id = None
            raise ValidationError(gettext("surveys.unknown-unit"))

    def terms(self) -> dict[str, Any]:
        """The columns of a survey."""
        is_after = bool(self.is_after_completion.data) if "is_after_completion" in self else False
        return {
            "unit_id": self.unit_id,
            "role": self.role.data or None,
            "course_id": self.course_id.data or None,
            "is_after_completion": is_after,
            "is_named": bool(self.is_named.data),
            "fewest": self.fewest.data,
            "division": self.division.data,
        }


class NewForm(TermsForm):
    """A survey that is not there yet."""

    title = TextField(Lazy("surveys.title"), [required], max_length=200)
    start = RadioField(Lazy("surveys.start"), choices=lambda: _starts(), default=STANDARD)


class OpeningForm(Form):
    """The days on which a survey can be answered."""

    from_on = DayField(Lazy("surveys.from"), [required])
    last_on = DayField(Lazy("surveys.last"), [required])

    def validate_from_on(self, field: DayField) -> None:
        if field.data and field.data < clock.today():
            raise ValidationError(gettext("surveys.from-past"))

    def validate_last_on(self, field: DayField) -> None:
        _refuse_early(field.data, self.from_on.data)

    @property
    def days(self) -> dict[str, date]:
        return {"from_on": self.from_on.data, "to_on": self.last_on.data + timedelta(days=1)}


class EndForm(Form):
    """Another last day."""

    last_on = DayField(Lazy("surveys.last"), [required])

    def validate_last_on(self, field: DayField) -> None:
        _refuse_early(field.data, clock.today())

    @property
    def to_on(self) -> date:
        """The first day after it."""
        last: date = self.last_on.data
        return last + timedelta(days=1)


def sent() -> Mapping[str, list[str]]:
    """What the present form holds."""
    return {name: request.form.getlist(name) for name in request.form}


def unit_wording(unit_id: int) -> str:
    """A unit as it may be typed: its name, or its code where several have that name."""
    day = clock.today()
    name, code = network.unit(unit_id, day).name, network.codes([unit_id], day).get(unit_id, "")
    return name if network.code_of(name, day) == code else code


def _refuse_early(last: date | None, first: date | None) -> None:
    if last and first and last < first:
        raise ValidationError(gettext("form.end-before-start"))
    if last and first and (last - first).days > MOST_DAYS:
        raise ValidationError(gettext("surveys.too-long-open", limit=MOST_DAYS))


def _shown(survey: Survey) -> dict[str, Any]:
    return {
        "unit": unit_wording(survey.unit_id) if survey.unit_id else "",
        "role": survey.role or "",
        "course_id": survey.course_id or 0,
        "is_after_completion": int(survey.is_after_completion),
        "is_named": int(survey.is_named),
        "fewest": survey.fewest,
        "division": survey.division,
    }


def _roles() -> list[tuple[str, str]]:
    return [("", gettext("surveys.any-role")), *((code, role_words(code)) for code in network.role_codes())]


def _courses() -> list[tuple[int, str]]:
    offered = [(course.course_id, course.content.words_in(locale())[0]) for course in catalogue.offered()]
    return [(0, gettext("surveys.no-course")), *offered]


def _whens() -> list[tuple[int, str]]:
    return [(1, gettext("surveys.after-completion")), (0, gettext("surveys.while-learning"))]


def _namings() -> list[tuple[int, str]]:
    return [(0, gettext("surveys.anonymous")), (1, gettext("surveys.named"))]


def _divisions() -> list[tuple[str, str]]:
    return [(division.value, gettext(f"surveys.division.{division}")) for division in Division]


def _starts() -> list[tuple[str, str]]:
    return [(start, gettext(f"surveys.start.{start}")) for start in (STANDARD, EMPTY)]
