"""The forms of a questionnaire: a line a part, or the whole as its text."""

from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, TextAreaField
from wtforms.validators import Optional, ValidationError

from lms import text
from lms.forms import Form, LongTextField, TextField, required
from lms.language import Lazy, gettext
from lms.surveys import document, layout
from lms.surveys.questionnaire import MOST_ITEMS, Questionnaire, Type

LONGEST_SOURCE = 200_000


class Part(Form):
    """A form within a form."""

    class Meta(Form.Meta):
        csrf = False


class ItemForm(Part):
    """One line of a questionnaire; only the fields of its type are shown."""

    type = HiddenField()
    id = HiddenField()
    text = TextField(Lazy("surveys.text"), [required], max_length=document.LONGEST)
    hint = TextField(Lazy("surveys.hint"), [Optional()], max_length=document.LONGEST)
    is_required = BooleanField(Lazy("surveys.is-required"))
    options = LongTextField(Lazy("surveys.options"), max_length=20_000, render_kw={"rows": 6})
    rows = LongTextField(Lazy("surveys.rows"), max_length=20_000, render_kw={"rows": 6})
    low = TextField(Lazy("surveys.low"), max_length=100)
    high = TextField(Lazy("surveys.high"), max_length=100)
    least = TextField(Lazy("surveys.least"), [Optional()], max_length=20, render_kw={"inputmode": "decimal"})
    most = TextField(Lazy("surveys.most"), [Optional()], max_length=20, render_kw={"inputmode": "decimal"})
    unit = TextField(Lazy("surveys.number-unit"), [Optional()], max_length=40)

    @property
    def asked(self) -> list[str]:
        """The names of the fields that its type has, in order."""
        return layout.FIELDS.get(self.type.data or "", [])


class QuestionnaireForm(Form):
    """A questionnaire as a form."""

    revision = HiddenField()
    title = TextField(Lazy("surveys.title"), [required], max_length=200)
    intro = LongTextField(Lazy("surveys.intro"), [Optional()], max_length=document.LONGEST, render_kw={"rows": 3})
    items = FieldList(FormField(ItemForm), max_entries=MOST_ITEMS)

    def questionnaire(self) -> Questionnaire | None:
        """What is meant; None when something typed is wrong, and the fields say what."""
        if not self.validate():
            return None
        try:
            return document.read(layout.meant(self.data))
        except document.BadSurvey as problem:
            self._tell(problem)
            return None

    def _tell(self, problem: document.BadSurvey) -> None:
        name = layout.FIELD_OF.get(problem.key) or problem.values.get("name")
        if problem.item and name in layout.FIELDS[Type.NUMBER] + layout.FIELDS[Type.MATRIX] + ["options"]:
            field = self.items[problem.item - 1].form[name]
            field.errors = [gettext(f"survey.{problem.key}", **problem.values)]
            self.items.errors = [field.errors]
        else:
            self.form_errors.append(str(problem))


class SourceField(TextAreaField):
    """A text of TOML, as it was written."""

    def process_formdata(self, values: Any) -> None:
        self.data = text.normal(values[0]) if values else ""

    def pre_validate(self, form: object) -> None:
        if len(self.data or "") > LONGEST_SOURCE:
            raise ValidationError(gettext("form.too-long", limit=LONGEST_SOURCE))


class TextForm(Form):
    """A questionnaire as its text."""

    revision = HiddenField(id="text-revision")
    source = SourceField(
        Lazy("surveys.source"), [required], render_kw={"rows": 30, "spellcheck": "false", "class": "code"}
    )
