"""Forms of the shared bank."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from lms.banks import queries
from lms.banks.models import BankItem, Pool
from lms.banks.rules import Choice, Sharing
from lms.catalogue.content import DIFFICULTIES
from lms.db import db
from lms.forms import Form, TextField, required
from lms.language import Lazy, gettext


class SharingField(RadioField):
    """Who else may use it."""

    def __init__(self, label: Lazy | None = None, **options: Any) -> None:
        super().__init__(label or Lazy("banks.sharing"), default=Sharing.PRIVATE.value, choices=[], **options)

    def offer(self) -> None:
        self.choices = [(sharing.value, gettext(f"banks.sharing.{sharing.value}")) for sharing in Sharing]


class UnitField(SelectField):
    """One of the units for which the reader writes."""

    def __init__(self, label: Lazy | None = None, **options: Any) -> None:
        super().__init__(label or Lazy("banks.unit"), coerce=int, choices=[], **options)

    def offer(self) -> None:
        self.choices = [(unit.unit_id, unit.name) for unit in queries.own_units()]


class SharingForm(Form):
    sharing = SharingField()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sharing.offer()


class ArrivalForm(SharingForm):
    """A file with questions."""

    file = FileField(Lazy("banks.file"), [FileRequired(Lazy("form.required"))])
    unit_id = UnitField()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.unit_id.offer()


class ItemForm(SharingForm):
    """What the bank alone knows of a question: whose it is, its topic and outcome in words, why it was changed.

    `base` is the number of the version that its writer changed.
    """

    base = HiddenField()
    unit_id = UnitField()
    topic = TextField(Lazy("question.topic"), [required], max_length=120)
    outcome = TextField(Lazy("question.outcome"), [Optional()], max_length=300)
    note = TextField(Lazy("banks.note"), [Optional()], max_length=200)

    def __init__(self, item: BankItem | None, **options: Any) -> None:
        super().__init__(prefix="bank-", **options)
        self.item = item
        if item is None:
            self.unit_id.offer()
            del self.note
            del self.base
        else:
            del self.unit_id
            del self.sharing

    def validate_base(self, field: HiddenField) -> None:
        """Somebody wrote a version meanwhile: say so once, lest theirs is overwritten unseen."""
        if self.item and field.data != str(self.item.number):
            field.data = str(self.item.number)
            raise ValidationError(gettext("banks.revised-meanwhile", number=self.item.number))


class PoolForm(SharingForm):
    """What a pool is called, who may use it, and which cell of the bank it holds besides its list."""

    name = TextField(Lazy("banks.pool-name"), [required], max_length=120)
    unit_id = UnitField()
    topic = SelectField(Lazy("question.topic"), [Optional()], choices=[])
    difficulty = SelectField(Lazy("question.difficulty"), [Optional()], choices=[])

    def __init__(self, pool: Pool | None = None, **options: Any) -> None:
        super().__init__(obj=pool, **options)
        self.pool = pool
        any_one = ("", gettext("banks.any"))
        topics = sorted({*queries.topics(), *([pool.topic] if pool and pool.topic else [])})
        self.topic.choices = [any_one, *((topic, topic) for topic in topics)]
        self.difficulty.choices = [any_one, *((code, gettext(f"difficulty.{code}")) for code in DIFFICULTIES)]
        if pool is None:
            self.unit_id.offer()
        else:
            del self.unit_id

    def validate_name(self, field: StringField) -> None:
        unit_id = self.pool.unit_id if self.pool else self.unit_id.data
        same = sa.select(Pool.id).where(Pool.unit_id == unit_id, Pool.name == field.data)
        if (other := db.session.scalar(same)) and not (self.pool and other == self.pool.id):
            raise ValidationError(gettext("banks.pool-name-taken"))


def choices(said: Mapping[str, str]) -> dict[int, Choice]:
    """What a page says of arriving questions by their place: `choice-<place>`."""
    found = {}
    for name, value in said.items():
        place = name.removeprefix("choice-")
        if name != place and place.isdecimal() and len(place) < 6 and value in set(Choice):
            found[int(place)] = Choice(value)
    return found
