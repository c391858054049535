"""Pages of acts that change the network: draft one, decide what nobody can tell, look at it, carry it out, undo it."""

import sqlalchemy as sa
from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow, reach
from lms.db import db
from lms.language import gettext
from lms.network import queries, reorganisation_files, reorganisation_words
from lms.network import reorganisation_decisions as deciding
from lms.network import reorganisations as work
from lms.network.forms import UploadForm
from lms.network.import_views import REFRESH_SECONDS, Page, _download
from lms.network.models import ReorganisationAct, Succession
from lms.network.plans import Problem
from lms.network.reorganisation import propose
from lms.network.reorganisation_forms import ActFilesForm, ActForm, LineForm
from lms.network.undoing import UndoRefused
from lms.network.views import network
from lms.pages import asked_id

LISTED = 50
UNITS_SHOWN = 20
PEOPLE_SHOWN = 300


@network.get("/reorganisations")
@allow(Permission.REORGANISE)
def reorganisations() -> Page:
    """One's own acts, and forms for the next."""
    return _list_page(ActForm(), ActFilesForm())


@network.post("/reorganisations")
@allow(Permission.REORGANISE)
def start_reorganisation() -> Page:
    """Begin an act by its day and legal basis."""
    form = ActForm()
    if not form.validate_on_submit():
        return _list_page(form, ActFilesForm()), 422
    drafted = ReorganisationAct(
        on=form.on.data, legal_basis=form.legal_basis.data, state="draft", lines=[], decisions={}
    )
    return _to(_start(drafted), unit=request.args.get("unit") or None)


@network.post("/reorganisations/files")
@allow(Permission.REORGANISE)
def upload_reorganisation() -> Page:
    """Begin an act by its files."""
    form = ActFilesForm()
    if not form.validate_on_submit():
        return _list_page(ActForm(), form), 422
    read = reorganisation_files.read(form.contents())
    if read.problems or read.on is None:
        return _list_page(ActForm(), form, read.problems), 422
    return _to(_start(read.act()))


@network.get("/reorganisations/samples/<filename>")
@allow(Permission.REORGANISE)
def reorganisation_sample(filename: str) -> Response:
    """A small file to begin with."""
    sample = reorganisation_files.SAMPLE_FILES.get(filename) or abort(404)
    return _download(sample.read_text("utf-8").encode("utf-8-sig"), filename)


@network.get("/reorganisations/<int:act_id>")
@allow(Permission.REORGANISE)
def reorganisation(act_id: int) -> Page:
    """An act: its lines while it is a draft, how far it is, what it did."""
    act = _act(act_id)
    if act.stage == "draft":
        return _draft_page(act, LineForm(from_codes=request.args.get("unit", "")[:100]), ActForm(obj=act))
    job = work.job_of(act)
    has_failed = act.stage == "applying" and job is not None and job.state == "failed"
    done = _lineage(act)
    page = render_template(
        "network/reorganisation_done.html",
        act=act,
        state="failed" if has_failed else act.stage,
        done=done,
        names=queries.names({unit_id for link in done for unit_id in (link.from_unit_id, link.to_unit_id) if unit_id}),
    )
    response = make_response(page)
    if act.stage == "applying" and not has_failed:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


@network.post("/reorganisations/<int:act_id>")
@allow(Permission.REORGANISE)
def change_reorganisation(act_id: int) -> Page:
    """Correct the day or the legal basis of a draft."""
    act, form = _act(act_id, lock=True), ActForm()
    if act.stage == "draft":
        if not form.validate_on_submit():
            return _draft_page(act, LineForm(formdata=None), form), 422
        work.redate(act=act, on=form.on.data, legal_basis=form.legal_basis.data)
    return _to(act)


@network.post("/reorganisations/<int:act_id>/lines")
@allow(Permission.REORGANISE)
def add_reorganisation_lines(act_id: int) -> Page:
    """Say what becomes of some units."""
    act = _act(act_id, lock=True)
    form = LineForm().offer(act)
    if act.stage == "draft":
        if not form.validate_on_submit():
            return _draft_page(act, form, ActForm(formdata=None, obj=act)), 422
        work.add_lines(act=act, said=list(form.lines()))
    return _to(act)


@network.post("/reorganisations/<int:act_id>/lines/remove")
@allow(Permission.REORGANISE)
def remove_reorganisation_line(act_id: int) -> Page:
    """Take a line out."""
    act = _act(act_id, lock=True)
    row = request.form.get("row", "")
    if act.stage == "draft" and row.isascii() and row.isdigit():
        work.remove_line(act=act, row=int(row))
    return _to(act)


@network.get("/reorganisations/<int:act_id>/decisions")
@allow(Permission.REORGANISE)
def reorganisation_decisions(act_id: int) -> Page:
    """Who and what goes where, of units that are split or end without an heir."""
    act = _act(act_id)
    return _decisions_page(act, UploadForm()) if act.stage == "draft" else _to(act)


@network.post("/reorganisations/<int:act_id>/decisions")
@allow(Permission.REORGANISE)
def decide_reorganisation(act_id: int) -> Page:
    """Note the decisions."""
    act = _act(act_id, lock=True)
    if act.stage == "draft":
        questions = deciding.questions(propose(act))
        work.decide(act=act, decisions=deciding.answers(questions, request.form, act.decisions))
    return redirect(url_for("network.reorganisation_decisions", act_id=act_id))


@network.post("/reorganisations/<int:act_id>/moves")
@allow(Permission.REORGANISE)
def upload_moves(act_id: int) -> Page:
    """Note the decisions of `moves.csv`."""
    act, form = _act(act_id, lock=True), UploadForm()
    if act.stage == "draft":
        if not form.validate_on_submit():
            return _decisions_page(act, form), 422
        read = reorganisation_files.read_moves(form.contents())
        if read.problems:
            return _decisions_page(act, form, read.problems), 422
        work.decide(act=act, decisions=read.decisions)
    return redirect(url_for("network.reorganisation_decisions", act_id=act_id))


@network.get("/reorganisations/<int:act_id>/preview")
@allow(Permission.REORGANISE)
def reorganisation_preview(act_id: int) -> Page:
    """Who moves where, and what ends, begins and changes."""
    act = _act(act_id)
    if act.stage != "draft":
        return _to(act)
    found = propose(act)
    seen = reorganisation_words.preview(found)
    first = ((asked_id("page") or 1) - 1) * UNITS_SHOWN
    return render_template(
        "network/reorganisation_preview.html",
        act=act,
        found=found,
        seen=seen,
        shown=seen.old[first : first + UNITS_SHOWN],
        page=first // UNITS_SHOWN + 1,
        has_more=first + UNITS_SHOWN < len(seen.old),
        most=PEOPLE_SHOWN,
        blocked=work.blocked(),
    )


@network.post("/reorganisations/<int:act_id>/apply")
@allow(Permission.REORGANISE)
def apply_reorganisation(act_id: int) -> Page:
    """Carry an act out."""
    act = _act(act_id, lock=True)
    if act.stage in ("draft", "applying"):
        work.release(act=act, account_id=current_user.account_id, actor=current_user.login)
    return _to(act)


@network.post("/reorganisations/<int:act_id>/undo")
@allow(Permission.REORGANISE)
def undo_reorganisation(act_id: int) -> Page:
    """Take an act back."""
    act = _act(act_id, lock=True)
    try:
        work.undo(act=act)
        flash(gettext("reorganise.undone"), "success")
    except UndoRefused as refused:
        flash(refused.words(), "danger")
    return _to(act)


@network.post("/reorganisations/<int:act_id>/discard")
@allow(Permission.REORGANISE)
def discard_reorganisation(act_id: int) -> Page:
    """Throw a draft away."""
    act = _act(act_id, lock=True)
    if act.stage == "draft":
        work.discard(act=act)
    return redirect(url_for("network.reorganisations"))


@reach("act_id")
def _reaches_act(permission: Permission, act_id: int) -> bool:
    """Those wholly about units in reach: who lost a unit has lost the drafts about it."""
    g.act = act = db.session.get(ReorganisationAct, act_id)
    if act is None:
        return False
    if current_user.scope(permission) is None:
        return True
    scope = act.scope or []
    return bool(scope) and all(current_user.reaches_unit(permission, unit_id) for unit_id in scope)


def _act(act_id: int, lock: bool = False) -> ReorganisationAct:
    return db.session.get_one(ReorganisationAct, act_id, with_for_update=lock or None)


def _start(drafted: ReorganisationAct) -> ReorganisationAct:
    scope = current_user.scope(Permission.REORGANISE)
    return work.start(act=drafted, scope=scope, account_id=current_user.account_id)


def _list_page(form: ActForm, files: ActFilesForm, problems: list[Problem] | None = None) -> str:
    acts = sa.select(ReorganisationAct).order_by(ReorganisationAct.id.desc()).limit(LISTED)
    if current_user.scope(Permission.REORGANISE) is not None:
        acts = acts.where(ReorganisationAct.account_id == current_user.account_id)
    return render_template(
        "network/reorganisations.html",
        form=form,
        files=files,
        problems=problems or [],
        acts=db.session.scalars(acts).all(),
        samples=list(reorganisation_files.SAMPLE_FILES),
        unit=request.args.get("unit", "")[:100],
    )


def _draft_page(act: ReorganisationAct, line: LineForm, dates: ActForm) -> str:
    found = propose(act, is_with_people=False)
    return render_template(
        "network/reorganisation.html",
        act=act,
        line=line.offer(act),
        dates=dates,
        names=found.names(),
        most=PEOPLE_SHOWN,
        problems=found.problems,
    )


def _decisions_page(act: ReorganisationAct, form: UploadForm, problems: list[Problem] | None = None) -> str:
    found = propose(act)
    return render_template(
        "network/reorganisation_decisions.html",
        act=act,
        form=form,
        found=found,
        problems=[*(problems or ()), *found.problems],
        questions=deciding.questions(found),
        most=PEOPLE_SHOWN,
    )


def _lineage(act: ReorganisationAct) -> list[Succession]:
    if act.import_batch_id is None:
        return []
    made = sa.select(Succession).where(Succession.batch_id == act.import_batch_id)
    return list(db.session.scalars(made.order_by(Succession.id)))


def _to(act: ReorganisationAct, unit: str | None = None) -> Response:
    return redirect(url_for("network.reorganisation", act_id=act.id, unit=unit))
