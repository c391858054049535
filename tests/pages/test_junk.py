"""Junk in paths, queries and forms is refused, not stumbled over: no request makes the program fail."""

import io
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from lms.db import db
from lms.goals import actions as goals
from tests.architecture.access_table import methods, rules
from tests.architecture.source import ROOT
from tests.catalogue.packages import publish
from tests.page import Visitor
from tests.people import Cast

pytestmark = pytest.mark.slow

ENDS_THE_SESSION = {"accounts.sign_out", "accounts.end_session"}
FIELDS = (
    "q", "role", "employment", "after", "year", "policy", "topic", "subject", "before", "next", "number", "code", "start",
    "last", "file", "login", "secret", "unit_code", "from_on", "last_on", "reason", "name", "digest", "heading", "go", "lang",
    "text_size", "answer", "answer-0", "password", "again", "present", "place", "signatory_title", "rows",
)  # fmt: skip
NASTY = st.sampled_from(
    [
        "", "0", "-1", "1", "2", "9" * 9, "9" * 30, "9" * 5000, "1.5", "1e9", "٣", "²", "NaN", "\0", "a\0b", "%00", "\ud7ff",
        "../../etc/passwd", "..%2f", "//evil", "\\", "'", '"><script>', "' OR 1=1--", "%", "_", "~", "~1", "a~0", "~" + "9" * 30,
        "{{ 7*7 }}", "${7*7}", "khoa-thu", "01-bai-mot", "dx", "people.csv", "31/12/9999", "01/01/0001", "[", "]", "//[", "\uffff",
        "é" * 300, "\u202e", "\n", "\t\r\n", "x" * 3000, "🌸", "on", "true", "review", "s-²", "s-" + "9" * 400, "#", "?", "&", "=",
    ]
)  # fmt: skip
JUNK = NASTY | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
RAW = st.sampled_from(["%", "%ff", "%c0%af", "%zz", "%0d%0aX: y", "%u0041", "\xff", "%F0%9F", "a%00b", "+", ";"])
HALF_GOOD = {
    "_id": st.integers(0, 12).map(str),
    "number": st.integers(0, 3).map(str),
    "position": st.integers(0, 3).map(str),
    "course": st.just("khoa-thu"),
    "lesson": st.just("01-bai-mot"),
    "form": st.sampled_from(["people.csv", "people.xlsx", "audit.csv"]),
}
FUZZ = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def addresses(draw: st.DrawFn, rule: Rule) -> str:
    """The path of a rule with half-good and bad values in it, and a query."""

    def value(match: re.Match[str]) -> str:
        name = match[0].strip("<>").partition(":")[2] or match[0].strip("<>")
        good = HALF_GOOD.get("_id" if name.endswith("_id") else name, JUNK)
        return draw(good.map(quote) | JUNK.map(lambda text: quote(text, safe="")) | RAW)

    path = re.sub(r"<[^>]+>", value, rule.rule)
    query = urlencode(draw(st.dictionaries(st.sampled_from(FIELDS), JUNK, max_size=4)))
    return f"{path}?{query}{draw(st.just('') | RAW)}"


@pytest.fixture
def readers(cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Visitor]:
    """A learner in the midst of a quiz, a trainer, HR and the administrator."""
    publish()
    goals.publish(source=(ROOT / "courses/goals/dx.toml").read_text("utf-8"), by_id=None)
    goals.refresh(person_ids=None)
    db.session.commit()
    visitors = [Visitor(app) for _ in range(4)]
    for visitor, code in zip(visitors, ("an", "chi", "binh", "giang"), strict=True):
        visitor.sign_in(code)
    visitors[0].visit("/courses/khoa-thu/quiz").submit("Bắt đầu làm bài")
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return visitors


def asked(app: Flask, method: str) -> Iterator[Rule]:
    return (rule for rule in rules(app) if method in methods(rule) and rule.endpoint not in ENDS_THE_SESSION)


def test_no_address_makes_a_page_fail(app: Flask, readers: list[Visitor]) -> None:
    pages = list(asked(app, "GET"))

    @FUZZ
    @given(st.data())
    def visit(data: st.DataObject) -> None:
        address = data.draw(addresses(data.draw(st.sampled_from(pages))))
        reader = data.draw(st.sampled_from(readers))
        answer = reader.client.get(address, headers={"Cookie": cookies(reader)}, buffered=True)
        assert answer.status_code < 500, address

    visit()


def test_no_form_makes_an_act_fail(app: Flask, readers: list[Visitor]) -> None:
    acts = list(asked(app, "POST"))

    @FUZZ
    @given(st.data())
    def send(data: st.DataObject) -> None:
        address = data.draw(addresses(data.draw(st.sampled_from(acts))))
        form: dict[str, object] = dict(data.draw(st.dictionaries(st.sampled_from(FIELDS), JUNK, max_size=8)))
        for field in ("package", "uploads"):
            if data.draw(st.booleans()):
                form[field] = (io.BytesIO(data.draw(st.binary(max_size=40))), data.draw(JUNK))
        reader = data.draw(st.sampled_from(readers))
        answer = reader.client.post(address, data=form, content_type="multipart/form-data", buffered=True)
        assert answer.status_code < 500, (address, form)

    send()


def cookies(reader: Visitor) -> str:
    cookie = reader.client.get_cookie("thaoso")
    return f"thaoso={cookie.value}; lang=\xff; text_size=9" if cookie else "thaoso=x"
