"""Forms of the December pack."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.db import AnyRow
from lms.documents import faces
from lms.forms import DayField, Form, LongTextField, TextField, required
from lms.goals.rules import Policy
from lms.language import Lazy, gettext
from lms.yearend import records, rules
from lms.yearend.rules import Every

LEAP_YEAR = 2024
ENDINGS = (("xlsx", "Excel"), ("csv", "CSV"))


def settable(form: object, field: Any) -> None:
    """Validator: everything that is typed can be printed."""
    if signs := faces.missing(field.data or ""):
        raise ValidationError(gettext("yearend.cannot-print", signs=" ".join(signs)))


def day_of_year(form: object, field: Any) -> None:
    """Validator: a day as «15/12»."""
    if field.data and rules.day_of(field.data, LEAP_YEAR) is None:
        raise ValidationError(gettext("yearend.bad-day"))


class ChoicesField(SelectMultipleField):
    """Some of a list, one check box each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TermsForm(Form):
    """How a unit's reports begin and end."""

    superior = TextField(Lazy("yearend.superior"), [Optional(), settable], max_length=120)
    body = TextField(Lazy("yearend.body"), [required, settable], max_length=120)
    number_pattern = TextField(Lazy("yearend.number-pattern"), [required, settable], max_length=60)
    place = TextField(Lazy("yearend.place"), [required, settable], max_length=60)
    ranks = LongTextField(Lazy("yearend.ranks"), [required, settable], max_length=300)
    signatory = TextField(Lazy("yearend.signatory"), [Optional(), settable], max_length=80)
    recipients = LongTextField(Lazy("yearend.recipients-list"), [Optional(), settable], max_length=1000)
    legal_basis = LongTextField(Lazy("yearend.legal-basis"), [Optional(), settable], max_length=2000)
    until_day = TextField(Lazy("yearend.until-day"), [Optional(), day_of_year], max_length=5)
    reported_day = TextField(Lazy("yearend.reported-day"), [Optional(), day_of_year], max_length=5)


class ReportForm(Form):
    """What the officer writes in the report of a year."""

    dispatch_number = TextField(Lazy("yearend.dispatch-number"), [Optional(), settable], max_length=20)
    signed_on = DayField(Lazy("yearend.signed-on"), [Optional()])
    obstacles = LongTextField(Lazy("yearend.obstacles"), [Optional(), settable], max_length=5000)
    proposals = LongTextField(Lazy("yearend.proposals"), [Optional(), settable], max_length=5000)


class ScheduleForm(Form):
    """How often a report is produced and announced, and to whom."""

    policy = SelectField(Lazy("yearend.policy"))
    every = SelectField(
        Lazy("yearend.every"), choices=lambda: [(each.value, gettext(f"yearend.every.{each}")) for each in Every]
    )
    account_ids = ChoicesField(Lazy("yearend.readers"), [required], coerce=int)
    is_paused = BooleanField(Lazy("yearend.paused"))

    def __init__(self, policies: Sequence[Policy], readers: Sequence[AnyRow], **options: Any) -> None:
        super().__init__(**options)
        self.policy.choices = [(policy.code, policy.title) for policy in policies]
        self.account_ids.choices = [(one.id, one.full_name) for one in readers]


class RecordForm(Form):
    """Which columns are taken out: only what the receiver needs."""

    columns = ChoicesField(
        Lazy("yearend.columns"),
        [required],
        choices=lambda: [(name, gettext(f"yearend.record.{name}")) for name in records.COLUMNS],
        default=records.USUAL,
    )
    ending = SelectField(Lazy("yearend.ending"), choices=lambda: list(ENDINGS))

    @property
    def chosen(self) -> list[str]:
        """The columns in their order."""
        return [name for name in records.COLUMNS if name in self.columns.data]
