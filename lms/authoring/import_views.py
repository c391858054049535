"""Pages of imports: send a file of any format, see it beside what it becomes, take it into a draft."""

from io import BytesIO

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import files, text
from lms.access import Permission, allow
from lms.authoring import actions, importing, queries, side_by_side
from lms.authoring.export_views import file_of
from lms.authoring.import_forms import NEW, SendForm, TakeForm
from lms.authoring.importing import Sent
from lms.authoring.models import Draft
from lms.authoring.views import Page, authoring
from lms.catalogue import views as catalogue
from lms.exchange import examples
from lms.language import gettext
from lms.pages import asked_id

NAME_LETTERS = 120
REMARKS_SHOWN = 200


@authoring.get("/teach/imports")
@allow(Permission.TEACH)
def imports() -> Page:
    """Where a file is sent."""
    return _send_page(SendForm(formdata=None, draft=request.args.get("draft", "")))


@authoring.post("/teach/imports")
@allow(Permission.TEACH)
def send_import() -> Page:
    """Keep the file, and show what is in it."""
    form = SendForm()
    if not form.validate_on_submit():
        return _send_page(form), 422
    name = text.clean(form.upload.data.filename or "")[-NAME_LETTERS:]
    found = Sent(name, files.put(form.upload.data.read()))
    ticket = importing.ticket(found, account_id=current_user.account_id, key=current_app.config["SECRET_KEY"])
    return redirect(url_for("authoring.check_import", file=ticket, draft=form.draft.data or None))


@authoring.get("/teach/imports/check")
@allow(Permission.TEACH)
def check_import() -> Page:
    """What was read on the left, what it becomes on the right."""
    if "file" not in request.args:
        return redirect(url_for("authoring.imports"))
    found = _sent(request.args.get("file", ""))
    carried = found.carried
    title = carried.title if carried.lessons else ""
    known = {"file": request.args.get("file"), "title": title, "code": queries.free_slug(title or found.name)}
    form = TakeForm(formdata=None, has_errors=bool(carried.errors), data=known)
    draft_id = request.args.get("draft", "")
    if draft_id in dict(form.target.choices):
        form.target.data = draft_id
    return _check_page(found, form)


@authoring.post("/teach/imports/check")
@allow(Permission.TEACH)
def take_import() -> Page:
    """Take what was read into a draft: all of it, or what has no errors."""
    if "file" not in request.form:
        return redirect(url_for("authoring.imports"))
    found = _sent(request.form.get("file", ""))
    form = TakeForm(has_errors=bool(found.carried.errors))
    if not (found.carried.questions or found.carried.lessons):
        abort(400)
    if not form.validate_on_submit():
        return _check_page(found, form), 422
    try:
        draft = _target(form)
        _, questions, lessons = importing.take_in(
            draft=draft, carried=found.carried, keeps_doubles=form.keeps_doubles.data, by_id=current_user.account_id
        )
    except actions.Taken as taken:
        form.title.errors = [gettext("authoring.code-taken", code=taken.slug)]
        return _check_page(found, form), 422
    except (actions.Conflict, actions.Closed, importing.Unreadable):
        form.target.errors = [gettext("importing.draft-unreadable")]
        return _check_page(found, form), 422
    except importing.Nothing:
        flash(gettext("importing.nothing-new"), "info")
        return redirect(url_for("authoring.draft", draft_id=draft.id))
    flash(gettext("importing.taken", questions=questions, lessons=lessons), "success")
    return redirect(url_for("authoring.draft", draft_id=draft.id))


@authoring.get("/teach/imports/pictures/<code>/<path:filename>")
@allow(Permission.TEACH)
def import_picture(code: str, filename: str) -> Response:
    """A picture of a sent file that is in no draft yet; the code in the address is its sender's alone."""
    content = _sent(code).carried.media.get(f"media/{filename}") or abort(404)
    return catalogue.shown(filename, BytesIO(content), keep_seconds=0)


@authoring.get("/teach/imports/samples/<filename>")
@allow(Permission.TEACH)
def import_sample_file(filename: str) -> Response:
    """A file with an example of each type of question, to be written over."""
    found = next(
        (format for format in examples.FORMATS if f"{examples.NAME}{format.ending}" == filename), None
    ) or abort(404)
    return file_of(examples.carried(), found, examples.NAME)


def _send_page(form: SendForm) -> str:
    return render_template("authoring/imports.html", form=form, samples=examples.FORMATS, name=examples.NAME)


def _check_page(found: Sent, form: TakeForm) -> str:
    carried = found.carried
    pieces, loose = side_by_side.pieces(carried)
    page = min(asked_id("page") or 1, max(1, -(-len(pieces) // side_by_side.PAGE)))
    start = (page - 1) * side_by_side.PAGE
    wrong = [(n // side_by_side.PAGE + 1, piece) for n, piece in enumerate(pieces) if piece.has_errors]
    draft = queries.draft(int(form.target.data)) if (form.target.data or NEW) != NEW else None
    return render_template(
        "authoring/check_import.html",
        sent=found,
        carried=carried,
        pictures=url_for("authoring.import_picture", code=form.file.data, filename="-").removesuffix("-"),
        form=form,
        pieces=pieces[start : start + side_by_side.PAGE],
        first=start + 1,
        count=len(pieces),
        page=page,
        pages=-(-len(pieces) // side_by_side.PAGE),
        loose=loose[:REMARKS_SHOWN],
        wrong=wrong[:REMARKS_SHOWN],
        doubles=importing.shown_doubles(draft, carried),
        place=found.format.place if found.format else "line",
    )


def _sent(ticket: str) -> Sent:
    try:
        return importing.sent(ticket, account_id=current_user.account_id, key=current_app.config["SECRET_KEY"])
    except FileNotFoundError:
        abort(404)


def _target(form: TakeForm) -> Draft:
    if form.target.data != NEW:
        return queries.draft(int(form.target.data))
    slug = form.code.data if importing.is_code(form.code.data or "") else queries.free_slug(form.title.data)
    return actions.begin(slug=slug, title=form.title.data, unit_id=form.unit_id, by_id=current_user.account_id)
