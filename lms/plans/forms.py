"""Forms of plans."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms import clock, text
from lms.catalogue import queries as catalogue
from lms.catalogue.content import CATEGORIES
from lms.forms import DayField, Form, LongTextField, TextField, required
from lms.goals import queries as goals
from lms.language import Lazy, format_number, gettext, role_words
from lms.network import queries as network
from lms.plans import rules
from lms.plans.models import WORDING, PlanItem, TrainingPlan
from lms.plans.rules import MODULE, PERIODS, Delivery


class CountField(IntegerField):
    """A whole number from 1 to `most`."""

    def __init__(self, label: Lazy, validators: Iterable[Any] = (), *, most: int, **options: Any) -> None:
        options.setdefault("render_kw", {"min": 1, "max": most})
        super().__init__(label, list(validators), **options)
        self.most = most

    def pre_validate(self, form: object) -> None:
        if self.process_errors:
            raise StopValidation
        if self.data is not None and not 1 <= self.data <= self.most:
            raise ValidationError(gettext("plans.count-between", most=format_number(self.most)))


class MoneyField(StringField):
    """An amount in đồng typed as 1.234.567 or 1234567; a whole number as data, 0 when nothing is typed."""

    data: Any

    def __init__(self, label: Lazy, validators: Iterable[Any] = (), **options: Any) -> None:
        options.setdefault("render_kw", {"inputmode": "numeric", "class": "short", "maxlength": 24})
        super().__init__(label, list(validators), **options)

    def process_formdata(self, values: Sequence[str]) -> None:
        self.data = 0
        if not values or not (written := text.clean(values[0])):
            return
        amount = rules.dong(text.fold(written))
        if amount is None or amount > rules.MOST_BUDGET:
            raise ValueError(gettext("plans.bad-budget"))
        self.data = amount

    def _value(self) -> str:
        if self.raw_data:
            return text.clean(self.raw_data[0])
        return format_number(self.data) if self.data else ""


class RolesField(SelectMultipleField):
    """Some roles of the network, one check box each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class YearForm(Form):
    """The year of a new plan: this one or the next."""

    year = SelectField(Lazy("plans.year"), coerce=int, choices=lambda: _years())

    def __init__(self, **options: Any) -> None:
        super().__init__(data={"year": clock.today().year}, **options)


class TermsForm(Form):
    policy = SelectField(Lazy("plans.policy"))
    class_size = CountField(Lazy("plans.class-size"), [required], most=rules.LARGEST_CLASS)
    legal_basis = LongTextField(Lazy("plans.legal-basis"), [Optional()], max_length=2000)

    def __init__(self, plan: TrainingPlan) -> None:
        super().__init__(obj=plan)
        self.policy.choices = [(policy.code, policy.title) for policy in goals.policies(plan.year)]


class ItemForm(Form):
    """An item of a plan; `key` makes sure that a new one is added once."""

    key = HiddenField(default=lambda: secrets.token_hex(8), validators=[required])
    title = TextField(Lazy("plans.title"), [required], max_length=200)
    competency = SelectField(Lazy("plans.competency"), choices=lambda: competencies())
    roles = RolesField(Lazy("plans.roles"), [Optional()], choices=lambda: _roles())
    unit_id = SelectField(Lazy("plans.place"), coerce=int)
    delivery = SelectField(Lazy("plans.delivery"), choices=lambda: _deliveries())
    owner = TextField(Lazy("plans.owner"), [required], max_length=200)
    from_on = DayField(Lazy("plans.from"), [required])
    last_on = DayField(Lazy("plans.last"), [required])
    seats = CountField(Lazy("plans.seats"), [required], most=rules.MOST_SEATS)
    classes = CountField(Lazy("plans.classes"), [required], most=rules.MOST_CLASSES)
    budget = MoneyField(Lazy("plans.budget"), [Optional()])
    budget_source = TextField(Lazy("plans.budget-source"), [Optional()], max_length=200)
    legal_basis = TextField(Lazy("plans.legal-basis"), [Optional()], max_length=500)
    task_group = SelectField(Lazy("plans.task-group"), [Optional()], coerce=int, choices=lambda: _task_groups())

    def __init__(self, plan: TrainingPlan, item: PlanItem | None = None, **options: Any) -> None:
        if item is not None:
            options["last_on"] = item.to_on - timedelta(days=1)
        super().__init__(obj=item, **options)
        self.year = plan.year
        self.unit_id.choices = _places(plan, item)

    def validate_from_on(self, field: DayField) -> None:
        self._must_lie_in_year(field.data)

    def validate_last_on(self, field: DayField) -> None:
        self._must_lie_in_year(field.data)
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError(gettext("form.end-before-start"))

    def values(self) -> dict[str, Any]:
        """The columns of an item."""
        found = {name: self[name].data for name in WORDING if name in self}
        found["to_on"] = self.last_on.data + timedelta(days=1)
        return found | {"unit_id": self.unit_id.data or None, "task_group": self.task_group.data or None}

    def _must_lie_in_year(self, day: date | None) -> None:
        if day and day.year != self.year:
            raise ValidationError(gettext("plans.other-year", year=self.year))


class ApprovalForm(Form):
    decision_number = TextField(Lazy("plans.decision-number"), [required], max_length=100)
    approved_on = DayField(Lazy("plans.approved-on"), [required])
    signatory_name = TextField(Lazy("plans.signatory-name"), [required], max_length=100)
    signatory_title = TextField(Lazy("plans.signatory-title"), [required], max_length=200)
    legal_basis = LongTextField(Lazy("plans.legal-basis"), [required], max_length=2000)

    def validate_approved_on(self, field: DayField) -> None:
        if field.data and field.data > clock.today():
            raise ValidationError(gettext("plans.signed-later"))

    def decision(self) -> dict[str, Any]:
        """What the decision says, by column of the plan."""
        names = ("decision_number", "approved_on", "signatory_name", "signatory_title", "legal_basis")
        return {name: self[name].data for name in names}


def competencies() -> list[tuple[str, str]]:
    """What an item can be about, in words."""
    categories = [(category, gettext(f"category.{category}")) for category in CATEGORIES]
    courses = [(MODULE + slug, title) for slug, title in catalogue.titles(catalogue.offered()).items()]
    modules = [(code, gettext("plans.module", course=title)) for code, title in courses]
    return [(PERIODS, gettext("plans.periods")), *categories, *modules]


def _years() -> list[tuple[int, str]]:
    this = clock.today().year
    return [(year, str(year)) for year in (this, this + 1)]


def _roles() -> list[tuple[str, str]]:
    return [(code, role_words(code)) for code in network.role_codes()]


def _deliveries() -> list[tuple[str, str]]:
    return [(delivery.value, gettext(f"plans.delivery.{delivery}")) for delivery in Delivery]


def _task_groups() -> list[tuple[int, str]]:
    numbered = [(number, f"{number}. " + gettext(f"plans.task-group.{number}")) for number in rules.TASK_GROUPS]
    return [(0, gettext("plans.no-task-group")), *numbered]


def _places(plan: TrainingPlan, item: PlanItem | None) -> list[tuple[int, str]]:
    """The plan's whole unit, the units directly below it, and the one that the item has already."""
    below = [(row.UnitVersion.unit_id, row.UnitVersion.name) for row in network.children(plan.unit_id, clock.today())]
    chosen = item.unit_id if item else None
    if chosen and chosen not in dict(below):
        below.append((chosen, network.names([chosen])[chosen]))
    return [(0, gettext("plans.whole-unit")), *below]
