"""Pages that take a course out: as a file of each format, with what the format leaves behind."""

from collections.abc import Mapping
from io import BytesIO

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from lms import files
from lms.access import Permission, allow
from lms.authoring import queries
from lms.authoring.models import Draft
from lms.authoring.opened import opened
from lms.authoring.views import authoring
from lms.catalogue import media
from lms.catalogue import queries as catalogue
from lms.catalogue.content import Content
from lms.exchange import formats
from lms.exchange.carried import Carried
from lms.exchange.formats import Format
from lms.language import gettext


@authoring.get("/teach/drafts/<int:draft_id>/export")
@allow(Permission.TEACH)
def export_draft(draft_id: int) -> str:
    """The formats that a draft can be taken out in, and what each would leave behind (`?form=`)."""
    draft = queries.draft(draft_id)
    save = url_for("authoring.draft_file", draft_id=draft_id, form="CODE")
    back = (draft.title, url_for("authoring.draft", draft_id=draft_id))
    return _export_page(_of_draft(draft), url_for("authoring.export_draft", draft_id=draft_id), save, back)


@authoring.get("/teach/drafts/<int:draft_id>/export/<form>")
@allow(Permission.TEACH)
def draft_file(draft_id: int, form: str) -> Response:
    """A draft as a file of a format."""
    draft = queries.draft(draft_id)
    return _written(_of_draft(draft), form, draft.slug)


@authoring.get("/teach/<course>/versions/<int:number>/export")
@allow(Permission.TEACH)
def export_version(course: str, number: int) -> str:
    """The formats that a version can be taken out in."""
    found = catalogue.numbered(course, number)
    save = url_for("authoring.version_file", course=course, number=number, form="CODE")
    here = url_for("authoring.export_version", course=course, number=number)
    back = (found.content.title, url_for("authoring.version", course=course, number=number))
    return _export_page(_carried(found.content, found.media), here, save, back)


@authoring.get("/teach/<course>/versions/<int:number>/export/<form>")
@allow(Permission.TEACH)
def version_file(course: str, number: int, form: str) -> Response:
    """A version as a file of a format."""
    found = catalogue.numbered(course, number)
    return _written(_carried(found.content, found.media), form, f"{course}-{number}")


def _of_draft(draft: Draft) -> Carried:
    found = opened(draft)
    if found.content is None:
        flash(gettext("importing.draft-unreadable"), "warning")
        abort(redirect(url_for("authoring.draft", draft_id=draft.id)))
    return _carried(found.content, found.media)


def _carried(content: Content, stored: Mapping[str, str]) -> Carried:
    """What there is to take out; of films and the like only that they are there."""
    shown = {path: files.read(digest) if _is_picture(path) else b"" for path, digest in stored.items()}
    return Carried(content.quiz.questions, content.lessons, content.title, content.quiz.topics, shown)


def _is_picture(path: str) -> bool:
    kind = media.kind(path)
    return kind is not None and kind.role == "picture"


def _export_page(carried: Carried, here: str, save: str, back: tuple[str, str]) -> str:
    chosen = formats.by_code(request.args.get("form", ""))
    losses = chosen.write(carried)[1] if chosen and chosen.write else []
    return render_template(
        "authoring/export_draft.html",
        formats=list(formats.writable()),
        chosen=chosen,
        losses=losses,
        here=here,
        save=save.replace("CODE", chosen.code) if chosen else "",
        back=back,
    )


def _written(carried: Carried, code: str, name: str) -> Response:
    return file_of(carried, formats.by_code(code) or abort(400), name)


def file_of(carried: Carried, found: Format, name: str) -> Response:
    """What is carried as a file of a format that can be written."""
    if found.write is None:
        abort(400)
    content = BytesIO(found.write(carried)[0])
    return send_file(content, mimetype=found.mimetype, as_attachment=True, download_name=f"{name}{found.ending}")
