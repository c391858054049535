"""Pages of designs: what each kind of paper says and how it looks, seen while it is changed."""

from base64 import b64encode
from io import BytesIO

from flask import abort, flash, redirect, render_template, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import files
from lms.access import Permission, allow
from lms.certificates import design_actions, queries, ruler, samples, svg, wording
from lms.certificates import designs as versions
from lms.certificates.advice import advice
from lms.certificates.design import COLOUR, KINDS, LEAST_CONTRAST, Design, contrast
from lms.certificates.design_actions import SavedMeanwhile
from lms.certificates.design_forms import DesignForm
from lms.certificates.models import Issuer
from lms.certificates.press import Press
from lms.certificates.views import certificates
from lms.language import gettext

Page = str | Response | tuple[str, int]
DESK = "/settings/issuers/<int:issuer_id>/designs"
MAY = Permission.CHANGE_SETTINGS


@certificates.get(DESK)
@allow(MAY)
def designs(issuer_id: int) -> str:
    """The kinds of paper of an issuer, with the design of each."""
    issuer = queries.issuer_by_id(issuer_id)
    return render_template("certificates/designs.html", issuer=issuer, kinds=versions.overview(issuer))


@certificates.get(f"{DESK}/<code>")
@allow(MAY)
def design(issuer_id: int, code: str) -> str:
    """A kind's design as a form: its draft, or else what is in force."""
    issuer, kind = queries.issuer_by_id(issuer_id), _kind(code)
    draft = versions.draft(issuer, kind)
    shown = draft.design if draft else versions.current(issuer, kind)
    return _desk(issuer, DesignForm(kind, shown, draft.saves if draft else 0))


@certificates.post(f"{DESK}/<code>")
@allow(MAY)
def save_design(issuer_id: int, code: str) -> Page:
    """Save the draft."""
    return _save(issuer_id, code, publishes=False)


@certificates.post(f"{DESK}/<code>/publish")
@allow(MAY)
def publish_design(issuer_id: int, code: str) -> Page:
    """Save what is typed, and put it in force for papers from now on."""
    return _save(issuer_id, code, publishes=True)


@certificates.post(f"{DESK}/<code>/preview")
@allow(MAY)
def preview_design(issuer_id: int, code: str) -> Page:
    """The page again with the paper as it is typed; nothing is saved."""
    issuer, form = _typed(issuer_id, code)
    is_right = form.validate_on_submit()
    return _desk(issuer, form), 200 if is_right else 422


@certificates.post(f"{DESK}/<code>/preview.pdf")
@allow(MAY)
def preview_pdf(issuer_id: int, code: str) -> Page:
    """The paper as it is typed, as the file that a learner would get, but for the signature."""
    issuer, form = _typed(issuer_id, code)
    if not form.validate_on_submit():
        return _desk(issuer, form), 422
    paper = samples.paper(issuer, form.design, form.sample_name)
    return _pdf(Press(wording.wording_of(issuer, form.design)).print(paper), gettext("design.sample-file"))


@certificates.post(f"{DESK}/<code>/trial-sheet.pdf")
@allow(MAY)
def trial_sheet(issuer_id: int, code: str) -> Page:
    """The texts where they would stand, with rulers: to be laid on stock that is printed already."""
    issuer, form = _typed(issuer_id, code)
    if not form.validate_on_submit():
        return _desk(issuer, form), 422
    words, paper = wording.wording_of(issuer, form.design), samples.paper(issuer, form.design, form.sample_name)
    return _pdf(ruler.trial_sheet(words, paper, gettext("design.trial-advice")), gettext("design.trial-file"))


@certificates.post(f"{DESK}/<code>/drop")
@allow(MAY)
def drop_design(issuer_id: int, code: str) -> Response:
    """Let the draft go."""
    design_actions.drop(issuer=queries.issuer_by_id(issuer_id), kind=_kind(code))
    flash(gettext("design.dropped"), "success")
    return _to_desk(issuer_id, code)


@certificates.get(f"{DESK}/<code>/paper.svg")
@allow(MAY)
def design_picture(issuer_id: int, code: str) -> Response:
    """The paper of the design in force, as a picture."""
    issuer = queries.issuer_by_id(issuer_id)
    found = versions.current(issuer, _kind(code))
    return Response(_picture(issuer, found, samples.names()[0]), mimetype="image/svg+xml")


@certificates.get(f"{DESK}/<code>/versions/<int:number>")
@allow(MAY)
def design_version(issuer_id: int, code: str, number: int) -> str:
    """A published version."""
    issuer, kind = queries.issuer_by_id(issuer_id), _kind(code)
    version, present = versions.version(issuer, kind, number), versions.in_force(issuer, kind)
    picture = _inlined(issuer, version.design, samples.names()[0])
    return render_template(
        "certificates/design_version.html", issuer=issuer, version=version, present=present, picture=picture
    )


@certificates.post(f"{DESK}/<code>/versions/<int:number>/take")
@allow(MAY)
def take_design(issuer_id: int, code: str, number: int) -> Response:
    """Put an earlier version in force again."""
    issuer = queries.issuer_by_id(issuer_id)
    earlier = versions.version(issuer, _kind(code), number)
    design_actions.take_again(issuer=issuer, earlier=earlier, by_id=current_user.account_id)
    flash(gettext("design.taken", number=number), "success")
    return _to_desk(issuer_id, code)


def _save(issuer_id: int, code: str, *, publishes: bool) -> Page:
    issuer, form = _typed(issuer_id, code)
    if not form.validate_on_submit():
        return _desk(issuer, form), 422
    by_id, seen = current_user.account_id, form.seen.data
    try:
        draft = design_actions.save(issuer=issuer, design=form.design, seen=seen, by_id=by_id)
    except SavedMeanwhile:
        form.tell_saved_meanwhile(versions.draft(issuer, form.kind))
        return _desk(issuer, form), 409
    if publishes:
        design_actions.publish(draft=draft, by_id=by_id)
    flash(gettext("design.published" if publishes else "design.saved"), "success")
    return _to_desk(issuer_id, code)


def _typed(issuer_id: int, code: str) -> tuple[Issuer, DesignForm]:
    issuer, kind = queries.issuer_by_id(issuer_id), _kind(code)
    return issuer, DesignForm(kind, versions.begun(issuer, kind))


def _desk(issuer: Issuer, form: DesignForm) -> str:
    """The form, and beside it the paper as it is typed, unless something has to be mended first."""
    typed = form.design
    accent = contrast(typed.accent) if COLOUR.fullmatch(typed.accent) else None
    return render_template(
        "certificates/design.html",
        issuer=issuer,
        form=form,
        names=samples.names(),
        picture=None if form.errors else _inlined(issuer, typed, form.sample_name),
        advice=[] if form.errors else advice(typed, files.read),
        contrast=accent,
        least=LEAST_CONTRAST,
        draft=versions.draft(issuer, form.kind),
        history=versions.history(issuer, form.kind),
    )


def _picture(issuer: Issuer, shown: Design, name: str) -> str:
    return svg.drawn(wording.wording_of(issuer, shown), samples.paper(issuer, shown, name))


def _inlined(issuer: Issuer, shown: Design, name: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(_picture(issuer, shown, name).encode()).decode()}"


def _pdf(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), mimetype="application/pdf", download_name=name)


def _kind(code: str) -> str:
    return code if code in KINDS else abort(404)


def _to_desk(issuer_id: int, code: str) -> Response:
    return redirect(url_for("certificates.design", issuer_id=issuer_id, code=code))
