"""Forms of the network."""

from flask_wtf.file import MultipleFileField
from wtforms.validators import ValidationError

from lms import text
from lms.forms import Form
from lms.language import Lazy, gettext

MOST_FILES = 20


class UploadForm(Form):
    """Files for an import."""

    uploads = MultipleFileField(Lazy("import.files"), render_kw={"accept": ".csv,.txt,.xlsx,.xls,.ods"})

    def validate_uploads(self, field: MultipleFileField) -> None:
        names = [upload.filename for upload in field.data or ()]
        if not names:
            raise ValidationError(gettext("import.choose-files"))
        if len(names) > MOST_FILES:
            raise ValidationError(gettext("import.too-many-files", limit=MOST_FILES))
        if len(set(map(text.clean, names))) < len(names):
            raise ValidationError(gettext("import.same-names"))

    def contents(self) -> dict[str, bytes]:
        """The files by name."""
        return {text.clean(upload.filename): upload.read() for upload in self.uploads.data}
