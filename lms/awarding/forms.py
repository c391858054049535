"""Forms of awarding."""

import secrets

from wtforms import HiddenField

from lms.forms import Form, LongTextField, required
from lms.language import Lazy


class AwardForm(Form):
    """On what ground papers are issued; sent twice it is one job."""

    reason = LongTextField(Lazy("certificates.authority"), [required], max_length=500)
    key = HiddenField(default=lambda: secrets.token_urlsafe(12))
