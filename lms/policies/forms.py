"""The form of a draft. Everything is kept as it was typed, so that a page that comes back has lost nothing."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms import text
from lms.catalogue.content import CATEGORIES
from lms.clock import parse_day
from lms.forms import YEARS, Form, LongTextField, TextField, required
from lms.goals import queries as goals
from lms.goals.policy import LARGEST, BadPolicy
from lms.goals.rules import Accrual, Policy, Source
from lms.language import Lazy, gettext, role_words
from lms.network.models import Employment, Level
from lms.policies import document

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 200_000
MOST_RULES = 200


class Part(Form):
    """A form within a form."""

    class Meta(Form.Meta):
        csrf = False


class Choices(SelectMultipleField):
    """Checkboxes; a code that is not on the list any more stays chosen until somebody takes it away."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Lazy, **options: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **options)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer codes with their words, and whatever is chosen."""
        known = {code for code, _ in choices}
        self.choices = [*choices, *((code, code) for code in self.data or () if code not in known)]


def _whole(form: object, field: TextField) -> None:
    if field.data and not (field.data.isascii() and field.data.isdigit() and int(field.data[:9]) <= LARGEST):
        raise ValidationError(gettext("policies.whole-number", largest=LARGEST))


def _share(form: object, field: TextField) -> None:
    try:
        is_share = not field.data or 0 <= document.percent(field.data) <= 100
    except (ValueError, ZeroDivisionError):
        is_share = False
    if not is_share:
        raise ValidationError(gettext("policies.percent"))


def _day(form: object, field: TextField) -> None:
    day = parse_day(field.data) if field.data else None
    if field.data and (day is None or day.year not in YEARS):
        raise ValidationError(gettext("form.date-format"))


def _number(label: Lazy, *validators: Any) -> TextField:
    return TextField(label, [*validators, _whole], max_length=5, render_kw={"inputmode": "numeric", "class": "short"})


class GroupForm(Part):
    """Whom a rule, or an exception of it, means."""

    role = Choices(Lazy("policies.role"))
    level = Choices(Lazy("policies.level"))
    employment = Choices(Lazy("policies.employment"))
    position = TextField(Lazy("policies.position"), max_length=2000)
    title = TextField(Lazy("policies.title-standard"), max_length=2000)
    unit = TextField(Lazy("policies.unit"), max_length=2000)

    def offer(self, roles: Sequence[str]) -> None:
        """Offer what may be chosen."""
        self.role.offer([(code, role_words(code)) for code in roles])
        self.level.offer([(level, gettext(f"level.{level}")) for level in Level])
        self.employment.offer([(kind, gettext(f"employment.{kind}")) for kind in Employment])

    @property
    def is_empty(self) -> bool:
        return not any(self.data.values())


class MinimaForm(Part):
    """The least of each category."""


class CapsForm(Part):
    """The largest share of each source."""


for _category in CATEGORIES:
    setattr(MinimaForm, _category, _number(Lazy(f"category.{_category}")))
for _source in Source:
    _words = {"inputmode": "decimal", "class": "short"}
    setattr(CapsForm, _source, TextField(Lazy(f"source.{_source}"), [_share], max_length=20, render_kw=_words))


class RuleForm(Part):
    """One rule: who, what and when."""

    who = FormField(GroupForm)
    ones = FieldList(FormField(GroupForm))
    excepts = FieldList(FormField(GroupForm))
    kept = HiddenField()
    periods = _number(Lazy("policies.periods"), required)
    minima = FormField(MinimaForm)
    modules = Choices(Lazy("policies.modules"))
    from_on = TextField(Lazy("policies.from-on"), [_day], max_length=10, render_kw={"class": "short"})
    last_on = TextField(Lazy("policies.last-on"), [_day], max_length=10, render_kw={"class": "short"})
    legal_basis = TextField(Lazy("policies.legal-basis"), max_length=500)

    def offer(self, roles: Sequence[str], courses: Mapping[str, str]) -> None:
        """Offer what may be chosen."""
        for group in (self.who, *self.ones, *self.excepts):
            group.form.offer(roles)
        self.modules.offer(list(courses.items()))

    def validate_ones(self, field: FieldList) -> None:
        _refuse_empty(field)

    validate_excepts = validate_ones

    def validate_last_on(self, field: TextField) -> None:
        start, last = parse_day(self.from_on.data or ""), parse_day(field.data or "")
        if start and last and last < start:
            raise ValidationError(gettext("policies.last-before-first"))


def _refuse_empty(groups: FieldList) -> None:
    """A group that asks nothing would mean everybody."""
    for group in groups:
        if group.form.is_empty:
            group.form.role.errors = [gettext("policies.empty-group")]
            raise ValidationError(gettext("policies.empty-group"))


class PolicyForm(Form):
    """A draft as a form."""

    revision = HiddenField()
    title = TextField(Lazy("policies.title"), [required], max_length=300)
    legal_basis = TextField(Lazy("policies.legal-basis"), max_length=500)
    accrual = RadioField(Lazy("policies.accrual"), validate_choice=False)
    minimum_service_days = _number(Lazy("policies.minimum-service-days"))
    absence_threshold_days = _number(Lazy("policies.absence-threshold-days"))
    module_grace_days = _number(Lazy("policies.module-grace-days"))
    duplicate_months = _number(Lazy("policies.duplicate-months"))
    caps = FormField(CapsForm)
    rules = FieldList(FormField(RuleForm), max_entries=MOST_RULES)

    def offer(self, roles: Sequence[str], courses: Mapping[str, str]) -> "PolicyForm":
        """Offer what may be chosen."""
        self.accrual.choices = [(kind.value, gettext(f"policies.accrual.{kind}")) for kind in Accrual]
        for rule in self.rules:
            rule.form.offer(roles, courses)
        return self

    def policy(self, code: str) -> Policy | None:
        """The policy that is meant; None when something typed is wrong, and the fields say what."""
        if not self.validate():
            return None
        if not self.rules.entries:
            self.form_errors.append(gettext("policies.no-rules"))
            return None
        try:
            return document.meant(code, self.data)
        except (BadPolicy, json.JSONDecodeError, TypeError, AttributeError) as problem:
            self.form_errors.append(str(problem))
            return None


class SourceField(TextAreaField):
    """A text of TOML, as it was written."""

    def process_formdata(self, values: Sequence[str]) -> None:
        self.data = text.normal(values[0]) if values else ""

    def pre_validate(self, form: object) -> None:
        if len(self.data or "") > LONGEST:
            raise ValidationError(gettext("form.too-long", limit=LONGEST))


class TextForm(Form):
    """A draft as its text."""

    revision = HiddenField(id="text-revision")
    source = SourceField(
        Lazy("policies.source"), [required], render_kw={"rows": 30, "spellcheck": "false", "class": "code"}
    )


class NewPolicyForm(Form):
    """A policy that is not there yet: its code and title."""

    code = TextField(Lazy("policies.code"), [required], max_length=40)
    title = TextField(Lazy("policies.title"), [required], max_length=300)

    def validate_code(self, field: TextField) -> None:
        if not CODE.fullmatch(field.data or ""):
            raise ValidationError(gettext("policies.bad-code"))
        if goals.versions(field.data):
            raise ValidationError(gettext("policies.is-there", code=field.data))


class SentForm(Form):
    """A text from elsewhere, as a file or pasted, that begins a draft."""

    upload = FileField(Lazy("policies.file"), render_kw={"accept": ".toml,.txt"})
    source = SourceField(Lazy("policies.source"), render_kw={"rows": 6, "spellcheck": "false"})

    def validate_source(self, field: SourceField) -> None:
        if self.upload.data:
            try:
                field.data = text.normal(self.upload.data.read(4 * LONGEST).decode("utf-8-sig"))
            except UnicodeDecodeError:
                raise ValidationError(gettext("policies.not-utf8")) from None
        if not (field.data or "").strip():
            raise ValidationError(gettext("policies.send-something"))


class ReasonForm(Form):
    """Why a version is taken back."""

    reason = LongTextField(Lazy("policies.reason"), [required], max_length=1000, render_kw={"rows": 3})
