"""Forms of federation."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField
from wtforms.validators import Optional, StopValidation, ValidationError

from lms import clock
from lms.federation import rules
from lms.federation.models import DEFAULT_DUE_DAYS, FederationSender
from lms.forms import DayField, Form, LongTextField, TextField, required
from lms.language import Lazy, gettext
from lms.network import queries as network
from lms.trust import keys

KEY_BYTES = 32
MOST_DAYS = 365
YEARS = range(2000, 2200)


class NumberField(IntegerField):
    """A whole number from `least` to `most`."""

    def __init__(self, label: Lazy, *, least: int, most: int, optional: bool = False, **options: Any) -> None:
        options.setdefault("render_kw", {"class": "short", "min": least, "max": most})
        super().__init__(label, [Optional() if optional else required], **options)
        self.least, self.most = least, most

    def pre_validate(self, form: object) -> None:
        if self.process_errors:
            raise StopValidation
        if self.data is not None and not self.least <= self.data <= self.most:
            raise ValidationError(gettext("federation.number-between", least=self.least, most=self.most))


class PublicKeyField(TextField):
    """A public key as its owner's installation shows it; `public` once it is found good."""

    public = b""

    def pre_validate(self, form: object) -> None:
        super().pre_validate(form)
        try:
            self.public = keys.decoded(self.data or "")
        except ValueError:
            self.public = b""
        if self.data and (len(self.public) != KEY_BYTES or keys.encoded(self.public) != self.data):
            raise ValidationError(gettext("federation.bad-key"))


class TermsForm(Form):
    """How this installation takes part."""

    sends_names = BooleanField(Lazy("federation.sends-names"))
    due_days = NumberField(Lazy("federation.due-days"), least=0, most=MOST_DAYS, default=DEFAULT_DUE_DAYS)


class KeyForm(Form):
    """A key, and that two people have compared it: only then is it believed."""

    public = PublicKeyField(Lazy("federation.public-key"), [required], max_length=60)
    from_on = DayField(Lazy("federation.key-from"), [required], default=clock.today)
    compared = BooleanField(Lazy("federation.compared"))

    def validate_compared(self, field: BooleanField) -> None:
        if not field.data and self.public.public and not self.public.errors:
            raise ValidationError(gettext("federation.compare", fingerprint=rules.fingerprint(self.public.public)))


class SenderForm(KeyForm):
    """A new sender; `unit_id` once its unit is found."""

    unit_code = TextField(Lazy("federation.unit-code"), [required], max_length=50)
    first_year = NumberField(Lazy("federation.first-year"), least=min(YEARS), most=max(YEARS))
    takes_names = BooleanField(Lazy("federation.takes-names"))
    unit_id = 0

    def validate_unit_code(self, field: TextField) -> None:
        found = network.unit_id_by_code(field.data or "", clock.today())
        if field.data and found is None:
            raise ValidationError(gettext("federation.no-such-unit"))
        self.unit_id = found or 0


class ChangeForm(Form):
    """What is awaited of a sender."""

    first_year = NumberField(Lazy("federation.first-year"), least=min(YEARS), most=max(YEARS))
    last_year = NumberField(Lazy("federation.last-year"), least=min(YEARS), most=max(YEARS), optional=True)
    takes_names = BooleanField(Lazy("federation.takes-names"))

    def __init__(self, sender: FederationSender, **options: Any) -> None:
        super().__init__(obj=sender, **options)

    def validate_last_year(self, field: NumberField) -> None:
        if field.data and self.first_year.data and field.data < self.first_year.data:
            raise ValidationError(gettext("federation.last-before-first"))


class PackageForm(Form):
    """A package, as it was sent."""

    upload = FileField(Lazy("federation.package"), render_kw={"accept": ".zip"})

    def validate_upload(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(gettext("federation.choose-package"))

    def content(self) -> bytes:
        """The bytes of the file."""
        with self.upload.data.stream as stream:
            content: bytes = stream.read()
        return content


class RefuseForm(Form):
    reason = LongTextField(Lazy("federation.reason"), [required], max_length=1000)
