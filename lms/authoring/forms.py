"""Forms of drafts, of their review, and of what is published."""

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectChoice, SelectField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from lms import clock
from lms.authoring import queries
from lms.catalogue.content import SLUG
from lms.forms import DayField, Form, InheritedField, LongTextField, TextField, required
from lms.language import Lazy, gettext

EVERYBODY = "0"
MOST_CODE = 80


class WithUnit(Form):
    """A form of something that will belong to a unit; who teaches everywhere may leave it to everybody."""

    unit = SelectField(Lazy("authoring.unit"), validate_choice=True)

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        everybody = [SelectChoice(EVERYBODY, gettext("authoring.everybody"))] if queries.may_write(None) else []
        mine = (SelectChoice(str(place.unit_id), place.name) for place in queries.places())
        self.unit.choices = [*mine, *everybody]

    @property
    def unit_id(self) -> int | None:
        """The unit that was chosen; None for everybody."""
        return None if self.unit.data == EVERYBODY else int(self.unit.data)


class NewDraftForm(WithUnit):
    """A new course: from nothing, or as a copy of the course `source`."""

    source = HiddenField()
    title = TextField(Lazy("authoring.title"), [required])
    code = TextField(Lazy("authoring.code"), [Optional()], max_length=MOST_CODE)

    def validate_code(self, field: TextField) -> None:
        if field.data and not SLUG.match(field.data):
            raise ValidationError(gettext("authoring.bad-code"))


class UploadForm(WithUnit):
    """A course package as a ZIP."""

    package = FileField(Lazy("authoring.package"), [FileRequired(Lazy("form.required"))], render_kw={"accept": ".zip"})


class CommentForm(Form):
    """What a reviewer says about a piece of a draft."""

    path = HiddenField()
    block = HiddenField()
    text = LongTextField(Lazy("authoring.comment"), [required], max_length=2000)


class AnswerForm(Form):
    """An answer to a comment."""

    text = LongTextField(Lazy("authoring.answer"), [required], max_length=2000)


class ReasonForm(Form):
    """An act that gives its reason."""

    reason = LongTextField(Lazy("authoring.reason"), [required], max_length=1000)


class HintForm(Form):
    """A hint is meant as it stands, or after all not."""

    code = HiddenField(validators=[required])
    reason = TextField(Lazy("authoring.why-intended"), [required], max_length=300)


class ApprovalForm(Form):
    """Which revision a reviewer has read."""

    revision = IntegerField(Lazy("authoring.revision"), [required])


class PublishForm(Form):
    """Publish the revision that was looked at, now or on a day to come."""

    revision = IntegerField(Lazy("authoring.revision"), [required], widget=HiddenInput())
    on = DayField(Lazy("authoring.publish-on"), [Optional()])

    def validate_on(self, field: DayField) -> None:
        if field.data and field.data <= clock.today():
            raise ValidationError(gettext("authoring.day-to-come"))


class RuleForm(Form):
    """Whether another person must approve."""

    needs_reviewer = InheritedField(
        Lazy("authoring.rule"),
        choices=[SelectChoice(answer, Lazy(f"authoring.rule.{answer}")) for answer in InheritedField.ANSWERS],
    )
