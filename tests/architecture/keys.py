"""Every message that the program can ask for: keys in Python, Vietnamese sentences in templates."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, nodes

from lms.access import Role
from lms.analysis import advice
from lms.analysis import exports as statistics
from lms.analysis import words as advice_words
from lms.authoring import block_forms, question_forms, telling
from lms.authoring import rules as authoring
from lms.authoring.words import Kind
from lms.banks import rules as banks
from lms.catalogue import measure, wording
from lms.catalogue.blocks import KINDS
from lms.catalogue.check import CHECKS
from lms.catalogue.content import CATEGORIES, DIFFICULTIES, FEEDBACK, FEEDBACK_WHEN, KIT, LEVELS, RETRY, TOPICS
from lms.catalogue.render import CALLOUTS
from lms.certificates import design as designs
from lms.certificates import rules as register
from lms.certificates import samples, story
from lms.certificates.frame import FRAMES
from lms.certificates.layouts import ORIENTATIONS
from lms.competencies import gaps
from lms.competencies import sheet as competency_sheet
from lms.competencies import unit_views as unit_gaps
from lms.exchange import formats
from lms.exchange import refused as files_refused
from lms.exports import papers
from lms.exports import rules as exported
from lms.federation import rules as federation
from lms.goals import figures, past
from lms.goals import imports as goals_imports
from lms.goals import rules as goals
from lms.mail import rules as mail
from lms.network import models as network
from lms.network import sheets
from lms.pages import ERRORS_WITH_WORDS
from lms.plans import progress
from lms.plans import rules as plans
from lms.policies import rules as policies
from lms.quizzes.corrections import KEYED
from lms.quizzes.corrections import Kind as Correcting
from lms.quizzes.rules import Refusal
from lms.recognition import roll
from lms.recognition import rules as recognition
from lms.regrading import rules as regrading
from lms.reminders import letters
from lms.reports import queries as reports
from lms.surveys import export as survey_export
from lms.surveys import forms as survey_forms
from lms.surveys import questionnaire
from lms.surveys import rules as surveys
from lms.teaching import queries as teaching
from lms.trust import pades
from lms.yearbooks import exports
from lms.yearbooks import rules as yearbooks
from lms.yearend import annexes, records
from lms.yearend import letters as yearend_letters
from lms.yearend import rules as yearend
from tests.architecture.source import ROOT, called, calls, modules, templates, words

KEY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+")
PREFIX = re.compile(r"(?:[a-z]+(?:-[a-z]+)*\.)+")
NAME_IN_KEBAB = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
NAMES_OF_COLUMNS = set(competency_sheet.NAMES)
NOT_PROBLEMS = {"true-false", "utf-8-sig", "utf-8", "cross-origin"}


def problems(*paths: str) -> set[str]:
    """The keys of problems in modules that write them without their prefix."""
    found = {node.value for path in paths for node in words(modules()[path])}
    return {value for value in found if NAME_IN_KEBAB.fullmatch(value)} - NOT_PROBLEMS


def acts() -> set[str]:
    """The acts that the audit knows."""
    recorded = (call.args[0] for tree in modules().values() for call in calls(tree, "record") if call.args)
    return {arg.value for arg in recorded if isinstance(arg, ast.Constant)}


def remarks() -> set[str]:
    """The keys of remarks on files of others: what `Remark` and those who make one are given."""
    places = {"say": 0, "UnreadableWord": 0, "BadPicture": 0, "Remark": 1, "remark": 1, "UnreadableXml": 0, "_lose": 0, "lose": 1,
              "refuse": 1, "NotText": 0}  # fmt: skip
    found = {
        node.value
        for path, tree in modules().items()
        if path.startswith("lms/exchange/")
        for call in calls(tree, *places)
        for arg in call.args[places[called(call)] :][:1]
        for node in ast.walk(arg)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME_IN_KEBAB.fullmatch(node.value)
    }
    refused = {key for _, key in (*files_refused.INSIDE_OLE, *files_refused.INSIDE_ZIP, *files_refused.FIRST)}
    workbooks = {f"excel-{word}" for word in ("too-large", "unreadable-workbook", "not-a-table", "empty-file", "too-wide",
                                              "too-long", "broken-quotes")}  # fmt: skip
    checked = {"need-one-right", "double-option", "need-some-right", "need-true-or-false", "need-answers", "need-number",
               "need-pairs", "need-items", "gaps-differ", "need-gap-answers", "need-rubric"}  # fmt: skip
    standards = {"lost-formula", "lost-styling", "arrow-not-in-format", "gaps-not-in-format", "type-not-in-format", "whole-answer",
                 "package-too-large", "package-broken", "package-bad-path"}  # fmt: skip
    return (
        found
        | refused
        | workbooks
        | checked
        | standards
        | {"word-broken", "word-too-large", "word-bad-path", "file-empty"}
    )


goals_imports.register()

FAMILIES: Mapping[str, Iterable[str]] = {
    "absence.type.": network.AbsenceType,
    "access.": Role,
    "activity.line.": roll.Trouble,
    "advice.": {f"{rule.code}.{part}" for rule in advice.RULES for part in ("seen", "do")},
    "answer.": advice_words.ANSWERS,
    "audit.": acts(),
    "banks.choice.": banks.Choice,
    "banks.kind.": banks.Kind,
    "banks.line.": (
        "text",
        "option",
        "right-option",
        "answer",
        "answer-true",
        "answer-false",
        "pair",
        "extra",
        "item",
        "gap",
        "criterion",
        "variant",
        "forgive",
        "most-words",
        "points",
        "right-feedback",
        "wrong-feedback",
        "type",
        "topic",
        "difficulty",
        "outcome",
        "author",
        "licence",
    ),
    "banks.remark.": ("only-questions", "picture-stays"),
    "banks.rows.": ("options", "pairs", "gaps", "rubric"),
    "banks.shared.": banks.Sharing,
    "banks.sharing.": banks.Sharing,
    "banks.use.": ("course", "draft"),
    "book.column.": {*exports.PEOPLE_COLUMNS, *exports.UNIT_COLUMNS},
    "book.flaw.": ("line", "chain", "counts", "sums", "seal", "link", "adjustments", "versions"),
    "book.kind.": yearbooks.Kind,
    "book.refused.": yearbooks.Refusal,
    "block.": KINDS,
    "callout.": CALLOUTS,
    "authoring.act.": authoring.ACTS,
    "authoring.obstacle.": authoring.Obstacle,
    "authoring.refused.": authoring.Refusal,
    "authoring.rule.": ("inherit", "yes", "no"),
    "authoring.state.": authoring.State,
    "category.": CATEGORIES,
    "certificate.deed.": designs.KINDS,
    "certificate.fact.": designs.FACTS,
    "certificate.kind.": register.Kind,
    "certificate.relation.": (register.Act.REPLACE, register.Act.RENEW, register.Act.CONFIRM),
    "certificate.state.": register.State,
    "certificate.story.": {
        *(story.ENTERED, story.SIGNED),
        *register.Act,
        *(f"{story.CAME_OF}-{act}" for act in (register.Act.REPLACE, register.Act.RENEW, register.Act.CONFIRM)),
    },
    "certificate.title.": designs.KINDS,
    "certificates.done.": set(register.Act) - {register.Act.ISSUE},
    "certificates.refused.": {*register.State, "completion-withdrawn", "original-revoked", "unprintable"},
    "claim.stage.": recognition.Stage,
    "claim.state.": recognition.ClaimState,
    "coach.": problems("lms/coach/lessons.py", "lms/coach/quiz.py", "lms/coach/rules.py"),
    "competencies.column.": {*gaps.COUNT_COLUMNS, *gaps.PERSON_COLUMNS},
    "competencies.difference.": ("new", "changed", "gone"),
    "competencies.file.": unit_gaps.FORMS,
    "competencies.wrong.": problems(
        "lms/competencies/actions.py",
        "lms/competencies/cli.py",
        "lms/competencies/document.py",
        "lms/competencies/frame.py",
        "lms/competencies/pathway.py",
        "lms/competencies/sheet.py",
    )
    - NAMES_OF_COLUMNS
    | {"missing"},
    "column.": {
        *reports.PEOPLE_COLUMNS,
        *papers.COLUMNS,
        *progress.COLUMNS,
        *past.COLUMNS,
        *statistics.COLUMNS,
        *survey_export.COLUMNS,
    },
    "course-level.": LEVELS,
    "found.": wording.KINDS,
    "kit.": KIT,
    "courses.table.": measure.COLUMNS,
    "credit.": goals.CreditState,
    "employment.": network.Employment,
    "difference.area.": ("course", "quiz", "lesson", "question", "file", "media"),
    "difference.field.": telling.FIELDS,
    "difference.kind.": Kind,
    "design.advice.": ("entitled-only", "english-missing", "nobody-signs", "seal-covers", "logo-coarse", "seal-coarse"),
    "design.frame.": FRAMES,
    "design.kind.": designs.KINDS,
    "design.languages.": designs.LANGUAGES,
    "design.name.": samples.NAMES,
    "design.orientation.": ORIENTATIONS,
    "design.sample.": designs.KINDS,
    "design.sample-english.": designs.KINDS,
    "design.stock.": designs.STOCK,
    "design.wrong.": problems("lms/certificates/design.py", "lms/certificates/pictures.py"),
    "difficulty.": DIFFICULTIES,
    "doctor.mail.": mail.Trouble,
    "doctor.signing.": pades.TROUBLES,
    "editor.level.": block_forms.LEVELS,
    "error.": [f"{code}.{part}" for code in ERRORS_WITH_WORDS for part in ("title", "advice")],
    "exchange.": remarks(),
    "exchange.format.": {format.code for format in formats.FORMATS},
    "exchange.place.": ("paragraph", "cell", "line", "item"),
    "exemption.state.": recognition.ExemptionState,
    "export.": {form.partition(".")[0] for form in exported.Form},
    "exports.refused.": exported.Refusal,
    "exports.trouble.": exported.Trouble,
    "federation.known.": federation.State,
    "federation.problem.": federation.PROBLEMS,
    "federation.refused.": federation.Refusal,
    "goals.by.": figures.DIVISIONS,
    "import.column.": (),
    "issuer.pattern.": problems("lms/certificates/rules.py") | {"braces", "format", "too-long", "unprintable"},
    "import.": ("phone-taken", "email-taken"),
    "import.sheet.": {sheet.name for sheet in sheets.SHEETS},
    "import.table.": {sheet.model.__tablename__ for sheet in sheets.SHEETS},
    "level.": network.Level,
    "mail-kind.": (letters.CALLS, letters.TEST, "digest", yearend_letters.KIND),
    "mail-reason.": mail.Reason,
    "mail-trouble.": mail.Trouble,
    "message.": mail.State,
    "nature.": network.Nature,
    "package.": problems(
        "lms/catalogue/block_check.py",
        "lms/catalogue/check.py",
        "lms/catalogue/pictures.py",
        "lms/catalogue/embeds.py",
        "lms/catalogue/frames.py",
        "lms/catalogue/media.py",
        "lms/catalogue/package.py",
    ),
    "paper.": ("too-many", "too-large", "other-type"),
    "plans.delivery.": plans.Delivery,
    "plans.refused.": plans.Refusal,
    "plans.state.": plans.PlanState,
    "plans.task-group.": [str(number) for number in plans.TASK_GROUPS],
    "policies.accrual.": goals.Accrual,
    "policies.clash.": ("same-people", "never-wins", "minimum-above-base", "minima-above-base"),
    "policies.refused.": policies.Refusal,
    "policies.with.": ("position", "title", "unit"),
    "policy.": problems("lms/goals/policy.py") | {"missing", "other-code"},
    "policy-name.": {path.stem for path in (ROOT / "courses/goals").glob("*.toml")},
    "question-type.": CHECKS,
    "question.forgive-by.": question_forms.FORGIVE,
    "quiz-feedback.": FEEDBACK,
    "quiz-retry.": RETRY,
    "quiz-when.": FEEDBACK_WHEN,
    "quiz.refused.": Refusal,
    "recognition.kind.": recognition.Kind,
    "recognition.refused.": recognition.Refusal,
    "recognition.rule.": ("inherit", "yes", "no"),
    "regrading.decision.": regrading.Decision,
    "regrading.kind.": Correcting,
    "regrading.needs.": KEYED,
    "regrading.refused.": regrading.Refusal,
    "source.": goals.Source,
    "status.": goals.Status,
    "succession.": network.SuccessionType,
    "survey.": problems("lms/surveys/document.py"),
    "surveys.desk.": surveys.Purpose,
    "surveys.division.": surveys.Division,
    "surveys.lead.": surveys.Purpose,
    "surveys.refused.": surveys.Refusal,
    "surveys.stage.": surveys.Stage,
    "surveys.start.": (survey_forms.STANDARD, survey_forms.EMPTY),
    "surveys.title.": surveys.Purpose,
    "surveys.type.": questionnaire.Type,
    "surveys.wrong.": problems("lms/surveys/questionnaire.py") | {"required"},
    "teaching.act.": teaching.Kind,
    "teaching.task.": teaching.Kind,
    "topic.": TOPICS,
    "verdict.": ("counted", "over", "duplicate", "pending", "rejected", "reversed", "reversal", "later"),
    "yearend.annex-of.": ("unit", "people", *annexes.DIVIDED),
    "yearend.by.": ("unit", *annexes.DIVIDED),
    "yearend.change.": ("same", "up", "down"),
    "yearend.column.": {*annexes.COUNTS, *annexes.PEOPLE},
    "yearend.every.": yearend.Every,
    "yearend.exempt.": ("goal", "module", "category"),
    "yearend.from.": yearend.Source,
    "yearend.record.": records.COLUMNS,
    "yearend.section.": ("results", "comparison", "behind", "exempt", "plan", "learning", "obstacles", "proposals"),
    "yearend.source.": yearend.Source,
    "weekday.": [str(day) for day in range(1, 8)],
}
"""What follows a prefix to which the program adds a word at run time."""


@dataclass(frozen=True)
class Asked:
    """A message asked for at a place; `given` are the names of its values, None when they are not known there."""

    message: str
    place: str
    given: frozenset[str] | None


@cache
def asked_for() -> tuple[Asked, ...]:
    """All literal messages of Python and templates."""
    return (*in_python(), *in_templates())


def in_python() -> Iterator[Asked]:
    """The calls of gettext and Lazy with a literal key, and menu entries."""
    for path, tree in modules().items():
        for call in calls(tree, "gettext", "Lazy", "NavEntry"):
            for message in _literals(call.args[0] if call.args else call):
                names = [keyword.arg for keyword in call.keywords]
                known = None if None in names or path == "lms/language.py" else frozenset(filter(None, names))
                yield Asked(message, f"{path}:{call.lineno}", known)


def prefixes_in_python() -> dict[str, str]:
    """The first parts of keys that are put together, with their place."""
    return {
        _prefix(call.args[0]): f"{path}:{call.lineno}"
        for path, tree in modules().items()
        for call in calls(tree, "gettext", "Lazy")
        if call.args and isinstance(call.args[0], ast.JoinedStr)
    }


def in_templates() -> Iterator[Asked]:
    """The calls of _() with a literal text."""
    for name, call in _template_calls():
        for message in (
            call.args[0].find_all(nodes.Const) if not isinstance(call.args[0], nodes.Const) else [call.args[0]]
        ):
            if isinstance(message.value, str) and not PREFIX.fullmatch(message.value):
                known = None if call.dyn_kwargs else frozenset(keyword.key for keyword in call.kwargs)
                yield Asked(message.value, f"{name}:{call.lineno}", known)


def prefixes_in_templates() -> dict[str, str]:
    """As `prefixes_in_python`, of templates."""
    found = {}
    for name, call in _template_calls():
        if isinstance(call.args[0], nodes.Concat) and isinstance(first := call.args[0].nodes[0], nodes.Const):
            found[first.value] = f"{name}:{call.lineno}"
    return found


def raw_text() -> Iterator[tuple[str, str]]:
    """What templates say without asking for a message: their text, and the literals in their expressions."""
    for name, text in templates().items():
        tree = _parse(text)
        asked = {
            id(const) for call in tree.find_all(nodes.Call) if _is_asking(call) for const in call.find_all(nodes.Const)
        }
        for data in tree.find_all(nodes.TemplateData):
            yield name, data.data
        for const in tree.find_all(nodes.Const):
            if isinstance(const.value, str) and id(const) not in asked:
                yield name, const.value


def _template_calls() -> Iterator[tuple[str, nodes.Call]]:
    for name, text in templates().items():
        for call in _parse(text).find_all(nodes.Call):
            if _is_asking(call):
                yield name, call


def _is_asking(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name == "_"


@cache
def _parse(text: str) -> nodes.Template:
    return Environment(extensions=["jinja2.ext.do"]).parse(text)


def _literals(argument: ast.AST) -> list[str]:
    if isinstance(argument, ast.IfExp):
        return [*_literals(argument.body), *_literals(argument.orelse)]
    return [argument.value] if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else []


def _prefix(argument: ast.JoinedStr) -> str:
    first = argument.values[0]
    return str(first.value) if isinstance(first, ast.Constant) else ""
