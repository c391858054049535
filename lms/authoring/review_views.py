"""Pages of reviews: reading a draft block by block, saying what is to be better, approving."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.accounts import queries as accounts
from lms.authoring import comparing, queries, review, review_actions, telling
from lms.authoring.forms import AnswerForm, ApprovalForm, CommentForm, ReasonForm
from lms.authoring.models import Draft
from lms.authoring.preview_views import pictures_of
from lms.authoring.publishing_views import to_publishing
from lms.authoring.review import Piece
from lms.authoring.review_actions import Refused
from lms.authoring.views import Page, authoring
from lms.catalogue import writing
from lms.catalogue.content import Content
from lms.catalogue.render import lesson_html
from lms.language import gettext


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
    return to_publishing(draft)


@authoring.post("/teach/drafts/<int:draft_id>/take-back")
@allow(Permission.TEACH)
def take_back(draft_id: int) -> Response:
    """Ask no more."""
    draft = queries.draft(draft_id, lock=True)
    review_actions.take_back(draft=draft)
    return to_publishing(draft)


@authoring.post("/teach/drafts/<int:draft_id>/comments")
@allow(Permission.TEACH)
def comment(draft_id: int) -> Page:
    """Say something about a block."""
    draft, form = queries.draft(draft_id), CommentForm()
    content = comparing.of_revision(draft.slug, queries.current(draft)).content
    found = review.pieces(content) if content else []
    about = next(
        (piece for piece in found if (piece.path, piece.name) == (form.path.data, form.block.data or "")), None
    )
    if about is not None:
        form.text.id = f"about-{about.anchor}"  # each block has a form of its own on the page
    if not form.validate_on_submit():
        return _review_page(draft, form), 422
    if about is None:
        return _review_page(draft, unplaced=form.text.data), 409
    review_actions.comment(draft=draft, piece=about, text=form.text.data, by_id=current_user.account_id)
    return _to_review(draft.id, about.anchor)


@authoring.post("/teach/comments/<int:comment_id>/answers")
@allow(Permission.TEACH)
def answer_comment(comment_id: int) -> Page:
    """Answer a comment."""
    found, form = queries.comment(comment_id), AnswerForm()
    form.text.id = f"answer-{found.id}"
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
    return to_publishing(draft)


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
    return to_publishing(draft)


def _settle(comment_id: int, *, is_settled: bool) -> Response:
    found = queries.comment(comment_id)
    review_actions.settle(comment=found, by_id=current_user.account_id, is_settled=is_settled)
    return _to_review(found.draft_id, f"comment-{found.parent_id or found.id}")


def _to_review(draft_id: int, anchor: str) -> Response:
    return redirect(url_for("authoring.review_draft", draft_id=draft_id, _anchor=anchor))


def _review_page(
    draft: Draft,
    form: CommentForm | None = None,
    *,
    answer: AnswerForm | None = None,
    answered: int = 0,
    reason: ReasonForm | None = None,
    unplaced: str = "",
) -> str:
    """A draft by pieces. What was sent wrongly stands where it stood; what has no place any more (`unplaced`) on top."""
    revision = queries.current(draft)
    content = comparing.of_revision(draft.slug, revision).content
    pieces, comments = review.pieces(content) if content else [], queries.comments(draft)
    lost = review.place(pieces, comments)
    return render_template(
        "authoring/review_draft.html",
        draft=draft,
        pictures=pictures_of(draft),
        content=content,
        pieces=pieces,
        lost=lost,
        html={piece.anchor: _html(draft, piece) for piece in pieces if piece.name and piece.path != review.QUIZ},
        fields=_fields(content) if content else {},
        names=accounts.names([comment.by_id for comment in comments] + [draft.sent_by_id, draft.reviewed_by_id]),
        unsettled=[comment for comment in comments if comment.parent_id is None and comment.resolved_at is None],
        form=form or CommentForm(formdata=None),
        answer=answer or AnswerForm(formdata=None),
        answered=answered,
        unplaced=unplaced,
        reason=reason or ReasonForm(formdata=None),
        approval=ApprovalForm(formdata=None, data={"revision": draft.revision}),
    )


def _html(draft: Draft, piece: Piece) -> str:
    def address(target: str) -> str:
        if not target.startswith("media/"):
            return target
        return url_for("authoring.draft_media", draft_id=draft.id, filename=target.removeprefix("media/"))

    return lesson_html(piece.text, address=address, has_anchors=False)


def _fields(content: Content) -> dict[str, dict[str, str]]:
    """What the course and each question say, by the names of their pieces."""
    asked = {review.name_of(writing.question(each)): telling.question(each) for each in content.quiz.questions}
    return {review.HEAD: telling.head(content), **asked}
