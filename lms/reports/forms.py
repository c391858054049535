"""Forms of reports."""

from wtforms.validators import Optional, ValidationError

from lms.forms import DayField, Form
from lms.language import Lazy, gettext


class PeriodForm(Form):
    """The first and the last day of a period; an open side means the year's own."""

    class Meta(Form.Meta):
        csrf = False

    start = DayField(Lazy("reports.start"), [Optional()])
    last = DayField(Lazy("reports.last"), [Optional()])

    def validate_last(self, field: DayField) -> None:
        if field.data and self.start.data and field.data < self.start.data:
            raise ValidationError(gettext("form.end-before-start"))
