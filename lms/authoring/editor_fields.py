"""Fields and parts that the forms of the editor share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms import files, text
from lms.catalogue import media
from lms.forms import Form, TextField
from lms.language import Lazy, gettext

LONGEST = 200_000


class Part(Form):
    """A form within a form."""

    class Meta(Form.Meta):
        csrf = False


class MarkdownField(TextAreaField):
    """Markdown as it was written: what stands at the beginning of a line has a meaning."""

    def process_data(self, value: str | None) -> None:
        self.data = value or ""

    def process_formdata(self, values: Sequence[str]) -> None:
        written = text.normal(values[0]) if values else ""
        self.data = text.INVISIBLE.sub("", text.NOT_TEXT.sub("", written)).strip("\n")

    def pre_validate(self, form: object) -> None:
        if len(self.data or "") > LONGEST:
            raise ValidationError(gettext("form.too-long", limit=LONGEST))


class LinesField(TextAreaField):
    """A list, one item a line; `data` is the list."""

    data: Any

    def process_formdata(self, values: Sequence[str]) -> None:
        self.data = [line for value in values[:1] for each in value.splitlines() if (line := text.clean(each))]

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def pre_validate(self, form: object) -> None:
        if sum(map(len, self.data or ())) > LONGEST:
            raise ValidationError(gettext("form.too-long", limit=LONGEST))


class NumberField(TextField):
    """A number as people write it, 1,5 or 1.5; `number` is what it means."""

    def __init__(
        self, label: Lazy, validators: Iterable[Any] = (), *, least: float = 0, most: float = 10_000, **options: Any
    ) -> None:
        attributes = {"inputmode": "decimal", "class": "short"}
        super().__init__(label, validators, max_length=20, render_kw=attributes, **options)
        self.least, self.most = least, most

    @property
    def number(self) -> float:
        """The number that is meant; the least one for an empty field."""
        typed = float((self.data or "").replace(",", ".") or self.least)
        return int(typed) if typed == int(typed) else typed

    def pre_validate(self, form: object) -> None:
        super().pre_validate(form)
        try:
            is_right = self.least <= self.number <= self.most
        except (ValueError, OverflowError):
            is_right = False
        if not is_right:
            raise ValidationError(gettext("editor.number-between", least=f"{self.least:g}", most=f"{self.most:g}"))


class CodeField(SelectField):
    """One of some codes; one that is not offered any more stays until another is chosen."""

    def __init__(self, label: Lazy, validators: Iterable[Any] = (), **options: Any) -> None:
        super().__init__(label, list(validators), choices=[], validate_choice=False, **options)

    def offer(self, choices: Iterable[tuple[str, str]], nothing: str | None = None) -> None:
        """Offer codes with their words; `nothing` are the words for none."""
        found = [*([("", nothing)] if nothing is not None else []), *choices]
        known = {code for code, _ in found}
        self.choices = [*found, *([(self.data, self.data)] if self.data and self.data not in known else [])]


class CodesField(SelectMultipleField):
    """Some of several codes, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Lazy, **options: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **options)

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer codes with their words, and whatever is chosen."""
        found = list(choices)
        known = {code for code, _ in found}
        self.choices = [*found, *((code, code) for code in self.data or () if code not in known)]


class UploadField(FileField):
    """A file for media/; `stored` puts it there once the form is right."""

    def __init__(self, label: Lazy, roles: Sequence[str], **options: Any) -> None:
        super().__init__(label, render_kw={"accept": ",".join(media.suffixes(*roles))}, **options)
        self.roles = roles

    def pre_validate(self, form: object) -> None:
        if not self.is_given:
            return
        name, content = self.data.filename or "", self.content
        found = media.kind(name)
        if found is None or found.role not in self.roles:
            raise ValidationError(gettext("editor.file-kind", kinds=", ".join(media.suffixes(*self.roles))))
        if wrong := media.trouble(name, content):
            raise ValidationError(gettext(f"package.{wrong[0]}", **wrong[1]))

    @property
    def is_given(self) -> bool:
        return isinstance(self.data, FileStorage) and bool(self.data.filename)

    @property
    def content(self) -> bytes:
        self.data.stream.seek(0)
        read: bytes = self.data.stream.read()
        return read

    def stored(self, present: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """The path of the file in media/, and the media with it; another file of its name keeps the name."""
        digest = files.put(self.content)
        stem, _, suffix = (self.data.filename or "").rpartition(".")
        name = text.slug(stem)[:60].strip("-") or "tep"
        paths = (f"media/{name}{f'-{n}' if n else ''}.{suffix.lower()}" for n in range(len(present) + 1))
        path = next(path for path in paths if present.get(path) in (None, digest))
        return path, {**present, path: digest}


def entered(form: object, field: Field) -> None:
    """Validator: something is entered. Without an attribute in the page, because a button may also only add a row."""
    if field.data in (None, "", []) and not field.errors:
        raise ValidationError(gettext("form.required"))
