"""Pages of reviews: reading a draft block by block, saying what is to be better, approving, publishing."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock
from lms.access import Permission, allow
from lms.accounts import queries as accounts
from lms.authoring import comparing, differences, publishing, queries, review, review_actions
from lms.authoring.draft_views import draft_page, to_draft
from lms.authoring.forms import AnswerForm, ApprovalForm, CommentForm, HintForm, PublishForm, ReasonForm, RuleForm
from lms.authoring.models import Draft
from lms.authoring.publishing import NotNow
from lms.authoring.review import Piece
from lms.authoring.review_actions import Refused
from lms.authoring.views import Page, authoring
from lms.language import format_date, gettext
from lms.network import queries as network


@authoring.get("/teach/drafts/<int:draft_id>/review")
@allow(Permission.TEACH)
def review_draft(draft_id: int) -> Page:
    """A draft as it is read, each block with what was said about it."""
    return _review_page(queries.draft(draft_id))


@authoring.post("/teach/drafts/<int:draft_id>/send")
@allow(Permission.TEACH)
def send_draft(draft_id: int) -> Response:
    """Ask others to read it."""
    draft = queries.draft(draft_id, lock=True)
    review_actions.send(draft=draft, by_id=current_user.account_id)
    flash(gettext("authoring.sent"), "success")
    return to_draft(draft)


@authoring.post("/teach/drafts/<int:draft_id>/take-back")
@allow(Permission.TEACH)
def take_back(draft_id: int) -> Response:
    """Ask no more."""
    draft = queries.draft(draft_id, lock=True)
    review_actions.take_back(draft=draft)
    return to_draft(draft)


@authoring.post("/teach/drafts/<int:draft_id>/comments")
@allow(Permission.TEACH)
def comment(draft_id: int) -> Page:
    """Say something about a block."""
    draft, form = queries.draft(draft_id), CommentForm()
    found = _pieces(draft)
    about = next((piece for piece in found if (piece.path, piece.name) == (form.path.data, form.block.data or "")), None)
    if about is None:
        flash(gettext("authoring.block-changed"), "warning")
        return _review_page(draft, form), 409
    if not form.validate_on_submit():
        return _review_page(draft, form), 422
    review_actions.comment(draft=draft, piece=about, text=form.text.data, by_id=current_user.account_id)
    return _to_review(draft.id, about.anchor)


@authoring.post("/teach/comments/<int:comment_id>/answers")
@allow(Permission.TEACH)
def answer_comment(comment_id: int) -> Page:
    """Answer a comment."""
    found, form = queries.comment(comment_id), AnswerForm()
    if not form.validate_on_submit():
        return _review_page(queries.draft(found.draft_id), answer=form, answered=found.id), 422
    review_actions.answer(comment=found, text=form.text.data, by_id=current_user.account_id)
    return _to_review(found.draft_id, f"comment-{found.id}")


@authoring.post("/teach/comments/<int:comment_id>/settle")
@allow(Permission.TEACH)
def settle_comment(comment_id: int) -> Response:
    """A comment is dealt with."""
    return _settle(comment_id, is_settled=True)


@authoring.post("/teach/comments/<int:comment_id>/reopen")
@allow(Permission.TEACH)
def reopen_comment(comment_id: int) -> Response:
    """After all it is not."""
    return _settle(comment_id, is_settled=False)


@authoring.post("/teach/drafts/<int:draft_id>/approve")
@allow(Permission.TEACH)
def approve(draft_id: int) -> Page:
    """The text that was read may be published."""
    draft, form = queries.draft(draft_id, lock=True), ApprovalForm()
    if not form.validate_on_submit():
        return _review_page(draft), 422
    try:
        review_actions.approve(draft=draft, revision=form.revision.data, by_id=current_user.account_id)
    except Refused as refused:
        flash(gettext(f"authoring.refused.{refused.reason}"), "warning")
        return _review_page(draft), 409
    flash(gettext("authoring.approved"), "success")
    return to_draft(draft)


@authoring.post("/teach/drafts/<int:draft_id>/send-back")
@allow(Permission.TEACH)
def send_back(draft_id: int) -> Page:
    """The text needs work."""
    draft, form = queries.draft(draft_id, lock=True), ReasonForm()
    if not form.validate_on_submit():
        return _review_page(draft, reason=form), 422
    try:
        review_actions.send_back(draft=draft, reason=form.reason.data, by_id=current_user.account_id)
    except Refused as refused:
        flash(gettext(f"authoring.refused.{refused.reason}"), "warning")
        return _review_page(draft), 409
    return to_draft(draft)
