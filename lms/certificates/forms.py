"""Forms of certificates."""

from lms.forms import Form, LongTextField, TextField, required
from lms.language import Lazy


class VerifyForm(Form):
    """By number and code, as printed under the QR symbol; the code alone is enough to find, the number must then fit."""

    class Meta(Form.Meta):
        csrf = False

    number = TextField(Lazy("certificates.number"), [required], max_length=60)
    code = TextField(Lazy("certificates.code"), [required], max_length=20)


class RevokeForm(Form):
    reason = LongTextField(Lazy("certificates.reason"), [required], max_length=500)


class IssuerForm(Form):
    code = TextField(Lazy("issuer.code"), [required], max_length=30)
    superior = TextField(Lazy("issuer.superior"), max_length=120)
    name = TextField(Lazy("issuer.name"), [required], max_length=120)
    place = TextField(Lazy("issuer.place"), [required], max_length=60)
    signatory_title = LongTextField(Lazy("issuer.signatory-title"), max_length=200)
    signatory_name = TextField(Lazy("issuer.signatory-name"), max_length=80)
