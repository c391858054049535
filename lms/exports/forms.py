"""The form that chooses certificates."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from wtforms import SelectField
from wtforms.validators import Optional, ValidationError

from lms.certificates.forms import RegisterForm
from lms.exports.rules import Wanted
from lms.forms import DayField
from lms.language import Lazy, gettext, role_words


class FilterForm(RegisterForm):
    """As one looks for papers in the register, and by period and role; an open side of the period means the year's own."""

    start = DayField(Lazy("exports.start"), [Optional()])
    last = DayField(Lazy("exports.last"), [Optional()])
    role = SelectField(Lazy("exports.role"))

    def __init__(self, *data: Any) -> None:
        super().__init__(*data)
        for field in self:
            if isinstance(field, SelectField) and field.data is None:
                field.data = ""

    def offer_roles(self, roles: Iterable[str]) -> None:
        """Fill the list of roles."""
        self.role.choices = [("", gettext("certificates.all")), *((role, role_words(role)) for role in roles)]

    def validate_last(self, field: DayField) -> None:
        if field.data and self.start.data and field.data < self.start.data:
            raise ValidationError(gettext("form.end-before-start"))

    def wanted_of(self, unit_id: int, year: int) -> Wanted:
        """The filter, for a unit; of a form that is wrong: all papers of the year."""
        start, end = date(year, 1, 1), date(year + 1, 1, 1)
        if self.errors:
            return Wanted(unit_id, start, end)
        asked: dict[str, Any] = self.wanted | {"role": self.role.data or ""}
        end = self.last.data + timedelta(days=1) if self.last.data else end
        return Wanted(unit_id, self.start.data or start, end, **asked)
