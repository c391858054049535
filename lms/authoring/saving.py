"""How the editor saves: the same for a person who presses a button and for the script that saves every few seconds."""

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock
from lms.accounts import queries as accounts
from lms.authoring import actions, queries
from lms.authoring.editor_forms import SourceForm
from lms.authoring.models import DraftRevision
from lms.authoring.opened import Opened
from lms.authoring.views import Page, authoring
from lms.language import format_instant, gettext


def is_script() -> bool:
    """Whether the script asks, which wants a receipt and no page."""
    return request.headers.get("Accept") == "application/json"


def save(found: Opened, files: Mapping[str, str], *, act: str, media: Mapping[str, str] | None = None) -> DraftRevision:
    """Save what became of the revision that was opened. Raises `Conflict`, `Closed`."""
    name = actions.AUTOSAVE if is_script() else act
    person = current_user.account_id
    return actions.save(draft=found.draft, files=files, media=media, base=found.number, by_id=person, act=name)


def receipt(new: DraftRevision, address: str, **more: Any) -> Page:
    """What follows a save: a receipt for the script, the page again for a person."""
    words = gettext("editor.saved-at", at=format_instant(clock.now()))
    if is_script():
        return jsonify(receipt=words, base=new.number, **more)
    flash(words, "success")
    return redirect(address)


def refused() -> Page:
    """What the script hears when a form is not right yet: nothing is lost, nothing is saved."""
    return _said(gettext("editor.not-saved-yet"), 422)


def whole(value: str | None, least: int = 0) -> int:
    """A number of a hidden field; the least one for anything else."""
    return max(int(value), least) if value and value.isascii() and value.isdecimal() and len(value) < 10 else least


@authoring.errorhandler(actions.Conflict)
def _conflict(error: actions.Conflict) -> Page:
    """Two people changed the same place: both texts are shown, and whoever reads them decides."""
    if is_script():
        return _said(gettext("editor.conflict"), 409)
    draft = queries.draft(error.theirs.draft_id)
    forms = {
        clash.path: SourceForm(formdata=None, data={"base": error.theirs.number, "source": clash.mine or ""})
        for clash in error.clashes
    }
    return render_template(
        "authoring/conflict.html",
        draft=draft,
        theirs=error.theirs,
        clashes=error.clashes,
        forms=forms,
        who=accounts.names([error.theirs.made_by_id]),
    ), 409


@authoring.errorhandler(actions.Closed)
def _closed(error: actions.Closed) -> Page:
    """The draft takes no more text."""
    if is_script():
        return _said(gettext("editor.closed"), 410)
    flash(gettext("editor.closed"), "warning")
    draft_id = (request.view_args or {}).get("draft_id")
    return redirect(url_for("authoring.draft", draft_id=draft_id) if draft_id else url_for("authoring.drafts"))


def _said(words: str, status: int) -> Response:
    answer = jsonify(receipt=words)
    answer.status_code = status
    return answer
