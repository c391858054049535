"""Forms of year books."""

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.validators import Optional, ValidationError

from lms.clock import today
from lms.forms import DayField, Form, LongTextField, TextField, required
from lms.goals.rules import Policy
from lms.language import Lazy, gettext
from lms.yearbooks.rules import Kind


class CloseForm(Form):
    """Which year of which policy, for good or for the time being."""

    policy = SelectField(Lazy("book.policy"), [required])
    year = SelectField(Lazy("book.year"), [required], coerce=int)
    kind = RadioField(Lazy("book.kind"), [required])
    as_of = DayField(Lazy("book.as-of"), [Optional()])
    reason = LongTextField(Lazy("book.note"), [Optional()], max_length=1000)

    def __init__(self, policies: Sequence[Policy], years: Sequence[int], **options: Any) -> None:
        super().__init__(**options)
        self.policy.choices = [(policy.code, policy.title) for policy in policies]
        self.year.choices = [(year, str(year)) for year in years]
        self.kind.choices = [(kind.value, gettext(f"book.kind.{kind}")) for kind in (Kind.FINAL, Kind.PROVISIONAL)]


class ReopenForm(Form):
    """Why a closed year is opened again, and by which decision."""

    reason = LongTextField(Lazy("book.reason"), [required], max_length=2000)
    authority = TextField(Lazy("book.authority"), [required], max_length=100)
    authority_on = DayField(Lazy("book.authority-on"), [required])

    def validate_authority_on(self, field: DayField) -> None:
        if field.data and field.data > today():
            raise ValidationError(gettext("book.refused.day-to-come"))
