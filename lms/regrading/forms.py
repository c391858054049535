"""Forms of corrections."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from wtforms import FieldList, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms import text
from lms.catalogue.content import Question
from lms.catalogue.pictures import in_words
from lms.forms import Form, LongTextField, TextField, required
from lms.language import Lazy, gettext
from lms.quizzes import rules as quizzes
from lms.quizzes.corrections import KEYED, VOIDING, Change, Kind, Marking, marking, with_key
from lms.quizzes.drawing import targets_of
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
    places = FieldList(SelectField(validators=[required]), Lazy("regrading.places"))
    gaps = FieldList(LongTextField(Lazy("regrading.answers"), [required], max_length=4000), Lazy("regrading.answers"))
    reason = LongTextField(Lazy("regrading.reason"), [required], max_length=1000)

    def __init__(self, question: Question, changes: Sequence[Change] = (), **options: Any) -> None:
        self.question, self.present = question, marking(question, changes)
        key = self.present.keys[0]
        self.chosen, typed = _lines_to_choose(question), {n: gap for n, gap in enumerate(key.gaps) if not gap.options}
        present = {
            "places": [str(key.places[n]) for n in self.chosen],
            "gaps": ["\n".join(gap.answers) for gap in typed.values()],
        }
        super().__init__(data=present, **options)
        for entry, (label, choices) in zip(self.places, self.chosen.values(), strict=False):
            entry.label.text, entry.choices = label, choices
        for entry, number in zip(self.gaps, typed, strict=False):
            entry.label.text = gettext("regrading.gap", number=number + 1)
        kinds = Kind if question.type in KEYED and not _is_varied(question) else VOIDING
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


def _lines_to_choose(question: Question) -> dict[int, tuple[str, list[SelectChoice]]]:
    """What of a question is chosen for, by its number: (words, choices); pairs, items, and gaps with options."""
    if question.pairs:
        targets = _choices(enumerate(targets_of(question)))
        return {n: (in_words(left), targets) for n, (left, _) in enumerate(question.pairs)}
    if question.items:
        places = _choices((n, str(n)) for n in question.places)
        return {n: (in_words(item), places) for n, item in enumerate(question.items)}
    return {
        n: (gettext("regrading.gap", number=n + 1), _choices(enumerate(gap.options)))
        for n, gap in enumerate(question.gaps)
        if gap.options
    }


FIELDS = {
    "right": ("single", "multiple"), "answers": ("short",), "answer": ("numeric",), "tolerance": ("numeric",),
    "places": ("matching", "ordering", "cloze"), "gaps": ("cloze",),
}  # fmt: skip
KEYS: dict[str, Callable[["CorrectionForm"], dict[str, Any]]] = {
    "single": lambda form: {"right": _numbers(form.right.data)},
    "multiple": lambda form: {"right": _numbers(form.right.data)},
    "true-false": lambda form: {"answer": not form.present.keys[0].answer},
    "short": lambda form: {"answers": _lines(form.answers.data)},
    "numeric": lambda form: {
        "answer": _number(form.answer.data, form.present.keys[0].answer),
        "tolerance": _number(form.tolerance.data, form.present.keys[0].tolerance),
    },
    "matching": lambda form: {"places": _places(form)},
    "ordering": lambda form: {"places": _places(form)},
    "cloze": lambda form: {"places": _places(form), "gaps": _gaps(form)},
}


def _is_varied(question: Question) -> bool:
    """Whether the key is another in each variant; options are the same in all."""
    return bool(question.variants) and question.type in ("short", "numeric", "cloze")


def _is_key(question: Question, key: dict[str, Any]) -> bool:
    if question.type == "single":
        return len(key["right"]) == 1
    if question.type == "numeric":
        return None not in key.values() and key["tolerance"] >= 0
    if question.type == "ordering":
        return sorted(key["places"]) == sorted(question.places)
    if question.type == "cloze":
        return all(answers for gap, answers in zip(question.gaps, key["gaps"], strict=True) if not gap.options)
    return "answer" in key or any(key.values())


def _choices(numbered: Iterable[tuple[int, str]]) -> list[SelectChoice]:
    return [SelectChoice(str(n), in_words(words)) for n, words in numbered]


def _places(form: CorrectionForm) -> list[int]:
    """The number that was chosen for each line; 0 for gaps that are typed."""
    chosen = dict(zip(form.chosen, form.places.data, strict=False))
    return [int(chosen.get(n) or 0) for n in range(len(form.question.places))]


def _gaps(form: CorrectionForm) -> list[list[str]]:
    """The answers to each gap; none to those for which one chooses."""
    typed = iter(form.gaps.data)
    return [[] if gap.options else _lines(next(typed, "")) for gap in form.question.gaps]


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
