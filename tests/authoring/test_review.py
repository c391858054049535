"""A colleague reads a draft block by block; where the unit says so, nobody publishes without one."""

import pytest
import sqlalchemy as sa

from lms.accounts.models import Account
from lms.audit import AuditEntry
from lms.authoring import actions, publishing, queries, readiness, review, review_actions
from lms.authoring.models import Draft, ReviewComment
from lms.authoring.rules import State
from lms.catalogue.models import Course
from lms.db import db
from tests.catalogue.packages import GOOD
from tests.page import Visitor
from tests.people import Cast

THREE = GOOD["01-bai-mot.md"] + "\nĐoạn hai nói về chữ ký số của xã.\n\nĐoạn ba nói về kho dữ liệu dùng chung.\n"


@pytest.fixture
def draft(cast: Cast) -> Draft:
    """Written by Chi."""
    by_id = db.session.scalars(sa.select(Account.id).where(Account.person_id == cast.chi.id)).one()
    files = {**GOOD, "01-bai-mot.md": THREE}
    made = actions.begin(slug="khoa-thu", title="Khóa học thử", unit_id=cast.da_nang, by_id=by_id, files=files)
    db.session.commit()
    return made


def rewrite(draft: Draft, old: str, new: str) -> None:
    files = {path: text.replace(old, new) for path, text in queries.current_files(draft).items()}
    actions.save(draft=draft, files=files, base=draft.revision, by_id=draft.created_by_id, act="save")
    db.session.commit()


def pieces(draft: Draft) -> list[review.Piece]:
    content = queries.package(draft).content
    assert content
    found = review.pieces(content)
    review.place(found, queries.comments(draft))
    return found


def said_of(draft: Draft) -> tuple[str, bool]:
    """The text beside which the one comment stands, and whether it was changed since."""
    (piece,) = [piece for piece in pieces(draft) if piece.threads]
    return piece.text, piece.threads[0].is_changed


def comment_on(draft: Draft, words: str, by: Account) -> ReviewComment:
    piece = next(piece for piece in pieces(draft) if words in piece.text)
    made = review_actions.comment(draft=draft, piece=piece, text="Nêu ví dụ.", by_id=by.id)
    db.session.commit()
    return made


def test_a_comment_goes_with_its_block_and_tells_when_the_block_was_changed(draft: Draft, lan: Account) -> None:
    comment_on(draft, "Đoạn hai", lan)
    rewrite(draft, "Đoạn hai nói về chữ ký số của xã.\n\nĐoạn ba", "Đoạn mới ở giữa.\n\nĐoạn ba")
    assert said_of(draft)[1]
    rewrite(draft, "Đoạn mới ở giữa.\n\n", "")
    rewrite(draft, "dùng chung.", "dùng chung.\n\nĐoạn hai nói về chữ ký số của xã.")
    assert said_of(draft) == ("Đoạn hai nói về chữ ký số của xã.", False)
    rewrite(draft, "chữ ký số của xã.", "chữ ký số của xã mình, kèm ví dụ.")
    assert said_of(draft) == ("Đoạn hai nói về chữ ký số của xã mình, kèm ví dụ.", True)


def test_comments_on_what_is_gone_are_not_lost(draft: Draft, lan: Account, visitor: Visitor) -> None:
    comment_on(draft, "Câu hỏi nào?", lan)
    rewrite(draft, 'text = "Câu hỏi nào?"', "text = ")
    visitor.sign_in("chi")
    page = visitor.visit(f"/teach/drafts/{draft.id}/review")
    assert "Nêu ví dụ." in page.text
    assert "Chưa đọc được bản nháp" in page.text


def test_two_colleagues_talk_until_a_comment_is_settled(draft: Draft, lan: Account, visitor: Visitor) -> None:
    visitor.sign_in("lan")
    page = visitor.visit(f"/teach/drafts/{draft.id}/review")
    block = next(piece for piece in pieces(draft) if "Đoạn ba" in piece.text)
    forms = [f for f in page.forms() if f.find(f".//input[@value='{block.name}']") is not None]
    assert len(forms) == 1
    sent = {
        "path": block.path,
        "block": block.name,
        "csrf_token": page.tree.find(".//input[@name='csrf_token']").get("value"),
    }
    address = f"/teach/drafts/{draft.id}/comments"
    assert visitor.post(address, {**sent, "text": ""}).status == 422
    gone = visitor.post(address, {**sent, "block": "gone", "text": "Lời tôi viết"})
    assert (gone.status, "Lời tôi viết" in gone.text) == (409, True)
    for _ in range(2):
        page = visitor.post(address, {**sent, "text": "Kho nào?"})
    assert page.html.count('class="panel" id="comment-') == 1
    page = page.submit("Gửi câu trả lời", text="Kho của thành phố.")
    assert "Kho của thành phố." in page.text
    said = db.session.scalars(sa.select(ReviewComment).order_by(ReviewComment.id)).all()
    again = visitor.post(f"/teach/comments/{said[1].id}/answers", {**sent, "text": "Kho đất đai?"})
    assert "Kho đất đai?" in again.text, "an answer to an answer stands under the same comment"
    acts = sa.select(AuditEntry.action).where(AuditEntry.action.in_(["authoring.comment", "authoring.answer"]))
    assert sorted(db.session.scalars(acts)) == ["authoring.answer", "authoring.answer", "authoring.comment"]
    page = page.submit("Đánh dấu đã xong")
    assert "Mở lại" in page.text
    assert "Còn 1 góp ý" in page.submit("Mở lại").text


def test_where_the_unit_asks_for_it_another_person_approves(
    cast: Cast, draft: Draft, lan: Account, dieu: Visitor, visitor: Visitor
) -> None:
    page = dieu.visit(f"/units/{cast.da_nang}/authoring-rule")
    assert "Hiện nay: phải có người khác duyệt" in page.submit("Lưu quy định", needs_reviewer="yes").text
    assert db.session.scalar(sa.select(AuditEntry.detail).where(AuditEntry.action == "authoring.set-rule"))
    assert readiness.needs_reviewer(cast.team)
    assert not readiness.needs_reviewer(cast.hue)

    ready = f"/teach/drafts/{draft.id}/publishing"
    visitor.sign_in("chi")
    assert "Đơn vị yêu cầu một người khác duyệt" in visitor.visit(ready).text
    visitor.visit(ready).submit("Gửi đi đọc lại")
    page = visitor.visit(f"/teach/drafts/{draft.id}/review").submit("Duyệt, cho xuất bản")
    assert (page.status, "không tự duyệt được" in page.html) == (409, True)

    visitor.sign_in("lan")
    page = visitor.visit(f"/teach/drafts/{draft.id}/review")
    assert page.submit("Đề nghị sửa thêm", reason="").status == 422
    assert "đề nghị sửa thêm" in page.submit("Đề nghị sửa thêm", reason="Thiếu ví dụ ở bài một.").text
    rewrite(draft, "Đoạn ba", "Đoạn ba, có ví dụ,")
    visitor.visit(ready).submit("Gửi đi đọc lại")
    stale = visitor.visit(f"/teach/drafts/{draft.id}/review")
    rewrite(draft, "Đoạn ba", "Đoạn cuối")
    assert stale.submit("Duyệt, cho xuất bản").status == 409
    db.session.refresh(draft)
    draft.sent_by_id = draft.created_by_id
    db.session.commit()
    visitor.visit(f"/teach/drafts/{draft.id}/review").submit("Duyệt, cho xuất bản")
    db.session.refresh(draft)
    assert draft.state == State.APPROVED
    assert "Phiên bản 1" in visitor.visit(ready).submit("Xuất bản").text
    assert db.session.scalar(sa.select(Course.unit_id)) == cast.da_nang


def test_an_approval_ends_with_the_next_change(cast: Cast, draft: Draft, lan: Account) -> None:
    publishing.set_rule(unit_id=cast.nation, needs_reviewer=True, by_id=lan.id)
    review_actions.send(draft=draft, by_id=draft.created_by_id or 0)
    review_actions.approve(draft=draft, revision=1, by_id=lan.id)
    assert readiness.obstacle(draft, queries.package(draft)) is None
    rewrite(draft, "Đoạn ba", "Đoạn cuối")
    assert (draft.state, readiness.obstacle(draft, queries.package(draft))) == ("draft", "needs-review")
    publishing.set_rule(unit_id=cast.da_nang, needs_reviewer=False, by_id=lan.id)
    assert readiness.obstacle(draft, queries.package(draft)) is None
