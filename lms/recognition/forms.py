"""Forms of recognition."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import FileInput

from lms import cells, clock, files, text
from lms.catalogue import queries as catalogue
from lms.catalogue.content import CATEGORIES
from lms.cells import BadCell
from lms.db import OPEN_END
from lms.forms import DayField, Form, InheritedField, LongTextField, TextField, required
from lms.goals import queries as goals
from lms.goals.rules import HUNDREDTHS
from lms.language import Lazy, format_number, gettext
from lms.network.models import AbsenceType
from lms.recognition import evidence, rules
from lms.recognition.evidence import Paper
from lms.recognition.models import Claim
from lms.recognition.rules import Kind

ACCEPT, REFUSE = "accept", "refuse"
OLDEST = date(2015, 1, 1)


class PeriodsField(StringField):
    """Periods typed as 8 or 1,5; hundredths as data."""

    data: Any

    def __init__(self, label: Lazy, validators: Iterable[Any] = (), **options: Any) -> None:
        options.setdefault("render_kw", {"inputmode": "decimal", "class": "short", "maxlength": 7})
        super().__init__(label, list(validators), **options)

    def process_formdata(self, values: Sequence[str]) -> None:
        self.data = None
        cell = text.clean(values[0]) if values else ""
        try:
            self.data = cells.hundredths(cell) if cell else None
        except BadCell:
            raise ValueError(gettext("recognition.bad-periods")) from None

    def pre_validate(self, form: object) -> None:
        if self.data is not None and not rules.is_countable(self.data):
            raise ValidationError(gettext("recognition.bad-periods"))

    def _value(self) -> str:
        if self.raw_data:
            return text.clean(self.raw_data[0])
        return "" if self.data is None else format_number(self.data / HUNDREDTHS)


class EvidenceField(MultipleFileField):
    """Up to `most` files of evidence, at least one; `papers` once they are found good."""

    def __init__(self, label: Lazy, most: int, **options: Any) -> None:
        accept = {"accept": ",".join(files.SIGNATURES)}
        super().__init__(label, [required], widget=FileInput(multiple=most > 1), render_kw=accept, **options)
        self.most = most
        self.papers: list[Paper] = []

    def pre_validate(self, form: object) -> None:
        if len(self.data or ()) > self.most:
            raise ValidationError(gettext("recognition.too-many-files", limit=self.most))
        for number, content in enumerate([_content(upload) for upload in self.data or ()], 1):
            if len(content) > evidence.MOST_BYTES:
                raise ValidationError(gettext("recognition.file-too-large", number=number))
            kind = files.type_of(content)
            if kind is None:
                raise ValidationError(gettext("recognition.file-type", number=number))
            self.papers.append(Paper(kind, content))


def _content(upload: FileStorage) -> bytes:
    """As much of a file as we may need to know; the rest is given back at once."""
    with upload.stream:
        return upload.read(evidence.MOST_BYTES + 1)


def not_to_come(form: object, field: DayField) -> None:
    """Validator: a day up to today, within reason."""
    if field.data and not OLDEST <= field.data <= clock.today():
        raise ValidationError(gettext("recognition.day-not-past"))


class LearningForm(Form):
    """What was learned or taught, shared by claims and activities."""

    kind = SelectField(Lazy("recognition.kind"), choices=lambda: _kinds())
    title = TextField(Lazy("recognition.title"), [required], max_length=200)
    category = SelectField(Lazy("recognition.category"), choices=lambda: _categories())
    periods = PeriodsField(Lazy("recognition.periods"), [required])


class ClaimForm(LearningForm):
    provider = TextField(Lazy("recognition.provider"), [required], max_length=200)
    paper_number = TextField(Lazy("recognition.paper-number"), [Optional()], max_length=60)
    completed_on = DayField(Lazy("recognition.completed-on"), [required, not_to_come])
    module = SelectField(Lazy("recognition.module"), [Optional()], choices=lambda: _modules())
    papers = EvidenceField(Lazy("recognition.files"), evidence.MOST_FILES)


class AppealForm(Form):
    text = LongTextField(Lazy("recognition.appeal"), [required], max_length=2000)


class DecisionForm(Form):
    """What is accepted of a claim: at most what was asked for, and on appeal no less than before."""

    verdict = RadioField(Lazy("recognition.verdict"))
    periods = PeriodsField(Lazy("recognition.accepted"))
    category = SelectField(Lazy("recognition.category"), choices=lambda: _categories())
    module = SelectField(Lazy("recognition.module"), [Optional()], choices=lambda: _modules())
    reason = LongTextField(Lazy("recognition.reason"), [Optional()], max_length=1000)

    def __init__(self, claim: Claim, **options: Any) -> None:
        asked = {"periods": claim.periods, "category": claim.category, "module": claim.module}
        super().__init__(data=asked, **options)
        self.claim, self.least = claim, claim.decision.periods if claim.decision else 0
        refuse = gettext("recognition.verdict.uphold" if claim.decision else "recognition.verdict.reject")
        self.verdict.choices = [(ACCEPT, gettext("recognition.verdict.accept")), (REFUSE, refuse)]

    def validate_periods(self, field: PeriodsField) -> None:
        if self.is_accepting and not (field.data and self.least <= field.data <= self.claim.periods):
            raise ValidationError(
                gettext(
                    "recognition.periods-between",
                    least=format_number((self.least or rules.STEP) / HUNDREDTHS),
                    most=format_number(self.claim.periods / HUNDREDTHS),
                )
            )

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        asked = self.claim.periods, self.claim.category, self.claim.module
        is_less = not self.is_accepting or (self.periods.data, self.category.data, self.module.data or None) != asked
        if is_less and not self.reason.data:
            self.reason.errors = [gettext("recognition.reason-missing")]
            return False
        return is_valid

    @property
    def is_accepting(self) -> bool:
        return bool(self.verdict.data == ACCEPT)


class ConfirmForm(Form):
    """Whether a second person agrees with the first."""

    verdict = RadioField(Lazy("recognition.verdict"), choices=lambda: _confirmation())
    reason = LongTextField(Lazy("recognition.reason"), [Optional()], max_length=1000)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if self.verdict.data == REFUSE and not self.reason.data:
            self.reason.errors = [gettext("recognition.reason-missing")]
            return False
        return is_valid


class RuleForm(Form):
    """Whether a second person must confirm."""

    needs_second = InheritedField(
        Lazy("recognition.rule"),
        choices=[SelectChoice(answer, Lazy(f"recognition.rule.{answer}")) for answer in InheritedField.ANSWERS],
    )


class ExemptionForm(Form):
    policy = SelectField(Lazy("exemption.policy"), choices=lambda: [(p.code, p.title) for p in goals.policies()])
    year = SelectField(Lazy("exemption.year"), coerce=int, choices=lambda: _years())
    what = SelectField(Lazy("exemption.what"), choices=lambda: _parts())
    from_on = DayField(Lazy("exemption.from"), [required])
    reason = LongTextField(Lazy("exemption.reason"), [required], max_length=1000)
    papers = EvidenceField(Lazy("exemption.evidence"), 1)

    def validate_from_on(self, field: DayField) -> None:
        if field.data and field.data.year != self.year.data:
            raise ValidationError(gettext("exemption.other-year"))


class ExemptionDecisionForm(ConfirmForm):
    """Whether an exemption is granted."""

    verdict = RadioField(Lazy("recognition.verdict"), choices=lambda: _approval())


class RevocationForm(Form):
    on = DayField(Lazy("exemption.revoked-on"), [required])
    reason = LongTextField(Lazy("recognition.reason"), [required], max_length=1000)

    def __init__(self, from_on: date, **options: Any) -> None:
        super().__init__(**options)
        self.from_on = from_on

    def validate_on(self, field: DayField) -> None:
        if field.data and field.data < self.from_on:
            raise ValidationError(gettext("form.end-before-start"))


class EndForm(Form):
    """The last day of something that began on `began`; empty while it goes on."""

    last_on = DayField(Lazy("absence.last-day"), [Optional()])

    def __init__(self, began: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.began = began

    def validate_last_on(self, field: DayField) -> None:
        if field.data and self.began and field.data < self.began:
            raise ValidationError(gettext("form.end-before-start"))

    @property
    def to_on(self) -> date:
        """The first day that is no longer part of it."""
        return self.last_on.data + timedelta(days=1) if self.last_on.data else OPEN_END


class AbsenceForm(EndForm):
    type = SelectField(Lazy("absence.type"), choices=lambda: _absences())
    from_on = DayField(Lazy("absence.from"), [required])
    suspends = BooleanField(Lazy("absence.suspends"), default=True)

    def validate_last_on(self, field: DayField) -> None:
        self.began = self.from_on.data
        super().validate_last_on(field)


class ActivityForm(LearningForm):
    """An activity and its roll. `key` makes sure that it is recorded once, `step` says whether it was looked through."""

    key = HiddenField(default=lambda: secrets.token_hex(8), validators=[required])
    held_on = DayField(Lazy("activity.held-on"), [required, not_to_come])
    people = LongTextField(Lazy("activity.people"), [required], max_length=40_000, render_kw={"rows": 12})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kind.choices = [choice for choice in _kinds() if choice[0] != Kind.EXTERNAL]


class TakeBackForm(Form):
    reason = LongTextField(Lazy("recognition.reason"), [required], max_length=1000)


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, gettext(f"recognition.kind.{kind}")) for kind in Kind]


def _categories() -> list[tuple[str, str]]:
    return [(category, gettext(f"category.{category}")) for category in CATEGORIES]


def _modules() -> list[tuple[str, str]]:
    return [("", gettext("recognition.no-module")), *_courses()]


def _courses() -> list[tuple[str, str]]:
    return list(catalogue.titles(catalogue.offered()).items())


def _years() -> list[tuple[str, str]]:
    this = clock.today().year
    return [(str(year), str(year)) for year in (this, this + 1, this - 1)]


def _parts() -> list[tuple[str, str]]:
    """What a person may be exempted from, as `scope:target`."""
    categories = [(f"category:{code}", gettext("exemption.category", category=words)) for code, words in _categories()]
    modules = [(f"module:{slug}", gettext("exemption.module", course=title)) for slug, title in _courses()]
    return [("goal:", gettext("exemption.goal")), *categories, *modules]


def _approval() -> list[tuple[str, str]]:
    return [(ACCEPT, gettext("exemption.approve")), (REFUSE, gettext("exemption.refuse"))]


def _confirmation() -> list[tuple[str, str]]:
    return [(ACCEPT, gettext("recognition.confirm")), (REFUSE, gettext("recognition.do-not-confirm"))]


def _absences() -> list[tuple[str, str]]:
    return [(kind.value, gettext(f"absence.type.{kind}")) for kind in AbsenceType]
