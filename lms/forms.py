"""The base of every form: cleaned text, messages in the reader's language, and no lost input."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf import CSRFProtect, FlaskForm
from wtforms import DateField, Field, RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError

from lms import text
from lms.clock import parse_day
from lms.language import Lazy, gettext

YEARS = range(1900, 2200)

csrf = CSRFProtect()


class _Messages:
    """WTForms' own messages, through our catalogues."""

    def gettext(self, message: str) -> str:
        return gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return gettext(singular if n == 1 else plural)


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        def get_translations(self, form: object) -> _Messages:
            return _Messages()


class TextField(StringField):
    """One line of clean text, at most `max_length` characters."""

    def __init__(self, label: Lazy, validators: Iterable[Any] = (), max_length: int = 200, **options: Any) -> None:
        options.setdefault("render_kw", {}).setdefault("maxlength", max_length)
        super().__init__(label, list(validators), **options)
        self.max_length = max_length

    def process_formdata(self, values: Sequence[str]) -> None:
        self.data = text.clean(values[0]) if values else ""

    def pre_validate(self, form: object) -> None:
        _refuse_long(self.data or "", self.max_length)


class LongTextField(TextAreaField):
    """Clean text with line breaks, at most `max_length` characters."""

    def __init__(self, label: Lazy, validators: Iterable[Any] = (), max_length: int = 5000, **options: Any) -> None:
        super().__init__(label, list(validators), **options)
        self.max_length = max_length

    def process_formdata(self, values: Sequence[str]) -> None:
        self.data = text.clean_lines(values[0]) if values else ""

    def pre_validate(self, form: object) -> None:
        _refuse_long(self.data or "", self.max_length)


class InheritedField(RadioField):
    """A yes or no that a unit may leave to the one above it, which is None."""

    ANSWERS = {"inherit": None, "yes": True, "no": False}

    def __init__(self, label: Lazy, **options: Any) -> None:
        super().__init__(label, coerce=lambda answer: self.ANSWERS.get(answer, answer), **options)


class DayField(DateField):
    """A day typed as 05/09/2026 or 2026-09-05."""

    data: Any

    def __init__(self, label: Lazy, validators: Iterable[Any] = (), **options: Any) -> None:
        super().__init__(label, list(validators), format="%d/%m/%Y", **options)

    def process_formdata(self, values: Sequence[str]) -> None:
        self.data = None
        if not values or not values[0].strip():
            return
        self.data = parse_day(values[0])
        if self.data is None or self.data.year not in YEARS:
            raise ValueError(gettext("form.date-format"))


def required(form: object, field: Field) -> None:
    """Validator: something is entered."""
    if field.data in (None, "", []) and not field.errors:
        raise ValidationError(gettext("form.required"))


required.field_flags = {"required": True}  # type: ignore[attr-defined]


def _refuse_long(value: str, limit: int) -> None:
    if len(value) > limit:
        raise ValidationError(gettext("form.too-long", limit=limit))
