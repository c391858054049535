"""Forms of the wizard for acts of reorganisation."""

from collections.abc import Iterator
from datetime import timedelta

from wtforms import SelectField
from wtforms.validators import ValidationError

from lms.forms import DayField, Form, LongTextField, TextField, required
from lms.language import Lazy, gettext
from lms.network import queries
from lms.network.forms import UploadForm
from lms.network.maps import NEEDS_TARGET
from lms.network.models import Level, ReorganisationAct, SuccessionType

MOST_UNITS = 200


class ActForm(Form):
    """The day from which an act holds, and what it rests on."""

    on = DayField(Lazy("reorganise.on"), [required])
    legal_basis = TextField(Lazy("reorganise.legal-basis"), [required], max_length=300)


class ActFilesForm(UploadForm):
    """`reorganisation.csv`, and `moves.csv` where there is one."""


class LineForm(Form):
    """What becomes of some units: several lines of an act, all of one kind and to one place."""

    type = SelectField(Lazy("reorganise.type"))
    from_codes = LongTextField(Lazy("reorganise.from"), [required], max_length=5000, render_kw={"rows": 3})
    to_code = TextField(Lazy("reorganise.to-code"), max_length=100)
    to_name = TextField(Lazy("reorganise.to-name"), max_length=300)
    to_kind = TextField(Lazy("reorganise.to-kind"), max_length=100)
    to_level = SelectField(Lazy("reorganise.to-level"))
    to_parent_code = TextField(Lazy("reorganise.to-parent"), max_length=100)

    def offer(self, act: ReorganisationAct) -> "LineForm":
        """The form for an act: units are looked up on the day before it."""
        self.act, self.codes = act, list[str]()
        self.type.choices = [(str(kind), gettext(f"succession.{kind}")) for kind in SuccessionType]
        levels = [(str(level), gettext(f"level.{level}")) for level in Level]
        self.to_level.choices = [("", gettext("reorganise.as-before")), *levels]
        return self

    def validate_from_codes(self, field: LongTextField) -> None:
        named = [part.strip() for line in (field.data or "").splitlines() for part in line.split(";") if part.strip()]
        if len(named) > MOST_UNITS:
            raise ValidationError(gettext("reorganise.too-many-units", limit=MOST_UNITS))
        self.codes = list(dict.fromkeys(self._known(each) for each in named))

    def validate_to_code(self, field: TextField) -> None:
        if self.type.data in NEEDS_TARGET and not field.data:
            raise ValidationError(gettext("reorganise.to-missing"))
        if self.to_name.data and self.type.data != SuccessionType.RENAME and not field.data:
            raise ValidationError(gettext("reorganise.code-missing"))
        if (
            field.data
            and not self.to_name.data
            and self.type.data != SuccessionType.RENAME
            and not self._is_new(field.data)
        ):
            field.data = self._known(field.data)

    def validate_to_parent_code(self, field: TextField) -> None:
        if field.data and not self._is_new(field.data):
            field.data = self._known(field.data)

    def lines(self) -> Iterator[dict[str, str]]:
        """The lines, one for each unit."""
        said = {name: self[name].data or "" for name in ("type", "to_code", "to_name", "to_kind", "to_level")}
        for code in self.codes:
            yield said | {"from_code": code, "to_parent_code": self.to_parent_code.data or ""}

    def _is_new(self, code: str) -> bool:
        return any(line["to_code"] == code and line["to_name"] for line in self.act.lines)

    def _known(self, wording: str) -> str:
        """The code of the unit that somebody wrote by its code or its full name."""
        found = queries.code_of(wording, self.act.on - timedelta(days=1)) or queries.code_of(wording, self.act.on)
        if found is None:
            raise ValidationError(gettext("reorganise.unknown-unit", value=wording))
        return found
