"""Pages between a draft and the shared bank: take questions, take what is newer, send questions in."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.authoring import actions, queries
from lms.authoring.models import Draft, DraftRevision
from lms.authoring.opened import Opened, opened
from lms.banks import actions as bank_actions
from lms.banks import queries as bank
from lms.banks import rules, telling
from lms.banks.arrival_views import sound
from lms.banks.queries import Search, Use
from lms.banks.views import asked_items, asked_search, banks, choices_of_search
from lms.catalogue import writing
from lms.catalogue.content import Content, Quiz
from lms.db import db
from lms.exchange.carried import Carried
from lms.forms import Form
from lms.language import gettext
from lms.pages import asked_id, page_of

QUIZ = "quiz.toml"


@banks.get("/teach/drafts/<int:draft_id>/bank")
@allow(Permission.TEACH)
def take(draft_id: int) -> str:
    """Questions of the bank to be taken into a draft, what it has already marked."""
    found, content = _readable(draft_id)
    search = asked_search()
    rows, more = page_of(bank.found(search, asked_id("before")), bank.PAGE)
    present = {item_id for item_id, _ in rules.sources(content.quiz).values()}
    return render_template(
        "banks/take.html",
        draft=found.draft,
        content=content,
        search=search,
        found=rows,
        more=more and more.BankItem.id,
        present=present,
        newer=bank.newer(content.quiz),
        rows=rules.available(_counts(content), content.quiz.draws, [topic for topic, _ in content.quiz.topics]),
        titles=dict(content.quiz.topics),
        **choices_of_search(),
    )


@banks.post("/teach/drafts/<int:draft_id>/bank")
@allow(Permission.TEACH)
def take_items(draft_id: int) -> Response:
    """Copy the ticked questions, or all of a pool, to the end of the draft's quiz."""
    found, content = _taking(draft_id)
    wanted = asked_items(request.form)
    pool_id = request.form.get("whole-pool", type=int)
    if pool_id and bank.reaches_pool(Permission.TEACH, pool_id):
        wanted |= {banked.item_id for banked in bank.banked(Search(pool_id=pool_id))}
    active = [banked for banked in bank.items(wanted) if banked.is_active]
    quiz = rules.taken(content, active, request.form.get("outcome", ""))
    _save(found, quiz, "take-from-bank")
    flash(gettext("banks.taken", count=len(quiz.questions) - len(content.quiz.questions)), "success")
    return redirect(url_for("banks.take", draft_id=draft_id))


@banks.get("/teach/drafts/<int:draft_id>/bank/newer")
@allow(Permission.TEACH)
def newer(draft_id: int) -> str:
    """Questions of which the bank has a newer version, with what it changed."""
    found, content = _readable(draft_id)
    newest = bank.newer(content.quiz)
    changes = {
        code: telling.changes(
            rules.compared(content.quiz.by_id[code]), rules.compared(rules.renewed(content.quiz.by_id[code], banked))
        )
        for code, banked in newest.items()
    }
    return render_template("banks/newer.html", draft=found.draft, quiz=content.quiz, newest=newest, changes=changes)


@banks.post("/teach/drafts/<int:draft_id>/bank/newer")
@allow(Permission.TEACH)
def take_newer(draft_id: int) -> Response:
    """Take the newer text of the ticked questions."""
    found, content = _taking(draft_id)
    wanted = set(request.form.getlist("question"))
    newest = {code: banked for code, banked in bank.newer(content.quiz).items() if code in wanted}
    _save(found, rules.refreshed(content.quiz, newest), "take-newer")
    flash(gettext("banks.refreshed", count=len(newest)), "success")
    return redirect(url_for("banks.newer", draft_id=draft_id))


@banks.post("/teach/drafts/<int:draft_id>/bank/send")
@allow(Permission.TEACH)
def send(draft_id: int) -> Response:
    """Let the draft's questions wait at the door of the bank."""
    found, content = _taking(draft_id)
    outcomes = {outcome.id: outcome.text for outcome in content.outcomes}
    questions, remarks = sound(Carried(content.quiz.questions, topics=content.quiz.topics))
    unit_id = found.draft.unit_id or next((unit.unit_id for unit in bank.own_units()), None)
    if unit_id is None or not questions:
        flash(gettext("banks.nothing-to-send"), "warning")
        return redirect(url_for("banks.take", draft_id=draft_id))
    arrival = bank_actions.receive(
        unit_id=unit_id,
        sharing=rules.Sharing.PRIVATE.value,
        name=content.title,
        questions=[rules.with_outcome(question, outcomes) for question in questions],
        remarks=remarks,
        known=bank.banked(Search()),
        by_id=current_user.account_id,
    )
    return redirect(url_for("banks.arrival", arrival_id=arrival.id))


def drafts_with(item_id: int) -> list[Use]:
    """The open drafts, of those the reader may write, in which an item of the bank stands."""
    newest = DraftRevision.number == Draft.revision
    found = sa.select(Draft, DraftRevision.files).join(
        DraftRevision, sa.and_(DraftRevision.draft_id == Draft.id, newest)
    )
    named = sa.cast(DraftRevision.files, sa.Text).contains(f"{item_id}@", autoescape=True)
    uses = []
    for draft, files in db.session.execute(found.where(Draft.closed_at.is_(None), named)):
        if queries.may_write(draft.unit_id):
            numbers = rules.numbers_in(files.get(QUIZ, ""), item_id)
            uses += [Use(draft.title, url_for("banks.take", draft_id=draft.id), number, "draft") for number in numbers]
    return uses


bank.USES.append(drafts_with)


def _readable(draft_id: int) -> tuple[Opened, Content]:
    """A draft whose quiz can be read; the page of its text says what is wrong with it otherwise."""
    found = opened(queries.draft(draft_id))
    if found.content is None:
        flash(gettext("banks.draft-unreadable"), "warning")
        abort(redirect(url_for("authoring.draft", draft_id=draft_id)))
    return found, found.content


def _taking(draft_id: int) -> tuple[Opened, Content]:
    if not Form().validate_on_submit():
        abort(400)
    return _readable(draft_id)


def _save(found: Opened, quiz: Quiz, act: str) -> None:
    files: Mapping[str, str] = {**found.files, QUIZ: writing.quiz(quiz)}
    try:
        actions.save(draft=found.draft, files=files, base=found.number, by_id=current_user.account_id, act=act)
    except (actions.Conflict, actions.Closed):
        flash(gettext("banks.draft-changed"), "warning")
        abort(redirect(url_for("banks.take", draft_id=found.draft.id)))


def _counts(content: Content) -> dict[tuple[str, str], int]:
    """How many questions the draft has by (topic, difficulty)."""
    counts: dict[tuple[str, str], int] = {}
    for question in content.quiz.questions:
        cell = (question.topic, question.difficulty)
        counts[cell] = counts.get(cell, 0) + 1
    return counts
