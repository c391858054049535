"""Writes of reviews: sending, saying, answering, settling, approving."""

from lms import audit, clock
from lms.authoring import queries, readiness, rules
from lms.authoring.models import Draft, ReviewComment
from lms.authoring.review import Piece
from lms.authoring.rules import Refusal, State
from lms.db import db


class Refused(Exception):
    """A review that is not taken."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


def send(*, draft: Draft, by_id: int) -> None:
    """Ask others to read a draft."""
    if draft.state == State.DRAFT:
        draft.state, draft.sent_at, draft.sent_by_id = State.IN_REVIEW.value, clock.now(), by_id
        draft.reviewed_at, draft.reviewed_by_id, draft.reason = None, None, ""
        audit.record("authoring.send", draft, course=draft.slug, revision=draft.revision)


def take_back(*, draft: Draft) -> None:
    """Ask no more."""
    if draft.state == State.IN_REVIEW:
        draft.state = State.DRAFT.value
        audit.record("authoring.take-back", draft, course=draft.slug)


def comment(*, draft: Draft, piece: Piece, text: str, by_id: int) -> ReviewComment:
    """Say something about a piece of a draft; the same again is what was said."""
    if same := queries.same_comment(draft.id, piece.path, piece.name, text, by_id, None):
        return same
    new = _said(draft.id, piece.path, piece.name, piece.text, text, by_id)
    audit.record("authoring.comment", draft, course=draft.slug, path=piece.path)
    return new


def answer(*, comment: ReviewComment, text: str, by_id: int) -> ReviewComment:
    """Answer a comment; who answers an answer goes on under the same comment."""
    parent_id = comment.parent_id or comment.id
    if same := queries.same_comment(comment.draft_id, comment.path, comment.block, text, by_id, parent_id):
        return same
    new = _said(comment.draft_id, comment.path, comment.block, "", text, by_id, parent_id)
    audit.record("authoring.answer", comment, path=comment.path)
    return new


def settle(*, comment: ReviewComment, by_id: int, is_settled: bool = True) -> None:
    """A comment is dealt with, or after all not."""
    if (comment.resolved_at is not None) != is_settled:
        comment.resolved_at, comment.resolved_by_id = (clock.now(), by_id) if is_settled else (None, None)
        audit.record("authoring.settle", comment, path=comment.path, settled=is_settled)


def approve(*, draft: Draft, revision: int, by_id: int) -> None:
    """The text of this revision may be published. Raises `Refused`."""
    if draft.state == State.APPROVED and draft.approved_revision == revision:
        return
    reason = rules.refusal(
        is_in_review=draft.state == State.IN_REVIEW,
        is_newest=draft.revision == revision,
        needs_reviewer=readiness.needs_reviewer(draft.unit_id),
        is_own=by_id == draft.sent_by_id or by_id in queries.writers(draft),
    )
    if reason:
        raise Refused(reason)
    draft.approved_revision = revision
    _review(draft, State.APPROVED, "", by_id)
    audit.record("authoring.approve", draft, course=draft.slug, revision=revision)


def send_back(*, draft: Draft, reason: str, by_id: int) -> None:
    """The text needs work, for a reason. Raises `Refused`."""
    if draft.state not in (State.IN_REVIEW, State.APPROVED):
        raise Refused(Refusal.NOT_IN_REVIEW)
    draft.approved_revision, draft.publish_on = None, None
    _review(draft, State.DRAFT, reason, by_id)
    audit.record("authoring.send-back", draft, course=draft.slug, reason=reason)


def _review(draft: Draft, state: State, reason: str, by_id: int) -> None:
    draft.state, draft.reason = state.value, reason
    draft.reviewed_at, draft.reviewed_by_id = clock.now(), by_id


def _said(
    draft_id: int, path: str, block: str, quoted: str, text: str, by_id: int, parent_id: int | None = None
) -> ReviewComment:
    new = ReviewComment(
        draft_id=draft_id, path=path, block=block, quoted=quoted, text=text, by_id=by_id, parent_id=parent_id,
        made_at=clock.now(),
    )  # fmt: skip
    db.session.add(new)
    db.session.flush()
    return new
