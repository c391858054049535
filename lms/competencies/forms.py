"""Forms of competencies."""

from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField
from wtforms.validators import ValidationError

from lms.competencies.frame import Frame
from lms.forms import Form, required
from lms.language import Lazy, gettext

MOST_BYTES = 1_000_000


class SheetForm(Form):
    """The file with a frame's components."""

    sheet = FileField(Lazy("competencies.sheet"), [required])

    def validate_sheet(self, field: FileField) -> None:
        self.content = field.data.read(MOST_BYTES + 1) if field.data else b""
        if len(self.content) > MOST_BYTES:
            raise ValidationError(gettext("competencies.sheet-too-large"))


class TakeForm(Form):
    """What was shown in the dry run, to be taken as it is: the areas as JSON, and the version that it was compared with."""

    areas = HiddenField(validators=[required])
    before = HiddenField(validators=[required])


class NameForm(Form):
    """A component that a claim proves, and its level."""

    competency = SelectField(Lazy("competencies.component"))
    level = SelectField(Lazy("competencies.level"), coerce=int)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.competency.choices = [(c.code, f"{c.code} {c.words}") for c in frame.components.values()]
        self.level.choices = [(number, level.words) for number, level in enumerate(frame.levels, 1)]
