"""Pages of a draft's history: its revisions, what changed, and packages that come and go as ZIP."""

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.accounts import queries as accounts
from lms.archives import UnsafeArchive
from lms.authoring import actions, beginning, comparing, packing, queries, rules
from lms.authoring.draft_views import to_draft
from lms.authoring.forms import UploadForm
from lms.authoring.packing import Unpacked
from lms.authoring.views import Page, authoring
from lms.catalogue.content import SLUG
from lms.downloads import attachment
from lms.language import gettext

ZIP = "application/zip"


@authoring.get("/teach/drafts/<int:draft_id>/changes")
@allow(Permission.TEACH)
def draft_changes(draft_id: int) -> Page:
    """What the draft says otherwise than the version that it began from."""
    draft = queries.draft(draft_id)
    before, after = comparing.of_stored(draft.based_on), comparing.of_revision(draft.slug, queries.current(draft))
    sections = comparing.sections(before, after) if draft.based_on else []
    return render_template("authoring/draft_changes.html", draft=draft, sections=sections)


@authoring.get("/teach/drafts/<int:draft_id>/revisions")
@allow(Permission.TEACH)
def revisions(draft_id: int) -> Page:
    """Who wrote what when."""
    draft = queries.draft(draft_id)
    found = queries.revisions(draft)
    names = accounts.names(revision.made_by_id for revision in found)
    return render_template("authoring/revisions.html", draft=draft, revisions=rules.told(found), names=names)


@authoring.get("/teach/drafts/<int:draft_id>/revisions/<int:number>")
@allow(Permission.TEACH)
def revision(draft_id: int, number: int) -> Page:
    """What one revision changed, and a way back to it."""
    draft = queries.draft(draft_id)
    found = queries.revision(draft, number)
    after = comparing.of_revision(draft.slug, found)
    earlier = queries.revision_before(draft, number)
    before = comparing.of_revision(draft.slug, earlier) if earlier else comparing.of_stored(draft.based_on)
    sections = comparing.sections(before, after) if before.files else None
    names = accounts.names([found.made_by_id])
    return render_template("authoring/revision.html", draft=draft, revision=found, sections=sections, names=names)


@authoring.post("/teach/drafts/<int:draft_id>/revisions/<int:number>/restore")
@allow(Permission.TEACH)
def restore_revision(draft_id: int, number: int) -> Page:
    """Make an earlier revision the newest; what came between stays in the history."""
    draft = queries.draft(draft_id)
    actions.restore(draft=draft, number=number, by_id=current_user.account_id)
    flash(gettext("authoring.restored", number=number), "success")
    return to_draft(draft)


@authoring.post("/teach/drafts/<int:draft_id>/catch-up")
@allow(Permission.TEACH)
def catch_up(draft_id: int) -> Response:
    """Join the version that was published meanwhile."""
    draft = queries.draft(draft_id)
    try:
        clashes = actions.catch_up(draft=draft, by_id=current_user.account_id)
    except actions.Taken:
        abort(409)
    if clashes:
        flash(gettext("authoring.kept-ours", files=", ".join(clash.path for clash in clashes)), "warning")
    else:
        flash(gettext("authoring.caught-up"), "success")
    return redirect(url_for("authoring.draft_changes", draft_id=draft.id))


@authoring.get("/teach/drafts/<int:draft_id>/package")
@allow(Permission.TEACH)
def draft_package(draft_id: int) -> Response:
    """The draft as a ZIP of plain text, to be edited anywhere and handed in again."""
    draft = queries.draft(draft_id)
    packed = packing.pack_draft(draft, queries.current(draft))
    return attachment(iter([packed]), ZIP, f"{draft.slug}-r{draft.revision}.zip")


@authoring.get("/teach/upload")
@allow(Permission.TEACH)
def upload() -> str:
    """Where a course package is handed in."""
    return _upload_page(UploadForm(formdata=None))


@authoring.post("/teach/upload")
@allow(Permission.TEACH)
def upload_package() -> Page:
    """Take a package in as a draft, and show what it changes. Nothing is published."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _upload_page(form), 422
    package = _unpacked(form)
    if package is None:
        return _upload_page(form), 422
    try:
        draft = beginning.bring(package=package, unit_id=form.unit_id, by_id=current_user.account_id)
    except actions.Taken as taken:
        form.package.errors = [gettext("authoring.code-taken", code=taken.slug)]
        return _upload_page(form), 422
    flash(gettext("authoring.taken-in", title=draft.title), "success")
    return redirect(url_for("authoring.revision", draft_id=draft.id, number=draft.revision))


def _upload_page(form: UploadForm) -> str:
    return render_template("authoring/upload.html", form=form)


def _unpacked(form: UploadForm) -> Unpacked | None:
    """The package of a form; None when it is none, and the form says why."""
    name, content = form.package.data.filename or "", form.package.data.read()
    try:
        package = packing.unpack(name, content)
    except UnsafeArchive as reason:
        form.package.errors = [gettext(reason.key)]
        return None
    if not SLUG.match(package.slug):
        form.package.errors = [gettext("authoring.bad-code")]
    elif not any(path.endswith(packing.TEXTS) for path in package.files):
        form.package.errors = [gettext("authoring.no-package")]
    else:
        form.package.errors = [str(problem) for problem in package.unreadable]
    return None if form.package.errors else package
