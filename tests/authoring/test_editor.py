"""A trainer writes a course with forms alone; the forms and the text say the same, and nobody's words are lost."""

import io
import json

import pytest
from werkzeug.datastructures import FileStorage

from lms.authoring import actions, editing, queries
from lms.authoring.models import Draft
from lms.authoring.question_forms import FORMS
from lms.catalogue import writing
from lms.catalogue.content import Draw
from lms.db import db
from tests.catalogue.packages import GOOD
from tests.catalogue.test_parts import PACKAGE
from tests.page import Page, Visitor
from tests.people import Cast

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
LESSON = "/lessons/01-bai-mot"
BODY = "## Một\n\nHai.\n\n- ba\n- bốn\n\n::: tip Nhớ\nNăm.\n:::"


@pytest.fixture
def chi(cast: Cast, visitor: Visitor) -> Visitor:
    """The trainer of Đà Nẵng, signed in."""
    visitor.sign_in("chi")
    return visitor


@pytest.fixture
def draft(cast: Cast) -> Draft:
    """A course that is right, with a short lesson."""
    files = {**GOOD, "01-bai-mot.md": editing.with_body(GOOD["01-bai-mot.md"], BODY)}
    found = actions.begin(slug="khoa-thu", title="Khóa học thử", unit_id=cast.da_nang, by_id=None, files=files)
    db.session.commit()
    return found


def at(draft: Draft, rest: str = "") -> str:
    return f"/teach/drafts/{draft.id}{rest}"


def text(draft: Draft, lesson: str = "01-bai-mot") -> str:
    db.session.expire_all()
    return editing.body(queries.current_files(queries.draft(draft.id))[f"{lesson}.md"])


def quiz(draft: Draft):  # type: ignore[no-untyped-def]
    db.session.expire_all()
    content = queries.package(queries.draft(draft.id)).content
    assert content is not None
    return content.quiz


def upload(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


ADDED = [
    ("text", {"words": "Một đoạn.\n\nHai đoạn."}, "Một đoạn.\n\nHai đoạn."),
    ("heading", {"level": "3", "words": "Mục"}, "### Mục"),
    ("callout", {"callout": "law", "heading": "Điều 5", "body": "Trích."}, "::: law Điều 5\nTrích.\n:::"),
    ("checklist", {"items": "một\nhai"}, "- [ ] một\n- [ ] hai"),
    ("question", {"question": "q1"}, "::: question q1\n:::"),
    ("table", {"rows-0-0": "A", "rows-0-1": "B", "rows-1-0": "1"}, "| A | B |\n| --- | --- |\n| 1 |  |"),
    ("table", {"pasted": "A\tB\n1\t2|3"}, "| A | B |\n| --- | --- |\n| 1 | 2\\|3 |"),
    (
        "slides",
        {"heading": "Bài", "slides-0": "một", "slides-1": "## hai"},
        "::: slides Bài\nmột\n\n---\n\n## hai\n:::",
    ),
    (
        "image",
        {"upload": ("Sơ đồ.PNG", PNG), "alt": "Ba bước", "caption": "Hình 1"},
        '![Ba bước](media/so-do.png "Hình 1")',
    ),
    ("embed", {"upload": ("g.zip", PACKAGE), "heading": "Gói", "body": "Lời."}, "::: embed media/g.zip Gói\nLời.\n:::"),
    (
        "audio",
        {"upload": ("a.mp3", b"ID3"), "heading": "Nghe", "body": "Lời."},
        "::: audio media/a.mp3 Nghe\nLời.\n:::",
    ),
    (
        "video",
        {"upload": ("v.mp4", b"0000ftyp"), "captions_upload": ("v.vtt", b"WEBVTT"), "heading": "Xem", "body": "Lời."},
        "::: video media/v.mp4 Xem\ncaptions: media/v.vtt\nLời.\n:::",
    ),
    ("file", {"upload": ("m.docx", b"PK\x03\x04"), "heading": "Mẫu"}, "::: file media/m.docx Mẫu\n:::"),
]


def test_a_block_of_each_kind_is_added_with_its_form_and_read_back(chi: Visitor, draft: Draft) -> None:
    head, _, rest = BODY.partition("\n\n")
    for kind, fields, source in ADDED:
        page = chi.visit(at(draft, LESSON), query={"add": kind, "block": 2})
        sent = {name: upload(*value) if isinstance(value, tuple) else value for name, value in fields.items()}
        assert page.submit("Lưu khối", **sent).status == 200, kind
        rest = f"{source}\n\n{rest}"
        assert text(draft) == f"{head}\n\n{rest}", kind
        again = chi.visit(at(draft, LESSON), query={"block": 2})
        again.submit("Lưu khối" if kind != "text" else "Lưu văn bản")
        assert text(draft) == f"{head}\n\n{rest}", kind


def test_a_picture_without_words_is_refused_at_its_field(chi: Visitor, draft: Draft) -> None:
    page = chi.visit(at(draft, LESSON), query={"add": "image"})
    refused = page.submit("Lưu khối", upload=upload("a.png", PNG), alt=" ")
    assert (refused.status, text(draft)) == (422, BODY)
    assert "#alt" in refused.links().values()
    wrong = page.submit("Lưu khối", upload=upload("a.png", b"MZ"), alt="Hình")
    assert (wrong.status, text(draft)) == (422, BODY)


def test_a_block_is_edited_as_its_markdown(chi: Visitor, draft: Draft) -> None:
    chi.visit(at(draft, LESSON), query={"block": 4}).submit("Lưu văn bản", source="::: warning\nSáu.\n:::\n\nBảy.")
    assert text(draft) == BODY.replace("::: tip Nhớ\nNăm.\n:::", "::: warning\nSáu.\n:::\n\nBảy.")


def test_blocks_move_by_buttons_and_the_same_button_has_the_focus(chi: Visitor, draft: Draft) -> None:
    def press(act: str) -> str:
        token = next(f for f in chi.visit(at(draft, LESSON)).forms() if f.get("id") == "order")
        data = {field.get("name"): field.get("value") for field in token.iter("input")} | {"do": act}
        return str(chi.client.post(at(draft, f"{LESSON}/move"), data=data).location)

    assert press("down:1").endswith("#down-3")
    assert text(draft) == "## Một\n\n- ba\n- bốn\n\nHai.\n\n::: tip Nhớ\nNăm.\n:::"
    assert press("up:1").endswith("#down-1"), "at the top there is no button up"
    assert press("remove:0").endswith("#block-1")
    assert text(draft) == "## Một\n\nHai.\n\n::: tip Nhớ\nNăm.\n:::"


def test_a_block_is_moved_from_where_it_now_stands(chi: Visitor, draft: Draft) -> None:
    form = next(f for f in chi.visit(at(draft, LESSON)).forms() if f.get("id") == "order")
    data = {field.get("name"): field.get("value") for field in form.iter("input")}
    chi.visit(at(draft, LESSON), query={"add": "text", "block": 1}).submit("Lưu khối", words="Không.")
    chi.post(at(draft, f"{LESSON}/move"), data | {"do": "remove:1"})
    assert text(draft) == f"Không.\n\n{BODY}".replace("Hai.\n\n", "")
    gone = chi.post(at(draft, f"{LESSON}/move"), data | {"do": "down:1"})
    assert "Khối này vừa được sửa" in gone.html
    chi.post(at(draft, f"{LESSON}/move"), data | {"base": "3", "order": "3 2 1 0"})
    assert text(draft).startswith("::: tip Nhớ\nNăm.\n:::\n\n- ba")


def test_more_rows_come_by_a_button_and_keep_what_was_typed(chi: Visitor, draft: Draft) -> None:
    page = chi.visit(at(draft, LESSON), query={"add": "table"})
    wider = page.submit("Thêm cột", **{"rows-0-0": "A"}).submit("Thêm dòng", **{"rows-0-3": "D"})
    wider.submit("Lưu khối", **{"rows-3-0": "1"})
    assert text(draft).endswith("| A |  |  | D |\n| --- | --- | --- | --- |\n| 1 |  |  |  |")


def as_script(visitor: Visitor, page: Page, form: int = 0, **values: object) -> tuple[int, dict[str, object]]:
    """What the script sends for the form with autosave, and hears."""
    found = [f for f in page.forms() if f.get("data-editor") is not None][form]
    from tests.page import held_by

    data = held_by(found) | values
    answer = visitor.client.post(found.get("action") or page.url, data=data, headers={"Accept": "application/json"})
    return answer.status_code, json.loads(answer.get_data())


def test_what_is_saved_by_itself_gives_a_receipt_and_finds_its_block_again(chi: Visitor, draft: Draft) -> None:
    page = chi.visit(at(draft, LESSON), query={"block": 2})
    above = chi.visit(at(draft, LESSON), query={"add": "text", "block": 1})
    status, first = as_script(chi, page, words="Hai.\n\nHai rưỡi.")
    assert (status, first["at"], first["count"], first["base"], first["same"]) == (200, 1, 2, 2, False)
    above.submit("Lưu khối", words="Không.")
    status, second = as_script(chi, page, words="Hai mươi.", **{name: first[name] for name in ("base", "at", "count")})
    assert (status, second["at"], second["count"]) == (200, 2, 1), "another one wrote above it"
    assert text(draft) == f"Không.\n\n{BODY}".replace("Hai.", "Hai mươi.")
    status, wrong = as_script(chi, page, words="")
    assert (status, "base" in wrong) == (422, False)


def test_two_people_at_one_block_see_both_texts_and_choose(chi: Visitor, draft: Draft) -> None:
    mine = chi.visit(at(draft, LESSON), query={"block": 2})
    chi.visit(at(draft, LESSON), query={"block": 2}).submit("Lưu khối", words="Của người kia.")
    assert as_script(chi, mine, words="Của tôi.")[0] == 409
    both = mine.submit("Lưu khối", words="Của tôi.")
    assert both.status == 409
    assert "Của người kia." in both.text
    assert "Của tôi." in both.text
    assert "Của người kia." in text(draft)
    both.submit("Lưu bản của tôi")
    assert "Của tôi." in text(draft)


def test_lessons_are_added_ordered_and_removed_and_links_follow(chi: Visitor, draft: Draft) -> None:
    chi.visit(at(draft)).submit("Thêm bài học", name="Hai việc")
    chi.visit(at(draft, LESSON), query={"block": 2}).submit("Lưu khối", words="Xem [bài](02-hai-viec.md).")
    page = chi.visit(at(draft))
    form = next(f for f in page.forms() if f.get("id") == "order")
    data = {field.get("name"): field.get("value") for field in form.iter("input")} | {"do": "down:01-bai-mot"}
    assert str(chi.client.post(at(draft, "/order"), data=data).location).endswith("#down-1")
    assert "[bài](01-hai-viec.md)" in text(draft, "02-bai-mot")
    chi.visit(at(draft, "/lessons/01-hai-viec")).submit("Bỏ bài này")
    db.session.expire_all()
    assert editing.lesson_names(queries.current_files(queries.draft(draft.id))) == ["02-bai-mot"]


def test_the_head_of_the_course_and_of_a_lesson_are_forms(chi: Visitor, draft: Draft) -> None:
    page = chi.visit(at(draft, "/head"))
    page.submit("Thêm văn bản")
    page.submit(
        "Lưu", name="Tên khác", periods="2,5", law_as_of="05/09/2026", audience=["dedicated"],
        **{"outcomes-1-words": "Việc hai.", "legal_basis-0-number": "1690/QĐ-TTg", "legal_basis-0-name": "Quyết định",
           "legal_basis-0-issued_on": "26/12/2023"},
    )  # fmt: skip
    wrong = chi.visit(at(draft, "/head")).submit("Lưu", law_as_of="31/02/2026")
    assert wrong.status == 422
    chi.visit(at(draft, LESSON)).submit("Lưu phần đầu bài", name="Bài khác", minutes="12", outcomes=["o1", "o2"])
    db.session.expire_all()
    content = queries.package(queries.draft(draft.id)).content
    assert content is not None
    assert (content.title, content.periods, content.law_as_of) == ("Tên khác", 2.5, "2026-09-05")
    assert [(o.id, o.text) for o in content.outcomes][1] == ("o2", "Việc hai.")
    assert content.legal_basis[0].issued_on == "2023-12-26"
    assert (content.lessons[0].title, content.lessons[0].minutes, content.lessons[0].outcomes) == (
        "Bài khác",
        12,
        ("o1", "o2"),
    )
    assert content.lessons[0].text == BODY


QUESTIONS = {
    "single": {"options-0-text": "A", "options-0-right": "y", "options-1-text": "B", "options-1-feedback": "Nhầm"},
    "multiple": {f"options-{n}-text": "ABC"[n] for n in range(3)} | {"options-0-right": "y"},
    "true-false": {"answer": "true"},
    "short": {"answers": "một cửa\nmot cua", "forgive": ["case"]},
    "numeric": {"answer": "1,5", "tolerance": "0,1", "unit": "ngày"},
    "matching": {"pairs-0-left": "a", "pairs-0-right": "1", "pairs-1-left": "b", "pairs-1-right": "2", "extra": "3"},
    "ordering": {"items": "một\nhai\nba"},
    "cloze": {"text": "Có [[a]] ngày"},
    "essay": {"rubric-0-text": "Rõ", "rubric-0-points": "2", "most_words": "400"},
    "file": {"rubric-0-text": "Đủ", "rubric-0-points": "0,5"},
}


def test_a_question_of_each_type_is_written_with_its_form_and_read_back(chi: Visitor, draft: Draft) -> None:
    assert set(QUESTIONS) == set(FORMS)
    for number, (kind, fields) in enumerate(QUESTIONS.items(), start=2):
        page = chi.visit(at(draft, "/questions")).submit("Thêm câu hỏi", type=kind)
        assert page.url.endswith(f"/questions/q{number:02}")
        saved = page.submit("Lưu câu hỏi", **({"text": "Hỏi gì?", "wrong_feedback": "Xem lại"} | fields))
        if kind == "cloze":
            saved.submit("Lưu câu hỏi", **{"gaps-0-answers": "năm\n5"})
        written = writing.question(quiz(draft).by_id[f"q{number:02}"])
        again = chi.visit(page.url)
        assert "chỗ cần sửa" not in again.text, kind
        again.submit("Lưu câu hỏi")
        assert writing.question(quiz(draft).by_id[f"q{number:02}"]) == written, kind


def test_a_picture_goes_into_a_question_with_its_words(chi: Visitor, draft: Draft) -> None:
    page = chi.visit(at(draft, "/questions/q1"))
    refused = page.submit("Lưu câu hỏi", **{"picture-upload": upload("Nút Lưu.png", PNG), "picture-alt": " "})
    assert (refused.status, "#picture-alt" in refused.links().values()) == (422, True)
    alone = page.submit("Lưu câu hỏi", **{"picture-alt": "Hình đĩa mềm"})
    assert (alone.status, "#picture-target" in alone.links().values()) == (422, True)
    given = {"picture-upload": upload("Nút Lưu.png", PNG), "picture-alt": "Hình đĩa [mềm]", "picture-place": "option-2"}
    saved = page.submit("Lưu câu hỏi", text="Nút nào?", **given).lint()
    assert "chỗ cần sửa" not in saved.text
    assert quiz(draft).by_id["q1"].options[1].text == "Câu kia ![Hình đĩa (mềm)](media/nut-luu.png)"
    shown = f"{at(draft)}/media/nut-luu.png"
    assert shown in [img.get("src") for img in saved.tree.iter("img")] and chi.fetch(shown).data == PNG
    again = saved.submit("Lưu câu hỏi", **{"picture-target": "media/nut-luu.png", "picture-alt": "Nút"})
    assert quiz(draft).by_id["q1"].text == "Nút nào?\n![Nút](media/nut-luu.png)"
    for place in ("/try", "/review", "/questions"):
        chi.visit(at(draft, place)).lint()
    broken = again.submit("Lưu câu hỏi", text="![](media/khac.png) Nút nào?")
    assert "hình media/khac.png chưa có lời mô tả" in broken.text and "không có hình media/khac.png" in broken.text


def test_what_is_missing_in_a_question_is_said_beside_it_and_saved_all_the_same(chi: Visitor, draft: Draft) -> None:
    page = chi.visit(at(draft, "/questions/q1"))
    grown = page.submit("Thêm dòng", **{"options-0-right": "", "text": "Dở dang"})
    assert "Phương án 6" in grown.text
    saved = grown.submit("Lưu câu hỏi")
    assert "1 chỗ cần sửa" in saved.text
    assert quiz(draft).by_id["q1"].text == "Dở dang"
    saved.submit("Nhân đôi câu này").submit("Bỏ câu này")
    assert [q.id for q in quiz(draft).questions] == ["q1"]


def test_a_question_keeps_its_variants_and_its_neighbours(chi: Visitor, draft: Draft) -> None:
    page = chi.visit(at(draft, "/questions")).submit("Thêm câu hỏi", type="numeric")
    page.submit(
        "Lưu câu hỏi", text="Cộng {{a}}", answer="{{tong}}", variants="a = 1; tong = 2\na = 2; tong = 3", excludes="q1"
    )
    asked = quiz(draft).by_id["q02"]
    assert (asked.answer, asked.excludes, asked.variants[1]) == ("{{tong}}", ("q1",), (("a", "2"), ("tong", "3")))
    assert chi.visit(at(draft, "/questions/q02")).submit("Lưu câu hỏi", variants="a: 1").status == 422


def test_the_draw_is_a_table_of_topics_and_difficulties(chi: Visitor, draft: Draft) -> None:
    page = chi.visit(at(draft, "/quiz"))
    page.submit(
        "Lưu", **{"draw::any": "", "draw:t1:easy": "1", "topics-1-name": "Hai", "passing": "62,5", "attempts": "3"}
    )
    found = quiz(draft)
    assert found.draws == (Draw(1, "t1", "easy"),)
    assert found.topics == (("t1", "Chủ đề"), ("t2", "Hai"))
    assert (found.passing, found.attempts) == (0.625, 3)


def test_a_text_that_cannot_be_read_is_put_right_as_text(chi: Visitor, draft: Draft) -> None:
    chi.visit(at(draft, "/text/quiz.toml")).submit("Lưu", source="[quiz\n")
    page = chi.visit(at(draft, "/questions"))
    assert page.url == at(draft, "/text/quiz.toml")
    assert "1 chỗ cần sửa" in page.text
    assert chi.visit(at(draft)).status == chi.visit(at(draft, LESSON)).status == 200
    page.submit("Lưu", source=GOOD["quiz.toml"])
    assert chi.visit(at(draft, "/questions")).url == at(draft, "/questions")


def test_the_whole_lesson_is_a_text(chi: Visitor, draft: Draft) -> None:
    chi.visit(at(draft, f"{LESSON}/text")).submit("Lưu", source="- một\n  - hai\n")
    assert text(draft) == "- một\n  - hai"


def test_a_preview_is_the_learners_page_and_only_our_pages_frame_it(chi: Visitor, draft: Draft) -> None:
    chi.visit(at(draft, LESSON), query={"add": "question"}).submit("Lưu khối", question="q1")
    page = chi.visit(at(draft, f"{LESSON}/preview"))
    framed = {frame.get("src") for frame in page.main.iter("iframe")}
    assert framed == {at(draft, f"{LESSON}/as-learner")}
    shown = chi.visit(framed.pop())
    assert shown.response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown.response.headers["Content-Security-Policy"]
    assert "Học xong" not in shown.text
    answered = [shown.submit("Xem đúng chưa", q1=value) for value in ("0", "1")]
    assert sorted("Chưa đúng" in page.text for page in answered) == [False, True]


def test_the_quiz_is_tried_without_a_trace(chi: Visitor, draft: Draft) -> None:
    page = chi.visit(at(draft, "/try"))
    results = {page.submit("Chấm thử", q1=value).text.split(" điểm")[0][-8:] for value in ("0", "1")}
    assert {result.strip()[:1] for result in results} | {"1", "0"}
    assert any("1 trên 1" in result for result in results)
    assert any("0 trên 1" in result for result in results)


def test_media_are_listed_added_and_taken_out(chi: Visitor, draft: Draft) -> None:
    page = chi.visit(at(draft, "/media")).submit("Tải lên", upload=upload("Hình.png", PNG))
    answer = chi.fetch(at(draft, "/media/hinh.png"))
    assert (answer.get_data(), answer.headers["Cache-Control"]) == (PNG, "no-store"), "another may have its name soon"
    page = page.submit("Tải lên", upload=upload("hinh.png", PNG + b"!"))
    assert {"hinh.png", "hinh-1.png"} <= set(page.links())
    page.submit("Bỏ")
    assert chi.fetch(at(draft, "/media/hinh-1.png")).status_code == 404
    assert chi.visit(at(draft, "/media")).submit("Tải lên", upload=upload("a.exe", b"MZ")).status == 422


def test_a_closed_draft_takes_no_more_text(chi: Visitor, draft: Draft) -> None:
    page = chi.visit(at(draft, LESSON), query={"block": 2})
    actions.discard(draft=queries.draft(draft.id))
    db.session.commit()
    assert as_script(chi, page, words="Muộn")[0] == 410
    assert "khép lại" in page.submit("Lưu khối", words="Muộn").html
    assert text(draft) == BODY
