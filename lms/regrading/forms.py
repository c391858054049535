"""Forms of corrections."""

from collections.abc import Callable, Sequence
from typing import Any

from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms import text
from lms.catalogue.content import Question
from lms.catalogue.pictures import in_words
from lms.forms import Form, LongTextField, TextField, required
from lms.language import Lazy, gettext
from lms.quizzes import rules as quizzes
from lms.quizzes.corrections import KEYED, Change, Kind, Marking, marking, with_key
from lms.regrading.rules import Decision

MOST_ANSWERS = 20


class Options(SelectMultipleField):
    """The options of a question, one check box each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CorrectionForm(Form):
    """What is wrong with a question, and what is right: only the fields that its type has."""

    kind = RadioField(Lazy("regrading.kind"), validators=[required])
    right = Options(Lazy("regrading.right"))
    answers = LongTextField(Lazy("regrading.answers"), max_length=4000)
    answer = TextField(Lazy("regrading.answer"), max_length=20, render_kw={"inputmode": "decimal", "class": "short"})
    tolerance = TextField(
        Lazy("regrading.tolerance"), max_length=20, render_kw={"inputmode": "decimal", "class": "short"}
    )
    reason = LongTextField(Lazy("regrading.reason"), [required], max_length=1000)

    def __init__(self, question: Question, changes: Sequence[Change] = (), **options: Any) -> None:
        super().__init__(**options)
        self.question, self.present = question, marking(question, changes)
        kinds = Kind if question.type in KEYED and not _is_varied(question) else (Kind.FULL, Kind.OUT)
        self.kind.choices = [SelectChoice(kind.value, Lazy(f"regrading.kind.{kind}")) for kind in kinds]
        self.right.choices = [SelectChoice(str(n), in_words(option.text)) for n, option in enumerate(question.options)]
        for name, types in FIELDS.items():
            if question.type not in types or len(kinds) == 2:
                del self[name]

    @property
    def key(self) -> dict[str, Any]:
        """The key that the fields say, in the form of `quizzes.corrections`."""
        if self.kind.data not in (Kind.KEY, Kind.ALSO):
            return {}
        return KEYS[self.question.type](self)

    def validate_kind(self, field: RadioField) -> None:
        """The key that is asked for must be one, and another than the present one."""
        if field.data not in (Kind.KEY, Kind.ALSO):
            return
        key = self.key
        if not _is_key(self.question, key):
            raise ValidationError(gettext(f"regrading.needs.{self.question.type}"))
        changed = with_key(self.question, key)
        if changed in self.present.keys if field.data == Kind.ALSO else self.present == Marking((changed,)):
            raise ValidationError(gettext("regrading.same-key"))


class DecisionForm(Form):
    """What becomes of a lost pass."""

    decision = RadioField(
        Lazy("regrading.decision"),
        choices=[SelectChoice(one.value, Lazy(f"regrading.decision.{one}")) for one in Decision],
        validators=[required],
    )
    reason = LongTextField(Lazy("regrading.decision-reason"), [required], max_length=1000)


FIELDS = {"right": ("single", "multiple"), "answers": ("short",), "answer": ("numeric",), "tolerance": ("numeric",)}
KEYS: dict[str, Callable[["CorrectionForm"], dict[str, Any]]] = {
    "single": lambda form: {"right": _numbers(form.right.data)},
    "multiple": lambda form: {"right": _numbers(form.right.data)},
    "true-false": lambda form: {"answer": not form.present.keys[0].answer},
    "short": lambda form: {"answers": _lines(form.answers.data)},
    "numeric": lambda form: {
        "answer": _number(form.answer.data, form.present.keys[0].answer),
        "tolerance": _number(form.tolerance.data, form.present.keys[0].tolerance),
    },
}


def _is_varied(question: Question) -> bool:
    """Whether the key is another in each variant; options are the same in all."""
    return bool(question.variants) and question.type in ("short", "numeric")


def _is_key(question: Question, key: dict[str, Any]) -> bool:
    if question.type == "single":
        return len(key["right"]) == 1
    if question.type == "numeric":
        return None not in key.values() and key["tolerance"] >= 0
    return "answer" in key or any(key.values())


def _numbers(values: Sequence[str] | None) -> list[int]:
    return sorted(int(value) for value in values or ())


def _lines(value: str | None) -> list[str]:
    return [line for line in map(text.clean, (value or "").splitlines()) if line][:MOST_ANSWERS]


def _number(typed: str | None, present: Any) -> float | None:
    """What was typed as a number; what was left empty stays as it is."""
    if not typed:
        return float(present)
    found = quizzes.readings(typed)
    return float(min(found)) if found else None
