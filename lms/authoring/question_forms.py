"""The form of a question, one for each type. A draft takes a question that is not finished; what is missing is said beside it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField
from wtforms.validators import ValidationError

from lms import text
from lms.authoring.block_forms import append_to
from lms.authoring.editor_fields import CodeField, CodesField, LinesField, NumberField, Part
from lms.catalogue.check import GAP
from lms.catalogue.content import DIFFICULTIES, Content, Criterion, Gap, Option, Question, Variant
from lms.catalogue.variants import PARAMETER
from lms.forms import Form, LongTextField, TextField
from lms.language import Lazy, gettext

FORGIVE = ("case", "accents", "spaces")
MOST_ROWS = 50
ASSIGNMENT = re.compile(r"([a-z][a-z0-9_]*)\s*=\s*(.+)")
SPARE_ROWS = 2


def few(label: Lazy, **options: Any) -> LongTextField:
    """A text of a line or a few."""
    return LongTextField(label, render_kw={"rows": 2}, **options)


class OptionRow(Part):
    text = few(Lazy("question.option"), max_length=2000)
    right = BooleanField(Lazy("question.is-right"))
    feedback = TextField(Lazy("question.option-feedback"), max_length=2000)


class PairRow(Part):
    left = TextField(Lazy("question.left"), max_length=1000)
    right = TextField(Lazy("question.right"), max_length=1000)


class GapRow(Part):
    id = TextField(Lazy("question.gap"), max_length=20)
    answers = LinesField(Lazy("question.gap-answers"), render_kw={"rows": 2})
    options = LinesField(Lazy("question.gap-options"), render_kw={"rows": 3})
    forgive = CodesField(Lazy("question.forgive"))


class CriterionRow(Part):
    text = TextField(Lazy("question.criterion"), max_length=1000)
    points = NumberField(Lazy("question.points"), most=100)


def rows(part: type[Part]) -> FieldList:
    return FieldList(FormField(part), max_entries=MOST_ROWS)


class QuestionForm(Form):
    """What every question has."""

    growing: tuple[str, ...] = ()
    base = HiddenField()
    text = LongTextField(Lazy("question.text"), max_length=10_000, render_kw={"rows": 4})
    topic = CodeField(Lazy("question.topic"))
    outcome = CodeField(Lazy("question.outcome"))
    difficulty = CodeField(Lazy("question.difficulty"))
    points = NumberField(Lazy("question.points"), least=0.25, most=100)
    right_feedback = few(Lazy("question.right-feedback"), max_length=5000)
    wrong_feedback = few(Lazy("question.wrong-feedback"), max_length=5000)
    excludes = CodesField(Lazy("question.excludes"))
    variants = LinesField(Lazy("question.variants"), render_kw={"rows": 3})
    author = TextField(Lazy("question.author"))
    licence = TextField(Lazy("question.licence"))

    def offer(self, content: Content, question: Question) -> "QuestionForm":
        """Offer what of the course may be chosen."""
        self.topic.offer(content.quiz.topics)
        self.outcome.offer((outcome.id, outcome.text) for outcome in content.outcomes)
        self.difficulty.offer((code, gettext(f"difficulty.{code}")) for code in DIFFICULTIES)
        others = (q for q in content.quiz.questions if q.id != question.id)
        self.excludes.offer((q.id, f"{q.id}. {q.text[:80]}") for q in others)
        if "forgive" in self:
            offer_forgiving(self["forgive"])
        return self

    def show(self, q: Question) -> dict[str, Any]:
        """The fields of a question."""
        return {
            **{name: getattr(q, name) for name in ("text", "topic", "outcome", "difficulty", "author", "licence")},
            "points": f"{q.points:g}",
            "right_feedback": q.right_feedback,
            "wrong_feedback": q.wrong_feedback,
            "excludes": list(q.excludes),
            "variants": ["; ".join(f"{name} = {value}" for name, value in variant) for variant in q.variants],
        }

    def fields(self) -> dict[str, Any]:
        """What the type adds to a question."""
        return {}

    def question(self, before: Question) -> Question:
        """The question as it is filled in."""
        return replace(
            before,
            text=self.text.data or "",
            topic=self.topic.data or "",
            outcome=self.outcome.data or "",
            difficulty=self.difficulty.data or "",
            right_feedback=self.right_feedback.data or "",
            wrong_feedback=self.wrong_feedback.data or "",
            excludes=tuple(self.excludes.data or ()),
            variants=tuple(_variant(line) for line in self.variants.data or ()),
            author=self.author.data or "",
            licence=self.licence.data or "",
            **({"points": self.points.number} | self.fields()),
        )

    def grow(self) -> "QuestionForm":
        """Room for more rows."""
        for name in self.growing:
            for _ in range(SPARE_ROWS):
                append_to(self[name])
        return self

    def validate_variants(self, field: LinesField) -> None:
        for line in field.data or ():
            if not all(ASSIGNMENT.fullmatch(part.strip()) for part in line.split(";")):
                raise ValidationError(gettext("question.variant-line", line=line))


class ChoiceForm(QuestionForm):
    growing = ("options",)
    options = rows(OptionRow)

    def show(self, q: Question) -> dict[str, Any]:
        options = [{"text": o.text, "right": o.right, "feedback": o.feedback} for o in q.options]
        return {**super().show(q), "options": options + [{}] * (4 - len(options))}

    def fields(self) -> dict[str, Any]:
        filled = (row for row in self.options.data if row["text"])
        return {"options": tuple(Option(text.clean(row["text"]), row["right"], row["feedback"]) for row in filled)}


class TrueFalseForm(QuestionForm):
    answer = RadioField(Lazy("question.answer"), choices=[], validate_choice=False)

    def offer(self, content: Content, question: Question) -> QuestionForm:
        self.answer.choices = [("true", gettext("answer.true")), ("false", gettext("answer.false"))]
        return super().offer(content, question)

    def show(self, q: Question) -> dict[str, Any]:
        return {**super().show(q), "answer": str(q.answer).lower()}

    def fields(self) -> dict[str, Any]:
        return {"answer": {"true": True, "false": False}.get(self.answer.data or "")}


class ShortForm(QuestionForm):
    answers = LinesField(Lazy("question.answers"), render_kw={"rows": 3})
    forgive = CodesField(Lazy("question.forgive"))

    def show(self, q: Question) -> dict[str, Any]:
        return {**super().show(q), "answers": list(q.answers), "forgive": list(q.forgive)}

    def fields(self) -> dict[str, Any]:
        return {"answers": tuple(self.answers.data or ()), "forgive": tuple(self.forgive.data or ())}


class NumericForm(QuestionForm):
    answer = TextField(Lazy("question.number"), max_length=40, render_kw={"class": "short"})
    tolerance = NumberField(Lazy("question.tolerance"), most=1_000_000)
    unit = TextField(Lazy("question.unit"), max_length=40, render_kw={"class": "short"})

    def show(self, q: Question) -> dict[str, Any]:
        answer = "" if q.answer is None else str(q.answer)
        return {**super().show(q), "answer": answer, "tolerance": f"{q.tolerance:g}", "unit": q.unit}

    def fields(self) -> dict[str, Any]:
        return {"answer": _number(self.answer.data or ""), "tolerance": self.tolerance.number, "unit": self.unit.data}

    def validate_answer(self, field: TextField) -> None:
        if field.data and _number(field.data) is None:
            raise ValidationError(gettext("question.not-a-number"))


class MatchingForm(QuestionForm):
    growing = ("pairs",)
    pairs = rows(PairRow)
    extra = LinesField(Lazy("question.extra"), render_kw={"rows": 2})

    def show(self, q: Question) -> dict[str, Any]:
        pairs = [{"left": left, "right": right} for left, right in q.pairs]
        return {**super().show(q), "pairs": pairs + [{}] * (4 - len(pairs)), "extra": list(q.extra)}

    def fields(self) -> dict[str, Any]:
        filled = (row for row in self.pairs.data if row["left"] or row["right"])
        return {"pairs": tuple((row["left"], row["right"]) for row in filled), "extra": tuple(self.extra.data or ())}


class OrderingForm(QuestionForm):
    items = LinesField(Lazy("question.items"), render_kw={"rows": 6})

    def show(self, q: Question) -> dict[str, Any]:
        return {**super().show(q), "items": list(q.items)}

    def fields(self) -> dict[str, Any]:
        return {"items": tuple(self.items.data or ())}


class ClozeForm(QuestionForm):
    """A gap for each `[[a]]` of the text; those without a row get one when the form comes back."""

    gaps = rows(GapRow)

    def offer(self, content: Content, question: Question) -> QuestionForm:
        for row in self.gaps:
            offer_forgiving(row.form.forgive)
        return super().offer(content, question)

    def show(self, q: Question) -> dict[str, Any]:
        known = {gap.id: gap for gap in q.gaps}
        gaps = [known.get(id, Gap(id)) for id in dict.fromkeys([*GAP.findall(q.text), *known])]
        shown = [{name: list(getattr(gap, name)) for name in ("answers", "options", "forgive")} for gap in gaps]
        return {**super().show(q), "gaps": [{"id": gap.id} | row for gap, row in zip(gaps, shown, strict=True)]}

    def fields(self) -> dict[str, Any]:
        placed = GAP.findall(self.text.data or "")
        filled = [
            row for row in self.gaps.data if row["id"] and (row["answers"] or row["options"] or row["id"] in placed)
        ]
        return {"gaps": tuple(_gap(row) for row in filled)}


class RubricForm(QuestionForm):
    growing = ("rubric",)
    rubric = rows(CriterionRow)

    def show(self, q: Question) -> dict[str, Any]:
        criteria = [{"text": c.text, "points": f"{c.points:g}"} for c in q.rubric]
        return {**super().show(q), "rubric": criteria + [{}] * (4 - len(criteria))}

    def fields(self) -> dict[str, Any]:
        filled = [row.form for row in self.rubric if row.form.text.data]
        rubric = tuple(Criterion(row.text.data, max(row.points.number, 0.25)) for row in filled)
        return {"rubric": rubric, "points": sum(c.points for c in rubric) or 1}


class EssayForm(RubricForm):
    most_words = NumberField(Lazy("question.most-words"), most=10_000)

    def show(self, q: Question) -> dict[str, Any]:
        return {**super().show(q), "most_words": str(q.most_words or "")}

    def fields(self) -> dict[str, Any]:
        return {**super().fields(), "most_words": int(self.most_words.number)}


FORMS: Mapping[str, type[QuestionForm]] = {
    "single": ChoiceForm,
    "multiple": ChoiceForm,
    "true-false": TrueFalseForm,
    "short": ShortForm,
    "numeric": NumericForm,
    "matching": MatchingForm,
    "ordering": OrderingForm,
    "cloze": ClozeForm,
    "essay": EssayForm,
    "file": RubricForm,
}


class NewQuestionForm(Form):
    base = HiddenField()
    type = CodeField(Lazy("question.type"))

    def offer(self) -> "NewQuestionForm":
        self.type.offer((kind, gettext(f"question-type.{kind}")) for kind in FORMS)
        return self


def offer_forgiving(field: CodesField) -> None:
    """Offer what an answer may be forgiven."""
    field.offer((code, gettext(f"question.forgive-by.{code}")) for code in FORGIVE)


def _variant(line: str) -> Variant:
    parts: Iterable[Any] = (ASSIGNMENT.fullmatch(part.strip()) for part in line.split(";"))
    return tuple((found[1], found[2].strip()) for found in parts if found)


def _number(typed: str) -> float | str | None:
    """A number, or a parameter in its place; None when it is neither."""
    if PARAMETER.fullmatch(typed):
        return typed
    try:
        number = float(typed.replace(" ", "").replace(",", "."))
        return int(number) if number == int(number) else number
    except (ValueError, OverflowError):
        return None


def _gap(row: Mapping[str, Any]) -> Gap:
    return Gap(row["id"], tuple(row["answers"] or ()), tuple(row["forgive"] or ()), tuple(row["options"] or ()))
