"""Forms of the trainer's desk."""

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from lms.forms import Form
from lms.language import Lazy


class UploadForm(Form):
    package = FileField(Lazy("authoring.package"), [FileRequired(Lazy("form.required"))], render_kw={"accept": ".zip"})


class PublishForm(Form):
    name = HiddenField()
    digest = HiddenField()
