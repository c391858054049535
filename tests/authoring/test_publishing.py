"""From draft to learners: now, on a day, over a version that came meanwhile; hints that are meant as they stand."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from lms import clock, jobs
from lms.accounts.models import Account
from lms.authoring import actions, beginning, publishing, queries, review, review_actions, tasks
from lms.authoring.models import Draft, DraftAnswer, DraftRevision
from lms.catalogue import actions as catalogue
from lms.catalogue.models import Course, CourseVersion
from lms.db import db
from lms.mail.models import Message
from lms.network.models import Person
from tests.catalogue.packages import COURSE, LESSON, QUIZ, package
from tests.page import Visitor, words
from tests.pages.test_statements import MOST, statements
from tests.people import Cast


def account_of(cast: Cast) -> int:
    return db.session.scalars(sa.select(Account.id).where(Account.person_id == cast.chi.id)).one()


@pytest.fixture
def course(cast: Cast) -> Course:
    """Published once by Đà Nẵng."""
    version = catalogue.publish(package=package(), by_id=None, unit_id=cast.da_nang)
    db.session.commit()
    return version.course


@pytest.fixture
def draft(cast: Cast, course: Course) -> Draft:
    """Of the next version."""
    made = beginning.begin_from(course=course, published=queries.catalogue.current("khoa-thu"), by_id=account_of(cast))
    save(made, {"01-bai-mot.md": LESSON.replace("## Tình huống", "## Mở đầu")})
    return made


def save(draft: Draft, files: dict[str, str], act: str = "save") -> DraftRevision:
    new = {**queries.current_files(draft), **files}
    made = actions.save(draft=draft, files=new, base=draft.revision, by_id=draft.created_by_id, act=act)
    db.session.commit()
    return made


def test_a_draft_becomes_the_next_version_once(course: Course, draft: Draft, chi: Visitor) -> None:
    page = chi.visit(f"/teach/drafts/{draft.id}/publishing")
    assert "Phiên bản 2: Khóa học thử" in page.submit("Xuất bản").text
    assert "Bản nháp này đã khép lại" in page.submit("Xuất bản").html
    assert db.session.scalar(sa.select(sa.func.count(CourseVersion.id))) == 2
    changes = chi.visit("/teach/khoa-thu/versions/2/changes")
    assert [words(added) for added in changes.tree.iter("ins")] == ["[thêm] Mở đầu [hết thêm]"]
    assert chi.visit("/teach/khoa-thu/versions/1").status == 200


def test_a_draft_waits_for_its_day(cast: Cast, course: Course, draft: Draft, chi: Visitor) -> None:
    db.session.get_one(Person, cast.chi.id).email = "chi@example.vn"
    db.session.commit()
    ready, tomorrow = f"/teach/drafts/{draft.id}/publishing", clock.today() + timedelta(days=1)
    assert chi.visit(ready).submit("Xuất bản", on="01/01/2020").status == 422
    assert "Sẽ tự xuất bản" in chi.visit(ready).submit("Xuất bản", on=f"{tomorrow:%d/%m/%Y}").text
    db.session.expire_all()
    tasks.publish_due(lambda done, total: None)
    assert course.current_number == 1
    with clock.stopped(clock.at(tomorrow, 9)):
        tasks.publish_due(lambda done, total: None)
        tasks.publish_due(lambda done, total: None)
    db.session.commit()
    assert (course.current_number, draft.state) == (2, "published")
    letter = db.session.scalars(sa.select(Message)).one()
    assert "phiên bản 2" in letter.body


def test_what_cannot_be_published_on_its_day_says_why(course: Course, draft: Draft, chi: Visitor) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    publishing.schedule(draft=draft, on=tomorrow, by_id=draft.created_by_id or 0)
    catalogue.publish(package=package(title="Bản khác"), by_id=None)
    with clock.stopped(clock.at(tomorrow, 9)):
        tasks.publish_due(lambda done, total: None)
    db.session.commit()
    assert (course.current_number, draft.state, draft.publish_on, draft.obstacle) == (2, "draft", None, "overtaken")
    page = chi.visit(f"/teach/drafts/{draft.id}/publishing")
    assert "Chưa xuất bản theo lịch" in page.text


def test_a_change_drops_the_day(course: Course, draft: Draft) -> None:
    publishing.schedule(draft=draft, on=clock.today() + timedelta(days=1), by_id=draft.created_by_id or 0)
    save(draft, {"quiz.toml": QUIZ.replace("Câu hỏi nào?", "Câu nào?")})
    assert (draft.publish_on, draft.obstacle) == (None, "changed")


def test_a_draft_catches_up_with_a_version_that_came_meanwhile(course: Course, draft: Draft, chi: Visitor) -> None:
    catalogue.publish(
        package=package(title="Tên mới", **{"quiz.toml": QUIZ.replace("Câu kia", "Câu khác")}), by_id=None
    )
    db.session.commit()
    page = chi.visit(f"/teach/drafts/{draft.id}/publishing")
    assert "phiên bản mới hơn" in page.text
    page = page.submit("Nhập phiên bản mới vào bản nháp")
    assert "Đã nhập phiên bản mới" in page.html
    db.session.expire_all()
    content = queries.package(draft).content
    assert content
    assert (content.title, "## Mở đầu" in content.lessons[0].text) == ("Tên mới", True)
    assert content.quiz.questions[0].options[1].text == "Câu khác"
    assert "Phiên bản 3" in chi.visit(f"/teach/drafts/{draft.id}/publishing").submit("Xuất bản").text


def test_a_hint_that_is_meant_so_stays_answered_in_later_versions(course: Course, draft: Draft, chi: Visitor) -> None:
    ready = f"/teach/drafts/{draft.id}/publishing"
    page = chi.visit(ready)
    code = page.tree.find(".//input[@name='code']")
    assert code is not None, "the coach has something to say about the smallest of courses"
    assert page.submit("Giữ như vậy", reason="").status == 422
    page = page.submit("Giữ như vậy", reason="Câu này chỉ để thử.")
    assert "Câu này chỉ để thử." in page.text
    assert db.session.scalars(sa.select(DraftAnswer.code)).all() == [code.get("value")]
    page.submit("Xuất bản")
    chi.visit("/teach/khoa-thu").submit("Soạn phiên bản mới")
    later = db.session.scalars(sa.select(Draft).where(Draft.closed_at.is_(None))).one()
    page = chi.visit(f"/teach/drafts/{later.id}/publishing")
    assert "Câu này chỉ để thử." in page.text
    page.submit("Nhắc lại gợi ý này")
    assert not db.session.scalar(sa.select(sa.func.count(DraftAnswer.id)))


def test_a_trainer_goes_back_to_an_earlier_revision_and_discards(course: Course, draft: Draft, chi: Visitor) -> None:
    page = chi.visit(f"/teach/drafts/{draft.id}/revisions")
    assert "01-bai-mot.md" in page.text
    page = chi.visit(f"/teach/drafts/{draft.id}/revisions/1").submit("Quay về lần sửa này")
    db.session.expire_all()
    assert queries.current_files(draft)["01-bai-mot.md"] == queries.revision(draft, 1).files["01-bai-mot.md"]
    assert "chưa khác gì" in chi.visit(f"/teach/drafts/{draft.id}/changes").text
    chi.visit(f"/teach/drafts/{draft.id}/publishing").submit("Bỏ bản nháp")
    db.session.expire_all()
    assert draft.state == "discarded"
    with pytest.raises(actions.Closed):
        save(draft, {"course.toml": COURSE})


def test_a_course_of_nobody_is_copied_but_not_changed_by_who_teaches_somewhere(cast: Cast, chi: Visitor) -> None:
    catalogue.publish(package=package("chung", title="Khóa chung"), by_id=None)
    db.session.commit()
    page = chi.visit("/teach/chung")
    assert "Soạn phiên bản mới" not in page.text
    token = {"csrf_token": page.tree.find(".//input[@name='csrf_token']").get("value"), "reason": "x"}
    for act in ("retire", "bring-back", "versions/1/draft", "learners/move"):
        assert chi.post(f"/teach/chung/{act}", token).status == 404
    page = chi.visit("/teach/drafts/new?source=chung")
    assert page.submit("Bắt đầu soạn", title="").status == 422
    assert "Chọn mã khác" in page.submit("Bắt đầu soạn", code="chung").text
    page.submit("Bắt đầu soạn", title="Khóa của Đà Nẵng")
    draft = db.session.scalars(sa.select(Draft)).one()
    assert (draft.slug, draft.unit_id, draft.title) == ("khoa-cua-da-nang", cast.da_nang, "Khóa của Đà Nẵng")
    chi.visit(f"/teach/drafts/{draft.id}/publishing").submit("Xuất bản")
    assert db.session.scalars(sa.select(Course.unit_id).where(Course.slug == "khoa-cua-da-nang")).one() == cast.da_nang


def test_a_course_is_retired_for_a_reason_and_brought_back(course: Course, chi: Visitor) -> None:
    page = chi.visit("/teach/khoa-thu")
    assert page.submit("Rút khóa học", reason="").status == 422
    page = page.submit("Rút khóa học", reason="Luật đã thay đổi.")
    assert "đã rút khỏi danh mục" in page.text
    page.submit("Đưa trở lại danh mục")
    db.session.expire_all()
    assert not course.is_retired


def test_of_what_saves_itself_the_last_of_each_hour_is_kept(course: Course, draft: Draft) -> None:
    start = clock.at(clock.today() - timedelta(days=3), 8)
    for minute in (1, 2, 3, 61, 62):
        with clock.stopped(start + timedelta(minutes=minute)):
            save(draft, {"01-bai-mot.md": f"{LESSON}{minute}"}, act=actions.AUTOSAVE)
    tasks.thin(lambda done, total: None)
    db.session.commit()
    assert db.session.scalars(sa.select(DraftRevision.number).order_by(DraftRevision.number)).all() == [1, 2, 5, 6, 7]
    wanted = {**queries.current_files(draft), "quiz.toml": "khác"}
    actions.save(draft=draft, files=wanted, base=4, by_id=None, act="save")
    assert queries.base(draft, 4).number == 2


def test_the_jobs_are_queued(cast: Cast) -> None:
    assert {"authoring.publish", "authoring.follow", "authoring.thin"} <= set(jobs.TASKS)


def test_the_pages_make_few_statements(course: Course, draft: Draft, lan: Account, chi: Visitor) -> None:
    publishing.set_rule(unit_id=course.unit_id or 0, needs_reviewer=True, by_id=lan.id)
    content = package().content
    assert content
    piece = review.pieces(content)[-1]
    for number in range(15):
        save(draft, {"01-bai-mot.md": f"{LESSON}{number}"})
        review_actions.comment(draft=draft, piece=piece, text=str(number), by_id=lan.id)
    catalogue.publish(package=package(title="Bản khác"), by_id=None)
    db.session.commit()
    one = f"/teach/drafts/{draft.id}"
    ours = ("", "/publishing", "/review", "/changes", "/revisions", "/revisions/3")
    theirs = ("", "/versions/2", "/versions/2/changes", "/learners")
    for address in ("/teach/drafts", *(one + page for page in ours), *(f"/teach/khoa-thu{page}" for page in theirs)):
        sent = statements(chi, address)
        assert len(sent) <= MOST, "\n".join([address, *sent])


def test_each_day_has_its_own_letter(cast: Cast, course: Course, draft: Draft) -> None:
    db.session.get_one(Person, cast.chi.id).email = "chi@example.vn"
    for days, needs_reviewer in ((1, True), (2, False)):
        day = clock.today() + timedelta(days=days)
        publishing.set_rule(unit_id=cast.da_nang, needs_reviewer=False, by_id=account_of(cast))
        publishing.schedule(draft=draft, on=day, by_id=account_of(cast))
        publishing.set_rule(unit_id=cast.da_nang, needs_reviewer=needs_reviewer, by_id=account_of(cast))
        with clock.stopped(clock.at(day, 9)):
            tasks.publish_due(lambda done, total: None)
    db.session.commit()
    assert draft.state == "published"
    bodies = db.session.scalars(sa.select(Message.body).order_by(Message.id)).all()
    assert ["phiên bản 2" in body for body in bodies] == [False, True]


def test_nobody_writes_on_a_draft_while_it_is_published(course: Course, draft: Draft) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer anyway")
    day = clock.today() + timedelta(days=1)
    publishing.schedule(draft=draft, on=day, by_id=draft.created_by_id or 0)
    db.session.commit()
    assert queries.due_drafts(day) == [draft]
    with db.engine.connect() as other:
        assert not other.scalars(sa.select(Draft.id).with_for_update(skip_locked=True)).all()


def test_what_was_written_since_the_page_was_opened_is_not_published_unseen(draft: Draft, chi: Visitor) -> None:
    page = chi.visit(f"/teach/drafts/{draft.id}/publishing")
    db.session.expire_all()
    save(draft, {"quiz.toml": QUIZ.replace("Câu hỏi nào?", "Câu nào?")})
    page = page.submit("Xuất bản")
    assert "vừa được sửa" in page.html
    assert db.session.scalar(sa.select(sa.func.count(CourseVersion.id))) == 1
    assert "Phiên bản 2" in page.submit("Xuất bản").text


def test_a_course_of_others_is_not_copied(cast: Cast, chi: Visitor) -> None:
    catalogue.publish(package=package("cua-hue"), by_id=None, unit_id=cast.hue)
    catalogue.publish(package=package("chung"), by_id=None)
    db.session.commit()
    assert chi.fetch("/teach/drafts/new?source=cua-hue").status_code == 404
    page = chi.visit("/teach/drafts/new?source=chung")
    assert page.submit("Bắt đầu soạn", source="cua-hue").status == 404
    assert not db.session.scalar(sa.select(sa.func.count(Draft.id)))


def test_a_course_that_is_begun_twice_is_one_draft(cast: Cast, chi: Visitor) -> None:
    page = chi.visit("/teach/drafts/new")
    for _ in range(2):
        page.submit("Bắt đầu soạn", title="Khóa mới")
    draft = db.session.scalars(sa.select(Draft)).one()
    save(draft, {"quiz.toml": QUIZ})
    page.submit("Bắt đầu soạn", title="Khóa mới")
    assert db.session.scalars(sa.select(Draft.slug).order_by(Draft.id)).all() == ["khoa-moi", "khoa-moi-2"]
