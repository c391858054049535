"""Forms of overrides."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from wtforms import BooleanField, IntegerField
from wtforms.validators import Optional, ValidationError

from lms import clock, text
from lms.forms import DayField, Form, LongTextField, TextField, required
from lms.language import Lazy, gettext
from lms.quizzes.rules import Allowance

USUAL_DAYS = 30


class CountField(IntegerField):
    """A whole number from 0 to `most`; empty is 0."""

    def __init__(self, label: Lazy, most: int, **options: Any) -> None:
        super().__init__(label, [Optional()], render_kw={"class": "short", "inputmode": "numeric"}, **options)
        self.most = most

    def process_formdata(self, values: Sequence[str]) -> None:
        typed = text.clean(values[0]) if values else ""
        self.data = int(typed) if re.fullmatch("[0-9]{1,4}", typed) else None
        if typed and (self.data is None or self.data > self.most):
            raise ValueError(gettext("override.number-range", most=self.most))


class OverrideForm(Form):
    """To whom, what, why, and until when."""

    person = TextField(Lazy("override.person"), [required], max_length=50)
    extra_percent = CountField(Lazy("override.percent"), 300)
    extra_minutes = CountField(Lazy("override.minutes"), 600)
    extra_attempts = CountField(Lazy("override.attempts"), 20)
    ends_cool_down = BooleanField(Lazy("override.ends-cool-down"))
    reason = LongTextField(Lazy("override.reason"), [required], max_length=500)
    to_on = DayField(Lazy("override.to-on"), [required])

    def __init__(self, **options: Any) -> None:
        options.setdefault("data", {"to_on": clock.today() + timedelta(days=USUAL_DAYS)})
        super().__init__(**options)

    @property
    def granted(self) -> Allowance:
        return Allowance(self.extra_percent.data or 0, self.extra_minutes.data or 0, self.extra_attempts.data or 0)

    def validate_to_on(self, field: DayField) -> None:
        if field.data and field.data < clock.today():
            raise ValidationError(gettext("override.past"))

    def validate_ends_cool_down(self, field: BooleanField) -> None:
        if (
            self.granted == Allowance()
            and not field.data
            and not (self.extra_percent.errors or self.extra_minutes.errors)
        ):
            raise ValidationError(gettext("override.nothing"))
