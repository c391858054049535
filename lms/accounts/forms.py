"""Forms of accounts."""

from flask_login import current_user
from wtforms import PasswordField, SelectField
from wtforms.validators import ValidationError

from lms.accounts import passwords
from lms.forms import DayField, Form, TextField, required
from lms.language import Lazy, gettext


class SignInForm(Form):
    login = TextField(Lazy("accounts.login"), [required], max_length=100, render_kw={"autocomplete": "username"})
    secret = PasswordField(
        Lazy("accounts.password-or-code"), [required], render_kw={"autocomplete": "current-password", "maxlength": 200}
    )


class NewPasswordForm(Form):
    password = PasswordField(
        Lazy("accounts.new-password"), [required], render_kw={"autocomplete": "new-password", "maxlength": 200}
    )
    again = PasswordField(
        Lazy("accounts.password-again"), [required], render_kw={"autocomplete": "new-password", "maxlength": 200}
    )

    def validate_password(self, field: PasswordField) -> None:
        if key := passwords.weakness(field.data or "", current_user.login, current_user.full_name):
            raise ValidationError(gettext(key))

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.password.data:
            raise ValidationError(gettext("password.differs"))


class ChangePasswordForm(NewPasswordForm):
    present = PasswordField(
        Lazy("accounts.present-password"), [required], render_kw={"autocomplete": "current-password"}
    )


class GrantForm(Form):
    login = TextField(Lazy("accounts.login"), [required], max_length=100)
    role = SelectField(Lazy("accounts.role"))
    unit_code = TextField(Lazy("accounts.unit-code"), max_length=40)
    from_on = DayField(Lazy("accounts.from"))
    last_on = DayField(Lazy("accounts.last-day"))
    reason = TextField(Lazy("accounts.reason"), [required], max_length=300)


class EndGrantForm(Form):
    reason = TextField(Lazy("accounts.reason"), [required], max_length=300)
