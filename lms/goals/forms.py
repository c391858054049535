"""Forms of the annual goal: questions, which are GET forms."""

from typing import Any

from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from lms import clock
from lms.forms import DayField, Form
from lms.language import Lazy, gettext


class AsOfForm(Form):
    """As of which day (what was true then), and by what was known at the end of which day; empty means today."""

    class Meta(Form.Meta):
        csrf = False

    as_of = DayField(Lazy("goals.as-of"), [Optional()], name="as-of")
    known_on = DayField(Lazy("goals.known-on"), [Optional()], name="known-on")

    def validate_as_of(self, field: DayField) -> None:
        _refuse_future(field)

    def validate_known_on(self, field: DayField) -> None:
        _refuse_future(field)

    def asked(self) -> dict[str, str]:
        """The days as they stand in addresses, for links that keep the question."""
        return {f.name: f.data.isoformat() for f in (self.as_of, self.known_on) if f.data and not f.errors}


class PastForm(AsOfForm):
    """A report on a unit at a past day, on the map as it was or on today's."""

    map = SelectField(Lazy("goals.map"), default="was", choices=lambda: _maps())


class SeatsForm(Form):
    """How many people a class seats."""

    class Meta(Form.Meta):
        csrf = False

    seats = IntegerField(Lazy("goals.seats"), [Optional(), NumberRange(1, 5000)], default=150)


def _maps() -> list[tuple[str, str]]:
    return [("was", gettext("goals.map-was")), ("today", gettext("goals.map-today"))]


def _refuse_future(field: Any) -> None:
    if field.data and field.data > clock.today():
        raise ValidationError(gettext("goals.not-in-future"))
