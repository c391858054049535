"""Videos, sounds, files, packages, questions and slides in a lesson: shown safely, and right for everybody."""

import io
import itertools
import zipfile
from xml.etree.ElementTree import Element

import html5lib
import pytest

from lms.catalogue import embeds, media
from lms.catalogue.parts import cut_at_questions
from lms.catalogue.render import lesson_html
from lms.language import speaking
from tests.architecture.keys import problems
from tests.catalogue.packages import LESSON, QUIZ, package, publish
from tests.catalogue.test_render import HOSTILE, assert_harmless
from tests.page import Visitor
from tests.people import Cast

MP4, VTT, JPG, ZIP = b"\0\0\0\x18ftypmp42" + bytes(1000), b"WEBVTT\n", b"\xff\xd8\xff\xe0", b"PK\x03\x04"
WORDS = "\nLời thoại.\n"
KEYS = 'id = "q2"\ntype = "essay"\ntopic = "t1"\noutcome = "o1"\ndifficulty = "easy"\ntext = "Kể"\n'
ESSAY = f'\n[[question]]\n{KEYS}rubric = [{{ text = "Rõ", points = 1 }}]\n'


def zipped(**contents: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name.replace("__", "."), content)
    return made.getvalue()


ESCAPE = "try { found.textContent = parent.document.title + document.cookie } catch (error) { found.textContent = error.name }"
PACKAGE = zipped(
    index__html='<!doctype html><title>Gói</title><p id="found"></p><script src=a.js></script>', a__js=ESCAPE
)
SCORM = zipped(
    imsmanifest__xml='<manifest><resource adlcp:scormtype="sco" href="start.html"/></manifest>', start__html="x"
)
FILES = {"media/a.mp4": MP4, "media/a.vtt": VTT, "media/a.jpg": JPG, "media/a.zip": PACKAGE, "media/b.zip": ZIP,
         "media/c.h5p": zipped(h5p__json="{}"), "media/a.docx": ZIP}  # fmt: skip
VIDEO = f"::: video media/a.mp4 Phim\ncaptions: media/a.vtt\nposter: media/a.jpg\n{WORDS}:::"
CASES = [
    ("block-not-closed", "::: tip Nhớ\n"),
    ("no-media", VIDEO.replace("a.mp4", "b.mp4")),
    ("no-media", VIDEO.replace("a.vtt", "b.vtt")),
    ("media-of-other-kind", VIDEO.replace("a.mp4", "a.docx")),
    ("media-without-title", VIDEO.replace(" Phim", "")),
    ("no-transcript", VIDEO.replace(WORDS, "")),
    ("no-captions", VIDEO.replace("captions: media/a.vtt\n", "")),
    ("embed-without-words", "::: embed media/a.zip Gói\n:::"),
    ("embed-broken", f"::: embed media/b.zip Gói\n{WORDS}:::"),
    ("embed-not-playable", f"::: embed media/c.h5p Gói\n{WORDS}:::"),
    ("unknown-lesson-question", "::: question q9\n:::"),
    ("lesson-question-by-hand", "::: question q2\n:::"),
    ("empty-slides", "::: slides Trang\n\n---\n\n:::"),
    ("no-media", "::::: example Ví dụ\nx\n\n:::: slides A\n::: file media/x.docx Mẫu\n:::\n::::\n:::::"),
]
HINTS = {"media-without-title", "no-captions", "embed-not-playable"}


@pytest.mark.parametrize(("key", "block"), CASES, ids=[f"{key}-{n}" for n, (key, _) in enumerate(CASES)])
def test_a_problem_of_a_block_is_said_at_its_line(key: str, block: str) -> None:
    found = package(**{"01-bai-mot.md": f"{LESSON}\n{block}\n", "quiz.toml": QUIZ + ESSAY, **FILES}).problems
    assert [(problem.key, problem.is_hint) for problem in found] == [(key, key in HINTS)]
    place = f"{LESSON}\n".count("\n") + 1 + (4 if "example" in block else 0)
    with speaking("vi"):
        assert str(found[0]).startswith(f"01-bai-mot.md:{place}: ")


def test_every_problem_of_blocks_has_its_case() -> None:
    assert {key for key, _ in CASES} == problems("lms/catalogue/block_check.py", "lms/catalogue/embeds.py")


def test_what_is_right_has_no_problem() -> None:
    parts = [VIDEO, "::: file media/a.docx Mẫu\n:::", f"::: embed media/a.zip Gói\n{WORDS}:::", "::: question q1\n:::"]
    text = "\n\n".join([LESSON, *parts])
    assert package(**{"01-bai-mot.md": text, **FILES}).problems == []


@pytest.mark.parametrize("name", media.KINDS)
def test_no_file_passes_as_what_it_is_not(name: str) -> None:
    assert media.trouble(f"media/x{name.upper()}", b"\0MZ\x90") == ("media-other-content", {})


def html(markdown: str, playable: tuple[str, ...] = ()) -> Element:
    made = lesson_html(markdown, address=lambda target: f"/at/{target}", playable=playable)
    assert_harmless(made)
    return html5lib.parse(made, namespaceHTMLElements=False).find("body")


def test_a_video_has_its_captions_and_its_words() -> None:
    body = html(VIDEO)
    video, track = body.find(".//video"), body.find(".//track")
    assert (video.get("src"), video.get("poster"), video.get("preload")) == (
        "/at/media/a.mp4",
        "/at/media/a.jpg",
        "none",
    )
    assert (track.get("kind"), track.get("src")) == ("captions", "/at/media/a.vtt")
    assert "".join(body.find(".//details").itertext()).split() == ["Lời", "trong", "video", "Lời", "thoại."]


def test_a_package_stays_in_a_frame_of_its_own_or_is_a_file() -> None:
    shown, offered = (html(f"::: embed media/a.zip Gói\n{WORDS}:::", playable) for playable in (("media/a.zip",), ()))
    assert shown.find(".//iframe").get("sandbox") == "allow-scripts"
    assert (offered.find(".//iframe"), offered.find(".//a").get("href")) == (None, "/at/media/a.zip")


def test_slides_are_cut_at_their_lines_and_hold_any_block() -> None:
    body = html("::: slides Bài\nMột\n---\n- hai\n\n---\n\n## Ba\n:::\nsau")
    slides = body.findall(".//div[@class='slide']")
    assert ["".join(slide.itertext()).strip() for slide in slides] == ["Một", "hai", "Ba"]
    assert body[-1].text == "sau"


def test_a_question_is_a_place_that_the_page_fills() -> None:
    made = lesson_html("trước\n\n::: question q05\n\nsau", address=str)
    assert cut_at_questions(made)[1::2] == ["q05"]


@pytest.mark.parametrize("part", ["video media/a.mp4 ", "audio ", "file ", "embed ", "slides ", "question "])
def test_nothing_hostile_runs_in_a_part(part: str) -> None:
    for words, playable in itertools.product(HOSTILE, ((), ("javascript:alert(1)", "media/a.zip"))):
        lesson = f"::: {part}{words}\ncaptions: {words}\n{words}\n:::\n::: {part}javascript:alert(1)\nposter: javascript:x\n:::"
        html(lesson, playable)


def test_the_page_of_a_package_is_its_manifests_or_its_index() -> None:
    assert [embeds.trouble(content) for content in (PACKAGE, SCORM)] == [None, None]
    assert embeds.start_of({"imsmanifest.xml": b'<resource href="../x.html"/>', "index.html": b""}) == "index.html"


def test_a_package_is_served_without_a_session_and_shut_in(cast: Cast, visitor: Visitor) -> None:
    publish(**{"01-bai-mot.md": f"{LESSON}\n\n::: embed media/a.zip Gói\n{WORDS}:::", "media/a.zip": PACKAGE})
    visitor.sign_in("an")
    opened = visitor.client.get("/media/khoa-thu/1/a.zip?open=1")
    assert opened.status_code == 302
    stranger = Visitor(visitor.app)
    page, script = stranger.fetch(opened.location), stranger.fetch(opened.location.replace("index.html", "a.js"))
    assert (page.mimetype, script.get_data()) == ("text/html", ESCAPE.encode())
    for answer in (page, script):
        policy = answer.headers["Content-Security-Policy"]
        assert "sandbox allow-scripts;" in policy and "allow-same-origin" not in policy and "'self' '" not in policy
        assert (answer.headers["X-Frame-Options"], answer.headers["Cross-Origin-Resource-Policy"]) == (
            "SAMEORIGIN",
            "cross-origin",
        )
    for wrong in (opened.location.replace("index.html", "../a.js"), opened.location.replace("index.html", "b.js"),
                  "/packages/x.y.z/index.html"):  # fmt: skip
        assert stranger.fetch(wrong).status_code == 404
    assert Visitor(visitor.app).client.get("/media/khoa-thu/1/a.zip?open=1").location.startswith("/sign-in")


def test_a_video_is_sent_in_parts_and_a_file_is_for_saving(cast: Cast, visitor: Visitor) -> None:
    publish(**{"01-bai-mot.md": f"{LESSON}\n\n{VIDEO}\n\n::: file media/a.docx Mẫu\n:::", **FILES})
    visitor.sign_in("an")
    part = visitor.client.get("/media/khoa-thu/1/a.mp4", headers={"Range": "bytes=4-7"}, buffered=True)
    assert (part.status_code, part.get_data(), part.mimetype) == (206, b"ftyp", "video/mp4")
    saved = visitor.fetch("/media/khoa-thu/1/a.docx")
    assert saved.headers["Content-Disposition"].startswith("attachment")
