"""Forms of certificates."""

import secrets
from collections.abc import Iterable
from typing import Any, Self

from wtforms import HiddenField, SelectField
from wtforms.validators import Optional, ValidationError

from lms import cells, clock
from lms.cells import BadCell
from lms.certificates import rules
from lms.certificates.models import Issuer
from lms.certificates.rules import Kind, State
from lms.certificates.wording import Award
from lms.db import AnyRow
from lms.fonts import printable
from lms.forms import Form, LongTextField, TextField, required
from lms.language import Lazy, format_number, gettext
from lms.network import queries as network

MOST = 2000


def _number(typed: str) -> float | None:
    try:
        return cells.hundredths(typed) / 100
    except BadCell:
        return None


def _is_number(form: Form, field: TextField) -> None:
    number = _number(field.data or "")
    if number is None or not 0 < number <= MOST:
        raise ValidationError(gettext("certificates.bad-number"))


def _is_printable(form: Form, field: TextField) -> None:
    if not printable().issuperset((field.data or "").replace("\n", "")):
        raise ValidationError(gettext("design.wrong.unprintable-letter"))


class VerifyForm(Form):
    """By number and code, as printed under the QR symbol; the code alone is enough to find, the number must then fit."""

    class Meta(Form.Meta):
        csrf = False

    number = TextField(Lazy("certificates.number"), [required], max_length=rules.LONGEST_LABEL)
    code = TextField(Lazy("certificates.code"), [required], max_length=20)


class ReasonForm(Form):
    """Why something is done with a paper."""

    reason = LongTextField(Lazy("certificates.reason"), [required], max_length=500)


class AuthorityForm(ReasonForm):
    """Why, and by whose decision."""

    authority = TextField(Lazy("certificates.authority"), [required], max_length=200)


class ConfirmForm(ReasonForm):
    """Why; sent twice it is one confirmation."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(12))

    def validate_key(self, field: HiddenField) -> None:
        if not 10 <= len(field.data or "") <= 40:
            raise ValidationError(gettext("form.required"))


class ReplaceForm(ReasonForm):
    """Why, and what was counted wrongly: periods or hours, whichever the paper tells."""

    periods = TextField(Lazy("certificates.periods"), [required, _is_number], max_length=7)
    hours = TextField(Lazy("certificates.hours"), [required, _is_number], max_length=7)

    @classmethod
    def of(cls, award: Award) -> Self:
        """The form for a paper: it asks for what the paper tells."""
        told = {name: getattr(award, name) for name in ("periods", "hours")}
        form = cls(**{name: format_number(value) for name, value in told.items() if value is not None})
        for name in [name for name, value in told.items() if value is None]:
            del form[name]
        return form

    @property
    def corrected(self) -> dict[str, Any]:
        """The numbers as they were typed; nothing of what is no number."""
        typed = {name: _number(self[name].data or "") for name in ("periods", "hours") if name in self}
        return {name: value for name, value in typed.items() if value is not None}


class RegisterForm(Form):
    """Which papers of a register: by issuer, kind, state, course and words."""

    class Meta(Form.Meta):
        csrf = False

    words = TextField(Lazy("certificates.words"), max_length=100)
    issuer = SelectField(Lazy("certificates.issuer"))
    kind = SelectField(Lazy("certificates.kind"))
    state = SelectField(Lazy("certificates.state"))
    course = SelectField(Lazy("certificates.course"))

    def offer(self, issuers: Iterable[Issuer], courses: Iterable[AnyRow]) -> None:
        """Fill the lists; what is asked beyond them is not asked."""
        every = ("", gettext("certificates.all"))
        self.issuer.choices = [every, *((str(one.id), one.name) for one in issuers)]
        self.kind.choices = [every, *((kind.value, gettext(f"certificate.kind.{kind}")) for kind in Kind)]
        self.state.choices = [every, *((state.value, gettext(f"certificate.state.{state}")) for state in State)]
        self.course.choices = [every, *((str(row.id), row.title) for row in courses)]

    @property
    def wanted(self) -> dict[str, Any]:
        """What is asked, as fields of `queries.Filter`."""
        issuer, course = (self._chosen(field) for field in (self.issuer, self.course))
        return {
            "words": self.words.data or "",
            "kind": self._chosen(self.kind),
            "state": self._chosen(self.state),
            "issuer_id": int(issuer) if issuer else None,
            "course_id": int(course) if course else None,
        }

    @staticmethod
    def _chosen(field: SelectField) -> str:
        return field.data if field.data in [value for value, _ in field.choices] else ""


class IssuerForm(Form):
    """Who issues, for which unit, and how its papers are numbered."""

    code = TextField(Lazy("issuer.code"), [required, _is_printable], max_length=30)
    superior = TextField(Lazy("issuer.superior"), [_is_printable], max_length=120)
    name = TextField(Lazy("issuer.name"), [required, _is_printable], max_length=120)
    place = TextField(Lazy("issuer.place"), [required, _is_printable], max_length=60)
    signatory_title = LongTextField(Lazy("issuer.signatory-title"), [_is_printable], max_length=200)
    signatory_name = TextField(Lazy("issuer.signatory-name"), [_is_printable], max_length=80)
    pattern = TextField(Lazy("issuer.pattern"), [required], max_length=60, default=rules.PATTERN)
    unit_code = TextField(Lazy("issuer.unit-code"), [Optional()], max_length=30)

    @classmethod
    def of(cls, issuer: Issuer | None) -> Self:
        """The form as it is kept."""
        unit_id = issuer.unit_id if issuer else None
        codes = network.codes([unit_id], clock.today()) if unit_id else {}
        return cls(obj=issuer, unit_code=codes.get(unit_id or 0, ""))

    def validate_pattern(self, field: TextField) -> None:
        problem = rules.pattern_problem(field.data or "")
        if problem is None and not printable().issuperset(field.data or ""):
            problem = "unprintable"
        if problem is None and len(self._label(rules.HIGHEST_NUMBER)) > rules.LONGEST_LABEL:
            problem = "too-long"
        if problem:
            raise ValidationError(gettext(f"issuer.pattern.{problem}"))

    def validate_unit_code(self, field: TextField) -> None:
        if field.data and self.unit_id is None:
            raise ValidationError(gettext("accounts.unknown-unit"))

    @property
    def unit_id(self) -> int | None:
        """The unit whose code was typed."""
        return network.unit_id_by_code(self.unit_code.data, clock.today()) if self.unit_code.data else None

    @property
    def example(self) -> str:
        """A number as the pattern makes it; empty where it makes none."""
        return "" if rules.pattern_problem(self.pattern.data or "") else self._label(12)

    def _label(self, number: int) -> str:
        return rules.label(
            self.pattern.data or "", number=number, year=clock.today().year, issuer=self.code.data or "GCN"
        )
