"""A picture that goes into a question: a file, the words that describe it, and where it belongs."""

from collections.abc import Iterator, Mapping

from wtforms import StringField
from wtforms.validators import ValidationError

from lms.authoring.block_forms import offer_media, put_into, require_file
from lms.authoring.editor_fields import CodeField, Part, UploadField
from lms.authoring.opened import Opened
from lms.authoring.question_forms import ChoiceForm, QuestionForm
from lms.catalogue.plain import Picture
from lms.forms import TextField
from lms.language import Lazy, gettext

BRACKETS = str.maketrans("[]", "()")


class QuestionPicture(Part):
    """Nothing is asked as long as none of it is filled in."""

    upload = UploadField(Lazy("editor.picture"), ["picture"])
    target = CodeField(Lazy("editor.picture-there"))
    alt = TextField(Lazy("editor.alt"), max_length=1000)
    place = CodeField(Lazy("question.picture-place"))

    def offer(self, draft: Opened, form: QuestionForm) -> "QuestionPicture":
        """Offer the pictures that are there, and the texts of a question."""
        offer_media(self.target, draft, "picture")
        self.place.offer((code, words) for code, words, _ in _places(form))
        return self

    @property
    def is_given(self) -> bool:
        return bool(self.upload.is_given or self.target.data or self.alt.data)

    def validate_target(self, field: CodeField) -> None:
        if self.is_given:
            require_file(self.upload, field)

    def validate_alt(self, field: TextField) -> None:
        if self.is_given and not field.data:
            raise ValidationError(gettext("form.required"))

    def put_into(self, form: QuestionForm, media: Mapping[str, str]) -> dict[str, str] | None:
        """Write the picture behind a text of the form; the media with it, None when nothing is given."""
        if not self.is_given:
            return None
        found = put_into(self.target, self.upload, media)
        source = Picture(self.target.data or "", (self.alt.data or "").translate(BRACKETS)).source
        fields = {code: field for code, _, field in _places(form)}
        field = fields.get(self.place.data or "", form.text)
        field.data = "\n".join(filter(None, (field.data, source)))
        return found


def _places(form: QuestionForm) -> Iterator[tuple[str, str, StringField]]:
    """(code, words, field) of the texts that may hold a picture."""
    yield "text", gettext("question.text"), form.text
    if isinstance(form, ChoiceForm):
        for number, row in enumerate(form.options, start=1):
            yield f"option-{number}", gettext("question.option-number", number=number), row.form.text
            yield f"feedback-{number}", gettext("question.feedback-number", number=number), row.form.feedback
    yield "right", gettext("question.right-feedback"), form.right_feedback
    yield "wrong", gettext("question.wrong-feedback"), form.wrong_feedback
