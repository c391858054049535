"""What is wrong with a package is said at its place, FILE:LINE: one case at least for each problem that the check knows."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue.content import Content
from lms.catalogue.media import PICTURE_BYTES
from lms.catalogue.package import FILE_BYTES, read
from lms.language import speaking
from tests.architecture.keys import problems
from tests.catalogue.packages import COURSE, GOOD, LESSON, QUIZ, package

QUESTION = QUIZ[QUIZ.index("[[question]]") :]
AT_QUESTION = f"quiz.toml:{QUIZ[: QUIZ.index('[[question]]')].count(chr(10)) + 1}"
OPTIONS = QUIZ[QUIZ.index("options = ") :]
MANY = "".join(QUESTION.replace("q1", f"q{n}").replace("Câu này", "Câu này dài hơn") for n in range(2, 10))
EXCLUDING = QUESTION.replace("q1", "q2").replace('"easy"', '"easy"\nexcludes = ["q1"]')
LAW = '[[legal_basis]]\nnumber = "1690/QĐ-TTg"\ntitle = "Quyết định"\n'

Files = dict[str, str | bytes]


def but(file: str, old: str, new: str) -> Files:
    """One file of the good package with a text replaced."""
    assert old in GOOD[file]
    return {file: GOOD[file].replace(old, new, 1)}


def asking(kind: str, fields: str, text: str = "Câu hỏi nào?") -> Files:
    """The quiz with its question turned into another type."""
    return {"quiz.toml": QUIZ.replace('"single"', f'"{kind}"').replace(OPTIONS, fields).replace("Câu hỏi nào?", text)}


CASES: list[tuple[str, str, Files]] = [
    ("bad-toml", "course.toml:5", but("course.toml", "periods = 1.5", "periods = 1,5")),
    ("bad-toml", "01-bai-mot.md:3", but("01-bai-mot.md", "minutes = 5", "minutes = five")),
    ("missing-key", "course.toml:1", but("course.toml", 'title = "Khóa học thử"\n', "")),
    ("missing-key", AT_QUESTION, but("quiz.toml", 'text = "Câu hỏi nào?"\n', "")),
    ("wrong-kind", "course.toml:5", but("course.toml", "periods = 1.5", 'periods = "1.5"')),
    ("wrong-kind", "course.toml:5", but("course.toml", "periods = 1.5", "periods = true")),
    ("out-of-range", "quiz.toml:2", but("quiz.toml", "pass = 0.5", "pass = 50")),
    ("out-of-range", "quiz.toml:2", but("quiz.toml", "pass = 0.5", "pass = nan")),
    ("unknown-value", "course.toml:1", but("course.toml", 'topic = "skills"', 'topic = "cooking"')),
    ("no-file", "quiz.toml:1", {"quiz.toml": ""}),
    ("not-utf8", "01-bai-mot.md:8", {"01-bai-mot.md": LESSON.encode().replace("## Tình".encode(), b"## T\xecnh")}),
    ("file-too-large", "01-bai-mot.md:1", {"01-bai-mot.md": LESSON + "x" * FILE_BYTES}),
    ("no-lesson-head", "01-bai-mot.md:1", but("01-bai-mot.md", "+++\n", "")),
    ("bad-lesson-name", "mot.md:1", {"mot.md": LESSON}),
    ("no-lessons", "course.toml:1", {"01-bai-mot.md": ""}),
    ("unknown-file", "notes.txt:1", {"notes.txt": "x"}),
    ("bad-media-type", "media/a.html:1", {"media/a.html": "x"}),
    ("media-too-large", "media/a.svg:1", {"media/a.svg": b"x" * (PICTURE_BYTES + 1)}),
    ("media-other-content", "media/a.png:1", {"media/a.png": b"GIF89a"}),
    ("unknown-outcome", "01-bai-mot.md:1", but("01-bai-mot.md", '["o1"]', '["o1", "o9"]')),
    ("outcome-without-lesson", "course.toml:1", but("01-bai-mot.md", '["o1"]', "[]")),
    ("outcome-without-question", "course.toml:1", but("quiz.toml", 'outcome = "o1"', 'outcome = "o2"')),
    ("unknown-question-outcome", AT_QUESTION, but("quiz.toml", 'outcome = "o1"', 'outcome = "o2"')),
    ("law-without-date", "course.toml:1", {"course.toml": COURSE + LAW}),
    ("short-lesson", "01-bai-mot.md:1", but("01-bai-mot.md", "Một câu có năm từ. " * 60, "")),
    ("picture-without-words", "01-bai-mot.md:8", but("01-bai-mot.md", "## Tình huống", "![](media/a.svg)")),
    ("no-picture", "01-bai-mot.md:8", but("01-bai-mot.md", "## Tình huống", "![Hình](media/a.svg)")),
    ("picture-without-words", AT_QUESTION, but("quiz.toml", "Câu hỏi nào?", "![ ](media/a.svg) Nút nào?")),
    ("no-picture", AT_QUESTION, but("quiz.toml", '"Câu kia"', '"![Nút Lưu](media/a.svg)"')),
    ("bad-link", "01-bai-mot.md:8", but("01-bai-mot.md", "## Tình huống", "[đây](javascript:alert)")),
    ("bad-link", "01-bai-mot.md:8", but("01-bai-mot.md", "## Tình huống", "[đây](02-khong-co.md)")),
    ("wants-differ", "course.toml:1", {"course.toml": f'{COURSE}[en]\ntitle = "A"\nsummary = "B"\nwants = ["know"]\n'}),
    ("bad-next", "course.toml:1", but("course.toml", 'topic = "skills"', 'topic = "skills"\nnext = ["Khóa sau"]')),
    ("unknown-topic", AT_QUESTION, but("quiz.toml", 'topic = "t1"', 'topic = "t2"')),
    ("unknown-difficulty", AT_QUESTION, but("quiz.toml", '"easy"', '"trivial"')),
    ("unknown-forgive", AT_QUESTION, but("quiz.toml", '"easy"', '"easy"\nforgive = ["all"]')),
    ("unknown-type", AT_QUESTION, asking("dictation", "")),
    ("need-rubric", AT_QUESTION, asking("essay", "")),
    ("unknown-excluded", AT_QUESTION, but("quiz.toml", '"easy"', '"easy"\nexcludes = ["q9"]')),
    ("no-variants", AT_QUESTION, asking("short", 'answers = ["{{days}}"]')),
    ("variant-differs", AT_QUESTION, asking("short", 'answers = ["{{days}}"]\nvariants = [{ dayz = 3 }]')),
    ("need-one-right", AT_QUESTION, but("quiz.toml", ", right = true", "")),
    ("need-some-right", AT_QUESTION, asking("multiple", "options = []")),
    ("need-true-or-false", AT_QUESTION, asking("true-false", "answer = 1")),
    ("need-answers", AT_QUESTION, asking("short", "answers = []")),
    ("need-number", AT_QUESTION, asking("numeric", "answer = true")),
    ("need-number", AT_QUESTION, asking("numeric", "answer = nan")),
    ("need-pairs", AT_QUESTION, asking("matching", 'pairs = [{ left = "a", right = "b" }]')),
    ("need-items", AT_QUESTION, asking("ordering", 'items = ["a", "b"]')),
    ("gaps-differ", AT_QUESTION, asking("cloze", 'gaps = { a = { answers = ["x"] } }')),
    ("need-gap-answers", AT_QUESTION, asking("cloze", "gaps = { a = {} }", "[[a]]")),
    ("double-option", AT_QUESTION, but("quiz.toml", "Câu kia", "Câu này")),
    ("double-id", "quiz.toml:1", {"quiz.toml": QUIZ + QUESTION}),
    ("draw-too-large", "quiz.toml:1", but("quiz.toml", "count = 1", "count = 2")),
    ("draw-excluded", "quiz.toml:1", {"quiz.toml": QUIZ.replace("count = 1", "count = 2") + EXCLUDING}),
    ("variant-unfit", AT_QUESTION, asking("numeric", 'answer = "{{days}}"\nvariants = [{ days = "ba" }]')),
    ("longest-is-right", "quiz.toml:1", {"quiz.toml": QUIZ + MANY}),
]
HINTS = {"unknown-file", "short-lesson", "longest-is-right"}


def test_the_good_package_has_no_problem() -> None:
    assert package().problems == []


@pytest.mark.parametrize(("key", "place", "files"), CASES, ids=[f"{key}-{n}" for n, (key, *_) in enumerate(CASES)])
def test_a_problem_is_said_at_its_place(key: str, place: str, files: Files) -> None:
    emptied = [name for name, content in files.items() if not content]
    found = package(without=emptied, **{name: content for name, content in files.items() if content}).problems
    by_key = {problem.key: problem for problem in found}
    assert key in by_key, found
    with speaking("vi"):
        assert str(by_key[key]).startswith(f"{place}: ")
    assert by_key[key].is_hint == (key in HINTS)


def test_every_problem_has_its_case() -> None:
    known = problems(*(f"lms/catalogue/{name}.py" for name in ("check", "media", "package", "pictures")))
    assert {key for key, *_ in CASES} | {"bad-slug"} == known


def test_a_folder_needs_a_name_that_can_stand_in_an_address() -> None:
    assert [str(p.key) for p in package("Khóa Thử").problems] == ["bad-slug"]


def test_questions_are_checked_however_their_tables_are_written() -> None:
    bad = QUESTION.replace(", right = true", "").replace("q1", "q2")
    commented = {"quiz.toml": QUIZ + bad.replace("[[question]]", "[[question]] # the second")}
    as_array = {"quiz.toml": QUIZ[: QUIZ.index("[[question]]")].replace("[quiz]", 'question = [{ id = "q1" }]\n[quiz]')}
    assert [(p.key, p.line) for p in package(**commented).problems] == [("need-one-right", QUIZ.count("\n") + 1)]
    assert "need-one-right" not in {p.key for p in package(**as_array).problems}
    assert {"missing-key", "unknown-type"} <= {p.key for p in package(**as_array).problems}


def test_a_folder_reads_like_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "khoa-thu"
    for name, content in GOOD.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("\ufeff" + content.replace("\n", "\r\n"), "utf-8")
    (folder / ".DS_Store").write_bytes(b"\0")
    found = read(folder)
    assert found.problems == []
    assert found.content == package().content


def test_content_survives_the_way_through_the_database() -> None:
    content = package().content
    assert content is not None
    assert Content.from_data(content.as_data()) == content


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(GOOD)), st.integers(0, 40), st.text("[]{}=\"'#\n\\ax1.,+-:", max_size=12))
def test_no_file_is_so_broken_that_the_check_fails(file: str, line: int, junk: str) -> None:
    lines = GOOD[file].split("\n")
    lines[line % len(lines)] = junk
    package(**{file: "\n".join(lines)})


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_bytes_that_are_no_text_are_problems_not_failures(junk: bytes) -> None:
    for file in GOOD:
        assert package(**{file: junk}).errors
