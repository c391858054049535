"""Pages of imports: send files, see what they would do, then import all of them, their good rows, or nothing."""

from io import BytesIO

import sqlalchemy as sa
from flask import abort, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import files
from lms.access import Permission, allow, reach
from lms.db import db
from lms.language import gettext
from lms.network import imports as work
from lms.network import sheets
from lms.network.forms import UploadForm
from lms.network.models import ImportBatch
from lms.network.plans import Change, Problem
from lms.network.undoing import UndoRefused
from lms.network.views import network

LISTED = 50
REFRESH_SECONDS = "2"
RUNNING = {"checking", "applying"}

Page = str | Response | tuple[str, int]


@network.get("/imports")
@allow(Permission.IMPORT_PEOPLE)
def imports() -> Page:
    """One's own imports, and a form for the next."""
    return _list_page(UploadForm())


@network.post("/imports")
@allow(Permission.IMPORT_PEOPLE)
def start_import() -> Page:
    """Take files and have them checked."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _list_page(form), 422
    scope = current_user.scope(Permission.IMPORT_PEOPLE)
    batch = work.store(form.contents(), scope=scope, account_id=current_user.account_id)
    _enqueue(batch, "network.import-check")
    return _to_batch(batch.id)


@network.get("/imports/samples/<filename>")
@allow(Permission.IMPORT_PEOPLE)
def import_sample(filename: str) -> Response:
    """A small file to begin with."""
    sheet = next((sheet for sheet in sheets.SHEETS if sheet.sample.name == filename), None) or abort(404)
    return _download(sheet.sample.read_text("utf-8").encode("utf-8-sig"), filename)


@network.get("/imports/<int:batch_id>")
@allow(Permission.IMPORT_PEOPLE)
def import_batch(batch_id: int) -> Page:
    """How far an import is; what it would do; what it did."""
    batch = db.session.get_one(ImportBatch, batch_id)
    job = work.job_of(batch)
    has_failed = batch.state in RUNNING and job is not None and job.state == "failed"
    page = render_template(
        "network/import_batch.html",
        batch=batch,
        job=job,
        state="failed" if has_failed else batch.state,
        report=batch.report,
        problems=[Problem(**problem) for problem in batch.report.get("problems", ())],
        changes=[Change(**change) for change in batch.report.get("changes", ())],
    )
    response = make_response(page)
    if batch.state in RUNNING and not has_failed:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


@network.post("/imports/<int:batch_id>/apply")
@allow(Permission.IMPORT_PEOPLE)
def apply_import(batch_id: int) -> Page:
    """Import all rows, or the good ones."""
    batch = _locked(batch_id)
    if batch.state == "checked":
        batch.state = "applying"
        _enqueue(batch, "network.import-apply", skip_bad_rows=request.form.get("rows") == "good")
    return _to_batch(batch_id)


@network.post("/imports/<int:batch_id>/discard")
@allow(Permission.IMPORT_PEOPLE)
def discard_import(batch_id: int) -> Page:
    """Import nothing."""
    batch = _locked(batch_id)
    if batch.state == "checked":
        batch.state = "discarded"
    return redirect(url_for("network.imports"))


@network.post("/imports/<int:batch_id>/undo")
@allow(Permission.IMPORT_PEOPLE)
def undo_import(batch_id: int) -> Page:
    """Take an import back."""
    try:
        work.recompute(work.undo(_locked(batch_id)))
        flash(gettext("import.undone"), "success")
    except UndoRefused as refused:
        flash(refused.words(), "danger")
    return _to_batch(batch_id)


@network.get("/imports/<int:batch_id>/bad-rows.csv")
@allow(Permission.IMPORT_PEOPLE)
def bad_rows(batch_id: int) -> Response:
    """The rows of a file (`?file=`, else of the first that has any) that were not taken, with the reasons."""
    written = db.session.get_one(ImportBatch, batch_id).report.get("bad_rows", {})
    name = request.args.get("file") or next(iter(written), "")
    if name not in written:
        abort(404)
    return _download(files.read(written[name]), work.bad_rows_name(name))


@reach("batch_id")
def _reaches_batch(permission: Permission, batch_id: int) -> bool:
    """Imports wholly about units in reach: also one's own, once one has moved on."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        return False
    if current_user.scope(permission) is None:
        return True
    scope = batch.scope or []
    return bool(scope) and all(current_user.reaches_unit(permission, unit_id) for unit_id in scope)


def _list_page(form: UploadForm) -> str:
    own = sa.select(ImportBatch).where(ImportBatch.account_id == current_user.account_id)
    batches = db.session.scalars(own.order_by(ImportBatch.id.desc()).limit(LISTED)).all()
    return render_template("network/imports.html", form=form, batches=batches, sheets=sheets.SHEETS)


def _locked(batch_id: int) -> ImportBatch:
    return db.session.get_one(ImportBatch, batch_id, with_for_update=True)


def _enqueue(batch: ImportBatch, task: str, **arguments: bool) -> None:
    work.enqueue(batch, task, account_id=current_user.account_id, actor=current_user.login, **arguments)


def _to_batch(batch_id: int) -> Response:
    return redirect(url_for("network.import_batch", batch_id=batch_id))


def _download(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), mimetype="text/csv", as_attachment=True, download_name=name)
