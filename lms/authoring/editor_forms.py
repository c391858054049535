"""Forms of the course editor: what the course is, its lessons' heads, its quiz, its files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from wtforms import FieldList, FormField, HiddenField
from wtforms.validators import ValidationError

from lms import text
from lms.authoring.block_forms import append_to
from lms.authoring.editor_fields import CodeField, CodesField, MarkdownField, NumberField, Part, UploadField, entered
from lms.catalogue import media
from lms.catalogue.content import (
    CATEGORIES,
    DIFFICULTIES,
    FEEDBACK,
    FEEDBACK_WHEN,
    LEVELS,
    RETRY,
    TOPICS,
    Content,
    Draw,
    LegalBasis,
    Lesson,
    Outcome,
    Quiz,
)
from lms.clock import parse_day
from lms.forms import YEARS, Form, LongTextField, TextField
from lms.language import Lazy, gettext, role_words

LAW_DAYS = ("issued_on", "in_force_from", "in_force_to")
MOST_ROWS = 60
ANY = "any"


class DayText(TextField):
    """A day as people write it; `iso` is what it means, "" for an empty field."""

    def __init__(self, label: Lazy, **options: Any) -> None:
        super().__init__(label, max_length=10, render_kw={"class": "short"}, **options)

    @property
    def iso(self) -> str:
        day = parse_day(self.data) if self.data else None
        return day.isoformat() if day and day.year in YEARS else ""

    def pre_validate(self, form: object) -> None:
        if self.data and not self.iso:
            raise ValidationError(gettext("form.date-format"))


class OutcomeRow(Part):
    id = HiddenField()
    words = TextField(Lazy("editor.outcome"), max_length=500)
    en = TextField(Lazy("editor.outcome-en"), max_length=500)


class BasisRow(Part):
    number = TextField(Lazy("editor.law-number"), max_length=100)
    name = TextField(Lazy("editor.law-name"), max_length=500)
    issuer = TextField(Lazy("editor.law-issuer"), max_length=200)
    issued_on = DayText(Lazy("editor.law-issued-on"))
    in_force_from = DayText(Lazy("editor.law-from"))
    in_force_to = DayText(Lazy("editor.law-to"))
    replaced_by = TextField(Lazy("editor.law-replaced-by"), max_length=200)


class HeadForm(Form):
    """course.toml"""

    base = HiddenField()
    name = TextField(Lazy("editor.course-title"), [entered], max_length=200)
    summary = LongTextField(Lazy("editor.summary"), max_length=1000, render_kw={"rows": 3})
    topic = CodeField(Lazy("editor.topic"))
    category = CodeField(Lazy("editor.category"))
    level = CodeField(Lazy("editor.course-level"))
    periods = NumberField(Lazy("editor.periods"), least=0.25, most=200)
    law_as_of = DayText(Lazy("editor.law-as-of"))
    audience = CodesField(Lazy("editor.audience"))
    outcomes = FieldList(FormField(OutcomeRow), max_entries=MOST_ROWS)
    legal_basis = FieldList(FormField(BasisRow), max_entries=MOST_ROWS)
    en_title = TextField(Lazy("editor.en-title"), max_length=200)
    en_summary = LongTextField(Lazy("editor.en-summary"), max_length=1000, render_kw={"rows": 3})

    def offer(self, roles: Sequence[str]) -> "HeadForm":
        """Offer what may be chosen."""
        self.topic.offer((code, gettext(f"topic.{code}")) for code in TOPICS)
        self.category.offer((code, gettext(f"category.{code}")) for code in CATEGORIES)
        self.level.offer((code, gettext(f"course-level.{code}")) for code in LEVELS)
        self.audience.offer((role, role_words(role)) for role in roles)
        return self

    @staticmethod
    def shown(content: Content) -> dict[str, Any]:
        """The fields of a course."""
        same = ("summary", "topic", "category", "level", "en_title", "en_summary")
        return {
            **{name: getattr(content, name) for name in same},
            "name": content.title,
            "periods": f"{content.periods:g}",
            "law_as_of": _day(content.law_as_of),
            "audience": list(content.audience),
            "outcomes": [{"id": o.id, "words": o.text, "en": o.en} for o in content.outcomes] + [{}],
            "legal_basis": [_basis_shown(basis) for basis in content.legal_basis] + [{}],
        }

    def grow(self, what: str) -> "HeadForm":
        """Room for another outcome or document."""
        append_to(self.legal_basis if what == "law" else self.outcomes)
        return self

    def content(self, before: Content) -> Content:
        """The course as it is filled in."""
        names = ("summary", "topic", "category", "level", "en_title", "en_summary")
        same: dict[str, Any] = {name: self[name].data or "" for name in names}
        return replace(
            before,
            **same,
            title=self.name.data or "",
            periods=self.periods.number,
            law_as_of=self.law_as_of.iso or before.law_as_of,
            audience=tuple(self.audience.data or ()),
            outcomes=self._outcomes(),
            legal_basis=tuple(
                _basis(row.form) for row in self.legal_basis if row.form.number.data or row.form.name.data
            ),
        )

    def _outcomes(self) -> tuple[Outcome, ...]:
        rows = [row for row in self.outcomes.data if row["words"]]
        taken = {row["id"] for row in rows}
        free = (f"o{n}" for n in range(1, 2 * MOST_ROWS + 1) if f"o{n}" not in taken)
        return tuple(Outcome(text.clean(row["id"] or "") or next(free), row["words"], row["en"]) for row in rows)


class NewLessonForm(Form):
    base = HiddenField()
    name = TextField(Lazy("editor.lesson-title"), [entered], max_length=200)


class LessonForm(Form):
    """The head of a lesson."""

    base = HiddenField(id="head-base")
    name = TextField(Lazy("editor.lesson-title"), [entered], max_length=200)
    minutes = NumberField(Lazy("editor.minutes"), least=1, most=600)
    summary = TextField(Lazy("editor.lesson-summary"), max_length=300)
    outcomes = CodesField(Lazy("editor.lesson-outcomes"))

    def offer(self, content: Content) -> "LessonForm":
        """Offer the outcomes of the course."""
        self.outcomes.offer((outcome.id, outcome.text) for outcome in content.outcomes)
        return self

    @staticmethod
    def shown(lesson: Lesson) -> dict[str, Any]:
        return {
            "name": lesson.title,
            "minutes": str(lesson.minutes),
            "summary": lesson.summary,
            "outcomes": list(lesson.outcomes),
        }

    def lesson(self, before: Lesson) -> Lesson:
        """The lesson with the head that is filled in."""
        return replace(
            before,
            title=self.name.data or "",
            minutes=int(self.minutes.number),
            summary=self.summary.data or "",
            outcomes=tuple(self.outcomes.data or ()),
        )


class SourceForm(Form):
    """A whole file of the package, or a lesson's text, as it is."""

    base = HiddenField()
    source = MarkdownField(Lazy("editor.markdown"), render_kw={"rows": 28, "class": "code", "spellcheck": "false"})


class TopicRow(Part):
    id = HiddenField()
    name = TextField(Lazy("editor.quiz-topic"), max_length=200)


class QuizForm(Form):
    """The settings of the quiz, its topics, and how many questions of each an attempt draws."""

    base = HiddenField()
    passing = NumberField(Lazy("editor.passing"), least=1, most=100)
    attempts = NumberField(Lazy("editor.attempts"), most=100)
    cool_down_minutes = NumberField(Lazy("editor.cool-down"))
    time_limit_minutes = NumberField(Lazy("editor.time-limit"), most=1000)
    grace_seconds = NumberField(Lazy("editor.grace"), most=3600)
    feedback = CodeField(Lazy("editor.feedback"))
    feedback_when = CodeField(Lazy("editor.feedback-when"))
    retry = CodeField(Lazy("editor.retry"))
    markers = CodeField(Lazy("editor.markers"))
    topics = FieldList(FormField(TopicRow), max_entries=MOST_ROWS)

    def offer(self) -> "QuizForm":
        """Offer what may be chosen."""
        self.feedback.offer((code, gettext(f"quiz-feedback.{code}")) for code in FEEDBACK)
        self.feedback_when.offer((code, gettext(f"quiz-when.{code}")) for code in FEEDBACK_WHEN)
        self.retry.offer((code, gettext(f"quiz-retry.{code}")) for code in RETRY)
        self.markers.offer((str(n), str(n)) for n in (1, 2))
        return self

    @staticmethod
    def shown(quiz: Quiz) -> dict[str, Any]:
        whole = ("attempts", "cool_down_minutes", "time_limit_minutes", "grace_seconds", "markers")
        return {
            **{name: str(getattr(quiz, name)) for name in whole},
            **{name: getattr(quiz, name) for name in ("feedback", "feedback_when", "retry")},
            "passing": f"{quiz.passing * 100:.10g}",
            "topics": [{"id": id, "name": title} for id, title in quiz.topics] + [{}],
        }

    def grow(self) -> "QuizForm":
        """Room for another topic."""
        append_to(self.topics)
        return self

    def quiz(self, before: Quiz, counts: Mapping[str, str]) -> Quiz:
        """The quiz as it is filled in; `counts` are what was typed into the table of draws."""
        rows = [row for row in self.topics.data if row["name"]]
        taken = {row["id"] for row in rows} | {id for id, _ in before.topics}
        free = (f"t{n}" for n in range(1, 3 * MOST_ROWS) if f"t{n}" not in taken)
        topics = tuple((text.clean(row["id"] or "") or next(free), row["name"]) for row in rows)
        whole = ("attempts", "cool_down_minutes", "time_limit_minutes", "grace_seconds")
        same: dict[str, Any] = {name: int(self[name].number) for name in whole}
        same |= {name: self[name].data for name in ("feedback", "feedback_when", "retry")}
        return replace(
            before,
            **same,
            passing=round(self.passing.number / 100, 12),
            markers=2 if self.markers.data == "2" else 1,
            topics=topics,
            draws=drawn(topics, counts) or before.draws,
        )


class MediaForm(Form):
    base = HiddenField()
    upload = UploadField(Lazy("editor.file"), sorted({kind.role for kind in media.KINDS.values()}))

    def validate_upload(self, field: UploadField) -> None:
        if not field.is_given:
            raise ValidationError(gettext("form.required"))


def cell(topic: str, difficulty: str) -> str:
    """The name of a cell in the table of draws; no topic or difficulty means any."""
    return f"draw:{topic}:{difficulty or ANY}"


def counts_of(quiz: Quiz) -> dict[str, str]:
    """What the table of draws holds for a quiz."""
    found: dict[str, int] = {}
    for draw in quiz.draws:
        name = cell(draw.topic, draw.difficulty)
        found[name] = found.get(name, 0) + draw.count
    return {name: str(count) for name, count in found.items()}


def drawn(topics: Sequence[tuple[str, str]], counts: Mapping[str, str]) -> tuple[Draw, ...]:
    """The draws that a filled-in table means, topic by topic."""
    places = [(topic, level) for topic in (*(id for id, _ in topics), "") for level in (*DIFFICULTIES, "")]
    typed = [(counts.get(cell(topic, level), "").strip(), topic, level) for topic, level in places]
    return tuple(
        Draw(int(count), topic, level)
        for count, topic, level in typed
        if count.isascii() and count.isdecimal() and 0 < int(count[:5]) <= 500 and len(count) < 5
    )


def _day(iso: str) -> str:
    """05/09/2026 from 2026-09-05; nothing for a day that was never given."""
    return "/".join(reversed(iso.split("-"))) if iso and iso != "1970-01-01" else ""


def _basis_shown(basis: LegalBasis) -> dict[str, str]:
    days = {name: _day(getattr(basis, name)) for name in LAW_DAYS}
    words = {"number": basis.number, "name": basis.title, "issuer": basis.issuer, "replaced_by": basis.replaced_by}
    return {**words, **days}


def _basis(row: Any) -> LegalBasis:
    days = {name: row[name].iso for name in LAW_DAYS}
    words = {name: row[name].data or "" for name in ("number", "issuer", "replaced_by")}
    return LegalBasis(title=row["name"].data or "", **words, **days)
