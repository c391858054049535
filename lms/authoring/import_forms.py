"""Forms of imports: a file, and where it goes."""

from flask import request
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import ValidationError

from lms.authoring import queries
from lms.authoring.forms import WithUnit
from lms.forms import Form, TextField
from lms.language import Lazy, gettext

NEW = "new"
ACCEPTED = ".docx,.docm,.xlsx,.xls,.ods,.csv,.txt,.gift,.xml,.zip"


class SendForm(Form):
    """A file in any format; `draft` is where its sender was writing."""

    draft = HiddenField()
    upload = FileField(Lazy("importing.file"), [FileRequired(Lazy("form.required"))], render_kw={"accept": ACCEPTED})


class TakeForm(WithUnit):
    """Where what was read goes: a new draft, or behind what an open one has."""

    file = HiddenField()
    code = HiddenField()
    target = SelectField(Lazy("importing.target"), default=NEW)
    title = TextField(Lazy("authoring.title"))
    skips_errors = BooleanField(Lazy("importing.skip-errors"))
    keeps_doubles = BooleanField(Lazy("importing.keep-doubles"))

    def __init__(self, *arguments: object, has_errors: bool, **values: object) -> None:
        super().__init__(*arguments, **values)
        self.has_errors = has_errors
        drafts = [(str(row.Draft.id), row.Draft.title) for row in queries.drafts(is_open=True)]
        self.target.choices = [(NEW, gettext("importing.new-draft")), *drafts]
        self.unit.validate_choice = request.form.get("target", NEW) == NEW

    def validate_title(self, field: TextField) -> None:
        if self.target.data == NEW and not field.data:
            raise ValidationError(gettext("form.required"))

    def validate_skips_errors(self, field: BooleanField) -> None:
        if self.has_errors and not field.data:
            raise ValidationError(gettext("importing.mend-or-skip"))
