"""The form of a question in the shared bank: a new one, or the next version of one that is there."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.access import Permission, allow
from lms.authoring.question_forms import FORMS, QuestionForm
from lms.banks import actions, queries, rules
from lms.banks.forms import ItemForm
from lms.banks.views import Page, banks, own_item
from lms.catalogue.check import CHECKS
from lms.catalogue.content import Content, Question, Quiz
from lms.language import gettext

NO_COURSE = Content(
    slug="", title="", summary="", topic="", category="", periods=0, law_as_of="", audience=(), level="", outcomes=(),
    legal_basis=(), en_title="", en_summary="", lessons=(), quiz=Quiz(0, 0, 0, 0, "", (), (), ()),
)  # fmt: skip
"""A question of the bank belongs to no course: its topic and outcome are words."""


@banks.route("/teach/bank/new", methods=["GET", "POST"])
@allow(Permission.TEACH)
def new_item() -> Page:
    """A new question of a type (`?type=`)."""
    kind = request.args.get("type", "single")
    if kind not in FORMS:
        abort(404)
    blank = Question(id="", type=kind, topic="", outcome="", difficulty="medium", text="")
    form, about = _forms(blank, ItemForm(None))
    if asked := _asked(form, about, blank):
        made = actions.add(
            unit_id=about.unit_id.data, sharing=about.sharing.data, question=asked, by_id=current_user.account_id
        )
        return redirect(url_for("banks.item", item_id=made.id))
    return _page("banks/new_item.html", form, about, question=blank)


@banks.route("/teach/bank/items/<int:item_id>/edit", methods=["GET", "POST"])
@allow(Permission.TEACH)
def edit(item_id: int) -> Page:
    """The next version of a question."""
    found = own_item(item_id, lock=request.method == "POST")
    before = rules.question_of(queries.version(item_id, found.number).question)
    known = {"base": found.number, "topic": before.topic, "outcome": before.outcome}
    form, about = _forms(before, ItemForm(found, data=known))
    if asked := _asked(form, about, before):
        actions.revise(item=found, question=asked, note=about.note.data or "", by_id=current_user.account_id)
        flash(gettext("banks.saved"), "success")
        return redirect(url_for("banks.item", item_id=item_id))
    return _page("banks/edit.html", form, about, question=before, item=found)


def _forms(question: Question, about: ItemForm) -> tuple[QuestionForm, ItemForm]:
    kind = FORMS[question.type]
    form = kind() if request.method == "POST" else kind(formdata=None, data=kind(formdata=None).show(question))
    return form.offer(NO_COURSE, question), about


def _asked(form: QuestionForm, about: ItemForm, before: Question) -> Question | None:
    """The question as it is filled in, when it is whole; else what is missing stands in the form."""
    if request.method != "POST" or request.form.get("do"):
        return None
    if not (form.validate_on_submit() & about.validate_on_submit()):
        return None
    asked = replace(form.question(before), topic=about.topic.data or "", outcome=about.outcome.data or "")
    if problem := CHECKS[asked.type](asked) or ("" if asked.text else "missing-key"):
        form.form_errors.append(gettext(f"package.{problem}", question="", name=gettext("question.text")))
        return None
    return asked


def _page(template: str, form: QuestionForm, about: ItemForm, **facts: Any) -> Page:
    if request.form.get("do"):
        form.grow()
    wrong = bool(form.errors or about.errors)
    return render_template(template, form=form, about=about, **facts), 422 if wrong else 200
